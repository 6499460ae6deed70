"""The tables of what is kept of cases that were deleted: nothing of what was in them.

`object_id` is the hash of a ciphertext; the log of the server that took it in keeps that hash as well,
because acknowledgements are counted along it. Used by `store.deletions` alone.
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from journalist_app.store.tables import Row


class DeletionRow(Row):
    """A case that was deleted, by its number. What is asked of it goes when the deletion is complete.

    `newest_window`: the last week in which something of it was sealed. `key_no`: the number of the vault key
    that it was kept under. `shown_until`: when the last answer leaves the board.
    """

    __tablename__ = "deletions"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_number: Mapped[int] = mapped_column(unique=True)
    deleted_at: Mapped[str]
    officer: Mapped[str]
    second: Mapped[str]
    newest_window: Mapped[int | None]
    key_no: Mapped[int | None]
    shown_until: Mapped[str | None]
    completed_on: Mapped[str | None] = mapped_column(index=True)


class DeletedObjectRow(Row):
    """An envelope of a deleted case, by the hash of its ciphertext, until the deletion is complete."""

    __tablename__ = "deleted_objects"
    deletion: Mapped[int] = mapped_column(ForeignKey("deletions.id"), primary_key=True)
    object_id: Mapped[bytes] = mapped_column(primary_key=True)


class DeletedShutRow(Row):
    """An officer who must not know that a case existed that was deleted."""

    __tablename__ = "deleted_shut"
    deletion: Mapped[int] = mapped_column(ForeignKey("deletions.id"), primary_key=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officers.officer_id"), primary_key=True)


class DeletedSubjectRow(Row):
    """What the audit log calls something of a deleted case from which somebody was recused."""

    __tablename__ = "deleted_subjects"
    deletion: Mapped[int] = mapped_column(ForeignKey("deletions.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
