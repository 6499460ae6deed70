"""The events of cases, in order. Questions and records.

Everything takes the session of the caller's transaction; nothing here begins or ends one. An event that
was added is never changed.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journalist_app.store.case_tables import CaseEventRow


def events(session: Session, case_id: int) -> Sequence[CaseEventRow]:
    """What happened in a case, numbered from 1 on; nothing for a case from before packs."""
    question = select(CaseEventRow).where(CaseEventRow.case == case_id).order_by(CaseEventRow.number)
    return session.scalars(question).all()


def add_first(session: Session, events: Sequence[tuple[int, bytes]]) -> None:
    """Keep the first event of cases that are new."""
    session.add_all(CaseEventRow(case=case_id, number=1, data=data) for case_id, data in events)


def add(session: Session, case_id: int, data: bytes) -> None:
    """Keep what happened next in a case."""
    last = session.scalar(select(func.max(CaseEventRow.number)).where(CaseEventRow.case == case_id))
    session.add(CaseEventRow(case=case_id, number=(last or 0) + 1, data=data))
