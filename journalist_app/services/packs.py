"""Packs at the station: which keys may sign them, which editions are here, which pack is in use.

The law itself is `cases.packs`; here an officer says whose packs are believed, after comparing ten
words, and brings them in. An edition that was installed stays: cases were opened under it. New cases
are opened under the newest edition of the pack in use. What a pack refuses is told by its own errors.
"""

import os
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from cases.errors import CaseError, PackError
from cases.kinds import Status
from cases.packs import folder, keys, reading, shelf
from cases.packs.findings import Finding
from cases.packs.pack import Pack, PackRef
from crypto import words
from crypto.signing import VerifyingKey
from journalist_app.clock import Clock, day_of
from journalist_app.errors import FileError, InstalledPackError, PackMissingError, PackWordsError
from journalist_app.services import statements
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import packs
from journalist_app.store.tables import PackKeyRow, PackRow

EDITIONS_REMEMBERED: Final = 4


@dataclass(frozen=True)
class TrustedKey:
    """A key that may sign packs, as its ten words, and who said so."""

    words: tuple[str, ...]
    trusted_on: date
    trusted_by: str


@dataclass(frozen=True)
class Edition:
    """One installed edition. `in_use`: new cases are opened under it."""

    ref: PackRef
    installed_on: date
    installed_by: str
    in_use: bool


@dataclass(frozen=True)
class Installed:
    """What an installation did. `other_time_zone` is the pack's, where it is not the station's."""

    ref: PackRef
    status: Status
    is_new: bool
    in_use: bool
    other_time_zone: str


@dataclass(frozen=True)
class Checked:
    """What the check of a folder found, and why it would not be installed, if it would not."""

    findings: tuple[Finding, ...]
    refusal: str


class Packs:
    """Trusts keys, installs packs, chooses the one in use."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock) -> None:
        self._vault = unlocked.vault
        self._officer = officer
        self._clock = clock

    def trust(self, file: Path, ten_words: str) -> None:
        """Believe packs that are signed with the key in `file`, if it has these words.

        Raises `FileError`, `PackKeyError`, `PackWordsError`.
        """
        try:
            # A pipe on a stick is empty then; else it would be waited for, for ever.
            with os.fdopen(os.open(file, os.O_RDONLY | os.O_NONBLOCK), "rb") as source:
                key = keys.parse_public(source.read(keys.TEXT_MAX))
        except OSError as error:
            raise FileError from error
        if tuple(ten_words.lower().split()) != words.fingerprint(key):
            raise PackWordsError
        with self._vault.write() as session:
            if packs.key(session, key) is None:
                today = self._today(session).isoformat()
                session.add(PackKeyRow(key=bytes(key), trusted_on=today, trusted_by=self._officer.name))

    def distrust(self, ten_words: str) -> None:
        """Believe a key no longer. What it signed and is installed stays. Raises `PackWordsError`."""
        with self._vault.write() as session:
            for row in packs.keys(session):
                if tuple(ten_words.lower().split()) == words.fingerprint(row.key):
                    session.delete(row)
                    return
        raise PackWordsError(
            'No pack key with these ten words is trusted here. See "cleandrop-officer pack list".'
        )

    def trusted(self) -> tuple[TrustedKey, ...]:
        """The keys that are believed."""
        with self._vault.read() as session:
            return tuple(
                TrustedKey(words.fingerprint(row.key), date.fromisoformat(row.trusted_on), row.trusted_by)
                for row in packs.keys(session)
            )

    def check(self, path: Path) -> Checked:
        """What an installation would say of the pack in a folder. Nothing that is not signed is read.
        Raises `PackError` when the folder cannot be read."""
        files = folder.files_of(path)
        with self._vault.read() as session:
            try:
                _admit(session, files)
            except PackError as error:
                return Checked(error.findings, str(error))
        _, findings = reading.read(files)
        return Checked(findings, "")

    def install(self, path: Path) -> Installed:
        """Keep the pack in a folder; the first one is in use at once.

        Raises `PackError`, `PackSignatureError`, `OlderPackError`.
        """
        files = folder.files_of(path)
        with self._vault.write() as session:
            admitted = _admit(session, files)
            ref, head = admitted.pack.ref, admitted.pack.head
            if admitted.is_new:
                self._keep(session, admitted, files)
            station = statements.station_row(session)
            station.pack_in_use = station.pack_in_use or ref.id
            in_use = station.pack_in_use == ref.id
            other_zone = head.time_zone if head.time_zone != station.time_zone else ""
            return Installed(ref, head.status, admitted.is_new, in_use, other_zone)

    def use(self, pack_id: str) -> Edition:
        """Open new cases under this pack from now on. Raises `PackMissingError`."""
        with self._vault.write() as session:
            row = packs.newest(session, pack_id)
            if row is None:
                raise PackMissingError
            statements.station_row(session).pack_in_use = pack_id
            return _edition(row, row)

    def editions(self) -> tuple[Edition, ...]:
        """All that is installed: pack by pack, the newest edition first."""
        with self._vault.read() as session:
            used = packs.in_use(session)
            return tuple(_edition(row, used) for row in packs.editions(session))

    def show(self, pack_id: str, version: int | None = None) -> Pack:
        """The newest edition of a pack, or one of its editions. Raises `PackMissingError`."""
        with self._vault.read() as session:
            for row in packs.editions(session):
                if row.id == pack_id and version in (None, row.version):
                    return load(row)
        raise PackMissingError

    def _keep(self, session: Session, admitted: shelf.Admitted, files: dict[str, bytes]) -> None:
        ref = admitted.pack.ref
        row = PackRow(
            id=ref.id,
            version=ref.version,
            digest=ref.digest,
            signed_by=bytes(admitted.key),
            installed_on=self._today(session).isoformat(),
            installed_by=self._officer.name,
        )
        packs.add(session, row, files)

    def _today(self, session: Session) -> date:
        return day_of(self._clock(), statements.station_row(session).time_zone)


def load(row: PackRow) -> Pack:
    """The rules of an installed edition. Raises `InstalledPackError`."""
    try:
        pack = _read(tuple(sorted(packs.files(row).items())))
    except CaseError as error:
        raise InstalledPackError from error
    if pack.ref != packs.ref(row):
        raise InstalledPackError
    return pack


@lru_cache(maxsize=EDITIONS_REMEMBERED)
def _read(files: tuple[tuple[str, bytes], ...]) -> Pack:
    """Every page of a case reads its rules: the same files are read once."""
    return reading.load_unjudged(dict(files))


def _admit(session: Session, files: dict[str, bytes]) -> shelf.Admitted:
    trusted = [VerifyingKey(row.key) for row in packs.keys(session)]
    newest = {row.id: packs.ref(row) for row in reversed(packs.editions(session))}
    return shelf.admit(files, trusted, newest)


def _edition(row: PackRow, used: PackRow | None) -> Edition:
    return Edition(packs.ref(row), date.fromisoformat(row.installed_on), row.installed_by, row is used)
