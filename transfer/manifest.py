"""What a bundle says about itself: canonical JSON, signed as IN or as OUT (protocol 1, section 8).

IN goes from the server to the station and lists sealed objects in the order of the log. OUT
goes back: public documents and acknowledgements. `key_id` is the signer's public key itself.
Nothing here verifies a signature: `unpack` does, before it parses.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from crypto import canonical, labels, sizes
from crypto.envelope import ObjectId
from crypto.errors import CanonicalError
from crypto.signing import VerifyingKey
from crypto.slots import Epoch
from crypto.source_keys import InstanceId
from transfer.log import LogEntry

VERSION: Final = 1
MANIFEST_MAX: Final = 4 * sizes.MIB
OBJECTS_MAX: Final = 20_000
PART_SOFT: Final = 1 * sizes.GIB
PART_MAX: Final = 4 * sizes.GIB - 1
_WINDOW: Final = re.compile(r"0|[1-9][0-9]{0,9}")
_COMMON: Final = {
    "v": int,
    "direction": str,
    "instance_id": str,
    "key_id": str,
    "epoch": str,
    "seq": int,
    "made_on": str,
    "parts": list,
}


class Direction(StrEnum):
    """Which way a bundle goes."""

    IN = "in"
    OUT = "out"

    @property
    def label(self) -> bytes:
        """What its manifest is signed under."""
        return labels.MANIFEST_IN if self is Direction.IN else labels.MANIFEST_OUT


class DocumentKind(StrEnum):
    """What an OUT bundle carries."""

    DESCRIPTOR = "descriptor"
    BATCH = "batch"
    BOARD = "board"
    SET = "set"
    PUBLICATION = "publication"


@dataclass(frozen=True)
class PartFile:
    """One part file of a bundle."""

    name: str
    size_bytes: int


@dataclass(frozen=True)
class InObject:
    """A sealed object: its log entry, and where in the bundle it lies."""

    entry: LogEntry
    part: int
    offset: int


@dataclass(frozen=True)
class OutDocument:
    """A public document, and where in the bundle it lies."""

    kind: DocumentKind
    sha256: bytes
    size_bytes: int
    part: int
    offset: int


@dataclass(frozen=True)
class Ack:
    """The station has imported IN `seq` of this key and holds every object up to `index`."""

    key_id: VerifyingKey
    epoch: Epoch
    seq: int
    sha256: bytes
    index: int
    head: bytes


@dataclass(frozen=True)
class BoardShown:
    """The board that a server shows to sources: that of this OUT bundle of the station."""

    epoch: Epoch
    seq: int


@dataclass(frozen=True)
class InManifest:
    """Objects from `from_index` + 1 on; `outstanding` counts unacknowledged ones by window.

    `board`: None from a server that has none yet, or from before servers said so.
    """

    instance_id: InstanceId
    key_id: VerifyingKey
    epoch: Epoch
    seq: int
    made_on: str
    from_index: int
    from_head: bytes
    objects: tuple[InObject, ...]
    outstanding: Mapping[int, int]
    parts: tuple[PartFile, ...]
    board: BoardShown | None = None


@dataclass(frozen=True)
class OutManifest:
    """A full statement: every document in force, and an acknowledgement for each server key."""

    instance_id: InstanceId
    key_id: VerifyingKey
    epoch: Epoch
    seq: int
    made_on: str
    acks: tuple[Ack, ...]
    documents: tuple[OutDocument, ...]
    parts: tuple[PartFile, ...]


def encode_in(manifest: InManifest) -> bytes:
    """The canonical JSON of an IN manifest."""
    board = manifest.board
    return canonical.encode(
        {
            **_encode_common(manifest, Direction.IN),
            **({"board": {"epoch": board.epoch.hex(), "seq": board.seq}} if board else {}),
            "from": {"index": manifest.from_index, "head": manifest.from_head.hex()},
            "outstanding": {str(window): count for window, count in manifest.outstanding.items()},
            "objects": [
                {
                    "id": o.entry.object_id.hex(),
                    "size": o.entry.size_bytes,
                    "window": o.entry.window,
                    "received_on": o.entry.received_on,
                    "part": o.part,
                    "offset": o.offset,
                }
                for o in manifest.objects
            ],
        }
    )


def encode_out(manifest: OutManifest) -> bytes:
    """The canonical JSON of an OUT manifest."""
    return canonical.encode(
        {
            **_encode_common(manifest, Direction.OUT),
            "acks": [
                {
                    "key_id": ack.key_id.hex(),
                    "epoch": ack.epoch.hex(),
                    "seq": ack.seq,
                    "sha256": ack.sha256.hex(),
                    "index": ack.index,
                    "head": ack.head.hex(),
                }
                for ack in manifest.acks
            ],
            "documents": [
                {
                    "kind": d.kind.value,
                    "sha256": d.sha256.hex(),
                    "size": d.size_bytes,
                    "part": d.part,
                    "offset": d.offset,
                }
                for d in manifest.documents
            ],
        }
    )


def parse_in(data: bytes) -> InManifest:
    """An IN manifest. Raises `CanonicalError`."""
    value = canonical.parse(data, max_bytes=MANIFEST_MAX)
    canonical.fields(value, {**_COMMON, "from": dict, "objects": list, "outstanding": dict}, {"board": dict})
    _check_version(value, Direction.IN)
    start = canonical.fields(value["from"], {"index": int, "head": str})
    objects = tuple(_in_object(row) for row in canonical.array(value["objects"]))
    if len(objects) > OBJECTS_MAX or len({o.entry.object_id for o in objects}) != len(objects):
        raise CanonicalError("too many objects, or one twice")
    return InManifest(
        instance_id=_instance(value),
        key_id=_key(value["key_id"]),
        epoch=_epoch(value["epoch"]),
        seq=canonical.integer(value["seq"]),
        made_on=canonical.date_field(value["made_on"]),
        from_index=canonical.integer(start["index"]),
        from_head=canonical.hex_field(start["head"], sizes.SHA256),
        objects=objects,
        outstanding=_outstanding(value["outstanding"]),
        board=_board(value["board"]) if "board" in value else None,
        parts=_parts(value["parts"]),
    )


def parse_out(data: bytes) -> OutManifest:
    """An OUT manifest. Raises `CanonicalError`."""
    value = canonical.parse(data, max_bytes=MANIFEST_MAX)
    canonical.fields(value, {**_COMMON, "acks": list, "documents": list})
    _check_version(value, Direction.OUT)
    return OutManifest(
        instance_id=_instance(value),
        key_id=_key(value["key_id"]),
        epoch=_epoch(value["epoch"]),
        seq=canonical.integer(value["seq"]),
        made_on=canonical.date_field(value["made_on"]),
        acks=tuple(_ack(row) for row in canonical.array(value["acks"])),
        documents=tuple(_document(row) for row in canonical.array(value["documents"])),
        parts=_parts(value["parts"]),
    )


def part_name(number: int) -> str:
    """The file name of part `number`, counted from 0."""
    return f"part-{number:04d}.bin"


def _encode_common(manifest: InManifest | OutManifest, direction: Direction) -> canonical.Object:
    return {
        "v": VERSION,
        "direction": direction.value,
        "instance_id": manifest.instance_id.hex(),
        "key_id": manifest.key_id.hex(),
        "epoch": manifest.epoch.hex(),
        "seq": manifest.seq,
        "made_on": manifest.made_on,
        "parts": [{"name": p.name, "size": p.size_bytes} for p in manifest.parts],
    }


def _check_version(value: canonical.Object, direction: Direction) -> None:
    if value["v"] != VERSION or value["direction"] != direction.value:
        raise CanonicalError("another version or direction")


def _in_object(row: canonical.Value) -> InObject:
    numbers = dict.fromkeys(("size", "window", "part", "offset"), int)
    value = canonical.fields(row, {"id": str, "received_on": str, **numbers})
    entry = LogEntry(
        ObjectId(canonical.hex_field(value["id"], sizes.SHA256)),
        canonical.integer(value["size"]),
        _small(value["window"]),
        _log_day(value["received_on"]),
    )
    return InObject(entry, canonical.integer(value["part"]), canonical.integer(value["offset"]))


def _document(row: canonical.Value) -> OutDocument:
    numbers = dict.fromkeys(("size", "part", "offset"), int)
    value = canonical.fields(row, {"kind": str, "sha256": str, **numbers})
    if value["kind"] not in {kind.value for kind in DocumentKind}:
        raise CanonicalError("a document of an unknown kind")
    return OutDocument(
        DocumentKind(canonical.string(value["kind"])),
        canonical.hex_field(value["sha256"], sizes.SHA256),
        canonical.integer(value["size"]),
        canonical.integer(value["part"]),
        canonical.integer(value["offset"]),
    )


def _ack(row: canonical.Value) -> Ack:
    text = dict.fromkeys(("key_id", "epoch", "sha256", "head"), str)
    value = canonical.fields(row, {"seq": int, "index": int, **text})
    return Ack(
        _key(value["key_id"]),
        _epoch(value["epoch"]),
        canonical.integer(value["seq"]),
        canonical.hex_field(value["sha256"], sizes.SHA256),
        canonical.integer(value["index"]),
        canonical.hex_field(value["head"], sizes.SHA256),
    )


def _parts(rows: canonical.Value) -> tuple[PartFile, ...]:
    parts = []
    for number, row in enumerate(canonical.array(rows)):
        value = canonical.fields(row, {"name": str, "size": int})
        part = PartFile(canonical.string(value["name"]), canonical.integer(value["size"]))
        if part.name != part_name(number) or part.size_bytes > PART_MAX:
            raise CanonicalError("a part of the wrong name or over 4 GiB")
        parts.append(part)
    return tuple(parts)


def _board(value: canonical.Value) -> BoardShown:
    shown = canonical.fields(value, {"epoch": str, "seq": int})
    seq = canonical.integer(shown["seq"])
    if seq < 1:
        raise CanonicalError("a board of no bundle")
    return BoardShown(Epoch(canonical.hex_field(shown["epoch"], sizes.EPOCH)), seq)


def _outstanding(value: canonical.Value) -> dict[int, int]:
    counts = {}
    for key, count in canonical.fields(value, {}, dict.fromkeys(_keys(value), int)).items():
        if not _WINDOW.fullmatch(key):
            raise CanonicalError("a window that is not a number")
        counts[_small(int(key))] = canonical.integer(count)
    return counts


def _keys(value: canonical.Value) -> list[str]:
    return list(value) if isinstance(value, dict) else []


def _small(value: canonical.Value) -> int:
    number = canonical.integer(value)
    if number >= 2**32:
        raise CanonicalError("a window out of range")
    return number


def _log_day(value: canonical.Value) -> str:
    day = canonical.date_field(value)
    if day < "1970-01-01":
        raise CanonicalError("a day before the log can count")
    return day


def _instance(value: canonical.Object) -> InstanceId:
    return InstanceId(canonical.hex_field(value["instance_id"], sizes.INSTANCE_ID))


def _key(value: canonical.Value) -> VerifyingKey:
    return VerifyingKey(canonical.hex_field(value, sizes.ED25519_PUBLIC))


def _epoch(value: canonical.Value) -> Epoch:
    return Epoch(canonical.hex_field(value, sizes.EPOCH))
