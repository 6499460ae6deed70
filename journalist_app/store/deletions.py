"""Taking a case out of the database, whole, and what is kept of that it was deleted.

What belongs to a case is found by the foreign keys of the tables: a table that comes later and points at a
case, or at something in one, goes with it. Everything takes the session of the caller's transaction; nothing
here begins or ends one.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Table, delete, false, func, or_, select
from sqlalchemy.orm import Session

from journalist_app.store import search_index
from journalist_app.store.case_tables import CaseRow, ParcelRow, RecusalRow, ReplyRow, SourceRow
from journalist_app.store.deletion_tables import (
    DeletedObjectRow,
    DeletedShutRow,
    DeletedSubjectRow,
    DeletionRow,
)
from journalist_app.store.tables import Row
from journalist_app.store.visible import open_to


def remove_case(session: Session, case: CaseRow) -> None:
    """Delete a case with everything in it, its source, and its words in the search."""
    case_id, source_id = case.id, case.source
    session.flush()
    session.expunge_all()
    search_index.forget(session, case_id)
    conditions = _belongings(case_id)
    for table in reversed(Row.metadata.sorted_tables):
        if table in conditions:
            session.execute(delete(table).where(conditions[table]))
    session.execute(delete(SourceRow).where(SourceRow.id == source_id))


def note(session: Session, row: DeletionRow, case_id: int, subjects: Iterable[str]) -> None:
    """Keep that a case is deleted, before it is; `subjects` are what the audit log calls things in it."""
    session.add(row)
    session.flush()
    shut = session.scalars(select(RecusalRow.officer_id).where(RecusalRow.case == case_id)).all()
    session.add_all(DeletedShutRow(deletion=row.id, officer_id=each) for each in shut)
    if shut:
        session.add_all(DeletedSubjectRow(deletion=row.id, subject=each) for each in sorted(subjects))
    session.add_all(DeletedObjectRow(deletion=row.id, object_id=each) for each in objects(session, case_id))


def objects(session: Session, case_id: int) -> Sequence[bytes]:
    """The envelopes of a case."""
    return session.scalars(select(ParcelRow.object_id).where(ParcelRow.case == case_id)).all()


def newest_window(session: Session, case_id: int) -> int | None:
    """The last week in which something of a case was sealed, by label or HEAD."""
    newest = func.max(func.max(ParcelRow.window, ParcelRow.label_window))
    return session.scalar(select(newest).where(ParcelRow.case == case_id))


def shown_until(session: Session, case_id: int) -> str | None:
    """When the last answer of a case leaves the board."""
    return session.scalar(select(func.max(ReplyRow.shown_until)).where(ReplyRow.case == case_id))


def known_to(session: Session, officer_id: str) -> Sequence[DeletionRow]:
    """Every deletion that an officer may know of, those that are not complete first, then the newest."""
    shut = select(DeletedShutRow.deletion).where(DeletedShutRow.officer_id == officer_id)
    question = select(DeletionRow).where(DeletionRow.id.not_in(shut))
    return session.scalars(
        question.order_by(DeletionRow.completed_on.is_not(None), DeletionRow.id.desc())
    ).all()


def incomplete(session: Session) -> Sequence[DeletionRow]:
    """Every deletion of which something is still open, the oldest first."""
    question = select(DeletionRow).where(DeletionRow.completed_on.is_(None))
    return session.scalars(question.order_by(DeletionRow.id)).all()


def objects_left(session: Session, deletion_id: int | None = None) -> Sequence[bytes]:
    """The envelopes of a deletion that is not complete, or of all of them."""
    question = select(DeletedObjectRow.object_id)
    if deletion_id is not None:
        question = question.where(DeletedObjectRow.deletion == deletion_id)
    return session.scalars(question).all()


def complete(session: Session, row: DeletionRow, today: str) -> None:
    """Nothing of a deletion is open: what was asked of it is forgotten."""
    session.execute(delete(DeletedObjectRow).where(DeletedObjectRow.deletion == row.id))
    row.newest_window, row.key_no, row.shown_until, row.completed_on = None, None, None, today


def shut_subjects(session: Session, officer_id: str) -> Sequence[str]:
    """What the audit log calls things in deleted cases that an officer must not know of."""
    mine = select(DeletedShutRow.deletion).where(DeletedShutRow.officer_id == officer_id)
    question = select(DeletedSubjectRow.subject).where(DeletedSubjectRow.deletion.in_(mine))
    return session.scalars(question).all()


def closed_cases(
    session: Session, officer_id: str, states: Sequence[str], offset: int, limit: int
) -> Sequence[CaseRow]:
    """Cases in these states that an officer may know of, by number."""
    question = select(CaseRow).where(CaseRow.state.in_(states), open_to(officer_id)).order_by(CaseRow.id)
    return session.scalars(question.offset(offset).limit(limit)).all()


def _belongings(case_id: int) -> dict[Table, ColumnElement[bool]]:
    """For each table that has something of a case: which of its rows. The case itself is among them."""
    found: dict[Table, ColumnElement[bool]] = {}
    for table in Row.metadata.sorted_tables:
        if table is CaseRow.__table__:
            found[table] = CaseRow.id == case_id
            continue
        ways = [
            key.parent.in_(select(key.column).where(found[key.column.table]))
            for key in table.foreign_keys
            if key.column.table in found
        ]
        if ways:
            found[table] = or_(false(), *ways)
    return found
