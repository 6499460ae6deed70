"""A backup on a medium: which files it has, how they are listed, how they are written and read.

    cleandrop-backup-DAY-ID/database         the encrypted database as of one moment
    cleandrop-backup-DAY-ID/officers.json    wrapped vault keys
    cleandrop-backup-DAY-ID/vault.json       the vault's marker
    cleandrop-backup-DAY-ID/envelopes/ID     envelopes, byte for byte
    cleandrop-backup-DAY-ID/files            the list: a line of JSON for the backup and for each
                                             file, then a MAC under a key derived from the vault key

The key file of intake is never among them. The folder gets its name when all is written: one that
ends in ".unfinished" is no backup. Whoever finds a medium may have changed it, so each file is read
once, no link is followed, not even one to a folder, and no name outside this list becomes a path.
Used by `services.backups`.
"""

import hashlib
import hmac
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from crypto import canonical, sizes
from crypto.errors import CanonicalError
from crypto.vault import VaultKey, backup_mac
from journalist_app.errors import BackupError
from journalist_app.store.folders import sync_file, sync_folder

DATABASE: Final = "database"
OFFICERS: Final = "officers.json"
MARKER: Final = "vault.json"
ENVELOPES: Final = "envelopes"
PREFIX: Final = "cleandrop-backup-"
UNFINISHED: Final = ".unfinished"
_LIST: Final = "files"
_FOLDER: Final = re.compile(PREFIX + "[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{8}")
_NAME: Final = re.compile(r"database|officers\.json|vault\.json|envelopes/[0-9a-f]{64}")
LIST_MAX: Final = 256 * sizes.MIB
_LINE_MAX: Final = 1 * sizes.KIB
_PIECE: Final = 1 * sizes.MIB
_VERSION: Final = 1
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

Take = Callable[[bytes], object]
"""Takes a piece of a file that is read."""


@dataclass(frozen=True)
class BackupHead:
    """The first line of the list. `made_at` is an instant in UTC."""

    backup_id: bytes
    vault_id: bytes
    made_at: str

    @property
    def folder_name(self) -> str:
        """The folder's name."""
        return f"{PREFIX}{self.made_at[:10]}-{self.backup_id.hex()[:8]}"


@dataclass(frozen=True)
class BackedUpFile:
    """One file of a backup."""

    name: str
    size_bytes: int
    sha256: bytes


def found_in(medium: Path) -> list[Path]:
    """The finished backups on a medium, oldest first. Other names could give orders to a terminal."""
    return sorted(path for path in medium.glob(f"{PREFIX}*") if _FOLDER.fullmatch(path.name))


class BackupWriter:
    """Writes a backup, file by file, and lists it. Raises `OSError` where the medium does."""

    def __init__(self, medium: Path, head: BackupHead, key: VaultKey) -> None:
        self._final = medium / head.folder_name
        self.folder: Final = medium / (head.folder_name + UNFINISHED)
        (self.folder / ENVELOPES).mkdir(parents=True)
        self._list = (self.folder / _LIST).open("xb")
        self._mac = backup_mac(key)
        self.size_bytes = 0
        self._line(
            {
                "v": _VERSION,
                "backup_id": head.backup_id.hex(),
                "vault_id": head.vault_id.hex(),
                "made_at": head.made_at,
            }
        )

    def copy(self, name: str, source: Path) -> bytes:
        """Copy a file of ours, and give its hash."""
        hashed = hashlib.sha256()
        with source.open("rb") as read, (self.folder / name).open("xb") as written:
            while piece := read.read(_PIECE):
                hashed.update(piece)
                written.write(piece)
            sync_file(written)
            self._enter(BackedUpFile(name, written.tell(), hashed.digest()))
        return hashed.digest()

    def enter(self, name: str) -> None:
        """List a file that was written already, and make it durable."""
        with (self.folder / name).open("r+b") as file:
            os.fsync(file.fileno())
            digest = hashlib.file_digest(file, "sha256").digest()
            self._enter(BackedUpFile(name, file.tell(), digest))

    def finish(self) -> Path:
        """End the list, and give the folder its name."""
        self._list.write(self._mac.hexdigest().encode() + b"\n")
        sync_file(self._list)
        sync_folder(self.folder / ENVELOPES)
        sync_folder(self.folder)
        self.folder.rename(self._final)
        sync_folder(self._final.parent)
        return self._final

    def close(self) -> None:
        """Close the list, finished or not."""
        self._list.close()

    def _enter(self, file: BackedUpFile) -> None:
        self.size_bytes += file.size_bytes
        self._line({"name": file.name, "size": file.size_bytes, "sha256": file.sha256.hex()})

    def _line(self, value: canonical.Object) -> None:
        line = canonical.encode(value) + b"\n"
        self._mac.update(line)
        self._list.write(line)


