"""The parcel: what stands inside an envelope, as a row of records (protocol 1, section 4).

parcel = HEAD [TEXT] 0–64 FORM, 0–1,000 × (FILE DATA… DONE), END, zeros. The writer pushes
records as they come; the reader goes through everything once, writing nothing, and notes
where each file starts. A file's name is data and never a path.

Checks of `scan_parcel`: 1 records come in the order above, and no more of them; 2 a record's
length is within its type's limit and within the parcel, before a byte of it is read; 3 HEAD,
FORM and FILE are canonical JSON with exactly their keys; 4 version, kind and origin are known,
the window fits 32 bits, the language is a tag; 5 TEXT is UTF-8; 6 all DATA records but a
file's last are full, and none is empty; 7 DONE tells the hash and size of its file; 8 END tells
the bytes before it; 9 then only zeros, to the size that padding gives.
"""

import hashlib
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final, Protocol

from crypto import canonical, encoding, hybrid, padding, sizes
from crypto.age.stream import StreamReader
from crypto.errors import CanonicalError, OpenError, ParcelError
from crypto.source_keys import InstanceId

VERSION: Final = 1
_WINDOWS: Final = 2**32
_RECORD: Final = struct.Struct(">BI")
_DONE: Final = struct.Struct(">32sQ")
_END: Final = struct.Struct(">Q")


class Record(IntEnum):
    """The types of record."""

    HEAD = 1
    TEXT = 2
    FORM = 3
    FILE = 4
    DATA = 5
    DONE = 6
    END = 7


LIMITS: Final = {
    Record.HEAD: sizes.HEAD_MAX,
    Record.TEXT: sizes.TEXT_MAX,
    Record.FORM: sizes.FORM_MAX,
    Record.FILE: sizes.FILE_MAX,
    Record.DATA: sizes.DATA,
    Record.DONE: sizes.DONE,
    Record.END: sizes.END,
}
COUNTS: Final = {Record.FORM: sizes.FORMS_MAX, Record.FILE: sizes.FILES_MAX}
FOLLOWERS: Final = {
    None: {Record.HEAD},
    Record.HEAD: {Record.TEXT, Record.FORM, Record.FILE, Record.END},
    Record.TEXT: {Record.FORM, Record.FILE, Record.END},
    Record.FORM: {Record.FORM, Record.FILE, Record.END},
    Record.FILE: {Record.DATA, Record.DONE},
    Record.DATA: {Record.DATA, Record.DONE},
    Record.DONE: {Record.FILE, Record.END},
    Record.END: set[Record](),
}
"""Which records may come after which; None stands for the beginning."""


class Kind(StrEnum):
    """What a parcel is."""

    REPORT = "report"
    MESSAGE = "message"
    REQUEST = "request"
    CONSENT = "consent"
    COVER = "cover"


class Origin(StrEnum):
    """Who sealed it: our server, the source's own program, or a page in their browser."""

    SERVER = "server"
    CLIENT = "client"
    BROWSER = "browser"


@dataclass(frozen=True)
class Head:
    """Who sent a parcel and how to answer. `sealed_on` is a date, "YYYY-MM-DD"; `language` a tag
    such as "en" or "pt-BR"."""

    instance_id: InstanceId
    window: int
    kind: Kind
    origin: Origin
    author: bytes = field(repr=False)
    reply_key: hybrid.PublicKey = field(repr=False)
    reply_address: bytes = field(repr=False)
    sealed_on: str
    language: str

    def encode(self) -> bytes:
        """The canonical JSON of the HEAD record."""
        return canonical.encode(
            {
                "v": VERSION,
                "instance_id": self.instance_id.hex(),
                "window": self.window,
                "kind": self.kind.value,
                "origin": self.origin.value,
                "author": self.author.hex(),
                "reply_key": encoding.to_base64url(self.reply_key),
                "reply_address": self.reply_address.hex(),
                "sealed_on": self.sealed_on,
                "language": self.language,
            }
        )


@dataclass(frozen=True)
class FileEntry:
    """A file inside a parcel. `offset` is where its first DATA record starts in the plaintext."""

    name: str = field(repr=False)
    media_type: str = field(repr=False)
    size_bytes: int
    sha256: bytes
    offset: int


@dataclass(frozen=True)
class Parcel:
    """A parcel whose every record was checked. `forms` are kept as the canonical JSON that they
    are: a quarter of a mebibyte of answers takes many times that as objects."""

    head: Head
    text: str = field(repr=False)
    forms: tuple[bytes, ...] = field(repr=False)
    files: tuple[FileEntry, ...]


class Plain(Protocol):
    """Where a parcel is written to: an `EnvelopeWriter`, mostly."""

    def push(self, data: bytes | bytearray | memoryview) -> None:
        """Add plaintext."""


