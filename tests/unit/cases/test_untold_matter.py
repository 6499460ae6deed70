"""A report has its last day before anybody told its matters apart, and no second one afterwards."""

from dataclasses import replace
from datetime import date

from cases import clocks, life
from cases.case import Case
from cases.clock import Clock, Standing
from cases.due import due
from cases.event import Actor, Event
from cases.events import (
    AllegationAdded,
    Closed,
    ContinuedExOfficio,
    Received,
    Reopened,
    WithdrawalAsked,
    WithdrawalChecked,
    Withdrawn,
)
from cases.kinds import Role
from tests.support.lives import rules

DAY = date(2026, 11, 22)
LAST = date(2027, 1, 21)
LATER = date(2026, 12, 1)
PACK = rules()
INTAKE = Actor(Role.INTAKE, "anna")
SECOND = Actor(Role.SECOND_OFFICER, "sofia")
SOURCE = Actor(Role.SOURCE)


def received() -> Case:
    return life.advance(None, Received(on=DAY, recorded_on=DAY, by=Actor(Role.SYSTEM), pack=PACK.ref), PACK)


def then(case: Case, *steps: Event) -> Case:
    for step in steps:
        case = life.advance(case, step, PACK)
    return case


def added(name: str) -> AllegationAdded:
    return AllegationAdded(on=LATER, recorded_on=LATER, by=INTAKE, allegation=name, category="waste")


def withdrawal() -> tuple[Event, ...]:
    return (
        WithdrawalAsked(on=DAY, recorded_on=DAY, by=SOURCE),
        WithdrawalChecked(on=DAY, recorded_on=DAY, by=INTAKE, free=True),
        Withdrawn(on=DAY, recorded_on=DAY, by=INTAKE, second=SECOND),
    )


def closing(reason: str) -> Closed:
    return Closed(on=LATER, recorded_on=LATER, by=INTAKE, second=SECOND, reason=reason, text_ref="t1")


def clock_of(case: Case, subject: str) -> Clock:
    clock = case.clocks.find("handle", subject)
    assert clock is not None
    return clock


def test_before_its_matters_are_told_apart_a_report_has_their_last_day() -> None:
    assert {(clock.deadline.id, clock.subject): clock.due_on for clock in received().clocks} == {
        ("acknowledge", ""): date(2026, 11, 29),
        ("feedback", ""): date(2027, 2, 28),
        ("handle", ""): LAST,
    }


def test_a_report_that_nobody_looked_into_is_in_the_list_of_the_day() -> None:
    listed = due([("7", received().clocks)], LAST)
    assert [entry.clock.deadline.id for entry in listed.today] == ["handle"]


def test_the_first_matter_takes_over_the_days_of_the_report_and_the_second_has_its_own() -> None:
    case = then(received(), added("a1"))
    assert case.clocks.find("handle", "") is None
    assert (clock_of(case, "a1").due_on, clock_of(case, "a1").subject) == (LAST, "a1")
    assert case.clocks.find("acknowledge", "") is not None
    case = then(case, added("a2"))
    assert clock_of(case, "a2").due_on == LAST
    assert len(case.clocks.runs["handle", "a1"]) == 1


def test_days_that_were_granted_to_the_whole_report_go_with_its_first_matter() -> None:
    longer = clocks.extend(
        received().clocks,
        "handle",
        "",
        by=30,
        on=DAY,
        approved_by=Role.SECOND_OFFICER,
        reason_given=True,
        pack=PACK,
    )
    case = then(replace(received(), clocks=longer), added("a1"))
    assert clock_of(case, "a1").due_on == date(2027, 2, 20)


def test_a_report_that_is_closed_at_once_is_not_counted_on() -> None:
    case = then(received(), closing("clearly_false"))
    assert clock_of(case, "").stopped_on == LATER


def test_a_report_that_was_taken_back_is_counted_on_only_when_the_agency_goes_on() -> None:
    case = then(received(), *withdrawal())
    assert clock_of(case, "").standing(LATER) is Standing.STOPPED_IN_TIME
    goes_on = ContinuedExOfficio(on=LATER, recorded_on=LATER, by=Actor(Role.SUPERVISOR, "sun"))
    case = then(case, goes_on)
    assert (clock_of(case, "").due_on, clock_of(case, "").began_on) == (LAST, LATER)
    assert len(case.clocks.runs["handle", ""]) == 2
    assert then(case, added("a1")).clocks.find("handle", "") is None


def test_a_report_that_is_opened_again_before_its_matters_were_told_has_its_days() -> None:
    again = Reopened(
        on=LATER,
        recorded_on=LATER,
        by=Actor(Role.SUPERVISOR, "sun"),
        second=SECOND,
        allegations=(),
        new_evidence=True,
    )
    case = then(received(), closing("clearly_false"), again, added("a1"))
    assert clock_of(case, "a1").stopped_on is None
    assert clock_of(case, "a1").started_on == LATER
