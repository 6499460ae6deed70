"""The clocks of a case: started, stopped, extended, counted by the calendar, and how they look on a day."""

from datetime import date
from typing import Any

import pytest

from cases import clocks
from cases.clock import Standing
from cases.clocks import Clocks, Happening
from cases.errors import ClockError
from cases.kinds import AppliesBy, EventKind, OnMiss, ReportEvent, RequestEvent, Role, Roll, Scope, Unit
from cases.packs.pack import Pack
from cases.packs.schema import Extension
from tests.support.playing import DAY_0, REPORT, day, days, only, play
from tests.support.rules import deadline, holidays, pack, weekend

HANDLE = deadline("handle", warn=(-14, -3, 0), stops_on=(ReportEvent.TRANSFERRED, ReportEvent.CLOSED))
RULES = pack(HANDLE)


def extend(rules: Pack, table: Clocks, by: int, on: int, **how: Any) -> Clocks:
    given: dict[str, Any] = {"approved_by": Role.SECOND_OFFICER, "reason_given": True, **how}
    return clocks.extend(table, "handle", "", by=by, on=day(on), pack=rules, **given)


@pytest.mark.parametrize(
    ("number", "standing"),
    [
        (-1, Standing.WAITING),
        (0, Standing.RUNNING),
        (45, Standing.RUNNING),
        (46, Standing.WARNING),
        (59, Standing.WARNING),
        (60, Standing.DUE_TODAY),
        (61, Standing.MISSED),
        (9_999, Standing.MISSED),
    ],
)
def test_a_clock_runs_warns_is_due_and_is_missed(number: int, standing: Standing) -> None:
    clock = only(play(RULES, (ReportEvent.RECEIVED, 0)))
    assert (clock.started_on, clock.due_on) == (day(0), day(60))
    assert clock.standing(day(number)) == standing


@pytest.mark.parametrize(
    ("stopped", "standing"),
    [(0, Standing.STOPPED_IN_TIME), (60, Standing.STOPPED_IN_TIME), (61, Standing.STOPPED_LATE)],
)
def test_a_stopped_clock_looks_the_same_on_every_day(stopped: int, standing: Standing) -> None:
    clock = only(play(RULES, (ReportEvent.RECEIVED, 0), (ReportEvent.TRANSFERRED, stopped)))
    assert {clock.standing(day(n)) for n in (-1, 0, 60, 61, 500)} == {standing}
    assert clock.stopped_on == day(stopped)


@pytest.mark.parametrize(
    ("on_miss", "stops_on", "standing", "over"),
    [
        (OnMiss.ESCALATE, (ReportEvent.CLOSED,), Standing.MISSED, False),
        (OnMiss.ESCALATE, (), Standing.ENDED, True),
        (OnMiss.REFUSE, (ReportEvent.CLOSED,), Standing.ENDED, True),
        (OnMiss.DEEMED, (ReportEvent.CLOSED,), Standing.DEEMED, True),
        (OnMiss.DEEMED, (), Standing.DEEMED, True),
    ],
)
def test_what_follows_the_last_day(
    on_miss: OnMiss, stops_on: tuple[EventKind, ...], standing: Standing, over: bool
) -> None:
    clock = only(play(pack(deadline("x", on_miss=on_miss, stops_on=stops_on)), (ReportEvent.RECEIVED, 0)))
    assert [clock.in_time(day(n)) for n in (60, 61)] == [True, False]
    assert not clock.over(day(60))
    assert clock.standing(day(61)) == standing
    assert clock.over(day(61)) is over


def test_silence_that_counted_as_an_answer_stays_one_when_something_comes_after_all() -> None:
    rules = pack(deadline("x", on_miss=OnMiss.DEEMED))
    table = play(rules, (ReportEvent.RECEIVED, 0))
    assert (
        only(play(rules, (ReportEvent.CLOSED, 60), before=table)).standing(day(99))
        == Standing.STOPPED_IN_TIME
    )
    assert only(play(rules, (ReportEvent.CLOSED, 61), before=table)).standing(day(99)) == Standing.DEEMED


