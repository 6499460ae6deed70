"""What foreign bytes may cost: work that grows as their length does, and memory that no lie about a length
enlarges.

Work is counted in lines of our code that are run, memory as the peak that Python allocated; no test looks at
a clock. How long things take is measured by `make bench` (row hostile_header).
"""

import hashlib
import sys
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from crypto import canonical, codename, encoding, padding, parcel, session, sizes, slots
from crypto.age import armor, bech32
from crypto.age.file import open_file, open_forward
from crypto.age.header import parse_header
from crypto.envelope import FileKey, open_payload
from crypto.errors import CryptoError, OpenError, ParcelError
from tests.fuzz import of_age_files, of_sealed
from tests.support.bundles import in_json, the_bundle, write_bundle
from tests.support.sealing import (
    FILE_KEY,
    INSTANCE,
    a_head,
    padded,
    record,
    sealed_envelope,
    sealed_stream,
    slice_of,
    stream_reader,
    with_end,
)
from transfer.errors import TransferError
from transfer.manifest import Direction, parse_in, part_name
from transfer.unpack import copy_object, parse_in_unchecked

OURS = tuple(f"{Path(__file__).parents[2] / package}/" for package in ("crypto", "transfer"))
VERSION, MAC = b"age-encryption.org/v1\n", b"--- " + b"A" * 43 + b"\n"
HEAD = record(1, a_head().encode())
DONE = record(6, hashlib.sha256(b"").digest() + bytes(8))
FILE = record(4, b'{"media_type":"m","name":"n"}')


