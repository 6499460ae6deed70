"""What follows from the events of a case: its clocks under its own rules, and its first event at import.

The law of it is `cases.life`; the events are in `case_history`. A case that came before any pack was
installed has no events and no clocks; one whose rules cannot be read is shown without them.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from cases import event_form, life
from cases.clock import Clock, Standing
from cases.errors import CaseError
from cases.event import Actor
from cases.events import Received
from cases.kinds import Role, Scope, Status
from cases.machines.report import ReportState
from cases.packs.pack import Pack, PackRef
from cases.packs.schema import Law
from crypto import canonical
from journalist_app.errors import InstalledPackError
from journalist_app.services import case_history
from journalist_app.services.case_history import History
from journalist_app.services.packs import load
from journalist_app.store import packs
from journalist_app.store.case_tables import CaseRow
from journalist_app.store.tables import PackRow

LANGUAGE: Final = "en"
"""In which the officer app speaks; a pack that lacks it speaks its own first language."""


@dataclass(frozen=True)
class ClockLine:
    """A clock on the day on which it is looked at. `days_left` is below 0 when the last day has passed."""

    title: str
    scope: Scope
    subject: str
    articles: tuple[tuple[str, str], ...]
    """Each place in a law, and what that law is called."""
    status: Status
    standing: Standing
    started_on: date | None
    due_on: date | None
    days_left: int | None
    stopped_on: date | None


@dataclass(frozen=True)
class Rules:
    """The rules that a case keeps, and its clocks: those that run first, the nearest last day first."""

    ref: PackRef
    name: str
    status: Status
    clocks: tuple[ClockLine, ...]


@dataclass(frozen=True)
class RulesMissing:
    """A case has no rules that can be applied, and why. `pack_in_use`: the next one that comes will."""

    trouble: str
    pack_in_use: bool


class Receipts:
    """Receives new cases: today, under the rules in use, where there are any.

    No import fails because of a pack: where it cannot be read, only the nearest last day stays unknown.
    """

    def __init__(self, session: Session, today: date) -> None:
        edition = packs.in_use(session)
        self._today = today
        self._rules = None if edition is None else packs.ref(edition)
        self._pack = None if edition is None else _pack(edition)
        self._last_days: dict[date, str | None] = {}

    def receive(self, case: CaseRow, *, restricted: bool) -> bytes:
        """Let a new case stand as received; its first event, to be kept. Nothing where no pack is in use.

        The first day is the server's, or today where that server's clock is ahead: nobody can record today
        what happens tomorrow.
        """
        case.restricted = restricted
        if self._rules is None:
            return b""
        event = Received(
            on=min(date.fromisoformat(case.received_on), self._today),
            recorded_on=self._today,
            by=Actor(Role.SYSTEM),
            pack=self._rules,
            restricted=restricted,
        )
        case.state, case.clock_due_on = ReportState.RECEIVED.value, self._last_day(event)
        return canonical.encode(event_form.encode(event))

    def _last_day(self, event: Received) -> str | None:
        if event.on not in self._last_days:
            self._last_days[event.on] = None
            if self._pack is not None:
                with suppress(CaseError):
                    case = life.advance(None, event, self._pack, None)
                    self._last_days[event.on] = case_history.nearest_last_day(case)
        return self._last_days[event.on]


def _pack(edition: PackRow) -> Pack | None:
    with suppress(InstalledPackError):
        return load(edition)
    return None


def history_of(session: Session, case_id: int) -> History | RulesMissing:
    """What happened in a case, or why nobody can say."""
    pack_in_use = packs.in_use(session) is not None
    try:
        history = case_history.read(session, case_id)
    except (CaseError, InstalledPackError) as error:
        return RulesMissing(str(error), pack_in_use)
    return RulesMissing("", pack_in_use) if history is None else history


def rules_of(history: History, today: date) -> Rules:
    """The rules of a case and how its clocks look today."""
    pack = history.pack
    lines = [_line(clock, pack, today) for clock in history.case.clocks]
    name = pack.say("pack.name", LANGUAGE).title
    return Rules(pack.ref, name, pack.head.status, tuple(sorted(lines, key=_urgency)))


def _line(clock: Clock, pack: Pack, today: date) -> ClockLine:
    rule = clock.deadline
    return ClockLine(
        title=pack.title(rule, LANGUAGE),
        scope=rule.scope,
        subject=clock.subject,
        articles=tuple((str(place), _law(pack, place.law)) for place in rule.basis),
        status=rule.status,
        standing=clock.standing(today),
        started_on=clock.started_on,
        due_on=clock.due_on,
        days_left=None if clock.due_on is None else (clock.due_on - today).days,
        stopped_on=clock.stopped_on,
    )


def _law(pack: Pack, name: str) -> str:
    return pack.say(f"{Law.kind}.{name}", LANGUAGE).title


def _urgency(line: ClockLine) -> tuple[bool, date]:
    return line.stopped_on is not None, line.due_on or date.max
