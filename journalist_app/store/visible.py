"""Which cases an officer may know of: the one clause that every question about cases carries.

A case is shut to whoever was recused from it; a restricted one is open to its readers alone. What is
shut does not exist for that officer: no row, no count, no file, no line of the audit log.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, delete, exists, false, or_, select
from sqlalchemy.orm import Session

from journalist_app.store.case_tables import (
    CaseRow,
    FileRow,
    ParcelRow,
    ProposalRow,
    ReaderRow,
    RecusalRow,
    ReplyRow,
)


def open_to(officer_id: str) -> ColumnElement[bool]:
    """True for the cases that this officer may know of."""
    recused = exists().where(RecusalRow.case == CaseRow.id, RecusalRow.officer_id == officer_id)
    reads = exists().where(ReaderRow.case == CaseRow.id, ReaderRow.officer_id == officer_id)
    return and_(~recused, or_(CaseRow.restricted == false(), reads))


def shut_case_ids(session: Session, officer_id: str) -> Sequence[int]:
    """The cases that an officer was recused from."""
    return session.scalars(select(RecusalRow.case).where(RecusalRow.officer_id == officer_id)).all()


def file_ids(session: Session, case_ids: Sequence[int]) -> Sequence[int]:
    """The files in these cases."""
    question = select(FileRow.id).join(ParcelRow, FileRow.parcel == ParcelRow.id)
    return session.scalars(question.where(ParcelRow.case.in_(case_ids))).all()


def parcel_ids(session: Session, case_ids: Sequence[int]) -> Sequence[int]:
    """The parcels in these cases."""
    return session.scalars(select(ParcelRow.id).where(ParcelRow.case.in_(case_ids))).all()


def proposal_ids(session: Session, case_ids: Sequence[int]) -> Sequence[int]:
    """The steps that wait in these cases."""
    return session.scalars(select(ProposalRow.id).where(ProposalRow.case.in_(case_ids))).all()


def reply_ids(session: Session, case_ids: Sequence[int]) -> Sequence[int]:
    """The answers in these cases."""
    return session.scalars(select(ReplyRow.id).where(ReplyRow.case.in_(case_ids))).all()


def without_readers(session: Session, officer_id: str) -> Sequence[CaseRow]:
    """The restricted cases that nobody reads, except those that this officer was recused from."""
    read = exists().where(ReaderRow.case == CaseRow.id)
    recused = exists().where(RecusalRow.case == CaseRow.id, RecusalRow.officer_id == officer_id)
    question = select(CaseRow).where(CaseRow.restricted, ~read, ~recused).order_by(CaseRow.id)
    return session.scalars(question).all()


def put(session: Session, case_id: int, readers: frozenset[str], recused: frozenset[str]) -> None:
    """Keep who may see a case, as its events say."""
    for row, people in ((ReaderRow, readers), (RecusalRow, recused)):
        session.execute(delete(row).where(row.case == case_id))
        session.add_all(row(case=case_id, officer_id=each) for each in sorted(people))
