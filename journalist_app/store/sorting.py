"""What officers say of cases to find their way: flags, links, junk. Questions and records.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select, union
from sqlalchemy.orm import Session

from journalist_app.store.case_tables import CaseRow, FlagRow, LinkRow
from journalist_app.store.visible import open_to


def flags_of(session: Session, case_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The flags of cases, in the order of the alphabet."""
    rows = session.scalars(select(FlagRow).where(FlagRow.case.in_(case_ids)).order_by(FlagRow.flag))
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        found[row.case] = (*found.get(row.case, ()), row.flag)
    return found


def known_flags(session: Session, officer_id: str) -> Sequence[str]:
    """Every flag of a case that an officer may know of."""
    question = select(FlagRow.flag).join(CaseRow, FlagRow.case == CaseRow.id).where(open_to(officer_id))
    return session.scalars(question.distinct().order_by(FlagRow.flag)).all()


def flag(session: Session, case_id: int, name: str) -> None:
    """Put a flag on a case; one that is there already stays."""
    if session.get(FlagRow, (case_id, name)) is None:
        session.add(FlagRow(case=case_id, flag=name))


def unflag(session: Session, case_id: int, name: str) -> None:
    """Take a flag away."""
    session.execute(delete(FlagRow).where(FlagRow.case == case_id, FlagRow.flag == name))


def linked_to(session: Session, case_id: int, officer_id: str) -> Sequence[CaseRow]:
    """The cases that are linked to a case, of those that an officer may know of."""
    ends = union(
        select(LinkRow.one).where(LinkRow.other == case_id),
        select(LinkRow.other).where(LinkRow.one == case_id),
    )
    question = select(CaseRow).where(CaseRow.id.in_(ends), open_to(officer_id))
    return session.scalars(question.order_by(CaseRow.id)).all()


def link(session: Session, case_id: int, other_id: int) -> None:
    """Say that two cases belong together; they may be linked already."""
    one, other = sorted((case_id, other_id))
    if session.get(LinkRow, (one, other)) is None:
        session.add(LinkRow(one=one, other=other))


def unlink(session: Session, case_id: int, other_id: int) -> None:
    """Say so no longer."""
    one, other = sorted((case_id, other_id))
    session.execute(delete(LinkRow).where(LinkRow.one == one, LinkRow.other == other))


def case_with_code(session: Session, code: str, officer_id: str) -> CaseRow | None:
    """The case that bears this code; None where there is none for this officer."""
    return session.scalar(select(CaseRow).where(CaseRow.code == code, open_to(officer_id)))


def cases_of(session: Session, case_ids: Sequence[int], officer_id: str) -> Sequence[CaseRow]:
    """Of these cases, those that an officer may know of."""
    return session.scalars(select(CaseRow).where(CaseRow.id.in_(case_ids), open_to(officer_id))).all()
