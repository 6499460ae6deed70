"""What happened in a case: kept as events, read back whole, and added to one by one.

The law of it is `cases.life`: whether something may happen, and what follows. Nothing that follows is
kept but what lists are sorted and shut by: state, handler, nearest last day, who may see the case. A
case that came before any pack was installed has no events.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from cases import event_form, life
from cases.case import Case
from cases.errors import EventFormatError, HistoryError
from cases.event import Event
from cases.events import Received, Sending
from cases.machines.report import ENDED
from cases.packs.pack import Pack, PackRef
from crypto import canonical, sizes
from crypto.errors import CanonicalError
from journalist_app.services.packs import load
from journalist_app.store import case_events, packs, visible
from journalist_app.store.case_tables import CaseRow

EVENT_MAX: Final = 64 * sizes.KIB


@dataclass(frozen=True)
class History:
    """The events of a case, the case that they amount to, and the rules that it keeps."""

    events: tuple[Event, ...]
    case: Case
    pack: Pack
    editions: Mapping[PackRef, Pack]


def read(session: Session, case_id: int) -> History | None:
    """What happened in a case; None for one from before packs. Raises `CaseError`, `InstalledPackError`."""
    events = _events(session, case_id)
    if not events:
        return None
    editions = {pack.ref: pack for pack in _packs(session, events)}
    case = life.replay(events, editions)
    return History(tuple(events), case, editions[case.pack_ref], editions)


def add(
    session: Session, row: CaseRow, before: History | None, event: Event, editions: Iterable[Pack]
) -> Case:
    """Keep what happens next, and what follows from it. `editions`: the rules that the event names.

    Raises `CaseError`; then nothing was kept.
    """
    known = {**(before.editions if before else {}), **{pack.ref: pack for pack in editions}}
    case = before.case if before else None
    pack = known[case.pack_ref if case else event.pack]  # type: ignore[attr-defined]
    bodies = known[event.listed_in] if isinstance(event, Sending) else None
    after = life.advance(case, event, pack, bodies)
    case_events.add(session, row.id, canonical.encode(event_form.encode(event)))
    _put(session, row, after, event.on)
    return after


def _put(session: Session, row: CaseRow, case: Case, day: date) -> None:
    """Keep what lists need of a case, after something of a day."""
    row.ended_on = (row.ended_on or day.isoformat()) if case.state in ENDED else None
    row.state, row.handler, row.restricted = case.state.value, case.handler, case.restricted
    row.clock_due_on = nearest_last_day(case)
    visible.put(session, row.id, case.readers, case.recused)


def nearest_last_day(case: Case) -> str | None:
    """Of what the agency owes; a right of the source that runs out by itself makes nothing late."""
    owed = (clock for clock in case.clocks if clock.stopped_on is None and not clock.ends_by_itself)
    last_days = [clock.due_on for clock in owed]
    return min((day.isoformat() for day in last_days if day is not None), default=None)


def _events(session: Session, case_id: int) -> list[Event]:
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
