"""officers.json: for each officer their key under their passphrase, and the vault key sealed to it.

It stands beside the database because it is read before that can be opened, and names the file that is the
database: one step, the replacing of this file, changes key and database together. It holds names and
keys that nobody can use without a passphrase, nothing else: no hash of one, no second factor. Canonical JSON.

Version 1 had the vault key itself under each passphrase. Such a record has no `sealed` here, and gets its
new form when its officer signs in.
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from crypto import canonical, encoding, sizes
from crypto.errors import CanonicalError
from crypto.source_keys import Cost
from crypto.vault import WrappedKey
from journalist_app.errors import NoVaultError, VaultDamagedError
from journalist_app.store.folders import write_whole

FIRST_DATABASE: Final = "vault.sqlite3"
_DATABASE: Final = re.compile(r"vault(-[0-9a-f]{16})?\.sqlite3")
_FILE_MAX: Final = 1 * sizes.MIB


@dataclass(frozen=True)
class OfficerRecord:
    """One officer, as anybody who holds the disk sees them."""

    name: str
    key: WrappedKey
    sealed: bytes = field(repr=False)
    """The vault key, sealed to `key`; empty in a record of version 1."""

    @property
    def officer_id(self) -> str:
        """The id that attributes an officer's work for ever."""
        return self.key.officer_id


@dataclass(frozen=True)
class Roster:
    """The whole file: who can open which database."""

    database: str
    officers: tuple[OfficerRecord, ...]

    def with_officer(self, record: OfficerRecord) -> "Roster":
        """With this record in place of the one of the same officer, or behind all others."""
        if any(each.officer_id == record.officer_id for each in self.officers):
            put = (record if each.officer_id == record.officer_id else each for each in self.officers)
            return replace(self, officers=tuple(put))
        return replace(self, officers=(*self.officers, record))

    def without(self, officer_id: str) -> "Roster":
        """Without an officer's record."""
        return replace(self, officers=tuple(o for o in self.officers if o.officer_id != officer_id))


def save_roster(path: Path, roster: Roster) -> None:
    """Replace the file."""
    rows: list[canonical.Value] = [
        {
            "name": officer.name,
            "officer_id": officer.officer_id,
            "memory_bytes": officer.key.cost.memory_bytes,
            "passes": officer.key.cost.passes,
            "salt": officer.key.salt.hex(),
            "wrapped": officer.key.wrapped.hex(),
            "sealed": encoding.to_base64url(officer.sealed),
        }
        for officer in roster.officers
    ]
    write_whole(path, canonical.encode({"v": 2, "database": roster.database, "officers": rows}))


def load_roster(path: Path, vault_id: bytes) -> Roster:
    """The officers of this vault. Raises `NoVaultError`, `VaultDamagedError`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NoVaultError from error
    try:
        value = canonical.fields(
            canonical.parse(data, max_bytes=_FILE_MAX), {"v": int, "officers": list}, {"database": str}
        )
        database = _database(value.get("database", FIRST_DATABASE))
        officers = tuple(_officer(row, vault_id) for row in canonical.array(value["officers"]))
    except CanonicalError as error:
        raise VaultDamagedError from error
    return Roster(database, officers)


def _database(name: canonical.Value) -> str:
    if not isinstance(name, str) or not _DATABASE.fullmatch(name):
        raise CanonicalError("not the name of a vault's database")
    return name


def _officer(row: canonical.Value, vault_id: bytes) -> OfficerRecord:
    text = dict.fromkeys(("name", "officer_id", "salt", "wrapped"), str)
    value = canonical.fields(row, {"memory_bytes": int, "passes": int, **text}, {"sealed": str})
    key = WrappedKey(
        vault_id,
        canonical.string(value["officer_id"]),
        Cost(canonical.integer(value["memory_bytes"]), canonical.integer(value["passes"])),
        canonical.hex_field(value["salt"], sizes.SALT),
        canonical.hex_field(value["wrapped"], sizes.WRAPPED_KEY),
    )
    sealed = encoding.from_base64url(value.get("sealed", ""))
    if len(sealed) not in (0, sizes.SEALED_VAULT_KEY):
        raise CanonicalError("a sealed key of another length")
    return OfficerRecord(canonical.string(value["name"]), key, sealed)
