"""Builders for tests that seal and open: heads, parcels record by record, envelopes, streams.

What is built here by hand (`record`, `padded`) shares no code with the writers under test, so
that a reader can be shown every kind of broken parcel. Keys are fixed where nothing depends on
their being fresh.
"""

from dataclasses import replace
from functools import partial
from typing import Any

from crypto import hybrid, sizes
from crypto.age.keys import HybridIdentity
from crypto.age.stream import ReadAt, StreamReader, StreamWriter
from crypto.envelope import EnvelopeWriter
from crypto.parcel import Head, Kind, Origin, Parcel, ParcelWriter, scan_parcel
from crypto.source_keys import InstanceId

INSTANCE = InstanceId(bytes(range(16)))
STATION_SEED = hybrid.Seed(b"s" * 32)
STATION_KEY = hybrid.public_key(STATION_SEED)
REPLY_KEY = hybrid.public_key(hybrid.Seed(b"r" * 32))
FILE_KEY = b"0123456789abcdef"


def identities(*seeds: hybrid.Seed) -> list[HybridIdentity]:
    """Private keys of hybrid recipients."""
    return [HybridIdentity(seed) for seed in seeds]


def slice_of(data: bytes, offset: int, length: int) -> bytes:
    """`length` bytes of `data` at `offset`, fewer at its end. A negative offset is a mistake."""
    assert offset >= 0
    assert length >= 0
    return data[offset : offset + length]


def reading(data: bytes) -> ReadAt:
    """`data` as a sealed file that is read at offsets."""
    return partial(slice_of, data)


def a_head(**changes: Any) -> Head:
    """A HEAD, with `changes` to its fields."""
    head = Head(
        instance_id=INSTANCE,
        window=150,
        kind=Kind.REPORT,
        origin=Origin.SERVER,
        author=b"a" * 32,
        reply_key=REPLY_KEY,
        reply_address=b"b" * 32,
        sealed_on="2026-11-22",
        language="en",
    )
    return replace(head, **changes)


def record(kind: int, body: bytes, *, length: int | None = None) -> bytes:
    """One record of a parcel; `length` is what it claims, where that should be a lie."""
    claimed = len(body) if length is None else length
    return kind.to_bytes(1, "big") + claimed.to_bytes(4, "big") + body


def with_end(*records: bytes) -> bytes:
    """Records and their END."""
    before = b"".join(records)
    return before + record(7, len(before).to_bytes(8, "big"))


def padded(parcel: bytes) -> bytes:
    """A parcel with its zeros: to 65,536 bytes, then steps of 4,096 to 131,072, of 8,192 to 262,144 …"""
    size, step = sizes.PADDED_MIN, sizes.PADDED_MIN // 16
    while size < len(parcel):
        size += step
        step = size // 16 if size & (size - 1) == 0 else step
    return parcel.ljust(size, b"\0")


def sealed_stream(plain: bytes, file_key: bytes = FILE_KEY) -> bytes:
    """`plain` as the payload of an age file, nonce first."""
    out = bytearray()
    writer = StreamWriter(file_key, out.extend)
    writer.push(plain)
    writer.finish()
    return bytes(out)


def stream_reader(payload: bytes, file_key: bytes = FILE_KEY) -> StreamReader:
    """A reader of what `sealed_stream` made."""
    return StreamReader(file_key, reading(payload), 0, len(payload))


def scan(plain: bytes) -> Parcel:
    """What the reader says to these plaintext bytes."""
    return scan_parcel(stream_reader(sealed_stream(plain)))


def sealed_envelope(plain: bytes, *recipients: hybrid.PublicKey) -> bytes:
    """`plain`, padded, in an envelope to `recipients` (the station, where none is named)."""
    out = bytearray()
    writer = EnvelopeWriter(recipients or (STATION_KEY,), out.extend)
    writer.push(plain)
    writer.finish()
    return bytes(out)


def a_report(text: str, *files: tuple[str, bytes]) -> bytes:
    """A whole envelope with a text and named files, for the station."""
    out = bytearray()
    envelope = EnvelopeWriter((STATION_KEY,), out.extend)
    parcel = ParcelWriter(envelope, a_head())
    parcel.text(text)
    for name, data in files:
        parcel.begin_file(name, "application/octet-stream")
        parcel.file_data(data)
        parcel.end_file()
    parcel.finish()
    envelope.finish()
    return bytes(out)


def flipped(data: bytes, position: int, bit: int = 1) -> bytes:
    """`data` with one bit turned over."""
    changed = bytearray(data)
    changed[position] ^= bit
    return bytes(changed)
