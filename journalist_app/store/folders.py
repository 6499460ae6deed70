"""The folders of a vault, and how a file comes to stand there whole or not at all.

    vault_dir/vault.json        the marker, written last by the ceremony: this vault is whole
    vault_dir/officers.json     wrapped vault keys
    vault_dir/throttle.json     wrong tries per officer
    vault_dir/vault.sqlite3     the encrypted database
    vault_dir/envelopes/ID      envelopes, byte for byte as they came
    vault_dir/incoming/ID       an envelope while it is copied
    key_stick_dir/intake.state  the intake state, on a medium of its own

Names of envelopes are the hex of a hash that was checked: nothing from a stick becomes a path.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from crypto import canonical, sizes
from crypto.envelope import ObjectId
from crypto.errors import CanonicalError
from journalist_app.errors import BusyError, NoVaultError, StateFileError, VaultDamagedError

_OWNER_ONLY: Final = 0o600
_FOLDER_MODE: Final = 0o700
_MARKER_MAX: Final = 4096


class Folders:
    """The paths of one station."""

    def __init__(self, vault_dir: Path, key_stick_dir: Path) -> None:
        self.vault_dir: Final = vault_dir
        self.marker: Final = vault_dir / "vault.json"
        self.begun: Final = vault_dir / "ceremony.begun"
        self.officers: Final = vault_dir / "officers.json"
        self.throttle: Final = vault_dir / "throttle.json"
        self.database: Final = vault_dir / "vault.sqlite3"
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

    def envelope(self, object_id: ObjectId) -> Path:
        """Where an envelope is kept."""
        return self.envelopes / object_id.hex()

    def arriving(self, object_id: ObjectId) -> Path:
        """Where an envelope is written while it comes off a stick."""
        return self.incoming / object_id.hex()

    def keep_envelope(self, object_id: ObjectId) -> None:
        """Move a whole, checked copy to its place for good."""
        self.arriving(object_id).rename(self.envelope(object_id))
        sync_folder(self.envelopes)

    def clear_incoming(self) -> None:
        """Remove what a power cut left half copied."""
        for path in self.incoming.iterdir():
            path.unlink()

    def read_state(self, folder: Path | None = None) -> bytes:
        """The sealed intake state on the key stick, or in another folder. Raises `StateFileError`."""
        try:
            file = os.open(self._state_in(folder), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with os.fdopen(file, "rb") as stream:
                return stream.read(sizes.STATE_FILE + 1)
        except OSError as error:
            raise StateFileError from error

    def write_state(self, data: bytes, folder: Path | None = None) -> None:
        """Replace the sealed intake state, whole. Raises `StateFileError`.

        What stood there before is overwritten afterwards, where the medium lets us: a worn
        flash cell that it has set aside is out of our reach.
        """
        path = self._state_in(folder)
        try:
            with _old_content(path) as old:
                write_whole(path, data)
                if old is not None:
                    os.pwrite(old, bytes(os.fstat(old).st_size), 0)
                    os.fsync(old)
        except OSError as error:
            raise StateFileError(
                "The file intake.state cannot be written. Is the key stick plugged in, and may it be written?"
            ) from error

    def _state_in(self, folder: Path | None) -> Path:
        return self.state if folder is None else folder / self.state.name

    @contextmanager
    def only_one(self) -> Iterator[None]:
        """Hold the station's lock: one import, export or renewal at a time, over all processes.
        Raises `BusyError`."""
        with (self.vault_dir / "lock").open("wb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BusyError from error
            yield


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` at `path`, whole or not at all, whatever is cut off meanwhile."""
    unfinished = path.with_name(path.name + ".tmp")
    file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, _OWNER_ONLY)
    with os.fdopen(file, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.rename(path)
    sync_folder(path.parent)


@contextmanager
def _old_content(path: Path) -> Iterator[int | None]:
    """The file that a new one will take the place of, held open; None where there is none."""
    try:
        old = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        yield old
    finally:
        os.close(old)


def sync_file(file: BinaryIO) -> None:
    """Put what was written to an open file onto the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as durable as the files."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
