"""What happened in a case, kept as events, and what follows from it: its clocks under its own rules.

The law of it is `cases.life`; nothing that follows is kept, all of it is found anew from the events. Now
the only event that is recorded is that a report came in, at import. A case that came before any pack was
installed has no events and no clocks; one whose rules cannot be read is shown without them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from cases import event_form, life
from cases.clock import Clock, Standing
from cases.errors import CaseError, EventFormatError, HistoryError
from cases.event import Actor, Event
from cases.events import Received, Sending
from cases.kinds import Role, Scope, Status
from cases.packs.pack import Pack, PackRef
from cases.packs.schema import Law
from crypto import canonical, sizes
from crypto.errors import CanonicalError
from journalist_app.errors import InstalledPackError
from journalist_app.services.packs import load
from journalist_app.store import case_events, packs
from journalist_app.store.tables import CaseRow

LANGUAGE: Final = "en"
"""In which the officer app speaks; a pack that lacks it speaks its own first language."""
EVENT_MAX: Final = 64 * sizes.KIB


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


def note_received(session: Session, case: CaseRow, today: date) -> None:
    """Keep that a case was received, and under which rules; nothing where no pack is in use.

    The pack is not read here: no import fails because of one. The first day is the server's, or today
    where that server's clock is ahead: nobody can record today what happens tomorrow.
    """
    edition = packs.in_use(session)
    if edition is None:
        return
    event = Received(
        on=min(date.fromisoformat(case.received_on), today),
        recorded_on=today,
        by=Actor(Role.SYSTEM),
        pack=packs.ref(edition),
    )
    case_events.add(session, case.id, canonical.encode(event_form.encode(event)))


def rules_of(session: Session, case_id: int, today: date) -> Rules | RulesMissing:
    """The rules of a case and how its clocks look today."""
    pack_in_use = packs.in_use(session) is not None
    try:
        history = _history(session, case_id)
        if not history:
            return RulesMissing("", pack_in_use)
        editions = {pack.ref: pack for pack in _packs(session, history)}
        case = life.replay(history, editions)
    except (CaseError, InstalledPackError) as error:
        return RulesMissing(str(error), pack_in_use)
    pack = editions[case.pack_ref]
    lines = [_line(clock, pack, today) for clock in case.clocks]
    name = pack.say("pack.name", LANGUAGE).title
    return Rules(pack.ref, name, pack.head.status, tuple(sorted(lines, key=_urgency)))


def _history(session: Session, case_id: int) -> list[Event]:
    rows = case_events.events(session, case_id)
    if [row.number for row in rows] != list(range(1, len(rows) + 1)):
        raise HistoryError("Something that happened in this case is missing from what is kept of it.")
    return [_parse(row.data) for row in rows]


def _parse(data: bytes) -> Event:
    try:
        return event_form.parse(canonical.parse(data, max_bytes=EVENT_MAX))
    except CanonicalError as error:
        raise EventFormatError(
            "What happened in this case is kept in a form that nobody can read."
        ) from error


def _packs(session: Session, history: Iterable[Event]) -> Iterator[Pack]:
    named = {event.pack for event in history if isinstance(event, Received)}
    named |= {event.listed_in for event in history if isinstance(event, Sending)}
    for ref in named:
        edition = packs.edition(session, ref.id, ref.version)
        if edition is not None:
            yield load(edition)


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