def test_a_stop_that_comes_twice_too_soon_or_to_nothing_changes_nothing() -> None:
    nothing = play(RULES, (ReportEvent.TRANSFERRED, 5))
    assert list(nothing) == []
    table = play(RULES, (ReportEvent.RECEIVED, 3))
    assert play(RULES, (ReportEvent.TRANSFERRED, 2), before=table) == table
    stopped = play(RULES, (ReportEvent.TRANSFERRED, 5), before=table)
    assert play(RULES, (ReportEvent.CLOSED, 4), (ReportEvent.TRANSFERRED, 9), before=stopped) == stopped


def test_a_second_start_changes_nothing_while_the_first_runs_even_late() -> None:
    table = play(RULES, (ReportEvent.RECEIVED, 0))
    assert play(RULES, (ReportEvent.RECEIVED, 4), (ReportEvent.RECEIVED, 90), before=table) == table


def test_a_right_has_its_whole_time_again_after_each_start() -> None:
    table = play(
        pack(deadline("apply", on_miss=OnMiss.REFUSE)), (ReportEvent.RECEIVED, 0), (ReportEvent.RECEIVED, 4)
    )
    assert [(c.due_on, c.stopped_on) for c in table] == [(day(60), day(4)), (day(64), None)]


def test_a_finished_clock_starts_anew_and_keeps_its_old_record() -> None:
    rules = pack(deadline("handle", starts_on=(ReportEvent.RECEIVED, ReportEvent.REOPENED)))
    table = play(rules, (ReportEvent.RECEIVED, 0), (ReportEvent.CLOSED, 40), (ReportEvent.REOPENED, 100))
    assert [(c.started_on, c.due_on, c.stopped_on) for c in table] == [
        (day(0), day(60), day(40)),
        (day(100), day(160), None),
    ]
    assert table.find("handle", "") == list(table)[-1]


def test_one_event_can_end_a_run_and_begin_the_next() -> None:
    watch = deadline("watch", starts_on=(ReportEvent.REROUTED,), stops_on=(ReportEvent.REROUTED,))
    table = play(pack(watch), (ReportEvent.REROUTED, 1), (ReportEvent.REROUTED, 8))
    assert [(c.started_on, c.stopped_on) for c in table] == [(day(1), day(8)), (day(8), None)]


def test_events_the_pack_has_no_clock_for_change_nothing() -> None:
    table = play(RULES, (ReportEvent.RECEIVED, 0))
    assert play(RULES, (ReportEvent.TRIAGED, 1), before=table) is table


def test_each_subject_has_its_own_clock() -> None:
    rules = pack(deadline("ask", scope=Scope.QUESTIONS, starts_on=(ReportEvent.QUESTIONS_ASKED,)))
    table = Clocks()
    for number, subject in ((1, "q1"), (5, "q2")):
        asked = Happening(ReportEvent.QUESTIONS_ASKED, day(number), {Scope.QUESTIONS: (subject,), **REPORT})
        table = clocks.apply(table, asked, rules, DAY_0)
    closed = Happening(ReportEvent.CLOSED, day(9), {Scope.QUESTIONS: ("q2", "q3")})
    table = clocks.apply(table, closed, rules, DAY_0)
    assert [(c.subject, c.started_on, c.stopped_on) for c in table] == [
        ("q1", day(1), None),
        ("q2", day(5), day(9)),
    ]
    assert table.find("ask", "q3") is None


def test_a_run_stops_by_the_rule_it_was_started_under() -> None:
    old = deadline("x", until_on=day(10), stops_on=(ReportEvent.TRIAGED,), applies_by=AppliesBy.START_DATE)
    new = deadline("x", from_on=day(11), stops_on=(ReportEvent.CLOSED,), applies_by=AppliesBy.START_DATE)
    rules = pack(old, new)
    assert only(play(rules, (ReportEvent.RECEIVED, 0), (ReportEvent.CLOSED, 5))).stopped_on is None
    assert only(play(rules, (ReportEvent.RECEIVED, 11), (ReportEvent.CLOSED, 12))).stopped_on == day(12)


