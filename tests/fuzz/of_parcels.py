"""Targets: the parcel, whose plaintext is any bytes that are then padded and rightly sealed, and its
HEAD."""

import hashlib
import json

from crypto import canonical, parcel
from crypto.errors import FormatError, ParcelError
from tests.fuzz.target import Target, damaged, documents
from tests.support.sealing import a_head, padded, record, sealed_stream, stream_reader, with_end

HEAD_JSON = a_head().encode()
HEAD = record(1, HEAD_JSON)
FORM_JSON = {"answers": [{"id": "a", "value": "b"}], "form": "f", "version": 1}
FILE_JSON = {"media_type": "m", "name": "n"}
FILE = record(4, canonical.encode(FILE_JSON))  # type: ignore[arg-type]
FORM = record(3, canonical.encode(FORM_JSON))  # type: ignore[arg-type]
TEXT = record(2, "text é".encode())


def scan(data: bytes) -> None:
    """Each file lies where the reader says, and has the hash that it says."""
    plain = padded(data)
    stream = stream_reader(sealed_stream(plain))
    try:
        read = parcel.scan_parcel(stream)
    except ParcelError:
        return
    assert plain.startswith(record(1, read.head.encode()))
    assert len(read.forms) <= 64
    assert len(read.files) <= 1_000
    for entry in read.files:
        content = b"".join(parcel.read_file(stream, entry))
        assert len(content) == entry.size_bytes
        assert hashlib.sha256(content).digest() == entry.sha256


def finished(data: bytes) -> None:
    """Records of any bytes between a right HEAD and a right END."""
    scan(with_end(HEAD, data))


def head(data: bytes) -> None:
    """What is read is written back byte for byte."""
    try:
        read = parcel.parse_head(data)
    except FormatError:
        return
    assert read.encode() == data


def _file(*pieces: bytes, size: int | None = None, content: bytes | None = None) -> bytes:
    whole = b"".join(pieces)
    done = hashlib.sha256(whole if content is None else content).digest()
    length = len(whole) if size is None else size
    return FILE + b"".join(record(5, piece) for piece in pieces) + record(6, done + length.to_bytes(8, "big"))


RECORDS = (
    b"",
    TEXT,
    TEXT + FORM + FORM + _file(b"d"),
    FORM,
    FORM + TEXT,
    TEXT + TEXT,
    _file(),
    _file(b"a" * 65_536, b"b"),
    _file(b"a", b"b"),
    _file(b""),
    _file(b"d", size=2),
    _file(b"d", content=b"e"),
    _file(b"d") * 1_001,
    FORM * 65,
    HEAD,
    record(2, b"\xff"),
    record(3, b"{}"),
    record(3, canonical.encode({**FORM_JSON, "answers": [{}]})),  # type: ignore[dict-item]
    record(4, b"{}"),
    record(5, b"d"),
    record(6, bytes(40)),
    record(8, b""),
    record(0, b""),
    *(record(kind, b"x", length=2**32 - 1) for kind in range(1, 8)),
    FILE + record(6, bytes(39)),
)

TARGETS = {
    "parcel": Target(
        scan,
        (
            *damaged(with_end(HEAD, TEXT, FORM, _file(b"d"))),
            b"",
            HEAD,
            record(7, bytes(8)),
            record(1, b"{}"),
            HEAD + record(7, bytes(8)),
            with_end(HEAD) + b"x",
            with_end(HEAD) + bytes(70_000),
            with_end(HEAD) + bytes(65_535 - len(with_end(HEAD))) + b"x",
            with_end(HEAD, _file(b"a" * 65_536, b"b" * 65_536, b"c")),
            with_end(HEAD, record(2, b"x" * 100_000)),
            with_end(HEAD, record(2, b"x" * (1 << 20))),
        ),
        (TEXT, FORM, FILE, record(5, b"d")),
        200_000,
    ),
    "parcel_records": Target(finished, RECORDS, (TEXT, FORM, FILE, record(5, b"d"), _file(b"d")), 140_000),
    "head": Target(head, tuple(documents(json.loads(HEAD_JSON))), (b'"kind":"cover"', b'"origin":"client"')),
}
