"""Numbers for rows that are kept many at a time.

A row that is given its number need not be asked for it: an import writes thousands. The tables' own counter
follows what it is given, so that no number is used again.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from journalist_app.store.tables import Row


def next_free(session: Session, table: type[Row]) -> int:
    """The number that the next row of a table has, in this transaction."""
    asked = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
    return 1 + int(session.scalar(asked, {"table": table.__tablename__}) or 0)
