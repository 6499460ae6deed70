"""The list an officer begins the day with."""

from datetime import date, timedelta
from typing import Final

from cases.clocks import Clocks, Happening, apply
from cases.due import Due, due
from cases.kinds import OnMiss, ReportEvent, Scope, Unit
from tests.support.rules import deadline, pack

DAY_0: Final = date(2026, 3, 2)
RULES: Final = pack(
    deadline("acknowledge", length=7, stops_on=(ReportEvent.ACKNOWLEDGED,)),
    deadline("handle", length=60, warn=(-14, -3)),
    deadline("objection", length=5, on_miss=OnMiss.REFUSE),
    deadline("watch", length=5, on_miss=OnMiss.DEEMED),
    deadline("unread", length=5, served=True),
)


def case(received: int, *events: ReportEvent) -> Clocks:
    table = Clocks()
    for kind in (ReportEvent.RECEIVED, *events):
        day = DAY_0 + timedelta(days=received)
        table = apply(table, Happening(kind, day, {Scope.REPORT: ("",)}), RULES, day)
    return table


def listed(found: Due) -> list[list[tuple[str, str]]]:
    return [
        [(entry.case_id, entry.clock.deadline.id) for entry in entries]
        for entries in (found.overdue, found.today, found.warned, found.uncounted)
    ]


def test_each_clock_is_listed_by_what_it_asks_for_on_that_day() -> None:
    cases = [
        ("new", case(0)),
        ("acknowledged", case(0, ReportEvent.ACKNOWLEDGED)),
        ("closed", case(0, ReportEvent.CLOSED, ReportEvent.ACKNOWLEDGED)),
    ]
    days = {n: listed(due(cases, DAY_0 + timedelta(days=n))) for n in (4, 5, 7, 8, 46, 60, 61)}
    new, acknowledged = ("new", "acknowledge"), ("acknowledged", "handle")
    both = [acknowledged, ("new", "handle")]
    last_day_of_others = [(n, d) for d in ("objection", "watch") for n in ("acknowledged", "new")]
    assert days[4] == [[], [], [], []]
    assert sorted(days[5][1]) == sorted(last_day_of_others)
    assert days[7] == [[], [new], [], []]
    assert days[8] == [[new], [], [], []]
    assert days[46] == [[new], [], both, []]
    assert days[60] == [[new], both, [], []]
    assert days[61] == [[new, *both], [], [], []]


def test_the_earliest_last_day_comes_first_and_then_the_case() -> None:
    cases = [("b", case(3)), ("c", case(-2)), ("a", case(3))]
    found = due(cases, DAY_0 + timedelta(days=20))
    assert [entry.case_id for entry in found.overdue] == ["c", "a", "b"]


def test_a_period_that_nobody_can_count_is_told_apart() -> None:
    rules, report = pack(deadline("pay", length=3, unit=Unit.WORKING_DAY)), {Scope.REPORT: ("",)}
    table = apply(Clocks(), Happening(ReportEvent.RECEIVED, DAY_0, report), rules, DAY_0)
    assert listed(due([("x", table)], DAY_0)) == [[], [], [], [("x", "pay")]]
    stopped = apply(table, Happening(ReportEvent.CLOSED, DAY_0, report), rules, DAY_0)
    assert listed(due([("x", stopped)], DAY_0)) == [[], [], [], []]


def test_nothing_is_due_where_there_is_nothing() -> None:
    assert due([], DAY_0) == Due((), (), (), ())
