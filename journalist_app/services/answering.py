"""Answers to a source: written, looked at, changed, taken back, until an OUT bundle carries them.

An answer is checked whole before it is kept: a text that does not fit into slots, or that
canonical JSON cannot carry, is refused here and not at the export. A draft is kept and does not leave. What
left cannot be changed: who wants to say something else writes again.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from cases.stages import Stage
from journalist_app.clock import Clock, day_of
from journalist_app.errors import NotFoundError, ReplyError, SentReplyError, UnanswerableError
from journalist_app.services import slotting, statements
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import answers, case_list
from journalist_app.store.case_tables import CaseRow, ReplyRow, SourceRow
from transfer.errors import MessageError
from transfer.message import May, Message, parse_message


@dataclass(frozen=True)
class Asks:
    """What an answer asks of its source: what they may do, and what they are asked to agree to."""

    may: tuple[May, ...] = ()
    consent_body: str = ""
    consent_fields: tuple[str, ...] = ()


NOTHING_ASKED: Final = Asks()


@dataclass(frozen=True)
class Written:
    """An answer as an officer writes it. `about`: the number of the step of the case that it tells of."""

    text: str = field(repr=False)
    stage: str
    due_on: date | None = None
    asks: Asks = NOTHING_ASKED
    about: int | None = None


@dataclass(frozen=True)
class Kept:
    """An answer that has not left."""

    reply_id: int
    case_id: int
    written: Written
    draft: bool


class Answering:
    """Keeps answers, for one officer."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock) -> None:
        self._vault = unlocked.vault
        self._officer = officer
        self._clock = clock

    def look(self, case_id: int, written: Written) -> Message:
        """What the source would read. Raises `NotFoundError`, `ReplyError`, `UnanswerableError`."""
        with self._vault.read() as session:
            case, source = self._case(session, case_id)
            return self._checked(session, self._filled(ReplyRow(case=case.id), written), case, source)

    def reply(self, case_id: int, written: Written, *, draft: bool = False) -> None:
        """Keep an answer. Raises `NotFoundError`, `ReplyError`, `UnanswerableError`."""
        with self._vault.write() as session:
            case, source = self._case(session, case_id)
            row = self._filled(ReplyRow(case=case.id), written)
            self._checked(session, row, case, source)
            self._keep(session, row, case, draft=draft)

    def kept(self, reply_id: int) -> Kept:
        """An answer that can still be changed. Raises `NotFoundError`, `SentReplyError`."""
        with self._vault.read() as session:
            row, _, _ = self._row(session, reply_id)
            asks = Asks(
                tuple(May(word) for word in row.may.split()),
                row.consent_body,
                tuple(row.consent_fields.splitlines()),
            )
            due_on = None if row.due_on is None else date.fromisoformat(row.due_on)
            return Kept(row.id, row.case, Written(row.text, row.stage, due_on, asks, row.about), row.draft)

    def change(self, reply_id: int, written: Written, *, draft: bool = False) -> int:
        """Keep an answer as it is written now; the number of its case.

        Raises `NotFoundError`, `SentReplyError`, `ReplyError`, `UnanswerableError`; then nothing was changed.
        """
        with self._vault.write() as session:
            row, case, source = self._row(session, reply_id)
            words_before = row.text
            self._checked(session, self._filled(row, written), case, source)
            self._keep(session, row, case, words_before, draft=draft)
            return case.id

    def take_back(self, reply_id: int) -> int:
        """Forget an answer that has not left; the number of its case. Raises `NotFoundError`,
        `SentReplyError`."""
        with self._vault.write() as session:
            row, case, _ = self._row(session, reply_id)
            answers.forget(session, row)
            last = answers.last_said(session, case.id)
            case.stage = Stage.RECEIVED.value if last is None else last.stage
            case.due_on = None if last is None else last.due_on
            case.unanswered = case.unanswered or not row.draft
            return case.id

    def _case(self, session: Session, case_id: int) -> tuple[CaseRow, SourceRow]:
        found = case_list.case(session, case_id, self._officer.officer_id)
        if found is None:
            raise NotFoundError
        return found

    def _row(self, session: Session, reply_id: int) -> tuple[ReplyRow, CaseRow, SourceRow]:
        found = answers.one(session, reply_id, self._officer.officer_id)
        if found is None:
            raise NotFoundError
        if found[0].out_seq is not None:
            raise SentReplyError
        return found

    def _filled(self, row: ReplyRow, written: Written) -> ReplyRow:
        """The row with what was written, checked as far as it says something by itself."""
        plain = written.text.replace("\r\n", "\n").strip()
        asks = written.asks
        if not plain:
            raise ReplyError("The answer is empty. Write what the source should read.")
        if bool(asks.consent_body.strip()) != bool(asks.consent_fields):
            raise ReplyError(
                "To ask for consent, name the body, and choose what it would learn. Or leave both."
            )
        if written.stage not in {known.value for known in Stage}:
            raise ReplyError("Choose one of the stages that are offered.")
        row.text, row.stage, row.about = plain, written.stage, written.about
        row.due_on = None if written.due_on is None else written.due_on.isoformat()
        row.may = " ".join(each.value for each in asks.may)
        row.consent_body = asks.consent_body.strip()
        row.consent_fields = "\n".join(asks.consent_fields)
        return row

    def _checked(self, session: Session, row: ReplyRow, case: CaseRow, source: SourceRow) -> Message:
        if not source.answerable:
            raise UnanswerableError
        today = self._today(session)
        if row.due_on is not None and row.due_on < today.isoformat():
            raise ReplyError("The day by which the source hears next lies in the past.")
        try:
            return parse_message(slotting.message_of(row, case, today))
        except MessageError as error:
            raise ReplyError(str(error)) from error

    def _keep(
        self, session: Session, row: ReplyRow, case: CaseRow, words_before: str = "", *, draft: bool
    ) -> None:
        row.written_by, row.written_on = self._officer.name, self._today(session).isoformat()
        row.draft, row.held_back, row.message_id = draft, "", ""
        answers.keep(session, row, words_before)
        if not draft:
            case.stage, case.due_on, case.unanswered = row.stage, row.due_on, False

    def _today(self, session: Session) -> date:
        return day_of(self._clock(), statements.station_row(session).time_zone)