@pytest.mark.parametrize(
    ("by", "lengths"),
    [(AppliesBy.REPORT_DATE, [60, 60]), (AppliesBy.START_DATE, [60, 90]), (AppliesBy.CLAIM_DATE, [60, 90])],
)
def test_the_version_of_a_rule_is_chosen_by_the_day_that_the_rule_names(
    by: AppliesBy, lengths: list[int]
) -> None:
    starts = (ReportEvent.RECEIVED, ReportEvent.REOPENED)
    old = deadline("handle", until_on=day(50), length=60, starts_on=starts, applies_by=by)
    new = deadline("handle", from_on=day(51), length=90, starts_on=starts, applies_by=by)
    table = play(
        pack(old, new), (ReportEvent.RECEIVED, 0), (ReportEvent.CLOSED, 50), (ReportEvent.REOPENED, 51)
    )
    assert [c.deadline.length for c in table] == lengths


def test_no_rule_in_force_starts_no_clock() -> None:
    assert list(play(pack(deadline("x", from_on=day(1))), (ReportEvent.RECEIVED, 0))) == []


def test_a_rule_under_one_law_starts_only_where_that_law_governs() -> None:
    rules = pack(
        deadline("answer", scope=Scope.ALLEGATION, under=("A",), length=30),
        deadline("answer_b", scope=Scope.ALLEGATION, under=("B",), length=60),
    )
    received = Happening(
        ReportEvent.RECEIVED, DAY_0, {Scope.ALLEGATION: ("a1", "a2", "a3")}, {"a1": "A", "a2": "B"}
    )
    table = clocks.apply(Clocks(), received, rules, DAY_0)
    assert [(c.deadline.id, c.subject) for c in table] == [("answer", "a1"), ("answer_b", "a2")]


def test_requests_have_clocks_of_their_own() -> None:
    rules = pack(
        deadline(
            "decide",
            scope=Scope.REQUEST,
            starts_on=(RequestEvent.STAY_FILED,),
            stops_on=(RequestEvent.STAY_DECIDED,),
            length=14,
        )
    )
    filed = Happening(RequestEvent.STAY_FILED, day(3), {Scope.REQUEST: ("p1",)})
    assert only(clocks.apply(Clocks(), filed, rules, DAY_0)).due_on == day(17)


# --- extension

STRICT = Extension(most=30, times=2, approver=Role.SECOND_OFFICER)
EXTENSIBLE = pack(deadline("handle", extend=STRICT))


def test_an_extension_counts_from_the_first_day() -> None:
    months = pack(deadline("handle", length=3, unit=Unit.MONTH, extend=Extension(most=3)))
    table = clocks.apply(
        Clocks(), Happening(ReportEvent.RECEIVED, date(2026, 11, 30), REPORT), months, date(2026, 11, 30)
    )
    assert only(table).due_on == date(2027, 2, 28)
    longer = clocks.extend(
        table, "handle", "", by=3, on=date(2027, 2, 28), approved_by=None, reason_given=True, pack=months
    )
    assert only(longer).due_on == date(2027, 5, 30)


def test_extensions_add_up_to_the_bound() -> None:
    table = play(EXTENSIBLE, (ReportEvent.RECEIVED, 0))
    clock = only(extend(EXTENSIBLE, extend(EXTENSIBLE, table, 20, 60), 10, 80))
    assert (clock.due_on, clock.extended, clock.extensions) == (day(90), 30, 2)


def test_extensions_together_stay_within_the_bound() -> None:
    table = extend(EXTENSIBLE, play(EXTENSIBLE, (ReportEvent.RECEIVED, 0)), 20, 60)
    with pytest.raises(ClockError, match="extended by 30 in all; 20 of it is used"):
        extend(EXTENSIBLE, table, 11, 70)


