"""Builders of bundles for tests of `transfer`: drafts of both directions, and bundles of any manifest.

`write_bundle` writes the files of a bundle by hand and shares no code with the packer, so that a
reader can be shown every kind of broken or hostile stick.
"""

import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from crypto import canonical, signing
from crypto.envelope import ObjectId
from crypto.slots import Epoch
from tests.support.sealing import INSTANCE
from transfer.log import LogEntry, log_start
from transfer.manifest import Ack, Direction, DocumentKind
from transfer.medium import Bundle, find_bundles
from transfer.pack import InDraft, OutDraft

SERVER = signing.SigningSeed(b"1" * 32)
STATION = signing.SigningSeed(b"2" * 32)
SERVER_KEY = signing.verifying_key(SERVER)
STATION_KEY = signing.verifying_key(STATION)
EPOCH = Epoch(b"e" * 16)
DAY = "2026-11-22"


@dataclass
class Store:
    """Stored objects by id."""

    objects: dict[ObjectId, bytes] = field(default_factory=dict)

    def add(self, data: bytes, window: int = 150) -> LogEntry:
        """Keep `data` and give its log entry."""
        object_id = ObjectId(hashlib.sha256(data).digest())
        self.objects[object_id] = data
        return LogEntry(object_id, len(data), window, DAY)

    def open(self, object_id: ObjectId) -> BinaryIO:
        """The object as a file. Raises `FileNotFoundError`."""
        if object_id not in self.objects:
            raise FileNotFoundError
        return io.BytesIO(self.objects[object_id])


def in_draft(seq: int, *entries: LogEntry, **changes: Any) -> InDraft:
    """What a server says of `entries`, from the start of its log."""
    values: dict[str, Any] = {
        "instance_id": INSTANCE,
        "epoch": EPOCH,
        "seq": seq,
        "made_on": DAY,
        "from_index": 0,
        "from_head": log_start(EPOCH),
        "entries": entries,
        "outstanding": {150: len(entries)},
    }
    return InDraft(**{**values, **changes})


AN_ACK = Ack(SERVER_KEY, EPOCH, 3, b"s" * 32, 5, b"h" * 32)


def out_draft(seq: int, *documents: tuple[DocumentKind, bytes], **changes: Any) -> OutDraft:
    """What a station says with `documents`."""
    values: dict[str, Any] = {
        "instance_id": INSTANCE,
        "epoch": EPOCH,
        "seq": seq,
        "made_on": DAY,
        "acks": (AN_ACK,),
        "documents": documents,
    }
    return OutDraft(**{**values, **changes})


def in_json(**changes: Any) -> dict[str, Any]:
    """The JSON of an IN manifest with one object of four bytes."""
    object_id = hashlib.sha256(b"data").hexdigest()
    value = {
        "v": 1,
        "direction": "in",
        "instance_id": INSTANCE.hex(),
        "key_id": SERVER_KEY.hex(),
        "epoch": EPOCH.hex(),
        "seq": 1,
        "made_on": DAY,
        "from": {"index": 0, "head": log_start(EPOCH).hex()},
        "outstanding": {"150": 1},
        "objects": [
            {"id": object_id, "size": 4, "window": 150, "received_on": DAY, "part": 0, "offset": 0},
        ],
        "parts": [{"name": "part-0000.bin", "size": 4}],
    }
    return {**value, **changes}


def out_json(**changes: Any) -> dict[str, Any]:
    """The JSON of an OUT manifest with one document of four bytes."""
    value = {
        "v": 1,
        "direction": "out",
        "instance_id": INSTANCE.hex(),
        "key_id": STATION_KEY.hex(),
        "epoch": EPOCH.hex(),
        "seq": 1,
        "made_on": DAY,
        "acks": [
            {
                "key_id": SERVER_KEY.hex(),
                "epoch": EPOCH.hex(),
                "seq": 3,
                "sha256": "00" * 32,
                "index": 5,
                "head": "11" * 32,
            }
        ],
        "documents": [
            {
                "kind": "board",
                "sha256": hashlib.sha256(b"data").hexdigest(),
                "size": 4,
                "part": 0,
                "offset": 0,
            }
        ],
        "parts": [{"name": "part-0000.bin", "size": 4}],
    }
    return {**value, **changes}


def write_bundle(
    stick: Path,
    direction: Direction,
    value: dict[str, Any] | bytes,
    *,
    seed: signing.SigningSeed | None = None,
    name: str = "",
) -> Path:
    """A bundle with this manifest, rightly signed, and one part that holds `data`."""
    manifest = value if isinstance(value, bytes) else canonical.encode(value)
    key = seed or (SERVER if direction is Direction.IN else STATION)
    folder = stick / (name or f"cleandrop-{direction.value}-1")
    folder.mkdir()
    (folder / "part-0000.bin").write_bytes(b"data")
    (folder / "manifest.sig").write_bytes(signing.sign(key, direction.label, manifest).signature)
    (folder / "manifest.json").write_bytes(manifest)
    return folder


def the_bundle(stick: Path, direction: Direction) -> Bundle:
    """The only bundle on a stick."""
    (bundle,) = find_bundles(stick, direction)
    return bundle