class Lines:
    """Counts the lines of `crypto` and `transfer` that are run."""

    def __init__(self) -> None:
        self.run = 0

    def call(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self.line if frame.f_code.co_filename.startswith(OURS) else None

    def line(self, frame: FrameType, event: str, argument: Any) -> Any:
        self.run += event == "line"
        return self.line


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of ours are run; refusals are no matter here."""
    lines = Lines()
    before = sys.gettrace()
    sys.settrace(lines.call)
    try:
        with suppress(CryptoError):
            work()
    finally:
        sys.settrace(before)
    return lines.run


def peak_bytes(work: Callable[[], object]) -> int:
    """The most that was allocated at once while `work` ran."""
    tracemalloc.start()
    try:
        with suppress(CryptoError, TransferError):
            work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def read_json(data: bytes) -> canonical.Object:
    """What `data` is the canonical form of, however long."""
    return canonical.parse(data, max_bytes=len(data))


def manifest(objects: int) -> bytes:
    """A manifest with many objects."""
    row = {"size": 4, "window": 150, "received_on": "2026-11-22", "part": 0, "offset": 0}
    return canonical.encode(in_json(objects=[{"id": f"{n:064x}", **row} for n in range(objects)]))


def sealed(*records: bytes) -> bytes:
    """The payload of a parcel of these records, which need not be right."""
    return sealed_stream(padded(with_end(HEAD, *records)))


def scan(payload: bytes) -> parcel.Parcel:
    """What the station says to a payload."""
    return parcel.scan_parcel(stream_reader(payload))


def open_age(data: bytes) -> list[bytes]:
    """The chunks of an age file that is read from its start."""
    return list(open_forward(of_age_files.IDENTITIES, BytesIO(data).read))


@dataclass(frozen=True)
class Shape:
    """Input of any length, and what reads it."""

    make: Callable[[int], Any]
    read: Callable[[Any], object]


GROWING = {
    "header, many arguments": Shape(lambda n: VERSION + b"-> a" + b" a" * n + b"\n\n" + MAC, parse_header),
    "header, long body": Shape(
        lambda n: VERSION + b"-> a\n" + (b"A" * 64 + b"\n") * (n // 4) + b"\n" + MAC, parse_header
    ),
    "header, short lines": Shape(lambda n: VERSION + b"-> a\n" + b"A\n" * n + MAC, parse_header),
    "header, many stanzas": Shape(lambda n: VERSION + b"-> a\n\n" * (n // 17) + MAC, parse_header),
    "header, nobody's stanzas": Shape(lambda n: VERSION + b"-> a\n\n" * (n // 17) + MAC, open_age),
    "header, our stanzas": Shape(lambda n: VERSION + of_age_files.X25519 * (n // 17) + MAC, open_age),
    "armour": Shape(lambda n: armor.encode(bytes(n)), armor.decode),
    "armour, white space": Shape(lambda n: b" \r\n" * n, armor.decode),
    "bech32": Shape(lambda n: bech32.encode("age", bytes(n)), bech32.decode),
    "bech32, long prefix": Shape(lambda n: bech32.encode("a" * n, b""), bech32.decode),
    "base64url": Shape(lambda n: "A" * n, encoding.from_base64url),
    "JSON, digits": Shape(lambda n: b'{"a":' + b"9" * n + b"}", read_json),
    "JSON, deep": Shape(lambda n: b'{"a":' + b"[" * n + b"]" * n + b"}", read_json),
    "JSON, wide": Shape(lambda n: b'{"a":[' + b"1," * n + b"1]}", read_json),
    "JSON, many keys": Shape(lambda n: canonical.encode({f"{k:06}": k for k in range(n)}), read_json),
    "codename": Shape(lambda n: "abacus " * n, codename.parse),
    "codename in a text": Shape(lambda n: "abacus " * n, codename.appears_in),
    "codename in marks": Shape(lambda n: "e" + "\u0316\u0300" * n, codename.appears_in),
    "cookie": Shape(lambda n: "A" * n, lambda text: session.open_cookie({}, INSTANCE, text)),
    "parcel, files": Shape(lambda n: sealed((FILE + DONE) * (n // 3)), scan),
    "parcel, 1-byte DATA": Shape(lambda n: sealed(FILE, record(5, b"d") * n), scan),
    "parcel, text": Shape(lambda n: sealed(record(2, b"x" * 64 * n)), scan),
    "parcel, one file": Shape(lambda n: sealed(FILE, record(5, bytes(sizes.DATA)) * (n // 100)), scan),
    "manifest": Shape(manifest, parse_in),
    "parts of messages": Shape(lambda n: [slots.Part(k % 7, k, n, b"") for k in range(n)], slots.join_parts),
    "set": Shape(lambda n: bytes(n * sizes.SLOT), slots.SlotSet),
}


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_no_faster_than_the_input(name: str) -> None:
    """Eight times the input, at most eight times the work and a little."""
    shape = GROWING[name]
    small, large = (lines_run(partial(shape.read, shape.make(n))) for n in (256, 2_048))
    assert 0 < large <= 9 * small


class Foreign:
    """A sealed file that claims any size, and remembers what was read of it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reads: list[tuple[int, int]] = []

    def read_at(self, offset: int, length: int) -> bytes:
        """Bytes at an offset, fewer at the true end."""
        self.reads.append((offset, length))
        return slice_of(self.data, offset, length)


LARGE = 1 << 50
PARCEL = sealed_envelope(with_end(HEAD))


def test_a_file_that_claims_a_petabyte_is_looked_at_in_few_places() -> None:
    foreign = Foreign(of_age_files.FILE)
    with pytest.raises(OpenError):
        open_file(of_age_files.IDENTITIES, foreign.read_at, LARGE)
    assert len(foreign.reads) <= 4
    assert max(length for _, length in foreign.reads) <= 66_000


def test_an_envelope_of_an_illegal_size_is_not_read() -> None:
    foreign = Foreign(PARCEL)
    for size in (LARGE, len(PARCEL) + 1, 0, padding.envelope_size(2 * sizes.PADDED_MAX)):
        with pytest.raises(CryptoError):
            open_payload(FileKey(FILE_KEY), foreign.read_at, size)
    assert foreign.reads == []


def test_a_forward_reader_asks_for_no_more_than_a_chunk_or_a_header() -> None:
    asked: list[int] = []

    def read(length: int) -> bytes:
        asked.append(length)
        return b"x" * min(length, 1_000)

    with pytest.raises(OpenError):
        list(open_forward(of_age_files.IDENTITIES, read))
    assert sum(min(length, 1_000) for length in asked) <= 67_000


@pytest.mark.parametrize("kind", range(1, 8))
def test_a_record_that_claims_4_gib_takes_no_memory(kind: int) -> None:
    """Not of the length that it claims: the parcel itself is two chunks."""
    lying = record(kind, b"x", length=2**32 - 1)
    stream = stream_reader(sealed_stream(padded(with_end(HEAD, FILE, lying) if kind > 4 else HEAD + lying)))
    assert peak_bytes(lambda: parcel.scan_parcel(stream)) < 400_000


def test_a_text_that_claims_its_limit_takes_no_more_than_the_parcel() -> None:
    stream = stream_reader(sealed_stream(padded(HEAD + record(2, b"x", length=sizes.TEXT_MAX))))
    with pytest.raises(ParcelError):
        parcel.scan_parcel(stream)
    assert peak_bytes(lambda: parcel.scan_parcel(stream)) < 400_000


def test_a_parcel_of_16_mib_is_read_in_the_memory_of_a_few_chunks() -> None:
    content = FILE, record(5, bytes(sizes.DATA)) * 256, record(2, b"")
    stream = stream_reader(sealed_stream(padded(with_end(HEAD, *content))))
    assert peak_bytes(lambda: parcel.scan_parcel(stream)) < 800_000


LONG = b"x" * (1 << 24)


@pytest.mark.parametrize(
    ("most", "data", "read"),
    [
        pytest.param(200_000, VERSION + LONG, parse_header, id="header"),
        pytest.param(200_000, VERSION + b"-> a\n\n" + MAC + LONG, parse_header, id="behind a header"),
        pytest.param(100_000, LONG, lambda data: canonical.parse(data, max_bytes=1_000), id="JSON"),
        pytest.param(
            100_000, LONG.decode(), lambda text: session.open_cookie({}, INSTANCE, text), id="cookie"
        ),
        pytest.param(100_000, LONG, partial(slots.open_part, INSTANCE, of_sealed.KEYS), id="slot"),
        pytest.param(100_000, LONG[1:], slots.SlotSet, id="set"),
        pytest.param(100_000, LONG.decode(), codename.parse, id="codename"),
    ],
)
def test_what_is_too_long_is_refused_without_a_copy(
    most: int, data: Any, read: Callable[[Any], object]
) -> None:
    assert peak_bytes(partial(read, data)) < most


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":[' + b"[]," * 20_000 + b"[]]}",
        b'{"a":[' + b"{}," * 20_000 + b"{}]}",
        b'{"a":[' + b"1," * 30_000 + b"1]}",
        b'{"a":[' + b'"",' * 20_000 + b'""]}',
        canonical.encode({f"{k:04}": 0 for k in range(6_000)}),
        b'{"a":"' + b"x" * 60_000 + b'"}',
        b'{"a":"' + "é".encode() * 30_000 + b'"}',
    ],
    ids=["lists", "objects", "numbers", "strings", "keys", "text", "wide text"],
)
def test_json_takes_memory_by_its_length(data: bytes) -> None:
    """The worst are empty objects: three bytes of text become 64 and a place in a list."""
    assert peak_bytes(lambda: read_json(data)) < 40 * len(data)


def test_objects_that_claim_terabytes_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    value = in_json(parts=[{"name": part_name(0), "size": 2**32 - 1}])
    value["objects"][0]["size"] = 2**53 - 1
    write_bundle(tmp_path, Direction.IN, value)
    bundle = the_bundle(tmp_path, Direction.IN)
    item = parse_in_unchecked(bundle).objects[0]
    with pytest.raises(TransferError):
        copy_object(bundle, item, len)
    assert peak_bytes(lambda: copy_object(bundle, item, len)) < 2_000_000
