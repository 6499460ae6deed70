"""What officers wrote for each other about a case. Questions and records.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from journalist_app.store import search_index
from journalist_app.store.case_tables import NoteRow
from journalist_app.store.tables import OfficerRow

_PREFIX = "note-"


def add(session: Session, case_id: int, officer_id: str, today: str, text: str) -> NoteRow:
    """Keep a note."""
    row = NoteRow(case=case_id, officer_id=officer_id, written_on=today, text=text)
    session.add(row)
    session.flush()
    search_index.add(session, case_id, text)
    return row


def of_case(session: Session, case_id: int) -> Sequence[tuple[NoteRow, str]]:
    """The notes of a case, oldest first, each with the name of who wrote it."""
    question = (
        select(NoteRow, OfficerRow.name)
        .join(OfficerRow, NoteRow.officer_id == OfficerRow.officer_id)
        .where(NoteRow.case == case_id)
        .order_by(NoteRow.id)
    )
    return [(note, name) for note, name in session.execute(question)]


def reference(row: NoteRow) -> str:
    """How an event names a note."""
    return f"{_PREFIX}{row.id}"
