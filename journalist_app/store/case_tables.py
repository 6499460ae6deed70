"""The tables of the officer vault that hold cases: sources, parcels, answers, notes, what happened.

The others are in `tables`; of these too only the store and the services' queries know. A case is deleted by
emptying these of it.
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from journalist_app.store.tables import Row


class SourceRow(Row):
    """One source: what was pinned at their first parcel."""

    __tablename__ = "sources"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[bytes] = mapped_column(unique=True)
    author: Mapped[bytes]
    reply_key: Mapped[bytes]
    reply_address: Mapped[bytes]
    answerable: Mapped[bool]
    server_sealed: Mapped[bool]


class CaseRow(Row):
    """A case: one for each source, opened by their first parcel.

    What follows from its events is kept here too, for lists: `state` is a word of `ReportState`, empty for a
    case without rules, `handler` an officer's id or empty, `clock_due_on` the nearest last day. The index
    `ix_cases_order` of its history has all that the list in its usual order asks of a case.
    """

    __tablename__ = "cases"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    alias: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    source: Mapped[int] = mapped_column(ForeignKey("sources.id"), unique=True)
    stage: Mapped[str]
    received_on: Mapped[str] = mapped_column(index=True)
    due_on: Mapped[str | None]
    unanswered: Mapped[bool]
    danger: Mapped[bool]
    """Whether the source said that somebody is in danger."""
    state: Mapped[str]
    handler: Mapped[str] = mapped_column(index=True)
    restricted: Mapped[bool]
    clock_due_on: Mapped[str | None] = mapped_column(index=True)
    junk: Mapped[bool]
    """Whether officers set it aside; a new message brings it back, unless `muted`."""
    muted: Mapped[bool]
    ended_on: Mapped[str | None]
    """The day on which it was last closed; None while it is open, or where that was before this was kept."""


class FlagRow(Row):
    """A word that officers put on a case, to find it again."""

    __tablename__ = "case_flags"
    case: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    flag: Mapped[str] = mapped_column(primary_key=True, index=True)


class LinkRow(Row):
    """Two cases that belong together, the lower number first."""

    __tablename__ = "case_links"
    one: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    other: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)


class RecusalRow(Row):
    """An officer who must not know that a case exists."""

    __tablename__ = "case_recusals"
    case: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officers.officer_id"), primary_key=True)


class ReaderRow(Row):
    """An officer who may see a restricted case."""

    __tablename__ = "case_readers"
    case: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officers.officer_id"), primary_key=True)


class NoteRow(Row):
    """What an officer wrote for colleagues alone; never sent. An event names it as `note-ID`."""

    __tablename__ = "notes"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officers.officer_id"))
    written_on: Mapped[str]
    text: Mapped[str]


class ProposalRow(Row):
    """A step that an officer filled in and that waits for another one who agrees. `typed`: canonical JSON."""

    __tablename__ = "proposals"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officers.officer_id"))
    proposed_on: Mapped[str]
    kind: Mapped[str]
    typed: Mapped[bytes]
    words: Mapped[str]


class ParcelRow(Row):
    """A parcel that opened. Its envelope is kept in a file under `object_id`."""

    __tablename__ = "parcels"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    object_id: Mapped[bytes] = mapped_column(unique=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str]
    origin: Mapped[str]
    language: Mapped[str]
    sealed_on: Mapped[str]
    received_on: Mapped[str]
    imported_on: Mapped[str]
    window: Mapped[int]
    label_window: Mapped[int]
    size_bytes: Mapped[int]
    file_key: Mapped[bytes]
    text: Mapped[str]
    opened_text: Mapped[str | None]
    """What an OpenPGP message in `text` says, once an officer opened it."""
    forms: Mapped[bytes]
    files: Mapped[list["FileRow"]] = relationship(order_by="FileRow.id")


class FileRow(Row):
    """A file inside a parcel. Its name is data, never a path."""

    __tablename__ = "files"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    parcel: Mapped[int] = mapped_column(ForeignKey("parcels.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[bytes]
    offset: Mapped[int]


class ReplyRow(Row):
    """An answer. It waits until `out_seq` names the OUT bundle that first carried it; a draft stays."""

    __tablename__ = "replies"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    written_by: Mapped[str]
    written_on: Mapped[str]
    text: Mapped[str]
    stage: Mapped[str]
    due_on: Mapped[str | None]
    out_seq: Mapped[int | None] = mapped_column(index=True)
    held_back: Mapped[str]
    may: Mapped[str]
    """What the source may do about it: words of `transfer.message.May`, with spaces."""
    consent_body: Mapped[str]
    """Who would learn something, where the source is asked to agree; else empty."""
    consent_fields: Mapped[str]
    """What that would be, one a line."""
    about: Mapped[int | None]
    """The number of the step of the case that it tells of."""
    draft: Mapped[bool]
    message_id: Mapped[str]
    """16 hex digits, the same whenever it is issued again; empty before it left."""
    sent_on: Mapped[str | None]
    """The day that the source reads as its date."""
    shown_until: Mapped[str | None] = mapped_column(index=True)
    """When the newest set that carries it expires."""
    read_on: Mapped[str | None]
    """The day on which the source said that they read it."""


class CaseEventRow(Row):
    """What happened in a case, in order from 1: canonical JSON of `cases.events`. Never changed."""

    __tablename__ = "case_events"
    case: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes]