class ParcelWriter:
    """Writes the records of one parcel. Call the methods in the order they stand.

    Raises `ParcelError` rather than write what the reader at the station would refuse: a record
    out of order or over its limit, more of a type than may stand in a parcel, text that is not
    Unicode; and `CanonicalError` for JSON of another form.
    """

    def __init__(self, plain: Plain, head: Head) -> None:
        self._plain = plain
        self._written_bytes = 0
        self._order = _Order()
        self._file_hash = hashlib.sha256()
        self._file_bytes = 0
        self._pending = bytearray()
        encoded = head.encode()
        parse_head(encoded)
        self._record(Record.HEAD, encoded)

    def text(self, text: str) -> None:
        """The free text. Raises `ParcelError` over 1 MiB of UTF-8."""
        try:
            self._record(Record.TEXT, text.encode())
        except UnicodeEncodeError:
            raise ParcelError("a text that is not Unicode") from None

    def form(self, form: canonical.Object) -> None:
        """One filled form. Raises `CanonicalError` unless it is one."""
        self._record(Record.FORM, canonical.encode(_check_form(form)))

    def begin_file(self, name: str, media_type: str) -> None:
        """A file whose bytes follow through `file_data`."""
        self._record(Record.FILE, canonical.encode({"name": name, "media_type": media_type}))
        self._file_hash = hashlib.sha256()
        self._file_bytes = 0
        self._pending = bytearray()

    def file_data(self, data: bytes | bytearray | memoryview) -> None:
        """The next bytes of the open file, any number of them."""
        self._order.check(Record.DATA, 0)
        rest = memoryview(data).cast("B")
        self._file_hash.update(rest)
        self._file_bytes += len(rest)
        while len(self._pending) + len(rest) >= sizes.DATA:
            room = sizes.DATA - len(self._pending)
            self._record(Record.DATA, self._pending + rest[:room])
            self._pending.clear()
            rest = rest[room:]
        self._pending += rest

    def end_file(self) -> None:
        """The open file is complete."""
        if self._pending:
            self._record(Record.DATA, self._pending)
        self._record(Record.DONE, _DONE.pack(self._file_hash.digest(), self._file_bytes))

    def finish(self) -> None:
        """No record follows; the envelope adds the zeros."""
        self._record(Record.END, _END.pack(self._written_bytes))

    def _record(self, kind: Record, body: bytes | bytearray | memoryview) -> None:
        self._order.take(kind, len(body))
        self._plain.push(_RECORD.pack(kind, len(body)))
        self._plain.push(body)
        self._written_bytes += sizes.RECORD_HEADER + len(body)


def scan_parcel(stream: StreamReader) -> Parcel:
    """Everything of a parcel but the files' bytes, which were checked too.

    Raises `ParcelError` for a broken rule and `OpenError` where the stream does not open.
    """
    try:
        return _Scanner(stream).parcel()
    except CanonicalError as error:
        raise ParcelError("JSON of the wrong form") from error
    except UnicodeDecodeError:
        raise ParcelError("a text that is not UTF-8") from None


def read_file(stream: StreamReader, entry: FileEntry) -> Iterator[bytes]:
    """The bytes of one file of a scanned parcel, record by record. Raises `OpenError`."""
    for start in range(0, entry.size_bytes, sizes.DATA):
        yield read_part(stream, entry, start, min(entry.size_bytes - start, sizes.DATA))


def read_part(stream: StreamReader, entry: FileEntry, start: int, length: int) -> bytes:
    """Exactly `length` bytes of one file of a scanned parcel, from `start` on, found by arithmetic: nothing
    that stands before them is opened. Raises `OpenError`, also past the end of the file."""
    if start < 0 or length < 0 or start + length > entry.size_bytes:
        raise OpenError
    pieces = []
    while length:
        record, skipped = divmod(start, sizes.DATA)
        here = min(length, sizes.DATA - skipped)
        record_at = entry.offset + record * (sizes.RECORD_HEADER + sizes.DATA)
        pieces.append(stream.read(record_at + sizes.RECORD_HEADER + skipped, here))
        start, length = start + here, length - here
    return b"".join(pieces)


def parse_head(data: bytes) -> Head:
    """The HEAD of a parcel. Raises `CanonicalError` or `ParcelError`."""
    text = dict.fromkeys(
        ("instance_id", "kind", "origin", "author", "reply_key", "reply_address", "sealed_on", "language"),
        str,
    )
    value = canonical.parse(data, max_bytes=sizes.HEAD_MAX)
    canonical.fields(value, {"v": int, "window": int, **text})  # 3
    if value["v"] != VERSION or canonical.integer(value["window"]) >= _WINDOWS:  # 4
        raise ParcelError("another version of the protocol, or a window out of range")
    try:
        return Head(
            instance_id=InstanceId(canonical.hex_field(value["instance_id"], sizes.INSTANCE_ID)),
            window=canonical.integer(value["window"]),
            kind=Kind(canonical.string(value["kind"])),
            origin=Origin(canonical.string(value["origin"])),
            author=canonical.hex_field(value["author"], sizes.SEED),
            reply_key=hybrid.PublicKey(encoding.from_base64url(value["reply_key"], sizes.HYBRID_PUBLIC)),
            reply_address=canonical.hex_field(value["reply_address"], sizes.SEED),
            sealed_on=canonical.date_field(value["sealed_on"]),
            language=canonical.language_field(value["language"]),  # 4
        )
    except ValueError:  # 4
        raise ParcelError("an unknown kind or origin") from None


