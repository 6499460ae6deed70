"""officers.json: for each officer the vault key, wrapped under their passphrase.

It stands beside the database because it is read before that can be opened. It holds names and
wrapped keys, nothing else: no passphrase, no hash of one, no second factor. Canonical JSON,
replaced whole.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto import canonical, sizes
from crypto.errors import CanonicalError
from crypto.source_keys import Cost
from crypto.vault import WrappedKey
from journalist_app.errors import NoVaultError, VaultDamagedError
from journalist_app.store.folders import write_whole

_FILE_MAX: Final = 1 * sizes.MIB


@dataclass(frozen=True)
class OfficerRecord:
    """One officer, as anybody who holds the disk sees them."""

    name: str
    key: WrappedKey

    @property
    def officer_id(self) -> str:
        """The id that attributes an officer's work for ever."""
        return self.key.officer_id


def save_officers(path: Path, officers: tuple[OfficerRecord, ...]) -> None:
    """Replace the file."""
    rows: list[canonical.Value] = [
        {
            "name": officer.name,
            "officer_id": officer.officer_id,
            "memory_bytes": officer.key.cost.memory_bytes,
            "passes": officer.key.cost.passes,
            "salt": officer.key.salt.hex(),
            "wrapped": officer.key.wrapped.hex(),
        }
        for officer in officers
    ]
    write_whole(path, canonical.encode({"v": 1, "officers": rows}))


def load_officers(path: Path, vault_id: bytes) -> tuple[OfficerRecord, ...]:
    """All officers of this vault. Raises `NoVaultError`, `VaultDamagedError`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NoVaultError from error
    try:
        value = canonical.fields(canonical.parse(data, max_bytes=_FILE_MAX), {"v": int, "officers": list})
        return tuple(_officer(row, vault_id) for row in canonical.array(value["officers"]))
    except CanonicalError as error:
        raise VaultDamagedError from error


def _officer(row: canonical.Value, vault_id: bytes) -> OfficerRecord:
    text = dict.fromkeys(("name", "officer_id", "salt", "wrapped"), str)
    value = canonical.fields(row, {"memory_bytes": int, "passes": int, **text})
    key = WrappedKey(
        vault_id,
        canonical.string(value["officer_id"]),
        Cost(canonical.integer(value["memory_bytes"]), canonical.integer(value["passes"])),
        canonical.hex_field(value["salt"], sizes.SALT),
        canonical.hex_field(value["wrapped"], sizes.WRAPPED_KEY),
    )
    return OfficerRecord(canonical.string(value["name"]), key)
