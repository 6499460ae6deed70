"""Writes a bundle to a stick so that a pulled plug leaves nothing that looks finished.

Part files first, then the signature, then the manifest by rename: a folder without a manifest
is an export that never finished, and the next try under the same number replaces it.
"""

import errno
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Self

from crypto import signing, sizes
from crypto.envelope import ObjectId
from crypto.slots import Epoch
from crypto.source_keys import InstanceId
from transfer.errors import DamagedObjectError, MediumError, TransferError
from transfer.log import LogEntry
from transfer.manifest import (
    MANIFEST_MAX,
    OBJECTS_MAX,
    PART_SOFT,
    Ack,
    BoardShown,
    Direction,
    DocumentKind,
    InManifest,
    InObject,
    OutDocument,
    OutManifest,
    PartFile,
    encode_in,
    encode_out,
    part_name,
)
from transfer.medium import MANIFEST, SIGNATURE, bundle_name

_COPY_BYTES: Final = 1 * sizes.MIB
_UNFINISHED: Final = MANIFEST + ".tmp"
_OURS: Final = re.compile(r"manifest\.json(\.tmp)?|manifest\.sig|part-[0-9]{4,}\.bin")
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_FOLDER_SYNC: Final = (errno.EINVAL, errno.ENOTSUP)

OpenObject = Callable[[ObjectId], BinaryIO]
"""Opens a stored envelope for reading."""


@dataclass(frozen=True)
class InDraft:
    """What the server wants to say in an IN bundle. `made_on` is a date, "YYYY-MM-DD"."""

    instance_id: InstanceId
    epoch: Epoch
    seq: int
    made_on: str
    from_index: int
    from_head: bytes
    entries: Sequence[LogEntry]
    outstanding: Mapping[int, int]
    board: BoardShown | None = None


@dataclass(frozen=True)
class OutDraft:
    """What the station wants to say in an OUT bundle. `made_on` is a date, "YYYY-MM-DD"."""

    instance_id: InstanceId
    epoch: Epoch
    seq: int
    made_on: str
    acks: Sequence[Ack]
    documents: Sequence[tuple[DocumentKind, bytes]]


@dataclass(frozen=True)
class PackedBundle:
    """A finished bundle: its folder's name, its number, the hash of its manifest."""

    name: str
    seq: int
    sha256: bytes


def pack_in(stick: Path, seed: signing.SigningSeed, draft: InDraft, open_object: OpenObject) -> PackedBundle:
    """Write an IN bundle, reading each object once.

    Raises `MediumError`, and `DamagedObjectError` when an object is not what its name says.
    """
    if len(draft.entries) > OBJECTS_MAX:
        raise TransferError("Too many objects for one bundle. Export in several.")
    with _Folder(stick, Direction.IN, draft.seq) as folder:
        objects = tuple(_add_object(folder, entry, open_object) for entry in draft.entries)
        manifest = InManifest(
            draft.instance_id,
            signing.verifying_key(seed),
            draft.epoch,
            draft.seq,
            draft.made_on,
            draft.from_index,
            draft.from_head,
            objects,
            draft.outstanding,
            folder.close_parts(),
            draft.board,
        )
        return folder.finish(seed, encode_in(manifest))


def pack_out(stick: Path, seed: signing.SigningSeed, draft: OutDraft) -> PackedBundle:
    """Write an OUT bundle. Raises `MediumError`."""
    with _Folder(stick, Direction.OUT, draft.seq) as folder:
        documents = tuple(_add_document(folder, kind, data) for kind, data in draft.documents)
        manifest = OutManifest(
            draft.instance_id,
            signing.verifying_key(seed),
            draft.epoch,
            draft.seq,
            draft.made_on,
            tuple(draft.acks),
            documents,
            folder.close_parts(),
        )
        return folder.finish(seed, encode_out(manifest))


def _add_object(folder: "_Folder", entry: LogEntry, open_object: OpenObject) -> InObject:
    part, offset = folder.begin(entry.size_bytes)
    digest = hashlib.sha256()
    size_bytes = 0
    for chunk in _stored(entry, open_object):
        digest.update(chunk)
        size_bytes += len(chunk)
        folder.write(chunk)
    if digest.digest() != entry.object_id or size_bytes != entry.size_bytes:
        raise _damaged_here(entry)
    return InObject(entry, part, offset)


def _stored(entry: LogEntry, open_object: OpenObject) -> Iterator[bytes]:
    """The bytes of an object on this machine: a failing disk here is not a failing stick."""
    try:
        with open_object(entry.object_id) as file:
            while chunk := file.read(_COPY_BYTES):
                yield chunk
    except OSError as error:
        raise _damaged_here(entry) from error