def test_a_rule_without_bounds_asks_for_none() -> None:
    free = pack(deadline("handle", extend=Extension(reason=False)))
    table = play(free, (ReportEvent.RECEIVED, 0))
    for _ in range(3):
        table = extend(free, table, 100, 60, approved_by=None, reason_given=False)
    assert only(table).due_on == day(360)


@pytest.mark.parametrize(
    ("by", "on", "how", "said"),
    [
        (31, 10, {}, "extended by 30 in all; 0 of it is used"),
        (0, 10, {}, "by 1 at least"),
        (-5, 10, {}, "by 1 at least"),
        (10, 10, {"reason_given": False}, "only with a reason"),
        (10, 10, {"approved_by": None}, "approval of: second_officer"),
        (10, 10, {"approved_by": Role.HANDLER}, "approval of: second_officer"),
        (10, -1, {}, "does not run yet"),
        (10, 61, {}, "ran out on 2026-05-01"),
    ],
)
def test_an_extension_against_its_rule_is_refused_with_the_bound(
    by: int, on: int, how: dict[str, Any], said: str
) -> None:
    table = play(EXTENSIBLE, (ReportEvent.RECEIVED, 0))
    with pytest.raises(ClockError, match=said):
        extend(EXTENSIBLE, table, by, on, **how)


def test_a_refused_extension_cites_the_article() -> None:
    with pytest.raises(ClockError, match=r"“handle” \(Testland Act 1\) cannot be extended"):
        extend(RULES, play(RULES, (ReportEvent.RECEIVED, 0)), 10, 10)


def test_an_extension_too_many_or_of_nothing_is_refused() -> None:
    table = play(EXTENSIBLE, (ReportEvent.RECEIVED, 0))
    twice = extend(EXTENSIBLE, extend(EXTENSIBLE, table, 1, 1), 1, 2)
    with pytest.raises(ClockError, match="as often as the rule allows: 2"):
        extend(EXTENSIBLE, twice, 1, 3)
    with pytest.raises(ClockError, match="has not begun"):
        extend(EXTENSIBLE, Clocks(), 1, 3)
    with pytest.raises(ClockError, match="ended on 2026-03-12"):
        extend(EXTENSIBLE, play(EXTENSIBLE, (ReportEvent.CLOSED, 10), before=table), 1, 11)


# --- the calendar of the pack

WORKING = deadline("pay", length=5, unit=Unit.WORKING_DAY, extend=Extension(), warn=(-1,))


def test_working_days_and_rolled_last_days_follow_the_pack() -> None:
    rules = pack(
        WORKING,
        deadline("rolled", length=5, roll=Roll.NEXT_WORKING_DAY),
        weekend(6, 7),
        holidays(2026, date(2026, 3, 9)),
    )
    table = play(rules, (ReportEvent.RECEIVED, 0))
    assert days(table, "pay") == (0, 8)  # Monday to Friday is four, the next Monday is a holiday
    assert days(table, "rolled") == (0, 8)  # the fifth day is a Saturday


def test_what_the_calendar_does_not_reach_is_kept_without_a_last_day_and_told() -> None:
    table = play(pack(WORKING), (ReportEvent.RECEIVED, 0))
    clock = only(table)
    assert (clock.due_on, clock.tell_on) == (None, day(0))
    assert [clock.standing(day(n)) for n in (-1, 0, 99)] == [
        Standing.WAITING,
        Standing.UNCOUNTED,
        Standing.UNCOUNTED,
    ]
    assert clock.in_time(day(99))
    stopped = only(play(pack(WORKING), (ReportEvent.CLOSED, 3), before=table))
    assert {stopped.standing(day(n)) for n in (-1, 0, 3, 99)} == {Standing.UNCOUNTED}


def test_an_extension_can_reach_beyond_the_calendar() -> None:
    rules = pack(WORKING, weekend(6, 7), holidays(2026))
    table = play(rules, (ReportEvent.RECEIVED, 0))
    longer = clocks.extend(
        table, "pay", "", by=300, on=day(1), approved_by=None, reason_given=True, pack=rules
    )
    assert only(longer).standing(day(2)) == Standing.UNCOUNTED
