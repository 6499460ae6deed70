"""The copies of the key file: which exist, what each still opens, and making another.

Forward secrecy reaches back to the oldest copy that still exists, so none is forgotten: a copy
enters the list before it is written, and leaves it when an officer says that they destroyed it.
Each copy bears an id, sealed within it, by which the station knows it again wherever it is put
in. A copy made by other means is not in the list: the pages say so.
"""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from crypto.vault import KeyFile
from crypto.windows import window_start
from journalist_app.clock import Clock, day_of
from journalist_app.errors import KeyFileError, NotFoundError, StateFileError
from journalist_app.services import clock_check, key_files, statements
from journalist_app.services.key_files import Standing
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import keys, vault_keys
from journalist_app.store.tables import KeyCopyRow, StationRow

LABEL_MAX: Final = 60
NOT_WRITTEN: Final = "The copy stays in the list all the same, because something of it may lie on the medium."


@dataclass(frozen=True)
class CopyLine:
    """A copy, as it was when the station last wrote or read it."""

    copy_id: str
    label: str
    made_on: date
    updated_on: date
    opens_from: date
    in_use: bool
    holds_destroyed: bool
    lacks_newest: bool
    sealed_before: bool
    """Whether it is sealed under a key that the vault had before."""
    destroyed_on: date | None
    destroyed_by: str


@dataclass(frozen=True)
class KeyStick:
    """The key file in use. `trouble` is why it cannot be read; empty when it can."""

    trouble: str
    standing: Standing
    copy_id: str = ""
    sealed_before: bool = False
    """Whether it is sealed under a key that the vault had before."""

    @property
    def needs_finishing(self) -> bool:
        """Whether vault and file have to be brought to agree."""
        found = self.standing
        return found.destroyed_from is not None or found.gone_through is not None or self.sealed_before


@dataclass(frozen=True)
class Medium:
    """A medium for copies that is plugged in. `label` is what its copy is called, empty for none."""

    path: Path
    label: str
    trouble: str


