"""Replacing the vault key: whoever knew the old one, or has an old disk, opens nothing new.

1 every officer who stays has a key that the new vault key can be sealed to; 2 nobody writes meanwhile;
3 the database is copied under the new key, in which the old one is noted, because copies of the key file
and backups are still sealed under it; 4 `officers.json` is replaced: this one step decides, and whoever is
not in it any longer cannot open what comes; 5 the old database goes, and every session with it. A cut before
4 leaves everything as it was, one after it is finished at the next sign-in. Then the key file in use is
sealed anew; where its stick is missing, that waits for the next time it is written.
"""

import secrets
from contextlib import suppress
from typing import Final

from crypto import vault
from crypto.hybrid import PublicKey
from crypto.vault import VaultKey
from journalist_app.clock import Clock, day_of
from journalist_app.errors import DiskError, PeopleError, StateFileError
from journalist_app.services import clock_check, key_files, statements
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import officers, vault_keys
from journalist_app.store.folders import Folders, sync_folder
from journalist_app.store.officers_file import OfficerRecord, Roster, load_roster, save_roster
from journalist_app.store.tables import OfficerRow
from journalist_app.store.vault import Vault

_NAME_BYTES: Final = 8


def replace_key(unlocked: Unlocked, clock: Clock, *, leaving: str = "", successor: str = "") -> bool:
    """Replace the vault key; whether the key file in use is sealed anew already.

    `leaving`: the id of an officer who is withdrawn by the same step. `successor`: of one who becomes an
    administrator by it. Afterwards `unlocked` is closed. Raises `PeopleError`, `DiskError`, `BusyError`,
    `ClockQuestionError`.
    """
    now = clock()
    folders = unlocked.folders
    with folders.only_one():
        clock_check.require(unlocked, now)
        roster = load_roster(folders.officers, unlocked.vault_id)
        remove_leftovers(folders, roster)
        staying = _staying(unlocked, roster.without(leaving))  # 1
        key, name = vault.generate_key(), f"vault-{secrets.token_hex(_NAME_BYTES)}.sqlite3"
        replaced = Unlocked(folders, Vault(folders.vault_dir / name, key), unlocked.vault_id, key)
        with unlocked.vault.write() as session:  # 2
            today = day_of(now, statements.station_row(session).time_zone).isoformat()
            try:
                unlocked.vault.copy_under(folders.vault_dir / name, key)  # 3
                replaced.vault.check_whole()
                with replaced.vault.write() as changed:
                    vault_keys.add_former(changed, unlocked.key, today)
                    statements.station_row(changed).key_since = today
                    officers.withdraw(changed, leaving, today, successor)
                replaced.vault.close()
                sync_folder(folders.vault_dir)
                new = Roster(name, tuple(_sealed(record, public, key) for record, public in staying))
                save_roster(folders.officers, new)  # 4
            except OSError as error:
                raise DiskError from error
            remove_leftovers(folders, new)  # 5
        unlocked.close()
        return _seal_key_file(replaced, clock)


def remove_leftovers(folders: Folders, roster: Roster) -> None:
    """Remove what a cut left of another database than the one in use."""
    for path in folders.databases():
        if not path.name.startswith(roster.database):
            path.unlink()
    sync_folder(folders.vault_dir)


def _staying(unlocked: Unlocked, roster: Roster) -> list[tuple[OfficerRecord, PublicKey]]:
    with unlocked.vault.read() as session:
        known = {row.officer_id: row for row in officers.all_of_them(session)}
        missing = [record.name for record in roster.officers if not _has_key(known, record)]
        if missing:
            raise PeopleError(
                f"{', '.join(missing)} must sign in once first: until then nothing new can be sealed for "
                "them. Or withdraw them."
            )
        return [(record, PublicKey(known[record.officer_id].public_key)) for record in roster.officers]


def _has_key(known: dict[str, OfficerRow], record: OfficerRecord) -> bool:
    row = known.get(record.officer_id)
    return row is not None and bool(row.public_key) and row.key_salt == record.key.salt


def _sealed(record: OfficerRecord, public: PublicKey, key: VaultKey) -> OfficerRecord:
    sealed = vault.seal_key(public, key, record.key.vault_id, record.officer_id)
    return OfficerRecord(record.name, record.key, sealed)


def _seal_key_file(replaced: Unlocked, clock: Clock) -> bool:
    try:
        with suppress(StateFileError):
            key_files.settle(replaced, clock())
            return True
        return False
    finally:
        replaced.close()
