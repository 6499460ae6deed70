"""What is due on a day among many cases: the list an officer begins the day with.

It looks at the clocks as they were replayed and at nothing else. Clocks that wait, that end by
themselves or that the law has decided ask nobody for anything and are not listed. Which cases an
officer may see is settled before: whoever calls hands in those, and no others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.clock import Clock, Standing
from cases.clocks import Clocks


@dataclass(frozen=True)
class Entry:
    """A clock that asks for something, and the case it belongs to."""

    case_id: str
    clock: Clock


@dataclass(frozen=True)
class Due:
    """What asks for an officer on one day; in each list the earliest last day comes first."""

    overdue: tuple[Entry, ...]
    today: tuple[Entry, ...]
    warned: tuple[Entry, ...]
    uncounted: tuple[Entry, ...]
    """Periods whose last day the calendar of the pack does not reach: somebody has to count."""


def due(cases: Iterable[tuple[str, Clocks]], day: date) -> Due:
    """The clocks of these cases, by case id, that ask for something on this day."""
    found: dict[Standing, list[Entry]] = {}
    for case_id, clocks in cases:
        for clock in clocks:
            if clock.stopped_on is None and clock.tell_on is not None and clock.tell_on <= day:
                found.setdefault(clock.standing(day), []).append(Entry(case_id, clock))
    overdue, today, warned, uncounted = (
        tuple(sorted(found.get(standing, ()), key=_by_last_day))
        for standing in (Standing.MISSED, Standing.DUE_TODAY, Standing.WARNING, Standing.UNCOUNTED)
    )
    return Due(overdue, today, warned, uncounted)


def _by_last_day(entry: Entry) -> tuple[date, str]:
    return entry.clock.due_on or entry.clock.began_on, entry.case_id
