"""Periods that wait: until a notice is read, or until another period has run out."""

from datetime import date

import pytest

from cases import clocks
from cases.clock import Standing
from cases.clocks import Clocks, Happening
from cases.errors import DateError
from cases.kinds import EventKind, OnMiss, ReportEvent, Unit
from cases.packs.pack import Pack
from cases.packs.schema import Extension, Span
from tests.support.playing import REPORT, day, days, only, play
from tests.support.rules import deadline, pack

# --- periods that begin when a notice is read

OBJECTION = deadline(
    "objection",
    starts_on=(ReportEvent.RESULT_NOTIFIED,),
    stops_on=(ReportEvent.OBJECTED,),
    length=7,
    on_miss=OnMiss.REFUSE,
    served=True,
    deemed_served=Span(90, Unit.CALENDAR_DAY),
)
SERVED = pack(deadline("handle"), OBJECTION)
NOTIFIED = (ReportEvent.RESULT_NOTIFIED, 10)


def read(rules: Pack, table: Clocks, on: int, notified: tuple[EventKind, int] = NOTIFIED) -> Clocks:
    notice = Happening(notified[0], day(notified[1]), REPORT)
    return clocks.served(table, notice, day(on), rules)


@pytest.mark.parametrize(("on", "first"), [(10, 10), (25, 25), (99, 99), (100, 100), (101, 100), (500, 100)])
def test_a_served_period_begins_when_read_and_at_the_latest_at_the_long_stop(on: int, first: int) -> None:
    clock = read(SERVED, play(SERVED, NOTIFIED), on).find("objection", "")
    assert clock is not None
    assert (clock.started_on, clock.due_on) == (day(first), day(first + 7))


def test_a_notice_that_nobody_reads_runs_out_after_the_long_stop() -> None:
    clock = only(play(SERVED, NOTIFIED))
    said = {n: clock.standing(day(n)) for n in (10, 99, 100, 106, 107, 108)}
    assert list(said.values()) == [
        Standing.WAITING,
        Standing.WAITING,
        Standing.RUNNING,
        Standing.RUNNING,
        Standing.DUE_TODAY,
        Standing.ENDED,
    ]


def test_without_a_long_stop_it_waits_for_ever_and_can_still_be_used() -> None:
    rules = pack(deadline("objection", starts_on=(ReportEvent.RESULT_NOTIFIED,), length=7, served=True))
    table = play(rules, NOTIFIED)
    clock = only(table)
    assert (clock.due_on, clock.standing(date(2099, 1, 1))) == (None, Standing.WAITING)
    assert (clock.in_time(date(2099, 1, 1)), clock.over(date(2099, 1, 1))) == (True, False)
    assert only(read(rules, table, 400)).due_on == day(407)
    stopped = only(play(rules, (ReportEvent.CLOSED, 20), before=table))
    assert stopped.standing(day(5)) == Standing.STOPPED_IN_TIME


def test_it_is_read_once_and_not_after_it_was_stopped() -> None:
    table = read(SERVED, play(SERVED, NOTIFIED), 20)
    assert read(SERVED, table, 15) == table
    objected = play(SERVED, NOTIFIED, (ReportEvent.OBJECTED, 12))
    assert read(SERVED, objected, 13) == objected
    assert read(SERVED, Clocks(), 13) == Clocks()


def test_reading_touches_only_what_that_notice_began() -> None:
    table = play(SERVED, (ReportEvent.RECEIVED, 0))
    assert read(SERVED, table, 5, (ReportEvent.RECEIVED, 0)) == table


def test_reading_begins_nothing_that_does_not_run_from_reading() -> None:
    rules = pack(ACKNOWLEDGE, deadline("x", after="acknowledge", starts_on=(ReportEvent.RESULT_NOTIFIED,)))
    table = play(rules, (ReportEvent.RECEIVED, 0))
    assert read(rules, table, 3, (ReportEvent.RESULT_NOTIFIED, 2)) == table


