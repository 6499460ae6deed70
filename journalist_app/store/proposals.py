"""Steps that wait for a second officer. Questions and records.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from journalist_app.store.case_tables import CaseRow, ProposalRow
from journalist_app.store.visible import open_to


def waiting(session: Session, officer_id: str) -> Sequence[tuple[ProposalRow, CaseRow]]:
    """What waits in the cases that an officer may know of, oldest first."""
    question = select(ProposalRow, CaseRow).join(CaseRow, ProposalRow.case == CaseRow.id)
    rows = session.execute(question.where(open_to(officer_id)).order_by(ProposalRow.id))
    return [(proposal, case) for proposal, case in rows]


def one(session: Session, proposal_id: int, officer_id: str) -> tuple[ProposalRow, CaseRow] | None:
    """One of them; None where there is none for this officer."""
    question = select(ProposalRow, CaseRow).join(CaseRow, ProposalRow.case == CaseRow.id)
    row = session.execute(question.where(ProposalRow.id == proposal_id, open_to(officer_id))).one_or_none()
    return None if row is None else (row[0], row[1])
