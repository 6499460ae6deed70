"""Backups of the vault: making one, reading it back whole, and forgetting it.

A backup is as of one moment; imports wait meanwhile. It never holds the key file of intake: whoever
had both would open everything. A trial restore reads every byte back: 1 the list was made by this
vault; 2 every file has the size and hash of the list, and the database comes first; 3 the database
opens under the vault key, page by page, and holds together; 4 each envelope bears its name rightly
and its header belongs to the file key in that database; 5 what of this vault it holds is counted by
what is in it, not by when it was made. Restoring a station from it is not built yet.

At most two exist, so that what was deleted does not live on in a third.
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from crypto import envelope, sizes
from crypto.envelope import ObjectId
from crypto.errors import CryptoError
from journalist_app.clock import Clock, day_of
from journalist_app.errors import (
    BackupError,
    BackupPlaceError,
    DiskError,
    NotFoundError,
    NoVaultError,
    VaultDamagedError,
)
from journalist_app.services import clock_check, statements
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import backup_files, backups, vault_keys
from journalist_app.store.backup_files import BackedUpFile, BackupHead, BackupReader, BackupWriter, Take
from journalist_app.store.officers_file import load_roster
from journalist_app.store.tables import BackupRow
from journalist_app.store.vault import Vault

MOST: Final = 2
_FIRST: Final = (backup_files.DATABASE, backup_files.OFFICERS, backup_files.MARKER)


@dataclass(frozen=True)
class BackupLine:
    """A backup that was made or read here. `lacks` counts the reports of today that are not in it;
    `sealed_before`: it is sealed under a key that the vault had before."""

    backup_id: str
    name: str
    made_on: date
    size_bytes: int
    verified_on: date | None
    lacks: int
    sealed_before: bool
    destroyed_on: date | None
    destroyed_by: str


@dataclass(frozen=True)
class BackupMedium:
    """A medium for backups that is plugged in, and the backups on it."""

    path: Path
    names: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """A backup that was written. `damaged`: envelopes that are damaged on this station, so not in it."""

    name: str
    size_bytes: int
    damaged: tuple[str, ...]


class Backups:
    """Makes, verifies and lists backups."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock) -> None:
        self._unlocked = unlocked
        self._folders = unlocked.folders
        self._vault = unlocked.vault
        self._officer = officer
        self._clock = clock

    def lines(self) -> tuple[BackupLine, ...]:
        """Every backup that this vault knows, newest first."""
        with self._vault.read() as session:
            return tuple(_line(session, row) for row in backups.newest_first(session))

    def media(self, paths: list[Path]) -> tuple[BackupMedium, ...]:
        """What lies on each of these media."""
        return tuple(
            BackupMedium(path, tuple(found.name for found in backup_files.found_in(path))) for path in paths
        )

    def make(self, medium: Path) -> Made:
        """Write a backup to `medium`, whole or not at all.

        Raises `BackupPlaceError`, `ClockQuestionError`, `BusyError`.
        """
        now = self._clock()
        with self._folders.only_one():
            clock_check.require(self._unlocked, now)
            self._check_place(medium)
            head = BackupHead(secrets.token_bytes(sizes.BACKUP_ID), self._unlocked.vault_id, now.isoformat())
            try:
                return self._write(medium, head)
            except OSError as error:
                raise BackupPlaceError(
                    "The backup could not be written, and what was written of it does not count. Is the "
                    "medium full, write-protected, or pulled out?"
                ) from error

    def verify(self, folder: Path) -> BackupLine:
        """Read a backup back as a restore would, and keep that it was.

        Raises `BackupError`, `DiskError`, `ClockQuestionError`, `BusyError`.
        """
        now = self._clock()
        with self._folders.only_one():
            clock_check.require(self._unlocked, now)
            with _trial_folder(self._folders.vault_dir / "trial") as own:
                trial = _Trial(self._unlocked, folder, own)
                held = trial.checked()
            with self._vault.write() as session:
                row = backups.backup(session, trial.head.backup_id)
                if row is None:  # made, and cut off before it was noted
                    row = _row(trial.head, trial.size_bytes, trial.key_no)
                    session.add(row)
                row.verified_at = now.isoformat()
                row.last_parcel = backups.held_up_to(session, held)
                row.destroyed_on, row.destroyed_by = None, ""
                return _line(session, row)

    def mark_destroyed(self, backup_id: str) -> None:
        """An officer destroyed a backup. Raises `NotFoundError`."""
        with self._vault.write() as session:
            row = next((r for r in backups.newest_first(session) if r.backup_id.hex() == backup_id), None)
            if row is None:
                raise NotFoundError
            if row.destroyed_on is None:
                today = day_of(self._clock(), statements.station_row(session).time_zone)
                row.destroyed_on, row.destroyed_by = today.isoformat(), self._officer.name
                session.flush()
                vault_keys.forget_unneeded(session)

    def _check_place(self, medium: Path) -> None:
        with self._vault.read() as session:
            if backups.count_existing(session) >= MOST:
                raise BackupPlaceError(
                    'Two backups exist. Destroy one, say so on the page "Intake keys", then make the new one.'
                )
        if self._folders.vault_dir.resolve() in (medium.resolve(), *medium.resolve().parents):
            raise BackupPlaceError("A backup beside the vault would be lost with it. Take another medium.")
        if any(medium.glob(f"{self._folders.state.name}*")):
            raise BackupPlaceError(
                "The key file of intake lies on this medium. Whoever had both would open everything: take "
                "another one."
            )
        if any(medium.glob("cleandrop-in-*")) or any(medium.glob("cleandrop-out-*")):
            raise BackupPlaceError(
                "This is the stick that goes to the server and back. No backup travels: take another medium."
            )

    def _write(self, medium: Path, head: BackupHead) -> Made:
        for leftover in medium.glob(f"{backup_files.PREFIX}*{backup_files.UNFINISHED}"):
            shutil.rmtree(leftover)
        with closing(BackupWriter(medium, head, self._unlocked.key)) as writer:
            damaged = self._fill(writer)
            with self._vault.write() as session:
                number = vault_keys.number(session)
                session.add(
                    _row(head, writer.size_bytes, number)
                )  # before it exists, so that none is forgotten
            try:
                return Made(writer.finish().name, writer.size_bytes, damaged)
            except OSError:
                if writer.folder.exists():  # it has no name yet
                    with self._vault.write() as session:
                        session.delete(session.get_one(BackupRow, head.backup_id))
                raise

    def _fill(self, writer: BackupWriter) -> tuple[str, ...]:
        """Everything that belongs in; gives what is damaged here."""
        self._vault.copy_to(writer.folder / backup_files.DATABASE)
        writer.enter(backup_files.DATABASE)
        writer.copy(backup_files.OFFICERS, self._folders.officers)
        writer.copy(backup_files.MARKER, self._folders.marker)
        with self._vault.read() as session:
            return tuple(
                object_id.hex()[:16]
                for object_id in backups.object_ids(session)
                if not self._copy_envelope(writer, object_id)
            )

    def _copy_envelope(self, writer: BackupWriter, object_id: ObjectId) -> bool:
        path = self._folders.envelope(object_id)
        if not path.is_file():
            return False
        return writer.copy(f"{backup_files.ENVELOPES}/{object_id.hex()}", path) == object_id


