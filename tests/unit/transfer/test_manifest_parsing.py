"""Manifests: what is written is read, and every field of another form is refused as our own error."""

from dataclasses import replace
from typing import Any

import pytest

from crypto import canonical
from crypto.envelope import ObjectId
from crypto.errors import CanonicalError
from crypto.slots import Epoch
from tests.support.bundles import (
    AN_ACK,
    DAY,
    EPOCH,
    SERVER_KEY,
    STATION_KEY,
    in_json,
    out_json,
)
from tests.support.sealing import INSTANCE
from transfer import manifest
from transfer.log import LogEntry, log_start
from transfer.manifest import (
    BoardShown,
    Direction,
    DocumentKind,
    InManifest,
    InObject,
    OutDocument,
    OutManifest,
    PartFile,
    parse_in,
    parse_out,
)

OBJECT = InObject(LogEntry(ObjectId(b"o" * 32), 78_094, 150, DAY), 0, 0)
IN = InManifest(
    INSTANCE,
    SERVER_KEY,
    EPOCH,
    7,
    DAY,
    3,
    log_start(EPOCH),
    (OBJECT,),
    {150: 2, 0: 1, 4_294_967_295: 3},
    (PartFile("part-0000.bin", 78_094), PartFile("part-0001.bin", 0)),
)
OUT = OutManifest(
    INSTANCE,
    STATION_KEY,
    EPOCH,
    7,
    DAY,
    (AN_ACK, AN_ACK),
    tuple(OutDocument(kind, b"d" * 32, 10, 0, 0) for kind in DocumentKind),
    (),
)


def test_an_in_manifest_comes_back() -> None:
    assert parse_in(manifest.encode_in(IN)) == IN


def test_an_in_manifest_says_which_board_is_shown() -> None:
    shown = replace(IN, board=BoardShown(Epoch(b"e" * 16), 12))
    assert parse_in(manifest.encode_in(shown)) == shown


def test_an_out_manifest_comes_back() -> None:
    assert parse_out(manifest.encode_out(OUT)) == OUT


def test_the_json_has_the_names_of_the_page() -> None:
    assert parse_in(canonical.encode(in_json())).objects[0].entry.size_bytes == 4
    assert parse_out(canonical.encode(out_json())).acks[0].index == 5


def test_part_names() -> None:
    assert [manifest.part_name(n) for n in (0, 12, 9_999, 10_000)] == [
        "part-0000.bin",
        "part-0012.bin",
        "part-9999.bin",
        "part-10000.bin",
    ]


def test_the_two_directions_have_their_own_labels() -> None:
    assert Direction.IN.label != Direction.OUT.label


def an_object(**changes: Any) -> list[dict[str, Any]]:
    return [{**in_json()["objects"][0], **changes}]