def test_each_notice_of_a_result_gives_the_whole_time_to_object() -> None:
    read_once = read(SERVED, play(SERVED, NOTIFIED), 20)
    for table in (play(SERVED, NOTIFIED), read_once):
        again = play(SERVED, (ReportEvent.RESULT_NOTIFIED, 25), before=table)
        assert [(c.due_on, c.stopped_on) for c in again][-1] == (day(25 + 97), None)
        assert [c.stopped_on for c in again] == [day(25), None]
        assert days(read(SERVED, again, 40, (ReportEvent.RESULT_NOTIFIED, 25)), "objection") == (40, 47)


def test_a_notice_that_is_entered_after_a_later_one_takes_nothing_back() -> None:
    table = play(SERVED, NOTIFIED)
    assert play(SERVED, (ReportEvent.RESULT_NOTIFIED, 9), before=table) == table


def test_a_duty_that_waits_for_reading_does_not_begin_anew_with_the_same_notice() -> None:
    rules = pack(deadline("x", starts_on=(ReportEvent.RESULT_NOTIFIED,), served=True))
    table = play(rules, NOTIFIED)
    assert play(rules, (ReportEvent.RESULT_NOTIFIED, 50), before=table) == table


def test_a_notice_after_the_window_has_shut_opens_another() -> None:
    table = play(SERVED, NOTIFIED, (ReportEvent.RESULT_NOTIFIED, 108))
    assert [c.due_on for c in table] == [day(107), day(108 + 97)]


def test_nobody_reads_a_notice_before_it_was_given() -> None:
    with pytest.raises(DateError, match=r"given on 2026-03-12 and cannot have been read on 2026-03-11"):
        read(SERVED, play(SERVED, NOTIFIED), 9)


# --- periods that begin when another has run out

ACKNOWLEDGE = deadline(
    "acknowledge", length=7, stops_on=(ReportEvent.ACKNOWLEDGED, ReportEvent.CLOSED), extend=Extension()
)
FEEDBACK = deadline(
    "feedback",
    after="acknowledge",
    starts_on=(ReportEvent.ACKNOWLEDGED,),
    stops_on=(ReportEvent.RESULT_NOTIFIED, ReportEvent.CLOSED),
    length=100,
)
LATER = deadline("later", after="feedback", starts_on=(ReportEvent.RETAINED,), stops_on=(), length=10)
CHAIN = pack(ACKNOWLEDGE, FEEDBACK, LATER)


def test_it_begins_when_the_other_runs_out_and_so_does_what_hangs_on_it() -> None:
    table = play(CHAIN, (ReportEvent.RECEIVED, 0))
    assert [days(table, name) for name in ("acknowledge", "feedback", "later")] == [
        (0, 7),
        (7, 107),
        (107, 117),
    ]
    assert [c.standing(day(6)) for c in table] == [Standing.RUNNING, Standing.WAITING, Standing.WAITING]


@pytest.mark.parametrize(("acknowledged", "first"), [(0, 0), (3, 3), (7, 7), (8, 7), (60, 7)])
def test_its_own_event_begins_it_unless_the_other_ran_out_before(acknowledged: int, first: int) -> None:
    table = play(CHAIN, (ReportEvent.RECEIVED, 0), (ReportEvent.ACKNOWLEDGED, acknowledged))
    assert days(table, "feedback") == (first, first + 100)
    assert days(table, "later") == (first + 100, first + 110)


def test_it_moves_when_the_other_is_extended_until_it_is_settled() -> None:
    table = play(CHAIN, (ReportEvent.RECEIVED, 0))
    moved = clocks.extend(
        table, "acknowledge", "", by=5, on=day(7), approved_by=None, reason_given=True, pack=CHAIN
    )
    assert [days(moved, name) for name in ("acknowledge", "feedback", "later")] == [
        (0, 12),
        (12, 112),
        (112, 122),
    ]
    settled = play(CHAIN, (ReportEvent.ACKNOWLEDGED, 9), before=moved)
    assert days(settled, "feedback") == (9, 109)


