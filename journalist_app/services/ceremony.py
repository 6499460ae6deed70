"""The ceremony: makes a station, once.

1 the folders are marked as begun, so that what an earlier try left behind is known to be ours;
2 the root certifies the station's key, and nobody keeps the root but the papers; 3 database,
state file and officers' file are written; 4 once the people have written their secrets down,
the marker says that the vault is whole: until then nothing of it is taken for a vault, and the
ceremony simply starts again; 5 OUT 1 goes to the stick, through the same export as every
later one.

Used by the command line, interactive or not; it prints nothing itself.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from cases.kinds import Role
from crypto import signing, sizes, trust, vault, words
from crypto.source_keys import Cost, InstanceId, instance_id
from crypto.windows import new_state, window_of
from journalist_app.clock import Clock, day_of
from journalist_app.errors import SettingsError, StateFileError, VaultExistsError
from journalist_app.services import key_files, officer_keys, statements
from journalist_app.services.new_officer import NewOfficer, check_name, new_officer, new_row
from journalist_app.services.roles import USUAL_ROLES
from journalist_app.services.sending import ExportSummary, Sending
from journalist_app.services.throttle import officer_key
from journalist_app.services.unlocked import Unlocked
from journalist_app.store.folders import Folders, write_whole
from journalist_app.store.officers_file import FIRST_DATABASE, Roster, save_roster
from journalist_app.store.tables import StationRow
from journalist_app.store.vault import Vault

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class CeremonyPlan:
    """What the people at the ceremony decided."""

    instance_name: str
    time_zone: str
    languages: tuple[str, ...]
    officers: tuple["PlannedOfficer", ...]


@dataclass(frozen=True)
class PlannedOfficer:
    """Who becomes an officer, and for what."""

    name: str
    roles: frozenset[Role] = USUAL_ROLES


@dataclass(frozen=True)
class Born:
    """A new station. `root_seed` exists here and on paper, nowhere else."""

    unlocked: Unlocked
    instance: InstanceId
    root_words: tuple[str, ...]
    officers: tuple[NewOfficer, ...]
    written: tuple[Path, ...]
    root_seed: signing.SigningSeed = field(repr=False)


class Ceremony:
    """Makes a station in empty folders."""

    def __init__(self, folders: Folders, cost: Cost, clock: Clock) -> None:
        self._folders = folders
        self._cost = cost
        self._clock = clock

    def check(self, plan: CeremonyPlan) -> None:
        """Refuse before anything is shown or made. Raises `VaultExistsError`, `StateFileError`,
        `SettingsError`, `TimeZoneError`."""
        folders = self._folders
        if folders.marker.exists():
            raise VaultExistsError
        if not folders.begun.exists():
            if folders.databases() or folders.officers.exists():
                raise VaultExistsError
            if folders.has_state():
                raise StateFileError(
                    f"{folders.state} belongs to another vault. Use another key stick, or move the file away."
                )
        day_of(self._clock(), plan.time_zone)
        names = [officer.name for officer in plan.officers]
        if not names or len({officer_key(name) for name in names}) != len(names):
            raise SettingsError("Name at least one officer, and no two alike.")
        if not all(_LANGUAGE.fullmatch(language) for language in plan.languages):
            raise SettingsError("Languages are named by their codes, with commas: en,ko,pt-BR.")
        for name in (*names, plan.instance_name):
            check_name(name)
        if not plan.languages:
            raise SettingsError("Name at least one language.")
        if not any(Role.ADMINISTRATOR in officer.roles for officer in plan.officers):
            raise SettingsError("At least one officer must be an administrator: nobody else keeps the keys.")

    def perform(self, plan: CeremonyPlan) -> Born:
        """Make everything but the marker. Raises what `check` raises."""
        self.check(plan)
        folders = self._folders
        folders.make()
        write_whole(folders.begun, b"")  # 1
        for leftover in folders.databases():
            leftover.unlink()
        database = folders.vault_dir / FIRST_DATABASE
        write_whole(database, b"")
        vault_id, key = secrets.token_bytes(sizes.VAULT_ID), vault.generate_key()
        unlocked = Unlocked(folders, Vault(database, key), vault_id, key)
        unlocked.vault.migrate()
        root = signing.generate_seed()
        officers = tuple(
            new_officer(planned.name, planned.roles, plan.instance_name) for planned in plan.officers
        )
        with unlocked.vault.write() as session:  # 2, 3
            instance = _add_station(session, plan, root, unlocked, self._clock())
            today = day_of(self._clock(), plan.time_zone)
            rows = [new_row(officer, today, seen_by_others=False) for officer in officers]
            session.add_all(rows)
            records = [
                officer_keys.new_record(row, officer.passphrase, key, vault_id, self._cost)
                for row, officer in zip(rows, officers, strict=True)
            ]
        save_roster(folders.officers, Roster(FIRST_DATABASE, tuple(records)))
        written = (folders.marker, folders.officers, database, folders.state)
        root_words = words.fingerprint(signing.verifying_key(root))
        return Born(unlocked, instance, root_words, officers, written, root)

    def finish(self, born: Born) -> None:
        """4: from here on it is a vault."""
        self._folders.mark_whole(born.unlocked.vault_id)
        self._folders.begun.unlink()

    def first_bundle(self, born: Born, stick: Path) -> ExportSummary:
        """5: write OUT 1. The station is whole even where the stick fails: export again then."""
        return Sending(born.unlocked, self._clock).export(stick)


def _add_station(
    session: Session, plan: CeremonyPlan, root: signing.SigningSeed, unlocked: Unlocked, now: datetime
) -> InstanceId:
    today = day_of(now, plan.time_zone)
    root_key = signing.verifying_key(root)
    instance = instance_id(root_key)
    seed = signing.generate_seed()
    certificate = trust.Certificate(
        instance, trust.Role.STATION, signing.verifying_key(seed), 1, today.isoformat()
    )
    state = new_state(1, window_of(now))
    session.add(
        StationRow(
            id=1,
            instance_id=instance,
            instance_name=plan.instance_name.strip(),
            time_zone=plan.time_zone,
            languages=" ".join(plan.languages),
            root_key=root_key,
            signing_seed=seed,
            certificate=trust.sign_certificate(root, certificate),
            epoch=secrets.token_bytes(sizes.EPOCH),
            descriptor_number=0,
            descriptor_issued_on="",
            descriptor=b"",
            batch_no=0,
            batch=b"",
            oldest_window=state.first_window,
            last_window=0,
            clock_seen_at=now.isoformat(),
            pack_in_use="",
            publication_number=0,
            publication=b"",
            key_since=today.isoformat(),
        )
    )
    session.flush()
    file = vault.KeyFile(key_files.new_copy_id(), (state,))
    unlocked.save_key_file(file)
    key_files.note_copy(session, file, key_files.IN_USE_LABEL, today)
    statements.issue_batch(session, state, today)
    statements.issue_descriptor(session, today)
    return instance
