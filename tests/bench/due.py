"""due_10k: what is due today among 10,000 open cases with 60,000 clocks, as replayed and held in memory.

The reports came in over the last 120 days. Of the six clocks of each, two were stopped, one waits to
be read, and three run, with warnings 14 and 3 days before their end. `also`: how many of them ask for
something on the day, and the time when every clock is late, which is the longest list there is.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from cases.clocks import Clocks, Happening, apply
from cases.due import due
from cases.kinds import ReportEvent, Scope
from tests.bench.rounds import Row, at_most, milliseconds
from tests.support.rules import deadline, pack

CASES: Final = 10_000
TODAY: Final = date(2026, 11, 22)
WARN: Final = (-14, -3, 0)
PACK: Final = pack(
    deadline("acknowledge", length=7, stops_on=(ReportEvent.ACKNOWLEDGED,)),
    deadline("triage", length=14, stops_on=(ReportEvent.TRIAGED,)),
    deadline("handle", length=90, warn=WARN),
    deadline("feedback", length=120, warn=WARN),
    deadline("assess", length=150, warn=WARN),
    deadline("objection", length=7, starts_on=(ReportEvent.RESULT_NOTIFIED,), served=True),
)
HAPPENED: Final = (
    ReportEvent.RECEIVED,
    ReportEvent.ACKNOWLEDGED,
    ReportEvent.TRIAGED,
    ReportEvent.RESULT_NOTIFIED,
)


def measure(rounds: int) -> dict[str, Row]:
    """The row."""
    cases = tuple(_cases())
    late = tuple((name, _all_open(clocks)) for name, clocks in cases)
    measured = milliseconds(
        {
            "usual": lambda: due(cases, TODAY),
            "all late": lambda: due(late, TODAY + timedelta(days=1_000)),
        },
        rounds,
    )
    also = {"listed": _listed(cases), "ms when all are late": measured["all late"]}
    return {"due_10k": at_most(measured["usual"], "ms for 60,000 clocks", 50, also=also)}


def _cases() -> Iterator[tuple[str, Clocks]]:
    for number in range(CASES):
        day = TODAY - timedelta(days=number % 120)
        clocks = Clocks()
        for kind in HAPPENED:
            clocks = apply(clocks, Happening(kind, day, {Scope.REPORT: ("",)}), PACK, day)
        yield f"case-{number}", clocks


def _all_open(clocks: Clocks) -> Clocks:
    runs = {key: tuple(c._replace(stopped_on=None) for c in of) for key, of in clocks.runs.items()}
    return Clocks(runs)


def _listed(cases: tuple[tuple[str, Clocks], ...]) -> int:
    found = due(cases, TODAY)
    return sum(map(len, (found.overdue, found.today, found.warned)))
