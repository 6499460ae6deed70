"""The log's arithmetic, and the rules of order between bundles."""

import hashlib
from dataclasses import replace

import pytest

from crypto.envelope import ObjectId
from crypto.slots import Epoch
from tests.support.bundles import AN_ACK, EPOCH
from transfer.continuity import Position, Verdict, check_ack, check_joins, judge, missing_seqs, spoken_seqs
from transfer.errors import ForkError, MissingBundleError, RestartError
from transfer.log import LogEntry, extend, log_start
from transfer.manifest import InManifest

ENTRY = LogEntry(ObjectId(b"o" * 32), 78_094, 150, "2026-11-22")
LAST = Position(EPOCH, 5, b"h" * 32)


def test_the_log_is_hashed_field_by_field_as_the_page_says() -> None:
    start = hashlib.sha256(b"cleandrop/v1/log-start" + EPOCH).digest()
    assert log_start(EPOCH) == start
    first = hashlib.sha256(
        b"cleandrop/v1/log-entry"
        + start
        + (1).to_bytes(8, "big")  # index
        + b"o" * 32  # object id
        + (78_094).to_bytes(8, "big")  # size
        + (150).to_bytes(4, "big")  # window
        + (20_779).to_bytes(4, "big")  # days from 1970-01-01 to 2026-11-22
    ).digest()
    assert extend(start, 1, ENTRY) == first


@pytest.mark.parametrize(
    "other",
    [
        replace(ENTRY, object_id=ObjectId(b"p" * 32)),
        replace(ENTRY, size_bytes=78_095),
        replace(ENTRY, window=151),
        replace(ENTRY, received_on="2026-11-23"),
    ],
)
def test_every_field_of_an_entry_moves_the_head(other: LogEntry) -> None:
    start = log_start(EPOCH)
    assert extend(start, 1, ENTRY) != extend(start, 1, other)


def test_index_history_and_epoch_move_the_head() -> None:
    start = log_start(EPOCH)
    assert extend(start, 1, ENTRY) != extend(start, 2, ENTRY)
    assert extend(start, 1, ENTRY) != extend(log_start(Epoch(bytes(16))), 1, ENTRY)
    assert extend(start, 0, replace(ENTRY, received_on="1970-01-01", window=2**32 - 1, size_bytes=2**53 - 1))


# Rules 1 to 4


def test_the_first_bundle_of_a_signer_is_new() -> None:
    assert judge(EPOCH, 1, b"a" * 32, None) is Verdict.NEW
    assert judge(EPOCH, 9, b"a" * 32, None) is Verdict.NEW


@pytest.mark.parametrize(
    ("seq", "sha256", "verdict"),
    [
        (6, b"a" * 32, Verdict.NEW),
        (60, b"a" * 32, Verdict.NEW),
        (5, b"h" * 32, Verdict.SAME),
        (4, b"a" * 32, Verdict.OLD),
        (4, b"h" * 32, Verdict.OLD),
        (1, b"a" * 32, Verdict.OLD),
    ],
)
def test_a_bundle_is_new_the_same_or_old(seq: int, sha256: bytes, verdict: Verdict) -> None:
    assert judge(EPOCH, seq, sha256, LAST) is verdict


def test_one_number_with_two_hashes_is_a_fork() -> None:
    with pytest.raises(ForkError, match="5"):
        judge(EPOCH, 5, b"x" * 32, LAST)


@pytest.mark.parametrize("seq", [1, 5, 6])
def test_another_epoch_is_a_restart_whatever_its_number(seq: int) -> None:
    with pytest.raises(RestartError):
        judge(Epoch(bytes(16)), seq, b"h" * 32, LAST)


@pytest.mark.parametrize(
    ("last", "seq", "missing"),
    [(None, 1, []), (None, 3, [1, 2]), (LAST, 6, []), (LAST, 8, [6, 7]), (LAST, 5, []), (LAST, 2, [])],
)
def test_missing_numbers_are_named(last: Position | None, seq: int, missing: list[int]) -> None:
    assert list(missing_seqs(last, seq)) == missing


@pytest.mark.parametrize(
    ("seqs", "spoken"),
    [
        (range(5, 5), ""),
        (range(5, 6), "5"),
        (range(5, 7), "5 and 6"),
        (range(5, 8), "5 to 7"),
        (range(1, 9_999_999_999), "1 to 9999999998"),
    ],
)
def test_missing_numbers_are_spoken_as_one(seqs: range, spoken: str) -> None:
    assert spoken_seqs(seqs) == spoken


# Rules 5 and 6


HEADS = {0: b"0" * 32, 1: b"1" * 32, 5: b"h" * 32}


def joining(index: int, head: bytes) -> InManifest:
    return InManifest(
        instance_id=b"",  # type: ignore[arg-type]
        key_id=b"",  # type: ignore[arg-type]
        epoch=EPOCH,
        seq=6,
        made_on="",
        from_index=index,
        from_head=head,
        objects=(),
        outstanding={},
        parts=(),
    )


def test_a_bundle_joins_on_where_our_log_has_its_head() -> None:
    for index, head in HEADS.items():
        check_joins(joining(index, head), HEADS.get)


def test_a_gap_is_told_from_a_fork() -> None:
    with pytest.raises(MissingBundleError, match="6"):
        check_joins(joining(7, b"h" * 32), HEADS.get)
    with pytest.raises(ForkError):
        check_joins(joining(1, b"0" * 32), HEADS.get)


def test_an_ack_counts_only_where_our_log_has_its_head() -> None:
    check_ack(AN_ACK, HEADS.get)
    for wrong in (replace(AN_ACK, head=b"x" * 32), replace(AN_ACK, index=1), replace(AN_ACK, index=6)):
        with pytest.raises(ForkError, match="nothing deleted"):
            check_ack(wrong, HEADS.get)
