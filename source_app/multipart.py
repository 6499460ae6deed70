"""Reads a form as it arrives: fields and files in their order, no file and no field on a disk.

Over werkzeug's parser without its streams and spool files. Fields that nobody asked for are
passed over. What a browser says of a file (its name, its type) is data: bytes that are not
UTF-8 are replaced, nothing else is changed. Used by the two views that take files.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from crypto import sizes
from source_app.errors import BusyError, FormError, TextTooLongError

READ_BYTES: Final = 64 * sizes.KIB
FIELDS_MAX: Final = 4 * sizes.MIB
"""All fields of a form together: whoever repeats one must not fill the memory."""
SMALL_FORM_BYTES: Final = 16 * sizes.KIB
"""Fields up to this are taken whatever else arrives."""
ROOM_BYTES: Final = 128 * sizes.MIB
"""What fields beyond that may hold in a process, of all forms that arrive at once."""
PARTS_MAX: Final = 1_100
_HEADERS_MAX: Final = 16 * sizes.KIB
_BOUNDARY_MAX: Final = 200
_LINE_END: Final = re.compile(rb"[\r\n]")
_CONTINUED: Final = re.compile(rb"\r?\n[ \t]")

ReadBody = Callable[[int], bytes]
"""Gives at most that many bytes of the body, and none at its end. Raises `BrokenUploadError`."""


@dataclass(frozen=True)
class FieldPart:
    """A field that was asked for, whole."""

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True)
class FilePart:
    """A file. `chunks` must be taken before the next part is asked for."""

    name: str
    file_name: str = field(repr=False)
    media_type: str
    chunks: Iterator[bytes]


class FieldRoom:
    """The memory of a process that long fields share: many forms at once must not fill it."""

    def __init__(self, room_bytes: int = ROOM_BYTES) -> None:
        self._left_bytes = room_bytes
        self._lock = Lock()

    def take(self, size_bytes: int) -> None:
        """Raises `BusyError` where that much is not left."""
        with self._lock:
            if size_bytes > self._left_bytes:
                raise BusyError
            self._left_bytes -= size_bytes

    def give_back(self, size_bytes: int) -> None:
        """What was taken."""
        with self._lock:
            self._left_bytes += size_bytes


class FormReader:
    """The parts of one form. `close` it when nothing of its fields is needed any longer."""

    def __init__(self, content_type: str, read: ReadBody, wanted: frozenset[str], room: FieldRoom) -> None:
        """`wanted`: the names of the fields whose values are kept. Raises `FormError`."""
        kind, options = parse_options_header(content_type)
        boundary = options.get("boundary", "")
        if kind != "multipart/form-data" or not 0 < len(boundary) <= _BOUNDARY_MAX:
            raise FormError
        self._read = read
        self._wanted = wanted
        self._kept_bytes = 0
        self._room = room
        self._taken_bytes = 0
        self._decoder = _Decoder(
            boundary.encode("utf-8", "replace"), READ_BYTES + _HEADERS_MAX, max_parts=PARTS_MAX
        )

    def close(self) -> None:
        """Give back the room of its fields. May be called twice."""
        self._room.give_back(self._taken_bytes)
        self._taken_bytes = 0

    def parts(self) -> Iterator[FieldPart | FilePart]:
        """The parts in order. Raises `FormError`, `TextTooLongError`, `BusyError`, `BrokenUploadError`."""
        while not isinstance(event := self._next(), Epilogue):
            if isinstance(event, File):
                chunks = self._chunks()
                yield FilePart(
                    event.name or "", event.filename, event.headers.get("content-type", ""), chunks
                )
                for _ in chunks:  # what a caller left of it
                    pass
            elif isinstance(event, Field):
                yield from self._field(event.name)

    def _field(self, name: str | None) -> Iterator[FieldPart]:
        value = bytearray()
        for chunk in self._chunks():
            if name in self._wanted:
                self._keep(len(chunk))
                value += chunk
        if name in self._wanted and name is not None:
            yield FieldPart(name, value.decode("utf-8", "replace"))

    def _keep(self, size_bytes: int) -> None:
        self._kept_bytes += size_bytes
        if self._kept_bytes > FIELDS_MAX:
            raise TextTooLongError
        if self._kept_bytes > SMALL_FORM_BYTES:
            self._room.take(size_bytes)
            self._taken_bytes += size_bytes

    def _chunks(self) -> Iterator[bytes]:
        more = True
        while more:
            data, more = self._data()
            if data:
                yield data
            del data  # a thousand slow uploads would each keep one chunk more while they wait

    def _data(self) -> tuple[bytes, bool]:
        """The next bytes of a part, and whether more follow."""
        event = self._next()
        if not isinstance(event, Data):
            raise FormError
        return event.data, event.more_data

    def _next(self) -> Event:
        try:
            while isinstance(event := self._decoder.next_event(), NeedData):
                self._decoder.receive_data(self._read(READ_BYTES) or None)
        except (ValueError, AttributeError, RequestEntityTooLarge) as error:
            raise FormError from error
        return event


class _Decoder(MultipartDecoder):
    """Werkzeug's parser, mended in two places; `test_multipart` fails without either.

    A header that is not UTF-8 is no reason to lose a report. And where a read ends between the
    two last hyphens of the whole body, werkzeug 3.1 gives a byte of the delimiter to the file.
    """

    def _last_partial_boundary_index(self, data: bytes | bytearray) -> int:
        """From where on the data could be a delimiter that has not arrived whole."""
        tail = max(0, len(data) - len(b"\r\n--") - len(self.boundary) - len(b"-"))
        found = _LINE_END.search(data, tail)
        return found.start() if found else len(data)

    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        lines = _CONTINUED.sub(b" ", bytes(data)).decode("utf-8", "replace").split("\n")
        pairs = (line.strip(" \t\r").partition(":") for line in lines)
        return Headers([(name.strip(), value.strip()) for name, _, value in pairs if name])
