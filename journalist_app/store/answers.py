"""Answers to sources: kept, changed, forgotten, and which of them go out or go out again.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from journalist_app.store import search_index
from journalist_app.store.case_tables import CaseRow, ReplyRow, SourceRow
from journalist_app.store.tables import ServerRow
from journalist_app.store.visible import open_to
from transfer.message import May

_WAITS: Final = and_(ReplyRow.out_seq.is_(None), ReplyRow.held_back == "", ReplyRow.draft == false())
_LEFT: Final = ReplyRow.out_seq.is_not(None)

Outgoing: TypeAlias = tuple[ReplyRow, CaseRow, SourceRow]


def waiting(session: Session) -> Sequence[Outgoing]:
    """Answers that no OUT bundle has carried, oldest first."""
    return _with_their_sources(session, _WAITS)


def running_out(session: Session, until: str) -> Sequence[Outgoing]:
    """Answers that cease to be readable by this day, and are the last of their case or a notice that its
    source has not said to have read."""
    newest = select(func.max(ReplyRow.id)).where(_LEFT).group_by(ReplyRow.case)
    unread = and_(ReplyRow.may.contains(May.READ.value), ReplyRow.read_on.is_(None))
    return _with_their_sources(
        session, and_(ReplyRow.shown_until <= until, or_(unread, ReplyRow.id.in_(newest)))
    )


def is_last_that_left(session: Session, row: ReplyRow) -> bool:
    """Whether no later answer of the same case has left."""
    return row.id == session.scalar(select(func.max(ReplyRow.id)).where(_LEFT, ReplyRow.case == row.case))


def count_waiting(session: Session) -> int:
    """How many answers wait for the next OUT bundle."""
    return session.scalar(select(func.count(ReplyRow.id)).where(_WAITS)) or 0


def count_waiting_of(session: Session, officer_id: str) -> int:
    """The same, of the cases that an officer may know of."""
    question = select(func.count(ReplyRow.id)).join(CaseRow, ReplyRow.case == CaseRow.id)
    return session.scalar(question.where(_WAITS, open_to(officer_id))) or 0


def one(session: Session, reply_id: int, officer_id: str) -> Outgoing | None:
    """An answer with its case and source; None where there is none for this officer."""
    question = _outgoing().where(ReplyRow.id == reply_id, open_to(officer_id))
    row = session.execute(question).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def of_case(session: Session, case_id: int) -> Sequence[ReplyRow]:
    """The answers of a case, oldest first."""
    return session.scalars(select(ReplyRow).where(ReplyRow.case == case_id).order_by(ReplyRow.id)).all()


def last_said(session: Session, case_id: int) -> ReplyRow | None:
    """The last answer of a case that its source reads or is about to."""
    question = select(ReplyRow).where(ReplyRow.case == case_id, ReplyRow.draft == false())
    return session.scalar(question.order_by(ReplyRow.id.desc()).limit(1))


def keep(session: Session, row: ReplyRow, words_before: str = "") -> None:
    """Keep an answer, and let its words be found in place of those that it had before."""
    session.add(row)
    session.flush()
    if words_before:
        search_index.forget_one(session, row.case, words_before)
    search_index.add(session, row.case, row.text)


def forget(session: Session, row: ReplyRow) -> None:
    """Take an answer away, and its words out of the index."""
    session.delete(row)
    session.flush()
    search_index.forget_one(session, row.case, row.text)


def note_read(session: Session, case_id: int, message_id: str, day: str) -> None:
    """Keep on which day a source first said that they read an answer."""
    question = select(ReplyRow).where(
        _LEFT, ReplyRow.case == case_id, ReplyRow.message_id == message_id, ReplyRow.read_on.is_(None)
    )
    for row in session.scalars(question):
        row.read_on = day


def board_seq(session: Session, epoch: bytes) -> int:
    """The newest OUT bundle whose board a server said to show; 0 where none did."""
    question = select(func.max(ServerRow.board_seq)).where(ServerRow.board_epoch == epoch)
    return session.scalar(question) or 0


def _with_their_sources(session: Session, *clauses: ColumnElement[bool]) -> Sequence[Outgoing]:
    found = session.execute(_outgoing().where(*clauses).order_by(ReplyRow.id))
    return [(reply, case, source) for reply, case, source in found]


def _outgoing() -> Select[ReplyRow, CaseRow, SourceRow]:
    return (
        select(ReplyRow, CaseRow, SourceRow)
        .join(CaseRow, ReplyRow.case == CaseRow.id)
        .join(SourceRow, CaseRow.source == SourceRow.id)
    )
