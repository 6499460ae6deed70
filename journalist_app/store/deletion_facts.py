"""What the vault knows of whether traces of deleted cases are left elsewhere. Questions alone.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journalist_app.store.deletion_tables import DeletedObjectRow
from journalist_app.store.tables import BackupRow, FormerKeyRow, InRow, KeyCopyRow, LogRow, OutRow, ServerRow


def copies_that_open(session: Session, window: int) -> int:
    """How many copies of the key file exist that open this week."""
    question = select(func.count()).where(
        KeyCopyRow.destroyed_on.is_(None), KeyCopyRow.first_window <= window
    )
    return session.scalar(question) or 0


def keeps_key(session: Session, key_no: int) -> bool:
    """Whether the vault still keeps a former key of this number, or an older one."""
    return session.scalar(select(FormerKeyRow.number).where(FormerKeyRow.number <= key_no)) is not None


def backups_made(session: Session) -> Sequence[str]:
    """The instants at which the backups were made that exist."""
    return session.scalars(select(BackupRow.made_at).where(BackupRow.destroyed_on.is_(None))).all()


def last_number(session: Session, deletion_id: int, server: ServerRow) -> int | None:
    """The last number in a server's log, as it counts now, of an object of a deleted case."""
    question = (
        select(func.max(LogRow.number))
        .join(DeletedObjectRow, DeletedObjectRow.object_id == LogRow.object_id)
        .where(
            DeletedObjectRow.deletion == deletion_id,
            LogRow.key_id == server.key_id,
            LogRow.epoch == server.epoch,
        )
    )
    return session.scalar(question)


def bundles_out(session: Session, epoch: bytes) -> Sequence[tuple[int, str, bytes]]:
    """Number, day and acknowledgements of every OUT bundle of an epoch, the first first."""
    question = select(OutRow.seq, OutRow.made_on, OutRow.acks).where(OutRow.epoch == epoch)
    return [(seq, made_on, acks) for seq, made_on, acks in session.execute(question.order_by(OutRow.seq))]


def manifests_in(session: Session, server: ServerRow, since: str) -> Iterator[bytes]:
    """The manifests of a server's IN bundles of its present epoch that were made since a day, in order."""
    question = select(InRow.manifest).where(
        InRow.key_id == server.key_id,
        InRow.epoch == server.epoch,
        InRow.alarm == "",
        InRow.made_on >= since,
    )
    yield from session.scalars(question.order_by(InRow.seq).execution_options(yield_per=1))