def find_backup(folder: Path) -> Path:
    """The backup in `folder`, or `folder` where it is one. Raises `BackupError`."""
    if folder.name.startswith(backup_files.PREFIX):
        return folder
    found = backup_files.found_in(folder)
    if not found:
        raise BackupError("There is no backup on this medium.")
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise BackupError(f"More than one backup lies on this medium: {names}. Name the folder of one.")
    return found[0]


class _Trial:
    """One trial restore, into a folder of our own that goes afterwards."""

    def __init__(self, unlocked: Unlocked, folder: Path, own: Path) -> None:
        self._unlocked = unlocked
        self._own = own
        keys = unlocked.keys()
        self._reader = BackupReader(folder, own / "files", keys)  # 1
        self.head, self.key_no = self._reader.head, self._reader.key_no
        self._key = keys[self.key_no]
        self.size_bytes = 0

    def checked(self) -> set[bytes]:
        """The reports in it that open, by their objects' ids. Raises `BackupError`."""
        try:
            return self._check()
        except (CryptoError, VaultDamagedError, NoVaultError) as error:
            raise BackupError from error

    def _check(self) -> set[bytes]:
        files = list(self._reader.files())
        names = [file.name for file in files[: len(_FIRST)]]
        if self.head.vault_id != self._unlocked.vault_id or names != list(_FIRST):
            raise BackupError
        for file in files[: len(_FIRST)]:
            with (self._own / file.name).open("xb") as own:
                self._read(file, own.write)  # 2
        load_roster(self._own / backup_files.OFFICERS, self.head.vault_id)
        vault = Vault(self._own / backup_files.DATABASE, self._key)
        try:
            vault.check_whole()  # 3
            with vault.read() as session:
                return {found for file in files[len(_FIRST) :] if (found := self._envelope(session, file))}
        finally:
            vault.close()

    def _envelope(self, session: Session, file: BackedUpFile) -> bytes | None:
        start = _Start(sizes.ENVELOPE_HEADER)
        self._read(file, start.take)
        object_id = ObjectId(bytes.fromhex(file.name.rpartition("/")[2]))
        file_key = backups.file_key(session, object_id)
        if file_key is None or file.sha256 != object_id:
            return None  # in quarantine, or damaged on the station when the backup was made
        envelope.check_header(file_key, bytes(start.data))  # 4
        return object_id

    def _read(self, file: BackedUpFile, take: Take) -> None:
        self._reader.read(file, take)
        self.size_bytes += file.size_bytes


class _Start:
    """Keeps the first bytes of a file that is read in pieces."""

    def __init__(self, length: int) -> None:
        self._length = length
        self.data = bytearray()

    def take(self, piece: bytes) -> None:
        """The next piece."""
        self.data += piece[: self._length - len(self.data)]


@contextmanager
def _trial_folder(own: Path) -> Iterator[Path]:
    """An empty folder beside the vault, gone afterwards, also one that a power cut left.

    Raises `DiskError`: what fails in it is our own disk, never the medium.
    """
    shutil.rmtree(own, ignore_errors=True)
    try:
        own.mkdir(mode=0o700)
        yield own
    except OSError as error:
        raise DiskError from error
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _row(head: BackupHead, size_bytes: int, key_no: int) -> BackupRow:
    return BackupRow(
        backup_id=head.backup_id,
        made_at=head.made_at,
        size_bytes=size_bytes,
        verified_at=None,
        last_parcel=0,
        key_no=key_no,
        destroyed_on=None,
        destroyed_by="",
    )


def _line(session: Session, row: BackupRow) -> BackupLine:
    head = BackupHead(row.backup_id, b"", row.made_at)
    return BackupLine(
        row.backup_id.hex(),
        head.folder_name,
        datetime.fromisoformat(row.made_at).date(),
        row.size_bytes,
        None if row.verified_at is None else datetime.fromisoformat(row.verified_at).date(),
        backups.parcels_after(session, row.last_parcel),
        row.key_no < vault_keys.number(session),
        None if row.destroyed_on is None else date.fromisoformat(row.destroyed_on),
        row.destroyed_by,
    )
