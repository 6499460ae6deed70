"""Behaviour 3: a stored envelope with chunks missing, repeated, reordered or spliced is refused.

GlobaLeaks opens such a file silently truncated. Here a server that lies signs and logs the changed
bytes under their own hash, so that nothing but the envelope itself can tell.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from crypto import sizes, words
from crypto.envelope import ObjectId
from tests.support.server_side import SampleSource
from tests.support.station import live_station

NONCE = 16
CHUNK = sizes.CHUNK + 16
BODY = sizes.ENVELOPE_HEADER + NONCE


def pieces(envelope: bytes) -> list[bytes]:
    """Header with nonce, then the chunks."""
    return [envelope[:BODY], *(envelope[at : at + CHUNK] for at in range(BODY, len(envelope), CHUNK))]


def without_second(a: list[bytes], _b: list[bytes]) -> list[bytes]:
    return [*a[:2], *a[3:]]


def without_last(a: list[bytes], _b: list[bytes]) -> list[bytes]:
    return a[:-1]


def swapped(a: list[bytes], _b: list[bytes]) -> list[bytes]:
    return [a[0], a[2], a[1], *a[3:]]


def repeated(a: list[bytes], _b: list[bytes]) -> list[bytes]:
    return [*a[:2], a[1], *a[3:]]


def with_a_chunk_of_another(a: list[bytes], b: list[bytes]) -> list[bytes]:
    return [*a[:2], b[2], *a[3:]]


def with_the_body_of_another(a: list[bytes], b: list[bytes]) -> list[bytes]:
    return [a[0], *b[1:]]


@pytest.mark.parametrize(
    "change",
    [without_second, without_last, swapped, repeated, with_a_chunk_of_another, with_the_body_of_another],
)
def test_3_a_changed_envelope_is_refused_and_the_whole_one_is_read(
    tmp_path: Path, change: Callable[[list[bytes], list[bytes]], list[bytes]]
) -> None:
    live = live_station(tmp_path)
    server, desk = live.server(), live.desk()
    whole = [
        server.store[server.receive(SampleSource(number), "long", (("f", bytes(400_000)),))]
        for number in (1, 2)
    ]
    server.entries.clear()
    changed = b"".join(change(pieces(whole[0]), pieces(whole[1])))
    assert changed not in whole
    server.accept(ObjectId(hashlib.sha256(changed).digest()), changed)
    server.receive(SampleSource(3), "the whole one")
    server.export(live.stick)
    accepted = " ".join(words.fingerprint(server.key))
    summary = desk.receiving().import_stick(live.stick, accepted_words=accepted)
    assert (summary.reports, len(summary.quarantined)) == (1, 1)
    (case,) = desk.reading().cases().lines
    assert [parcel.text for parcel in desk.reading().case(case.case_id).parcels] == ["the whole one"]
