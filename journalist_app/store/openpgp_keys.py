"""OpenPGP keys in the vault: the agency's own, and those of institutions. Questions and records.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from journalist_app.store.tables import AgencyKeyRow, InstitutionRow


def agency_key(session: Session) -> AgencyKeyRow | None:
    """The agency's own key, once it was made."""
    return session.scalar(select(AgencyKeyRow))


def institutions(session: Session) -> Sequence[InstitutionRow]:
    """All institutions, by name."""
    return session.scalars(select(InstitutionRow).order_by(InstitutionRow.name)).all()


def institution(session: Session, name: str) -> InstitutionRow | None:
    """The institution of that name."""
    return session.get(InstitutionRow, name)
