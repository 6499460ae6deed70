"""The folders of a vault, and how a file comes to stand there whole or not at all.

    vault_dir/vault.json        the marker, written last by the ceremony: this vault is whole
    vault_dir/officers.json     officers' keys, and the name of the database
    vault_dir/throttle.json     wrong tries per officer
    vault_dir/vault*.sqlite3    the encrypted database; under another name whenever its key was replaced
    vault_dir/envelopes/ID      envelopes, byte for byte as they came
    vault_dir/incoming/ID       an envelope while it is copied
    key_stick_dir/intake.state  the intake state, on a medium of its own; with .tmp behind its name while
                                a new one is written, with .old until the one before is overwritten

Names of envelopes are the hex of a hash that was checked: nothing from a stick becomes a path.
"""

import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from crypto import canonical, sizes
from crypto.envelope import ObjectId
from crypto.errors import CanonicalError
from journalist_app.errors import BusyError, DiskError, NoVaultError, StateFileError, VaultDamagedError

_OWNER_ONLY: Final = 0o600
_FOLDER_MODE: Final = 0o700
_MARKER_MAX: Final = 4096
_SYNCS_AT_ONCE: Final = 16


class Folders:
    """The paths of one station."""

    def __init__(self, vault_dir: Path, key_stick_dir: Path) -> None:
        self.vault_dir: Final = vault_dir
        self.marker: Final = vault_dir / "vault.json"
        self.begun: Final = vault_dir / "ceremony.begun"
        self.officers: Final = vault_dir / "officers.json"
        self.throttle: Final = vault_dir / "throttle.json"
        self.envelopes: Final = vault_dir / "envelopes"
        self.incoming: Final = vault_dir / "incoming"
        self.key_stick_dir: Final = key_stick_dir
        self.state: Final = key_stick_dir / "intake.state"

    def make(self) -> None:
        """The folders, readable by nobody else."""
        for folder in (self.vault_dir, self.envelopes, self.incoming, self.key_stick_dir):
            folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)

    def mark_whole(self, vault_id: bytes) -> None:
        """Say that the ceremony is complete."""
        write_whole(self.marker, canonical.encode({"v": 1, "vault_id": vault_id.hex()}))

    def vault_id(self) -> bytes:
        """The vault's id. Raises `NoVaultError` where no ceremony was completed."""
        try:
            data = self.marker.read_bytes()
        except OSError as error:
            raise NoVaultError from error
        try:
            value = canonical.fields(
                canonical.parse(data, max_bytes=_MARKER_MAX), {"v": int, "vault_id": str}
            )
            return canonical.hex_field(value["vault_id"], sizes.VAULT_ID)
        except CanonicalError as error:
            raise VaultDamagedError from error

    def databases(self) -> list[Path]:
        """The database, what belongs to it, and what a cut left of another."""
        return sorted(self.vault_dir.glob("vault*.sqlite3*"))

    def envelope(self, object_id: ObjectId) -> Path:
        """Where an envelope is kept."""
        return self.envelopes / object_id.hex()

    def arriving(self, object_id: ObjectId) -> Path:
        """Where an envelope is written while it comes off a stick."""
        return self.incoming / object_id.hex()

    def keep_envelopes(self, object_ids: Iterable[ObjectId]) -> None:
        """Put whole, checked copies onto the disk and move them to their place for good. Raises `DiskError`.

        Waiting for the disk goes side by side: one journal entry of its carries many files.
        """
        ids = list(object_ids)
        try:
            with ThreadPoolExecutor(_SYNCS_AT_ONCE) as syncing:
                list(syncing.map(_sync_path, [self.arriving(each) for each in ids]))
            for object_id in ids:
                self.arriving(object_id).rename(self.envelope(object_id))
            sync_folder(self.envelopes)
        except OSError as error:
            self.clear_incoming()  # the disk may be full of it
            raise DiskError from error

    def remove_envelopes(self, object_ids: Iterable[ObjectId]) -> bool:
        """Remove envelopes for good, those that are still there; whether there were any."""
        there = [path for path in map(self.envelope, object_ids) if path.exists()]
        for path in there:
            path.unlink()
        if there:
            sync_folder(self.envelopes)
        return bool(there)

    def clear_incoming(self) -> None:
        """Remove what a power cut left half copied."""
        for path in self.incoming.iterdir():
            path.unlink()

    def read_state(self, folder: Path | None = None) -> bytes:
        """The sealed intake state on the key stick, or in another folder. Raises `StateFileError`."""
        path = self._state_in(folder)
        try:
            with _regular_file(path if path.exists() else _old(path)) as file:
                return os.read(file, sizes.STATE_FILE + 1)
        except OSError as error:
            raise StateFileError from error

    def write_state(self, data: bytes, folder: Path | None = None) -> None:
        """Replace the sealed intake state, whole. Raises `StateFileError`.

        What stood there before has a name of its own until it is overwritten, so that no cut leaves
        it where nobody finds it. A worn flash cell that the medium has set aside is out of our reach.
        """
        path = self._state_in(folder)
        try:
            _clear_cut_off(path)
            _write_new(_unfinished(path), data)
            if path.exists():
                path.rename(_old(path))
            _unfinished(path).rename(path)
            sync_folder(path.parent)
            _wipe(_old(path))
        except OSError as error:
            raise StateFileError(
                "The file intake.state cannot be written. Is the key stick plugged in, has it room, and may "
                "it be written?"
            ) from error

    def clear_cut_off_state(self) -> None:
        """Overwrite and remove what a cut left beside the intake state. Raises `StateFileError`."""
        try:
            _clear_cut_off(self.state)
        except OSError as error:
            raise StateFileError("An old key file on the key stick cannot be overwritten.") from error

    def has_state(self, folder: Path | None = None) -> bool:
        """Whether there is an intake state on the key stick, or in another folder."""
        path = self._state_in(folder)
        return path.exists() or _old(path).exists()

    def _state_in(self, folder: Path | None) -> Path:
        return self.state if folder is None else folder / self.state.name

    @contextmanager
    def only_one(self) -> Iterator[None]:
        """Hold the station's lock: one import, export or renewal at a time, over all processes.
        Raises `BusyError`."""
        lock = os.open(self.vault_dir / "lock", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, _OWNER_ONLY)
        with os.fdopen(lock, "wb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BusyError from error
            yield


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` at `path`, whole or not at all, whatever is cut off meanwhile."""
    _write_new(_unfinished(path), data)
    _unfinished(path).rename(path)
    sync_folder(path.parent)


def _write_new(path: Path, data: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, _OWNER_ONLY)
    with os.fdopen(file, "wb") as stream:
        stream.write(data)
        sync_file(stream)


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + ".tmp")


def _old(path: Path) -> Path:
    return path.with_name(path.name + ".old")


def _clear_cut_off(path: Path) -> None:
    if not path.exists() and _old(path).exists():
        _old(path).rename(path)  # the cut came before the new one had its name
    _wipe(_old(path))
    _wipe(_unfinished(path))


def _wipe(path: Path) -> None:
    """Overwrite a state file where there is one, then remove it."""
    if path.exists():
        with _regular_file(path, os.O_WRONLY) as file:
            os.pwrite(file, bytes(min(os.fstat(file).st_size, sizes.STATE_FILE)), 0)
            os.fsync(file)
        path.unlink()
        sync_folder(path.parent)


@contextmanager
def _regular_file(path: Path, how: int = os.O_RDONLY) -> Iterator[int]:
    """A file, held open: no link, and no pipe or device, at which a reader would wait for ever."""
    file = os.open(path, how | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError("not a regular file")
        yield file
    finally:
        os.close(file)


def sync_file(file: BinaryIO) -> None:
    """Put what was written to an open file onto the disk."""
    file.flush()
    os.fsync(file.fileno())


def _sync_path(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as durable as the files."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
