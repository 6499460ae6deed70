"""Opens one envelope of our own disk: header, key of the week, every record, nothing written.

Checks, in order: 1 the size is that of a padded parcel; 2 the header has exactly eight hybrid
stanzas; 3 a window's key finds the file key, the window on the label first, then every live
one, and the header's MAC is right; 4 the whole payload opens and every record is as the
protocol says; 5 HEAD names this instance. What fails is a `RefusedObjectError` with the reason.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crypto import envelope, padding, sizes
from crypto.age.keys import HybridIdentity
from crypto.age.stream import ReadAt, StreamReader
from crypto.errors import CryptoError, FormatError, OpenError
from crypto.parcel import FileEntry, Parcel, read_file, read_part, scan_parcel
from crypto.source_keys import InstanceId
from crypto.windows import window_start
from journalist_app.errors import EnvelopeError, RefusedObjectError


@dataclass(frozen=True)
class Keys:
    """Windows that can still be opened, each with its private key, and the oldest of which the key
    was not destroyed."""

    identities: tuple[tuple[int, HybridIdentity], ...] = field(repr=False)
    oldest_window: int


@dataclass(frozen=True)
class Opened:
    """A parcel that passed every check, and the key that opens it again."""

    parcel: Parcel
    file_key: envelope.FileKey = field(repr=False)


def open_envelope(path: Path, label_window: int, keys: Keys, instance: InstanceId) -> Opened:
    """The parcel in the envelope at `path`. Raises `RefusedObjectError`."""
    with reader(path) as (read_at, size_bytes):
        try:
            padding.check_envelope_size(size_bytes)  # 1
            header = envelope.parse_intake_header(bytes(read_at(0, sizes.ENVELOPE_HEADER)))  # 2
        except FormatError as error:
            raise RefusedObjectError("It is not an envelope of the form that is accepted.") from error
        try:
            file_key = envelope.unwrap_file_key(header, _in_order(label_window, keys.identities))  # 3
        except OpenError as error:
            raise RefusedObjectError(_no_key_sentence(label_window, keys.oldest_window)) from error
        try:
            parcel = scan_parcel(envelope.open_payload(file_key, read_at, size_bytes))  # 4
        except OpenError as error:
            raise RefusedObjectError(
                "It was changed after it was sealed: its content does not open."
            ) from error
        except CryptoError as error:
            raise RefusedObjectError("Its content breaks a rule of the format.") from error
    if parcel.head.instance_id != instance:  # 5
        raise RefusedObjectError("It was sealed for another instance.")
    return Opened(parcel, file_key)


def open_file(path: Path, file_key: envelope.FileKey, entry: FileEntry) -> Iterator[bytes]:
    """The bytes of one file of a kept envelope, in pieces; memory holds one at a time.

    The first piece comes only after header and last chunk were checked again. Raises
    `EnvelopeError` when the kept envelope is missing or was changed.
    """
    try:
        with reader(path) as (read_at, size_bytes):
            stream = envelope.open_payload(file_key, read_at, size_bytes)
            yield b""
            yield from read_file(stream, entry)
    except (CryptoError, OSError) as error:
        raise EnvelopeError from error


class StoredFile:
    """One file of a kept envelope, read at any place. Raises `EnvelopeError` where that was changed."""

    def __init__(self, stream: StreamReader, entry: FileEntry) -> None:
        self._stream = stream
        self._entry = entry
        self.size_bytes: Final = entry.size_bytes

    def read(self, start: int, length: int) -> bytes:
        """The bytes from `start` on, `length` of them."""
        try:
            return read_part(self._stream, self._entry, start, length)
        except (CryptoError, OSError) as error:
            raise EnvelopeError from error

    def pieces(self) -> Iterator[bytes]:
        """All bytes, in pieces; memory holds one at a time."""
        try:
            yield from read_file(self._stream, self._entry)
        except (CryptoError, OSError) as error:
            raise EnvelopeError from error


@contextmanager
def stored_file(path: Path, file_key: envelope.FileKey, entry: FileEntry) -> Iterator[StoredFile]:
    """One file of the kept envelope at `path`, while it is looked at. Raises `EnvelopeError`."""
    with ExitStack() as opened:
        try:
            read_at, size_bytes = opened.enter_context(reader(path))
            stream = envelope.open_payload(file_key, read_at, size_bytes)
        except (CryptoError, OSError) as error:
            raise EnvelopeError from error
        yield StoredFile(stream, entry)


@contextmanager
def reader(path: Path) -> Iterator[tuple[ReadAt, int]]:
    """How to read a file at any place, and its size."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield _ReadAt(descriptor), os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


class _ReadAt:
    """`ReadAt` on a file descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __call__(self, offset: int, length: int) -> bytes:
        pieces = []
        while length and (piece := os.pread(self._descriptor, length, offset)):
            pieces.append(piece)
            offset += len(piece)
            length -= len(piece)
        return b"".join(pieces)


def _no_key_sentence(label_window: int, oldest_window: int) -> str:
    if label_window < oldest_window:
        return (
            f"It came too late: its label names the week of {window_start(label_window).date().isoformat()}, "
            "whose key was destroyed. Nobody can open it any longer."
        )
    return "No intake key of this station opens it: it was changed, or sealed for another station."


def _in_order(
    label_window: int, identities: tuple[tuple[int, HybridIdentity], ...]
) -> tuple[HybridIdentity, ...]:
    hinted = tuple(identity for window, identity in identities if window == label_window)
    return hinted + tuple(identity for window, identity in identities if window != label_window)
