"""What an officer reads: the list of cases, one case, one file saved on purpose.

Gives plain values, never a row of a table: what a page shows is decided here, and a page
cannot reach a key. A file is streamed out of its kept envelope and never stands anywhere in
clear.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from cases.machines.acts import Notice
from cases.machines.report import ReportState
from cases.source_forms import MESSAGE_ID
from cases.stages import Stage
from crypto.envelope import FileKey, ObjectId
from crypto.parcel import FileEntry
from journalist_app.clock import Clock, day_of
from journalist_app.errors import NotFoundError
from journalist_app.listing import Show, Wanted
from journalist_app.services import case_life, case_work, forms_shown, openpgp_text, statements
from journalist_app.services.case_life import Rules, RulesMissing
from journalist_app.services.case_work import Happened, Note, Work
from journalist_app.services.forms_shown import FormShown
from journalist_app.services.opening import open_file
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import answers, case_list, officers, received, sorting
from journalist_app.store.case_tables import FileRow, ParcelRow, ReplyRow
from transfer.message import May


@dataclass(frozen=True)
class CaseLine:
    """A case in the list."""

    case_id: int
    alias: str
    stage: Stage
    state: ReportState | None = field(repr=False)
    handler: str
    received_on: date
    messages: int
    due_on: date | None
    clock_due_on: date | None
    restricted: bool
    danger: bool
    unanswered: bool
    muted: bool
    flags: tuple[str, ...]


@dataclass(frozen=True)
class CasesPage:
    """A page of the list. `more`: another one follows; `flags`: those that can be asked for."""

    lines: tuple[CaseLine, ...]
    more: bool
    flags: tuple[str, ...]


@dataclass(frozen=True)
class LinkedCase:
    """A case that belongs together with another one."""

    case_id: int
    alias: str
    code: str


@dataclass(frozen=True)
class FileLine:
    """A file as it is listed. The name is what the sender wrote: data, to be shown escaped.

    `encrypted`: whether it is called as OpenPGP messages are.
    """

    file_id: int
    name: str = field(repr=False)
    media_type: str
    size_bytes: int
    sha256: str
    encrypted: bool


@dataclass(frozen=True)
class Received:
    """A parcel as it was received. `relabelled` is the week on its label where that differs.

    `encrypted`: whether the text holds an OpenPGP message; `opened_text`: what that says, once it was opened.
    """

    parcel_id: int
    kind: str
    received_on: date
    sealed_on: date
    language: str
    origin: str
    relabelled: int | None
    text: str = field(repr=False)
    encrypted: bool
    opened_text: str | None = field(repr=False)
    forms: tuple[FormShown, ...] = field(repr=False)
    files: tuple[FileLine, ...]


class Way(StrEnum):
    """How far an answer is on its way."""

    DRAFT = "draft"
    WAITS = "waits"
    HELD_BACK = "held_back"
    IN_BUNDLE = "in_bundle"
    ON_BOARD = "on_board"


@dataclass(frozen=True)
class Reply:
    """An answer and how far it is on its way."""

    reply_id: int
    written_by: str
    written_on: date
    text: str = field(repr=False)
    stage: Stage
    due_on: date | None
    way: Way
    out_seq: int | None
    shown_until: date | None
    read_on: date | None
    held_back: str
    may_read: bool
    may_object: bool
    consent_body: str
    consent_fields: tuple[str, ...]


@dataclass(frozen=True)
class CasePage:
    """Everything of one case."""

    case_id: int
    alias: str
    code: str
    stage: Stage
    received_on: date
    due_on: date | None
    answerable: bool
    server_sealed: bool
    restricted: bool
    danger: bool
    junk: bool
    muted: bool
    flags: tuple[str, ...]
    links: tuple[LinkedCase, ...]
    rules: Rules | RulesMissing
    work: Work | None
    notes: tuple[Note, ...]
    parcels: tuple[Received, ...]
    replies: tuple[Reply, ...]
    owed: tuple[Happened, ...]
    """The steps of which the source is owed a notice and has no answer yet."""


@dataclass(frozen=True)
class SavedFile:
    """A file on its way to the officer's own disk."""

    file_id: int
    name: str = field(repr=False)
    size_bytes: int
    content: Iterator[bytes]


EVERYTHING: Final = Wanted(Show.ALL)


