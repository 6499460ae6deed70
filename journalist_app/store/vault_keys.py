"""The keys that the vault has and had, by number. Questions and records.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

from sqlalchemy import delete, exists, func, select, text
from sqlalchemy.orm import Session

from crypto.vault import VaultKey
from journalist_app.store.tables import BackupRow, FormerKeyRow, KeyCopyRow

_FIRST = 1


def number(session: Session) -> int:
    """The number of the key in use: numbers of former keys are never used again."""
    last = session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'former_keys'"))
    return _FIRST + (last or 0)


def former(session: Session) -> dict[int, VaultKey]:
    """The keys from before, the newest first."""
    rows = session.scalars(select(FormerKeyRow).order_by(FormerKeyRow.number.desc()))
    return {row.number: VaultKey(row.key) for row in rows}


def add_former(session: Session, key: VaultKey, today: str) -> None:
    """The key in use is one from before, from now on."""
    session.add(FormerKeyRow(key=key, replaced_on=today))
    session.flush()


def forget_unneeded(session: Session) -> None:
    """Forget each key from before which no copy of the key file and no backup is sealed under any longer."""
    copies = exists().where(KeyCopyRow.key_no == FormerKeyRow.number, KeyCopyRow.destroyed_on.is_(None))
    backups = exists().where(BackupRow.key_no == FormerKeyRow.number, BackupRow.destroyed_on.is_(None))
    session.execute(delete(FormerKeyRow).where(~copies, ~backups))


def count_sealed_before(session: Session) -> int:
    """How many copies and backups exist that are sealed under a key from before."""
    now = number(session)
    return sum(
        session.scalar(
            select(func.count()).select_from(row).where(row.key_no < now, row.destroyed_on.is_(None))
        )
        or 0
        for row in (KeyCopyRow, BackupRow)
    )
