"""Answers a source: what they will read, kept until the next OUT bundle carries it.

The answer is checked whole before it is kept: a text that does not fit into slots, or that
canonical JSON cannot carry, is refused here and not at the export.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from cases.stages import Stage
from journalist_app.clock import Clock, day_of
from journalist_app.errors import NotFoundError, ReplyError, UnanswerableError
from journalist_app.services import slotting, statements
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import case_list, search_index
from journalist_app.store.tables import ReplyRow
from transfer.errors import MessageError
from transfer.message import May


@dataclass(frozen=True)
class Asks:
    """What an answer asks of its source: what they may do, and what they are asked to agree to."""

    may: tuple[May, ...] = ()
    consent_body: str = ""
    consent_fields: tuple[str, ...] = ()


NOTHING_ASKED: Final = Asks()


class Answering:
    """Keeps answers."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock) -> None:
        self._vault = unlocked.vault
        self._officer = officer
        self._clock = clock

    def reply(
        self,
        case_id: int,
        text: str,
        stage: str,
        due_on: date | None,
        asks: Asks = NOTHING_ASKED,
    ) -> None:
        """Keep an answer. Raises `NotFoundError`, `ReplyError`, `UnanswerableError`."""
        plain = text.replace("\r\n", "\n").strip()
        if not plain:
            raise ReplyError("The answer is empty. Write what the source should read.")
        if bool(asks.consent_body.strip()) != bool(asks.consent_fields):
            raise ReplyError(
                "To ask for consent, name the body, and choose what it would learn. Or leave both."
            )
        if stage not in {known.value for known in Stage}:
            raise ReplyError("Choose one of the stages that are offered.")
        with self._vault.write() as session:
            today = day_of(self._clock(), statements.station_row(session).time_zone)
            found = case_list.case(session, case_id, self._officer.officer_id)
            if found is None:
                raise NotFoundError
            case, source = found
            if not source.answerable:
                raise UnanswerableError
            if due_on is not None and due_on < today:
                raise ReplyError("The day by which the source hears next lies in the past.")
            reply = ReplyRow(
                case=case.id,
                written_by=self._officer.name,
                written_on=today.isoformat(),
                text=plain,
                stage=stage,
                due_on=None if due_on is None else due_on.isoformat(),
                out_seq=None,
                held_back="",
                may=" ".join(each.value for each in asks.may),
                consent_body=asks.consent_body.strip(),
                consent_fields="\n".join(asks.consent_fields),
            )
            try:
                slotting.message_of(reply, case, today)
            except MessageError as error:
                raise ReplyError(str(error)) from error
            session.add(reply)
            search_index.add(session, case.id, plain)
            case.stage, case.due_on, case.unanswered = stage, reply.due_on, False