class BackupReader:
    """Reads a backup whose list was copied to our own disk and found to be made by this vault."""

    def __init__(self, folder: Path, own_list: Path, keys: Mapping[int, VaultKey]) -> None:
        """Copies the list to `own_list`. `keys`: those that the vault has and had, by their numbers.

        Raises `BackupError`.
        """
        self._folder = folder
        self._own_list = own_list
        self.key_no: Final = self._copy_list(keys)
        self.head: Final = _head(next(self._lines()))

    def files(self) -> Iterator[BackedUpFile]:
        """Every file of the list, in its order. Raises `BackupError`."""
        lines = self._lines()
        next(lines)
        return (_file(line) for line in lines)

    def read(self, file: BackedUpFile, take: Take) -> None:
        """Read one file once, piece by piece. Raises `BackupError` unless it is what the list says."""
        hashed, left = hashlib.sha256(), file.size_bytes
        with _opened(self._folder, file.name) as stream:
            while left and (piece := _taken(stream.read, min(_PIECE, left))):
                hashed.update(piece)
                take(piece)
                left -= len(piece)
            if left or _taken(stream.read, 1) or hashed.digest() != file.sha256:
                raise BackupError

    def _copy_list(self, keys: Mapping[int, VaultKey]) -> int:
        """Copy the list; gives the number of the key that it was made with."""
        macs, last = {number: backup_mac(key) for number, key in keys.items()}, b""
        with _opened(self._folder, _LIST) as stream, self._own_list.open("xb") as own:
            if os.fstat(stream.fileno()).st_size > LIST_MAX:
                raise BackupError
            while line := _taken(stream.readline, _LINE_MAX):
                for mac in macs.values():
                    mac.update(last)
                own.write(last)
                last = line
        for number, mac in macs.items():
            if hmac.compare_digest(last, mac.hexdigest().encode() + b"\n"):
                return number
        raise BackupError

    def _lines(self) -> Iterator[canonical.Value]:
        try:
            with self._own_list.open("rb") as own:
                for line in own:
                    yield canonical.parse(line.removesuffix(b"\n"), max_bytes=_LINE_MAX)
        except CanonicalError as error:
            raise BackupError from error


@contextmanager
def _opened(folder: Path, name: str) -> Iterator[BinaryIO]:
    """A regular file of a backup. A link to a folder would pass off our own envelopes as the medium's."""
    with ExitStack() as opened:
        try:
            at = _open_folder(opened, folder, None)
            *within, last = name.split("/")
            for part in within:
                at = _open_folder(opened, part, at)
            stream = opened.enter_context(os.fdopen(os.open(last, _READ, dir_fd=at), "rb"))
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise BackupError
            # What the machine still remembers of the file says nothing about the medium.
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        except OSError as error:
            raise BackupError from error
        yield stream


def _taken(read: Callable[[int], bytes], length: int) -> bytes:
    """The next bytes from the medium; an error of our own disk is none of the backup."""
    try:
        return read(length)
    except OSError as error:
        raise BackupError from error


def _open_folder(opened: ExitStack, path: Path | str, at: int | None) -> int:
    folder = os.open(path, _READ | os.O_DIRECTORY, dir_fd=at)
    opened.callback(os.close, folder)
    return folder


def _head(line: canonical.Value) -> BackupHead:
    try:
        value = canonical.fields(line, {"v": int, "backup_id": str, "vault_id": str, "made_at": str})
        return BackupHead(
            canonical.hex_field(value["backup_id"], sizes.BACKUP_ID),
            canonical.hex_field(value["vault_id"], sizes.VAULT_ID),
            canonical.string(value["made_at"]),
        )
    except CanonicalError as error:
        raise BackupError from error


def _file(line: canonical.Value) -> BackedUpFile:
    try:
        value = canonical.fields(line, {"name": str, "size": int, "sha256": str})
        name = canonical.string(value["name"])
        file = BackedUpFile(
            name, canonical.integer(value["size"]), canonical.hex_field(value["sha256"], sizes.SHA256)
        )
    except CanonicalError as error:
        raise BackupError from error
    if not _NAME.fullmatch(name):
        raise BackupError
    return file
