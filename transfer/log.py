"""The log: what the server accepted, numbered 1, 2, 3 … and chained (protocol 1, section 8).

Both sides keep it, and each head commits to all before it. It keeps the books of the two
equal; it cannot show what a hostile server never wrote down.
"""

import hashlib
import struct
from dataclasses import dataclass
from datetime import date
from typing import Final

from crypto import labels
from crypto.envelope import ObjectId
from crypto.slots import Epoch

_ENTRY: Final = struct.Struct(">32sQ32sQII")
_EPOCH_DAY: Final = date(1970, 1, 1)


@dataclass(frozen=True)
class LogEntry:
    """One accepted envelope. `received_on` is the day, "YYYY-MM-DD"; no finer time is kept."""

    object_id: ObjectId
    size_bytes: int
    window: int
    received_on: str


def log_start(epoch: Epoch) -> bytes:
    """The head of an empty log."""
    return hashlib.sha256(labels.LOG_START + epoch).digest()


def extend(head: bytes, index: int, entry: LogEntry) -> bytes:
    """The head after entry number `index`, which follows on `head`."""
    day = (date.fromisoformat(entry.received_on) - _EPOCH_DAY).days
    packed = _ENTRY.pack(head, index, entry.object_id, entry.size_bytes, entry.window, day)
    return hashlib.sha256(labels.LOG_ENTRY + packed).digest()
