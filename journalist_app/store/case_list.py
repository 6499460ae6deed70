"""Questions about cases, for the pages that show them.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journalist_app.store.tables import CaseRow, FileRow, ParcelRow, ReplyRow, SourceRow
from journalist_app.store.visible import open_to


def cases_unanswered_first(session: Session, officer_id: str) -> Sequence[tuple[CaseRow, int]]:
    """Every case with the number of its parcels: those that wait for an answer first, then by age."""
    parcels = select(func.count(ParcelRow.id)).where(ParcelRow.case == CaseRow.id).scalar_subquery()
    question = (
        select(CaseRow, parcels)
        .where(open_to(officer_id))
        .order_by(CaseRow.unanswered.desc(), CaseRow.received_on, CaseRow.id)
    )
    return [(case, count) for case, count in session.execute(question)]


def count_cases(session: Session, officer_id: str) -> tuple[int, int]:
    """How many cases there are for this officer, and how many of them wait for an answer."""
    every = select(func.count(CaseRow.id)).where(open_to(officer_id))
    return session.scalar(every) or 0, session.scalar(every.where(CaseRow.unanswered)) or 0


def case(session: Session, case_id: int, officer_id: str) -> tuple[CaseRow, SourceRow] | None:
    """A case and its source; None where there is none for this officer."""
    question = select(CaseRow, SourceRow).join(SourceRow, CaseRow.source == SourceRow.id)
    wanted = question.where(CaseRow.id == case_id, open_to(officer_id))
    row = session.execute(wanted).one_or_none()
    return None if row is None else (row[0], row[1])


def parcels(session: Session, case_id: int) -> Sequence[ParcelRow]:
    """The parcels of a case in the order in which they came."""
    return session.scalars(select(ParcelRow).where(ParcelRow.case == case_id).order_by(ParcelRow.id)).all()


def replies(session: Session, case_id: int) -> Sequence[ReplyRow]:
    """The answers of a case, oldest first."""
    return session.scalars(select(ReplyRow).where(ReplyRow.case == case_id).order_by(ReplyRow.id)).all()


def file_and_parcel(session: Session, file_id: int, officer_id: str) -> tuple[FileRow, ParcelRow] | None:
    """A file and the parcel that it is in; None where there is none for this officer."""
    question = (
        select(FileRow, ParcelRow)
        .join(ParcelRow, FileRow.parcel == ParcelRow.id)
        .join(CaseRow, ParcelRow.case == CaseRow.id)
    )
    row = session.execute(question.where(FileRow.id == file_id, open_to(officer_id))).one_or_none()
    return None if row is None else (row[0], row[1])
