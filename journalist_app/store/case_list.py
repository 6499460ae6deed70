"""Questions about cases, for the pages that show them.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.orm import Session

from cases.machines.report import ENDED
from journalist_app.listing import PAGE, SOON, Show, Sort, Wanted
from journalist_app.store import search_index
from journalist_app.store.case_tables import CaseRow, FileRow, FlagRow, ParcelRow, SourceRow
from journalist_app.store.visible import open_to

_ENDED: Final = [state.value for state in ENDED]
_ORDERS: Final = {
    Sort.URGENT: (CaseRow.danger.desc(), CaseRow.unanswered.desc(), CaseRow.received_on, CaseRow.id),
    Sort.NEWEST: (CaseRow.received_on.desc(), CaseRow.id.desc()),
    Sort.OLDEST: (CaseRow.received_on, CaseRow.id),
    Sort.DUE: (CaseRow.clock_due_on.is_(None), CaseRow.clock_due_on, CaseRow.id),
}


def page(
    session: Session, officer_id: str, wanted: Wanted, today: date
) -> tuple[Sequence[tuple[CaseRow, int]], bool]:
    """A page of cases with the number of their parcels, and whether more follow."""
    chosen = (
        select(CaseRow.id)
        .where(
            open_to(officer_id),
            *_shown(wanted.show, officer_id, today),
            *_with_words(wanted.words),
            *_with_flag(wanted.flag),
        )
        .order_by(*_ORDERS[wanted.sort])
        .offset((wanted.page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    parcels = select(func.count(ParcelRow.id)).where(ParcelRow.case == CaseRow.id).scalar_subquery()
    asked = select(CaseRow, parcels).where(CaseRow.id.in_(chosen)).order_by(*_ORDERS[wanted.sort])
    found = [(case, count) for case, count in session.execute(asked)]
    return found[:PAGE], len(found) > PAGE


def _shown(show: Show, officer_id: str, today: date) -> list[ColumnElement[bool]]:
    day, soon = today.isoformat(), (today + SOON).isoformat()
    clauses: dict[Show, list[ColumnElement[bool]]] = {
        Show.OPEN: [CaseRow.state.not_in(_ENDED), CaseRow.junk == false()],
        Show.DANGER: [CaseRow.danger == true(), CaseRow.state.not_in(_ENDED)],
        Show.WAITING: [CaseRow.unanswered == true()],
        Show.MINE: [CaseRow.handler == officer_id],
        Show.NOBODYS: [CaseRow.handler == "", CaseRow.state.not_in(_ENDED), CaseRow.junk == false()],
        Show.LATE: [CaseRow.clock_due_on < day],
        Show.WEEK: [CaseRow.clock_due_on.between(day, soon)],
        Show.JUNK: [CaseRow.junk == true()],
        Show.RESTRICTED: [CaseRow.restricted == true()],
        Show.CLOSED: [CaseRow.state.in_(_ENDED)],
        Show.ALL: [],
    }
    return clauses[show]


def _with_words(words: str) -> list[ColumnElement[bool]]:
    if not words.strip():
        return []
    asked = search_index.question(words)
    if not asked:
        return [false()]
    return [CaseRow.id.in_(search_index.case_ids(asked))]


def _with_flag(flag: str) -> list[ColumnElement[bool]]:
    return [CaseRow.id.in_(select(FlagRow.case).where(FlagRow.flag == flag))] if flag else []


def count_cases(session: Session, officer_id: str) -> tuple[int, int]:
    """How many cases there are for this officer, without junk, and how many of them wait for an answer."""
    every = select(func.count(CaseRow.id)).where(open_to(officer_id), CaseRow.junk == false())
    return session.scalar(every) or 0, session.scalar(every.where(CaseRow.unanswered)) or 0


def count(session: Session, officer_id: str, show: Show, today: date) -> int:
    """How many cases a list would show to this officer."""
    question = select(func.count(CaseRow.id))
    return session.scalar(question.where(open_to(officer_id), *_shown(show, officer_id, today))) or 0


def count_by_state(session: Session, officer_id: str) -> dict[str, int]:
    """How many cases without junk stand where, for this officer."""
    question = select(CaseRow.state, func.count(CaseRow.id)).where(
        open_to(officer_id), CaseRow.junk == false()
    )
    found = session.execute(question.group_by(CaseRow.state))
    return {state: number for state, number in found if state}


def days_to_end(session: Session, officer_id: str, since: date) -> Sequence[int]:
    """For each case that ended since a day, the days from its receipt to its end, the fewest first."""
    days = func.julianday(CaseRow.ended_on) - func.julianday(CaseRow.received_on)
    question = select(days).where(open_to(officer_id), CaseRow.ended_on >= since.isoformat())
    return [int(each) for each in session.scalars(question.order_by(days))]


def case(session: Session, case_id: int, officer_id: str) -> tuple[CaseRow, SourceRow] | None:
    """A case and its source; None where there is none for this officer."""
    question = select(CaseRow, SourceRow).join(SourceRow, CaseRow.source == SourceRow.id)
    wanted = question.where(CaseRow.id == case_id, open_to(officer_id))
    row = session.execute(wanted).one_or_none()
    return None if row is None else (row[0], row[1])


def parcels(session: Session, case_id: int) -> Sequence[ParcelRow]:
    """The parcels of a case in the order in which they came, a large one of a day after the small ones."""
    question = select(ParcelRow).where(ParcelRow.case == case_id)
    return session.scalars(question.order_by(ParcelRow.received_on, ParcelRow.id)).all()


def parcel(session: Session, parcel_id: int, officer_id: str) -> ParcelRow | None:
    """A parcel; None where there is none for this officer."""
    question = select(ParcelRow).join(CaseRow, ParcelRow.case == CaseRow.id)
    return session.scalar(question.where(ParcelRow.id == parcel_id, open_to(officer_id)))


def file_and_parcel(session: Session, file_id: int, officer_id: str) -> tuple[FileRow, ParcelRow] | None:
    """A file and the parcel that it is in; None where there is none for this officer."""
    question = (
        select(FileRow, ParcelRow)
        .join(ParcelRow, FileRow.parcel == ParcelRow.id)
        .join(CaseRow, ParcelRow.case == CaseRow.id)
    )
    row = session.execute(question.where(FileRow.id == file_id, open_to(officer_id))).one_or_none()
    return None if row is None else (row[0], row[1])