COMMON: dict[str, dict[str, Any]] = {
    "another version": {"v": 2},
    "version zero": {"v": 0},
    "another direction": {"direction": "sideways"},
    "short instance": {"instance_id": "00"},
    "upper-case key": {"key_id": "AA" * 32},
    "short epoch": {"epoch": "00"},
    "seq as text": {"seq": "1"},
    "no date": {"made_on": "2026-11-31"},
    "extra key": {"extra": 1},
    "parts that are no list": {"parts": {}},
    "part of another name": {"parts": [{"name": "part-0001.bin", "size": 4}]},
    "part with a path": {"parts": [{"name": "../part-0000.bin", "size": 4}]},
    "part with an absolute path": {"parts": [{"name": "/etc/passwd", "size": 4}]},
    "part in other letters": {"parts": [{"name": "PART-0000.BIN", "size": 4}]},
    "part with NUL": {"parts": [{"name": "part-0000.bin\0", "size": 4}]},
    "part twice": {"parts": [{"name": "part-0000.bin", "size": 4}] * 2},
    "part of 4 GiB": {"parts": [{"name": "part-0000.bin", "size": 2**32}]},
    "part without size": {"parts": [{"name": "part-0000.bin"}]},
    "part that is a string": {"parts": ["part-0000.bin"]},
}
ONLY_IN: dict[str, dict[str, Any]] = {
    "acks in an IN": {"acks": []},
    "board of no bundle": {"board": {"epoch": "00" * 16, "seq": 0}},
    "board with a short epoch": {"board": {"epoch": "00", "seq": 1}},
    "board without its number": {"board": {"epoch": "00" * 16}},
    "board as a number": {"board": 12},
    "board with more": {"board": {"epoch": "00" * 16, "seq": 1, "slots": 64}},
    "from as a number": {"from": 0},
    "from without head": {"from": {"index": 0}},
    "from with a short head": {"from": {"index": 0, "head": "00"}},
    "from with index as text": {"from": {"index": "0", "head": "00" * 32}},
    "objects that are no list": {"objects": {}},
    "object without id": {"objects": [{"size": 4}]},
    "object with short id": {"objects": an_object(id="00")},
    "object with size as text": {"objects": an_object(size="4")},
    "object with a huge window": {"objects": an_object(window=2**32)},
    "object before 1970": {"objects": an_object(received_on="1969-12-31")},
    "object with time": {"objects": an_object(received_on="2026-11-22T10:00")},
    "object with a path": {"objects": an_object(path="a")},
    "object twice": {"objects": an_object() * 2},
    "outstanding as a list": {"outstanding": []},
    "outstanding as text": {"outstanding": {"150": "1"}},
    "outstanding of no window": {"outstanding": {"": 1}},
    "outstanding with a sign": {"outstanding": {"-1": 1}},
    "outstanding with zeros": {"outstanding": {"0150": 1}},
    "outstanding with a word": {"outstanding": {"all": 1}},
    "outstanding with a newline": {"outstanding": {"150\n": 1}},
    "outstanding out of range": {"outstanding": {"4294967296": 1}},
    "outstanding of 5,000 digits": {"outstanding": {"1" * 5_000: 1}},
}
ONLY_OUT: dict[str, dict[str, Any]] = {
    "objects in an OUT": {"objects": []},
    "acks that are no list": {"acks": {}},
    "ack of nothing": {"acks": [{}]},
    "ack with a short key": {"acks": [{**out_json()["acks"][0], "key_id": "00"}]},
    "ack with a short hash": {"acks": [{**out_json()["acks"][0], "sha256": "00"}]},
    "ack with a short head": {"acks": [{**out_json()["acks"][0], "head": "00"}]},
    "ack with index as text": {"acks": [{**out_json()["acks"][0], "index": "5"}]},
    "document of an unknown kind": {"documents": [{**out_json()["documents"][0], "kind": "program"}]},
    "document with a name": {"documents": [{**out_json()["documents"][0], "name": "a"}]},
    "document with a short hash": {"documents": [{**out_json()["documents"][0], "sha256": "00"}]},
}


@pytest.mark.parametrize("changes", [*COMMON.values(), *ONLY_IN.values()], ids=[*COMMON, *ONLY_IN])
def test_another_form_of_in_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(CanonicalError):
        parse_in(canonical.encode(in_json(**changes)))


@pytest.mark.parametrize("changes", [*COMMON.values(), *ONLY_OUT.values()], ids=[*COMMON, *ONLY_OUT])
def test_another_form_of_out_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(CanonicalError):
        parse_out(canonical.encode(out_json(**changes)))


@pytest.mark.parametrize("key", in_json())
def test_every_key_of_in_is_needed(key: str) -> None:
    value = in_json()
    del value[key]
    with pytest.raises(CanonicalError):
        parse_in(canonical.encode(value))


def test_one_direction_is_not_read_as_the_other() -> None:
    with pytest.raises(CanonicalError):
        parse_in(canonical.encode(out_json()))
    with pytest.raises(CanonicalError):
        parse_out(canonical.encode(in_json()))
    with pytest.raises(CanonicalError):
        parse_in(canonical.encode(in_json(direction="out")))


def many_objects(count: int) -> bytes:
    rows = [an_object(id=f"{n:064x}", size=0)[0] for n in range(count)]
    return canonical.encode(in_json(objects=rows))


def test_at_most_20000_objects() -> None:
    assert len(parse_in(many_objects(20_000)).objects) == 20_000
    with pytest.raises(CanonicalError):
        parse_in(many_objects(20_001))


def test_20000_objects_of_the_longest_numbers_fit() -> None:
    """The limits of a manifest agree: as many objects as allowed are no longer than allowed."""
    row = an_object(size=2**31 + 10**6, window=99_999, part=9_999, offset=2**32 - 1)[0]
    assert len(canonical.encode(row)) * 20_000 + 10**5 < manifest.MANIFEST_MAX


def test_a_manifest_over_4_mib_is_not_parsed() -> None:
    data = canonical.encode(in_json(made_on="x" * manifest.MANIFEST_MAX))
    with pytest.raises(CanonicalError, match="limit"):
        parse_in(data)