def _add_document(folder: "_Folder", kind: DocumentKind, data: bytes) -> OutDocument:
    part, offset = folder.begin(len(data))
    folder.write(data)
    return OutDocument(kind, hashlib.sha256(data).digest(), len(data), part, offset)


class _Folder:
    """The folder of a bundle while it is written. A context: an error removes what was begun.

    All goes through one descriptor on a real folder, and every file is new: a stick may hold a
    link under our name, and nothing behind it may be removed or overwritten.
    """

    def __init__(self, stick: Path, direction: Direction, seq: int) -> None:
        self._stick = stick
        self._name = bundle_name(direction, seq)
        self._direction = direction
        self._seq = seq
        self._parts: list[PartFile] = []
        self._file: BinaryIO | None = None
        self._offset = 0
        self._folder = -1

    def __enter__(self) -> Self:
        try:
            (self._stick / self._name).mkdir(exist_ok=True)
            self._folder = os.open(self._stick / self._name, _FOLDER)
            if MANIFEST not in self._names():
                self._remove_files()
                return self
        except OSError as error:
            self._close_folder()
            raise _unwritable() from error
        self._close_folder()
        raise MediumError(
            f"{self._name} is already on this stick. Nothing was written. "
            "Import it on the other machine, or use another stick."
        )

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if kind is not None:
            self._remove_unfinished()
        self._close_folder()
        if isinstance(error, OSError):
            raise _unwritable() from error

    def begin(self, size_bytes: int) -> tuple[int, int]:
        """Part number and offset at which the next `size_bytes` will stand."""
        if self._file is None or (self._offset and self._offset + size_bytes > PART_SOFT):
            self._close_part()
            self._file = self._create(part_name(len(self._parts)))
            self._offset = 0
        return len(self._parts), self._offset

    def write(self, data: bytes) -> None:
        """Bytes of the item that was begun."""
        if self._file is None:
            raise TransferError("Nothing was begun.")
        self._file.write(data)
        self._offset += len(data)

    def close_parts(self) -> tuple[PartFile, ...]:
        """All parts, on the disk."""
        self._close_part()
        return tuple(self._parts)

    def finish(self, seed: signing.SigningSeed, manifest: bytes) -> PackedBundle:
        """Sign and write the manifest last; from here on the bundle is finished."""
        if len(manifest) > MANIFEST_MAX:
            raise TransferError("Too much for one bundle. Export in several.")
        signed = signing.sign(seed, self._direction.label, manifest)
        self._write_synced(SIGNATURE, signed.signature)
        self._write_synced(_UNFINISHED, manifest)
        _sync_folder(self._folder)
        os.rename(_UNFINISHED, MANIFEST, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        _sync_folder(self._folder)
        self._sync_stick()
        return PackedBundle(self._name, self._seq, hashlib.sha256(manifest).digest())

    def _close_part(self) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._parts.append(PartFile(part_name(len(self._parts)), self._offset))
            self._file = None

    def _create(self, name: str) -> BinaryIO:
        return os.fdopen(os.open(name, _NEW_FILE, 0o666, dir_fd=self._folder), "wb")

    def _write_synced(self, name: str, data: bytes) -> None:
        with self._create(name) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def _remove_files(self) -> None:
        """Remove what an export writes, the manifest first, and nothing else that lies there."""
        for name in sorted(filter(_OURS.fullmatch, self._names())):
            os.unlink(name, dir_fd=self._folder)

    def _names(self) -> list[str]:
        return os.listdir(self._folder)  # noqa: PTH208 - a descriptor, which cannot be swapped for a link

    def _remove_unfinished(self) -> None:
        with suppress(OSError):
            if self._file is not None:
                self._file.close()  # may try once more to write what did not fit
        with suppress(OSError):  # the stick is gone: what is left has no manifest
            self._remove_files()
            (self._stick / self._name).rmdir()

    def _sync_stick(self) -> None:
        stick = os.open(self._stick, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _sync_folder(stick)
        finally:
            os.close(stick)

    def _close_folder(self) -> None:
        if self._folder >= 0:
            os.close(self._folder)


def _sync_folder(descriptor: int) -> None:
    """Folders of FAT sticks mounted through FUSE refuse to sync; their files were synced."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise


def _damaged_here(entry: LogEntry) -> DamagedObjectError:
    return DamagedObjectError(
        f"The stored object {entry.object_id.hex()[:16]} is damaged or missing on this machine. "
        "Nothing was exported. Check the disk and restore the object from a backup."
    )


def _unwritable() -> MediumError:
    return MediumError(
        "The stick cannot be written. Check that it is plugged in, not write-protected and "
        "has room, then export again."
    )