class Copies:
    """Makes, finds and forgets copies of the key file."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock) -> None:
        self._unlocked = unlocked
        self._vault = unlocked.vault
        self._officer = officer
        self._clock = clock

    def lines(self) -> tuple[CopyLine, ...]:
        """Every copy that was ever made."""
        return copy_lines(self._unlocked, key_stick(self._unlocked).copy_id)

    def media(self, paths: list[Path]) -> tuple[Medium, ...]:
        """What lies on each of these media."""
        return tuple(self._medium(path) for path in paths)

    def make(self, folder: Path, label: str) -> None:
        """A fresh copy in `folder`, read back.

        Raises `KeyFileError`, `StateFileError`, `ClockQuestionError`, `BusyError`.
        """
        name = " ".join(label.split())
        if not 0 < len(name) <= LABEL_MAX:
            raise KeyFileError(f"Say in 1 to {LABEL_MAX} characters which stick it is and where it is kept.")
        if self._unlocked.folders.has_state(folder):
            raise KeyFileError("There is a key file on this medium already. Bring it up to date instead.")
        self._check_place(folder)
        self._write(folder, key_files.new_copy_id(), name)

    def update(self, folder: Path) -> None:
        """Bring the copy in `folder` up to date. Raises as `make`."""
        if folder.resolve() == self._unlocked.folders.key_stick_dir.resolve():
            raise KeyFileError("This is the key stick in use itself. Name the other stick.")
        if not self._unlocked.folders.has_state(folder):
            raise KeyFileError(
                "There is no key file on this medium yet. For a new copy, say which stick it is and where it "
                "is kept (--label)."
            )
        there = self._unlocked.key_file(folder)
        here = {state.batch_no for state in key_files.require_whole(self._unlocked).states}
        with self._vault.read() as session:
            oldest = statements.station_row(session).oldest_window
        if any(state.batch_no not in here and state.last_window >= oldest for state in there.states):
            raise KeyFileError(
                "This copy has keys that the key stick in use has not. Put it in as the key stick instead, "
                "and import what needs them."
            )
        self._write(folder, key_files.named(there).copy_id, folder.name)

    def mark_destroyed(self, copy_id: str) -> None:
        """An officer destroyed a copy. Raises `NotFoundError`, `KeyFileError`."""
        if copy_id == key_stick(self._unlocked).copy_id:
            raise KeyFileError("This copy is the one in use: it is plugged in now.")
        with self._vault.write() as session:
            row = next((row for row in keys.copies(session) if row.copy_id.hex() == copy_id), None)
            if row is None:
                raise NotFoundError
            if row.destroyed_on is None:
                row.destroyed_on = self._today(statements.station_row(session)).isoformat()
                row.destroyed_by = self._officer.name
                session.flush()
                vault_keys.forget_unneeded(session)

    def _check_place(self, folder: Path) -> None:
        """Where a copy would fall into the same hands as what it opens."""
        if self._unlocked.folders.vault_dir.resolve() in (folder.resolve(), *folder.resolve().parents):
            raise KeyFileError(
                "This is the vault's own disk. Whoever takes it would have both: take a stick."
            )
        if any(folder.glob("cleandrop-backup-*")):
            raise KeyFileError(
                "A backup lies on this medium. Whoever had both would open everything: take another one."
            )
        if any(folder.glob("cleandrop-in-*")) or any(folder.glob("cleandrop-out-*")):
            raise KeyFileError(
                "This is the stick that goes to the server and back. No key file travels: take another one."
            )

    def _write(self, folder: Path, copy_id: bytes, label: str) -> None:
        now = self._clock()
        with self._unlocked.folders.only_one():
            clock_check.require(self._unlocked, now)
            key_files.require_whole(self._unlocked)
            key_files.settle(self._unlocked, now)
            file = replace(self._unlocked.key_file(), copy_id=copy_id)
            if self._is_new(copy_id):
                self._note(file, label)
            try:
                self._unlocked.save_key_file(file, folder)
            except StateFileError as error:
                raise KeyFileError(f"{error} {NOT_WRITTEN}") from error
            self._note(file, label)

    def _is_new(self, copy_id: bytes) -> bool:
        with self._vault.read() as session:
            return keys.copy(session, copy_id) is None

    def _note(self, file: KeyFile, label: str) -> None:
        with self._vault.write() as session:
            key_files.note_copy(session, file, label, self._today(statements.station_row(session)))

    def _medium(self, path: Path) -> Medium:
        if not self._unlocked.folders.has_state(path):
            return Medium(path, "", "")
        try:
            file = self._unlocked.key_file(path)
        except StateFileError:
            return Medium(path, "", "The key file on it is damaged, or of another vault.")
        with self._vault.read() as session:
            row = keys.copy(session, file.copy_id)
            return Medium(path, "a copy that is not in the list" if row is None else row.label, "")

    def _today(self, station: StationRow) -> date:
        return day_of(self._clock(), station.time_zone)


def key_stick(unlocked: Unlocked) -> KeyStick:
    """How the key file in use stands."""
    try:
        file, standing = key_files.look(unlocked)
        sealed_before = not unlocked.is_sealed_anew()
    except StateFileError as error:
        return KeyStick(str(error), Standing())
    return KeyStick("", standing, file.copy_id.hex(), sealed_before)


def copy_lines(unlocked: Unlocked, in_use: str) -> tuple[CopyLine, ...]:
    """Every copy that was ever made; `in_use` is the id of the one on the key stick."""
    with unlocked.vault.read() as session:
        station, number = statements.station_row(session), vault_keys.number(session)
        return tuple(_line(row, station, in_use, number) for row in keys.copies(session))


def _line(row: KeyCopyRow, station: StationRow, in_use: str, key_no: int) -> CopyLine:
    return CopyLine(
        row.copy_id.hex(),
        row.label,
        date.fromisoformat(row.made_on),
        date.fromisoformat(row.updated_on),
        window_start(row.first_window).date(),
        row.copy_id.hex() == in_use,
        row.first_window < station.oldest_window,
        row.batch_no < station.batch_no,
        row.key_no < key_no,
        None if row.destroyed_on is None else date.fromisoformat(row.destroyed_on),
        row.destroyed_by,
    )