class _Order:
    """Which record may come next, and how long: one grammar for the writer and the reader."""

    def __init__(self) -> None:
        self._last: Record | None = None
        self._counts: Counter[int] = Counter()

    def take(self, number: int, length: int) -> Record:
        """The type of the next record, of `length` bytes, which is then the last one."""
        kind = self.check(number, length)
        self._counts[kind] += 1
        self._last = kind
        return kind

    def check(self, number: int, length: int) -> Record:
        """The type that `number` stands for. Raises `ParcelError` if it may not come now."""
        if number not in FOLLOWERS[self._last]:  # 1
            raise ParcelError("a record that may not stand here")
        kind = Record(number)
        if kind in COUNTS and self._counts[kind] == COUNTS[kind]:  # 1
            raise ParcelError("more records of a type than a parcel may have")
        if length > LIMITS[kind]:  # 2
            raise ParcelError("a record over its limit")
        return kind


class _Scanner:
    """One pass over the plaintext of a parcel."""

    def __init__(self, stream: StreamReader) -> None:
        self._size_bytes = stream.size_bytes
        self._chunks = stream.chunks()
        self._chunk = memoryview(b"")
        self._position = 0
        self._order = _Order()

    def parcel(self) -> Parcel:
        _, body = self._next()
        head = parse_head(body)
        text = ""
        forms: list[bytes] = []
        files: list[FileEntry] = []
        while True:
            start = self._position
            kind, body = self._next()
            if kind is Record.END:
                self._end(start, body)
                return Parcel(head, text, tuple(forms), tuple(files))
            if kind is Record.TEXT:
                text = body.decode()  # 5
            elif kind is Record.FORM:
                _check_form(canonical.parse(body, max_bytes=sizes.FORM_MAX))
                forms.append(body)
            else:
                files.append(self._file(body))

    def _file(self, body: bytes) -> FileEntry:
        value = canonical.parse(body, max_bytes=sizes.FILE_MAX)
        canonical.fields(value, {"name": str, "media_type": str})  # 3
        offset = self._position
        digest = hashlib.sha256()
        size_bytes = 0
        while True:
            kind, data = self._next()
            if kind is Record.DONE:
                break
            if not data or size_bytes % sizes.DATA:  # 6
                raise ParcelError("a DATA record that is empty, or follows a short one")
            digest.update(data)
            size_bytes += len(data)
        if data != _DONE.pack(digest.digest(), size_bytes):  # 7
            raise ParcelError("a file whose hash or size is not what was sent")
        name, media_type = canonical.string(value["name"]), canonical.string(value["media_type"])
        return FileEntry(name, media_type, size_bytes, digest.digest(), offset)

    def _end(self, start: int, body: bytes) -> None:
        if body != _END.pack(start):  # 8
            raise ParcelError("END at the wrong place")
        if padding.padded_size(self._position) != self._size_bytes:  # 9
            raise ParcelError("padding of the wrong length")
        while self._position < self._size_bytes:
            zeros = self._take(min(sizes.CHUNK, self._size_bytes - self._position))
            if zeros.count(0) != len(zeros):  # 9
                raise ParcelError("padding that is not zero")

    def _next(self) -> tuple[Record, bytes]:
        number, length = _RECORD.unpack(self._take(sizes.RECORD_HEADER))
        return self._order.take(number, length), self._take(length)

    def _take(self, length: int) -> bytes:
        if self._position + length > self._size_bytes:  # 2
            raise ParcelError("the parcel ends inside a record")
        self._position += length
        if length <= len(self._chunk):
            taken, self._chunk = self._chunk[:length], self._chunk[length:]
            return bytes(taken)
        parts = bytearray()
        while len(parts) < length:
            if not self._chunk:
                self._chunk = memoryview(next(self._chunks))
            missing = length - len(parts)
            parts += self._chunk[:missing]
            self._chunk = self._chunk[missing:]
        return bytes(parts)


def _check_form(form: canonical.Object) -> canonical.Object:
    canonical.fields(form, {"form": str, "version": int, "answers": list})  # 3
    for answer in canonical.array(form["answers"]):
        canonical.fields(answer, {"id": str, "value": str})
    return form