def test_it_ends_waiting_when_the_case_ends() -> None:
    table = play(CHAIN, (ReportEvent.RECEIVED, 0), (ReportEvent.CLOSED, 2))
    feedback = table.find("feedback", "")
    assert feedback is not None
    assert (feedback.stopped_on, feedback.standing(day(400))) == (day(2), Standing.STOPPED_IN_TIME)
    assert days(table, "later") == (None, None)


def test_it_waits_for_its_own_event_when_the_other_was_stopped_in_time() -> None:
    watch = deadline("watch", after="acknowledge", starts_on=(ReportEvent.RETAINED,), length=30)
    rules = pack(ACKNOWLEDGE, watch)
    table = play(rules, (ReportEvent.RECEIVED, 0), (ReportEvent.ACKNOWLEDGED, 7))
    assert days(table, "watch") == (None, None)
    assert days(play(rules, (ReportEvent.RETAINED, 70), before=table), "watch") == (70, 100)


def test_what_was_settled_or_stopped_does_not_move_with_the_other() -> None:
    starts, stops = (ReportEvent.RETAINED,), (ReportEvent.DESTROYED,)
    watch = deadline("watch", after="acknowledge", starts_on=starts, stops_on=stops, length=30)
    rules = pack(ACKNOWLEDGE, watch)
    settled = play(rules, (ReportEvent.RECEIVED, 0), (ReportEvent.RETAINED, 3), (ReportEvent.ACKNOWLEDGED, 5))
    assert days(settled, "watch") == (3, 33)
    stopped = play(
        rules, (ReportEvent.RECEIVED, 0), (ReportEvent.DESTROYED, 3), (ReportEvent.ACKNOWLEDGED, 5)
    )
    assert days(stopped, "watch") == (7, 37)


def test_a_late_stop_of_the_other_does_not_take_the_start_back() -> None:
    watch = deadline("watch", after="acknowledge", starts_on=(ReportEvent.RETAINED,), length=30)
    table = play(pack(ACKNOWLEDGE, watch), (ReportEvent.RECEIVED, 0), (ReportEvent.ACKNOWLEDGED, 8))
    assert days(table, "watch") == (7, 37)


def test_a_new_run_of_the_other_leaves_what_runs_and_begins_what_is_over() -> None:
    again = (ReportEvent.RECEIVED, ReportEvent.REOPENED)
    first = deadline("first", length=7, starts_on=again, stops_on=(ReportEvent.TRIAGED,))
    waits = deadline("waits", after="first", starts_on=(ReportEvent.RETAINED,), length=30)
    ends = deadline("ends", after="first", starts_on=(ReportEvent.RETAINED,), stops_on=(), length=1)
    table = play(
        pack(first, waits, ends),
        (ReportEvent.RECEIVED, 0),
        (ReportEvent.TRIAGED, 20),
        (ReportEvent.REOPENED, 40),
    )
    assert [c.started_on for c in table if c.deadline.id == "waits"] == [day(7)]
    assert [c.started_on for c in table if c.deadline.id == "ends"] == [day(7), day(47)]


def test_a_new_run_of_the_other_takes_along_what_still_waits() -> None:
    again = (ReportEvent.RECEIVED, ReportEvent.REOPENED)
    first = deadline("first", length=7, starts_on=again, stops_on=(ReportEvent.TRIAGED,))
    waits = deadline("waits", after="first", starts_on=(ReportEvent.RETAINED,), length=30)
    rules = pack(first, waits)
    table = play(rules, (ReportEvent.RECEIVED, 0), (ReportEvent.TRIAGED, 2), (ReportEvent.REOPENED, 40))
    assert [c.started_on for c in table if c.deadline.id == "waits"] == [day(47)]


def test_a_follower_that_is_not_in_force_does_not_begin() -> None:
    rules = pack(ACKNOWLEDGE, deadline("x", after="acknowledge", starts_on=(), until_on=day(-1)))
    assert [c.deadline.id for c in play(rules, (ReportEvent.RECEIVED, 0))] == ["acknowledge"]
