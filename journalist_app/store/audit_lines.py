"""The lines and seals of the audit log, in order. Questions and records.

Everything takes the session of the caller's transaction; nothing here begins or ends one. The tables refuse
to change or lose a row.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from journalist_app.store.tables import AuditRow, AuditSealRow

_PAGE_OF_ROWS = 1_000


def last(session: Session) -> AuditRow | None:
    """The newest line."""
    return session.scalars(select(AuditRow).order_by(AuditRow.number.desc()).limit(1)).first()


def before(session: Session, number: int, limit: int) -> Sequence[AuditRow]:
    """The lines below `number`, newest first."""
    question = select(AuditRow).where(AuditRow.number < number).order_by(AuditRow.number.desc())
    return session.scalars(question.limit(limit)).all()


def in_order(session: Session) -> Iterator[AuditRow]:
    """Every line, oldest first, a few at a time."""
    question = select(AuditRow).order_by(AuditRow.number).execution_options(yield_per=_PAGE_OF_ROWS)
    yield from session.scalars(question)


def seals(session: Session) -> Sequence[AuditSealRow]:
    """Every seal, oldest first."""
    return session.scalars(select(AuditSealRow).order_by(AuditSealRow.number)).all()
