"""The officers that the vault knows. Questions and records.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.kinds import Role
from journalist_app.store.tables import OfficerRow


def all_of_them(session: Session) -> Sequence[OfficerRow]:
    """Every officer there ever was, in the order of their names."""
    return session.scalars(select(OfficerRow).order_by(OfficerRow.name)).all()


def active(session: Session) -> Sequence[OfficerRow]:
    """Those who can sign in."""
    question = select(OfficerRow).where(OfficerRow.withdrawn_on.is_(None)).order_by(OfficerRow.name)
    return session.scalars(question).all()


def has_role(officer: OfficerRow, role: Role) -> bool:
    """Whether an officer has a role."""
    return role.value in officer.roles.split()


def withdraw(session: Session, officer_id: str, today: str, successor: str = "") -> None:
    """An officer has gone; `successor` becomes an administrator. Nothing for an empty id."""
    if officer_id:
        row = session.get_one(OfficerRow, officer_id)
        row.withdrawn_on, row.totp_secret, row.recovery_codes = today, "", ""
    if successor:
        heir = session.get_one(OfficerRow, successor)
        heir.roles = " ".join(sorted({*heir.roles.split(), Role.ADMINISTRATOR.value}))
