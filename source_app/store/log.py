"""The log of accepted envelopes, as questions and statements.

Entries are numbered 1, 2, 3 … and chained (`transfer.log`). `append` must run inside a writing
transaction: it reads the last number and uses the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from crypto.envelope import ObjectId
from source_app.store.installation import installation
from source_app.store.tables import OBJECTS
from transfer.log import LogEntry, extend, log_start

_KEPT: Final = OBJECTS.c.deleted == sa.literal_column("0")
"""Written out and not handed in, so that SQLite knows the index of those rows for this question."""

HIGHEST_WINDOW: Final = "SELECT coalesce(max(window), 0) FROM objects"
"""The highest window that an envelope was sealed in, or 0. For `Database.number`."""


@dataclass(frozen=True)
class LogPosition:
    """How far the log reaches, and its head there."""

    index: int
    head: bytes


def position(connection: sa.Connection) -> LogPosition:
    """The end of the log."""
    row = connection.execute(
        sa.select(OBJECTS.c.log_index, OBJECTS.c.head).order_by(OBJECTS.c.log_index.desc()).limit(1)
    ).first()
    return LogPosition(row.log_index, row.head) if row else LogPosition(0, start(connection))


def start(connection: sa.Connection) -> bytes:
    """The head of the empty log."""
    return log_start(installation(connection).epoch)


def head_at(connection: sa.Connection, index: int) -> bytes | None:
    """The head after entry `index`, or None where the log does not reach it."""
    if index == 0:
        return start(connection)
    return connection.execute(sa.select(OBJECTS.c.head).where(OBJECTS.c.log_index == index)).scalar()


def append(connection: sa.Connection, entry: LogEntry, receipt: bytes | None) -> int:
    """Number and chain an entry; gives its number. Inside a writing transaction."""
    end = position(connection)
    index = end.index + 1
    connection.execute(
        sa.insert(OBJECTS).values(
            log_index=index,
            object_id=entry.object_id,
            size_bytes=entry.size_bytes,
            window=entry.window,
            received_on=entry.received_on,
            head=extend(end.head, index, entry),
            receipt=receipt,
            deleted=0,
        )
    )
    return index


def has_any_receipt(connection: sa.Connection, receipts: Sequence[bytes]) -> bool:
    """Whether one of these sendings is in the log already."""
    found = connection.execute(sa.select(OBJECTS.c.log_index).where(OBJECTS.c.receipt.in_(receipts)).limit(1))
    return found.first() is not None


def has_object(connection: sa.Connection, object_id: ObjectId) -> bool:
    """Whether an envelope is in the log."""
    found = connection.execute(sa.select(OBJECTS.c.log_index).where(OBJECTS.c.object_id == object_id))
    return found.first() is not None


def forget_receipts(connection: sa.Connection, received_before: str) -> None:
    """Drop receipts of sessions that cannot live any more."""
    connection.execute(
        sa.update(OBJECTS)
        .where(OBJECTS.c.receipt.is_not(None), OBJECTS.c.received_on < received_before)
        .values(receipt=None)
    )


def entries_after(connection: sa.Connection, index: int, most: int) -> list[LogEntry]:
    """At most `most` entries that follow on entry `index`, in order."""
    rows = connection.execute(
        sa.select(OBJECTS).where(OBJECTS.c.log_index > index).order_by(OBJECTS.c.log_index).limit(most)
    )
    return [LogEntry(ObjectId(row.object_id), row.size_bytes, row.window, row.received_on) for row in rows]


def count_by_window(connection: sa.Connection, after_index: int) -> dict[int, int]:
    """How many entries after `after_index` there are in each window."""
    rows = connection.execute(
        sa.select(OBJECTS.c.window, sa.func.count())
        .where(OBJECTS.c.log_index > after_index)
        .group_by(OBJECTS.c.window)
    )
    return {window: count for window, count in rows}  # noqa: C416 - rows are not pairs to mypy


def schedule_deletion(connection: sa.Connection, up_to_index: int, delete_after: str) -> None:
    """Let the envelopes that the station holds go after a day; a day once set stays."""
    connection.execute(
        sa.update(OBJECTS)
        .where(OBJECTS.c.log_index <= up_to_index, OBJECTS.c.delete_after.is_(None))
        .values(delete_after=delete_after)
    )


def mark_deleted(connection: sa.Connection, today: str) -> list[ObjectId]:
    """Mark the envelopes whose day has come as deleted, and give them."""
    due = _KEPT & (OBJECTS.c.delete_after <= today)
    ids = [ObjectId(row) for row in connection.execute(sa.select(OBJECTS.c.object_id).where(due)).scalars()]
    connection.execute(sa.update(OBJECTS).where(due).values(deleted=1))
    return ids


def let_go_ids(connection: sa.Connection) -> set[bytes]:
    """The object_ids of envelopes that were to be removed."""
    rows = connection.execute(sa.select(OBJECTS.c.object_id).where(OBJECTS.c.deleted))
    return {row.object_id for row in rows}


def kept_ids(connection: sa.Connection) -> set[bytes]:
    """The envelopes that must lie in the folder."""
    return set(connection.execute(sa.select(OBJECTS.c.object_id).where(_KEPT)).scalars())


def kept_sizes(connection: sa.Connection) -> dict[bytes, int]:
    """The same with their sizes in bytes."""
    wanted = sa.select(OBJECTS.c.object_id, OBJECTS.c.size_bytes).where(_KEPT)
    rows = connection.execute(wanted)
    return {row.object_id: row.size_bytes for row in rows}
