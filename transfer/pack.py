"""Writes a bundle to a stick so that a pulled plug leaves nothing that looks finished.

Part files first, then the signature, then the manifest by rename: a folder without a manifest
is an export that never finished, and the next try under the same number replaces it.
"""

import errno
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
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
    OBJECTS_MAX,
    PART_SOFT,
    Ack,
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
_NO_FOLDER_SYNC: Final = (errno.EINVAL, errno.ENOTSUP)


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


def pack_in(
    stick: Path,
    seed: signing.SigningSeed,
    draft: InDraft,
    open_object: Callable[[ObjectId], BinaryIO],
) -> PackedBundle:
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


def _add_object(folder: "_Folder", entry: LogEntry, open_object: Callable[[ObjectId], BinaryIO]) -> InObject:
    part, offset = folder.begin(entry.size_bytes)
    digest = hashlib.sha256()
    with open_object(entry.object_id) as file:
        while chunk := file.read(_COPY_BYTES):
            digest.update(chunk)
            folder.write(chunk)
    if digest.digest() != entry.object_id:
        raise DamagedObjectError(
            f"The stored object {entry.object_id.hex()[:16]} is damaged on this machine. "
            "Nothing was exported. Check the disk and restore the object from a backup."
        )
    return InObject(entry, part, offset)


def _add_document(folder: "_Folder", kind: DocumentKind, data: bytes) -> OutDocument:
    part, offset = folder.begin(len(data))
    folder.write(data)
    return OutDocument(kind, hashlib.sha256(data).digest(), len(data), part, offset)


class _Folder:
    """The folder of a bundle while it is written. A context: an error removes what was begun."""

    def __init__(self, stick: Path, direction: Direction, seq: int) -> None:
        self._stick = stick
        self._name = bundle_name(direction, seq)
        self._path = stick / self._name
        self._direction = direction
        self._seq = seq
        self._parts: list[PartFile] = []
        self._file: BinaryIO | None = None
        self._offset = 0

    def __enter__(self) -> Self:
        try:
            self._path.mkdir(exist_ok=True)
            if (self._path / MANIFEST).exists():
                raise MediumError(
                    f"{self._name} is already on this stick. Nothing was written. "
                    "Import it on the other machine, or use another stick."
                )
            self._remove_files()
        except OSError as error:
            raise _unwritable() from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if self._file is not None:
            self._file.close()
        if kind is None:
            return
        self._remove_unfinished()
        if isinstance(error, OSError):
            raise _unwritable() from error

    def begin(self, size_bytes: int) -> tuple[int, int]:
        """Part number and offset at which the next `size_bytes` will stand."""
        if self._file is None or (self._offset and self._offset + size_bytes > PART_SOFT):
            self._close_part()
            self._file = (self._path / part_name(len(self._parts))).open("xb")
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
        signed = signing.sign(seed, self._direction.label, manifest)
        _write_synced(self._path / SIGNATURE, signed.signature)
        unfinished = self._path / (MANIFEST + ".tmp")
        _write_synced(unfinished, manifest)
        _sync_folder(self._path)
        unfinished.rename(self._path / MANIFEST)
        _sync_folder(self._path)
        _sync_folder(self._stick)
        return PackedBundle(self._name, self._seq, hashlib.sha256(manifest).digest())

    def _close_part(self) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._parts.append(PartFile(part_name(len(self._parts)), self._offset))
            self._file = None

    def _remove_files(self) -> None:
        for file in self._path.iterdir():
            file.unlink()

    def _remove_unfinished(self) -> None:
        try:
            if not (self._path / MANIFEST).exists():
                self._remove_files()
                self._path.rmdir()
        except OSError:
            return  # the stick is gone; without a manifest what is left counts as unfinished


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    """Folders of FAT sticks mounted through FUSE refuse to sync; their files were synced."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


def _unwritable() -> MediumError:
    return MediumError(
        "The stick cannot be written. Check that it is plugged in, not write-protected and "
        "has room, then export again."
    )
