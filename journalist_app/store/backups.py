"""Which backups exist, and what of this vault is in them. Questions and records.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from crypto.envelope import FileKey, ObjectId
from journalist_app.store.case_tables import ParcelRow
from journalist_app.store.tables import BackupRow, QuarantineRow

_AT_ONCE = 1_000


def newest_first(session: Session) -> Sequence[BackupRow]:
    """Every backup that was ever made or read."""
    return session.scalars(select(BackupRow).order_by(BackupRow.made_at.desc())).all()


def backup(session: Session, backup_id: bytes) -> BackupRow | None:
    """The backup with this id."""
    return session.get(BackupRow, backup_id)


def count_existing(session: Session) -> int:
    """How many were not destroyed."""
    return session.scalar(select(func.count()).where(BackupRow.destroyed_on.is_(None))) or 0


def object_ids(session: Session) -> Iterator[ObjectId]:
    """Every envelope that this vault keeps, those in quarantine too."""
    question = union_all(select(ParcelRow.object_id), select(QuarantineRow.object_id))
    for object_id in session.execute(question.execution_options(yield_per=_AT_ONCE)).scalars():
        yield ObjectId(object_id)


def file_key(session: Session, object_id: ObjectId) -> FileKey | None:
    """The key of an envelope that opened, None for one that did not."""
    found = session.scalar(select(ParcelRow.file_key).where(ParcelRow.object_id == object_id))
    return None if found is None else FileKey(found)


def held_up_to(session: Session, held: AbstractSet[bytes]) -> int:
    """The last parcel of this vault before the first whose object is not in `held`."""
    last = 0
    question = select(ParcelRow.id, ParcelRow.object_id).order_by(ParcelRow.id)
    for number, object_id in session.execute(question.execution_options(yield_per=_AT_ONCE)):
        if object_id not in held:
            break
        last = number
    return last


def parcels_after(session: Session, parcel_id: int) -> int:
    """How many parcels came after this one."""
    return session.scalar(select(func.count()).where(ParcelRow.id > parcel_id)) or 0
