"""What the vault knows of its intake keys: batches, copies of the key file, destructions, the clock.

Also what the newest manifests and the log say of each week. Questions and records; everything
takes the session of the caller's transaction; nothing here begins or ends one.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Result, func, select, text, update
from sqlalchemy.orm import Session

from journalist_app.store.case_tables import ParcelRow
from journalist_app.store.tables import (
    BackupRow,
    BatchRow,
    ClockStatementRow,
    DestructionRow,
    InRow,
    KeyCopyRow,
    LogRow,
    QuarantineRow,
    ServerRow,
    StationRow,
)
from transfer.manifest import InManifest


def batches(session: Session) -> Sequence[BatchRow]:
    """Every published batch, oldest first."""
    return session.scalars(select(BatchRow).order_by(BatchRow.batch_no)).all()


def copies(session: Session) -> Sequence[KeyCopyRow]:
    """Every copy of the key file that was ever made, oldest first."""
    return session.scalars(select(KeyCopyRow).order_by(text("rowid"))).all()


def copy(session: Session, copy_id: bytes) -> KeyCopyRow | None:
    """The copy with this id."""
    return session.get(KeyCopyRow, copy_id)


def destructions(session: Session) -> Sequence[DestructionRow]:
    """Every decision to destroy, newest first."""
    return session.scalars(select(DestructionRow).order_by(DestructionRow.id.desc())).all()


def is_unfinished(session: Session) -> bool:
    """Whether a destruction was decided and the key file not seen without those keys."""
    question = select(DestructionRow.id).where(DestructionRow.finished_at.is_(None)).limit(1)
    return session.scalar(question) is not None


def finish_destructions(session: Session, now: datetime) -> None:
    """The key file in use opens nothing of what was decided to be destroyed."""
    unfinished = update(DestructionRow).where(DestructionRow.finished_at.is_(None))
    session.execute(unfinished.values(finished_at=now.isoformat()))


def newest_bundles(session: Session) -> list[InRow | None]:
    """For each accepted server the newest bundle that was imported, None where none was."""
    return [_newest_bundle(session, server) for server in session.scalars(select(ServerRow))]


def _newest_bundle(session: Session, server: ServerRow) -> InRow | None:
    return session.scalar(
        select(InRow)
        .where(
            InRow.key_id == server.key_id,
            InRow.epoch == server.epoch,
            InRow.seq == server.seq,
            InRow.alarm == "",
        )
        .limit(1)
    )


def missing_by_window(session: Session) -> dict[int, int]:
    """How many objects of each window the servers' logs name that are not here."""
    rows = session.execute(
        select(LogRow.window, func.count()).where(LogRow.held.is_(False)).group_by(LogRow.window)
    )
    return _counts(rows)


def held_by_window(session: Session, manifest: InManifest) -> dict[int, int]:
    """How many of the objects that the newest manifest of a server lists are here, of each window."""
    listed = (
        LogRow.key_id == manifest.key_id,
        LogRow.epoch == manifest.epoch,
        LogRow.number > manifest.from_index,
    )
    rows = session.execute(
        select(LogRow.window, func.count()).where(*listed, LogRow.held.is_(True)).group_by(LogRow.window)
    )
    return _counts(rows)


def quarantined_by_window(session: Session) -> dict[int, int]:
    """How many objects in quarantine bear the label of each window."""
    rows = session.execute(select(QuarantineRow.window, func.count()).group_by(QuarantineRow.window))
    return _counts(rows)


def parcels_after_by_window(session: Session, parcel_id: int) -> dict[int, int]:
    """How many parcels that came after `parcel_id` belong to each window, the older of label and HEAD."""
    window = func.min(ParcelRow.window, ParcelRow.label_window)
    rows = session.execute(select(window, func.count()).where(ParcelRow.id > parcel_id).group_by(window))
    return _counts(rows)


def _counts(rows: Result[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in rows}


def backed_up_to(session: Session) -> int:
    """The last parcel up to which a backup that was verified and still exists holds everything."""
    exists = (BackupRow.verified_at.is_not(None), BackupRow.destroyed_on.is_(None))
    return session.scalar(select(func.max(BackupRow.last_parcel)).where(*exists)) or 0


def clock_seen(session: Session) -> datetime | None:
    """What this station's clock said when it was last believed."""
    seen = session.get_one(StationRow, 1).clock_seen_at
    return datetime.fromisoformat(seen) if seen else None


def see_clock(session: Session, now: datetime) -> None:
    """Believe the clock."""
    session.get_one(StationRow, 1).clock_seen_at = now.isoformat()


def add_clock_statement(session: Session, officer: str, now: datetime, seen_before: datetime) -> None:
    """Keep that an officer said the clock is right."""
    session.add(
        ClockStatementRow(officer=officer, said_at=now.isoformat(), seen_before_at=seen_before.isoformat())
    )
