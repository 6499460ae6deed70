"""A case that is nothing but its clocks: events of the whole report, on days counted from its receipt."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from cases import clocks
from cases.clock import Clock
from cases.clocks import Clocks, Happening
from cases.kinds import EventKind, Scope
from cases.packs.pack import Pack

DAY_0: Final = date(2026, 3, 2)
REPORT: Final[Mapping[Scope, tuple[str, ...]]] = {Scope.REPORT: ("",)}


def day(number: int) -> date:
    """A day by its number, 0 for the receipt."""
    return DAY_0 + timedelta(days=number)


def play(rules: Pack, *events: tuple[EventKind, int], before: Clocks | None = None) -> Clocks:
    """The clocks after these events of the whole report, on days counted from its receipt."""
    table = before or Clocks()
    for kind, on in events:
        table = clocks.apply(table, Happening(kind, day(on), REPORT), rules, DAY_0)
    return table


def only(table: Clocks) -> Clock:
    """The one clock there is."""
    (clock,) = table
    return clock


def days(table: Clocks, name: str) -> tuple[int | None, int | None]:
    """The first and the last day of the latest run, counted from the receipt."""
    clock = table.find(name, "")
    assert clock is not None
    first, last = (None if d is None else (d - DAY_0).days for d in (clock.started_on, clock.due_on))
    return first, last
