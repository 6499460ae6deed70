"""An officer's own key: made, wrapped under the passphrase, and the vault key sealed to it.

Two places know of it: `officers.json` has the wrapped half and the sealed vault key, the vault has the public
half, so that nobody who can write to the disk decides whom a new vault key is sealed to. The salt says which
wrapping a public key belongs to: a cut between the two is mended at the officer's next sign-in.
"""

from sqlalchemy.orm import Session

from crypto import hybrid, vault
from crypto.hybrid import Seed
from crypto.source_keys import Cost
from crypto.vault import VaultKey
from journalist_app.services.unlocked import Unlocked
from journalist_app.store.officers_file import OfficerRecord, load_roster, save_roster
from journalist_app.store.tables import OfficerRow


def plain_passphrase(typed: str) -> str:
    """A passphrase as it is derived from: capitals and gaps do not matter."""
    return " ".join(typed.casefold().split())


def new_record(
    officer: OfficerRow, passphrase: str, key: VaultKey, vault_id: bytes, cost: Cost
) -> OfficerRecord:
    """A fresh key for an officer, under this passphrase; notes its public half in `officer`."""
    seed = hybrid.generate_seed()
    wrapped = vault.wrap_key(plain_passphrase(passphrase), seed, vault_id, officer.officer_id, cost)
    _note(officer, seed, wrapped.salt)
    sealed = vault.seal_key(hybrid.public_key(seed), key, vault_id, officer.officer_id)
    return OfficerRecord(officer.name, wrapped, sealed)


def give(unlocked: Unlocked, session: Session, officer: OfficerRow, passphrase: str, cost: Cost) -> None:
    """Let an officer in by this passphrase, and by none that they had before.

    The file first: where the vault's transaction is cut off, the next sign-in notes the key there.
    """
    record = new_record(officer, passphrase, unlocked.key, unlocked.vault_id, cost)
    session.flush()  # what the vault refuses is refused before the file is changed
    path = unlocked.folders.officers
    save_roster(path, load_roster(path, unlocked.vault_id).with_officer(record))


def note(session: Session, record: OfficerRecord, own: Seed) -> None:
    """Keep the public half of a key that was just unwrapped, where the vault does not have it."""
    officer = session.get_one(OfficerRow, record.officer_id)
    if officer.key_salt != record.key.salt:
        _note(officer, own, record.key.salt)


def _note(officer: OfficerRow, own: Seed, salt: bytes) -> None:
    officer.public_key, officer.key_salt = hybrid.public_key(own), salt