class Reading:
    """Reads cases."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock) -> None:
        self._folders = unlocked.folders
        self._vault = unlocked.vault
        self._officer = officer
        self._clock = clock

    def cases(self, wanted: Wanted = EVERYTHING) -> CasesPage:
        """A page of the cases that this officer may know of."""
        with self._vault.read() as session:
            people = {row.officer_id: row.name for row in officers.all_of_them(session)}
            today = self._today(session)
            rows, more = case_list.page(session, self._officer.officer_id, wanted, today)
            flags = sorting.flags_of(session, [case.id for case, _ in rows])
            lines = [
                CaseLine(
                    case.id,
                    case.alias,
                    Stage(case.stage),
                    ReportState(case.state) if case.state else None,
                    people.get(case.handler, ""),
                    date.fromisoformat(case.received_on),
                    count,
                    _day(case.due_on),
                    _day(case.clock_due_on),
                    case.restricted,
                    case.danger,
                    case.unanswered,
                    case.muted,
                    flags.get(case.id, ()),
                )
                for case, count in rows
            ]
            known = sorting.known_flags(session, self._officer.officer_id)
        return CasesPage(tuple(lines), more, tuple(known))

    def case(self, case_id: int) -> CasePage:
        """One case. Raises `NotFoundError`."""
        with self._vault.read() as session:
            found = case_list.case(session, case_id, self._officer.officer_id)
            if found is None:
                raise NotFoundError
            case, source = found
            rules, work = self._work(session, case_id)
            on_board = answers.board_seq(session, statements.station_row(session).epoch)
            rows = answers.of_case(session, case_id)
            told = _told(work, rows)
            return CasePage(
                case.id,
                case.alias,
                case.code,
                Stage(case.stage),
                date.fromisoformat(case.received_on),
                _day(case.due_on),
                source.answerable,
                source.server_sealed,
                case.restricted,
                case.danger,
                case.junk,
                case.muted,
                sorting.flags_of(session, [case_id]).get(case_id, ()),
                tuple(
                    LinkedCase(each.id, each.alias, each.code)
                    for each in sorting.linked_to(session, case_id, self._officer.officer_id)
                ),
                rules,
                work,
                case_work.notes_of(session, case_id),
                tuple(_received(session, row, told) for row in case_list.parcels(session, case_id)),
                tuple(_reply(row, on_board) for row in rows),
                _owed(work, {row.about for row in rows if not row.draft}),
            )

    def save_file(self, file_id: int) -> SavedFile:
        """One file, to be streamed. Raises `NotFoundError`, and `EnvelopeError` before the first
        byte when the kept envelope was changed."""
        with self._vault.read() as session:
            found = case_list.file_and_parcel(session, file_id, self._officer.officer_id)
            if found is None:
                raise NotFoundError
            file, parcel = found
            entry = FileEntry(file.name, file.media_type, file.size_bytes, file.sha256, file.offset)
            path = self._folders.envelope(ObjectId(parcel.object_id))
            content = open_file(path, FileKey(parcel.file_key), entry)
        next(content)
        return SavedFile(file_id, entry.name, entry.size_bytes, content)

    def _work(self, session: Session, case_id: int) -> tuple[Rules | RulesMissing, Work | None]:
        history = case_life.history_of(session, case_id)
        if isinstance(history, RulesMissing):
            return history, None
        rules = case_life.rules_of(history, self._today(session))
        return rules, case_work.work_of(session, case_id, history, self._officer)

    def _today(self, session: Session) -> date:
        return day_of(self._clock(), statements.station_row(session).time_zone)


def _told(work: Work | None, rows: Sequence[ReplyRow]) -> dict[str, Happened]:
    """For each message that left, the step that it tells of."""
    steps = {line.number: line for line in work.timeline} if work else {}
    return {row.message_id: steps[row.about] for row in rows if row.about is not None and row.about in steps}


def _received(session: Session, row: ParcelRow, told: Mapping[str, Happened]) -> Received:
    return Received(
        row.id,
        row.kind,
        date.fromisoformat(row.received_on),
        date.fromisoformat(row.sealed_on),
        row.language,
        row.origin,
        row.label_window if row.label_window != row.window else None,
        row.text,
        openpgp_text.is_message(row.text),
        row.opened_text,
        tuple(
            forms_shown.shown(
                session, form, row.received_on, told.get(dict(form.answers).get(MESSAGE_ID, ""))
            )
            for form in received.forms_of(row.forms)
        ),
        tuple(_file(file) for file in row.files),
    )


def _file(row: FileRow) -> FileLine:
    return FileLine(
        row.id,
        row.name,
        row.media_type,
        row.size_bytes,
        row.sha256.hex(),
        openpgp_text.looks_encrypted(row.name, row.media_type),
    )


def _owed(work: Work | None, told: set[int | None]) -> tuple[Happened, ...]:
    lines = work.timeline if work else ()
    return tuple(each for each in lines if each.notice is not Notice.NOTHING and each.number not in told)


def _way(row: ReplyRow, on_board: int) -> Way:
    if row.out_seq is not None:
        return Way.ON_BOARD if row.out_seq <= on_board else Way.IN_BUNDLE
    if row.held_back:
        return Way.HELD_BACK
    return Way.DRAFT if row.draft else Way.WAITS


def _reply(row: ReplyRow, on_board: int) -> Reply:
    return Reply(
        row.id,
        row.written_by,
        date.fromisoformat(row.written_on),
        row.text,
        Stage(row.stage),
        _day(row.due_on),
        _way(row, on_board),
        row.out_seq,
        _day(row.shown_until),
        _day(row.read_on),
        row.held_back,
        May.READ in row.may.split(),
        May.OBJECT in row.may.split(),
        row.consent_body,
        tuple(row.consent_fields.splitlines()),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
