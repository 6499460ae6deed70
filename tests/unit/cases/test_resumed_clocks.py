"""A period that was ended by a step which was undone runs on: the same first day, the same last day."""

from cases.case import Case
from cases.clock import Clock, Standing
from cases.clocks import Clocks, Happening, apply, resume
from cases.kinds import ReportEvent as E
from cases.kinds import Scope
from tests.support.lives import DAY_0, day, make, rules, sent, tell, verified

LEADLESS = make(E.TRANSFERRED, 8, referral="f2", lead=False)


def runs(case: Case, matter: str = "m1") -> tuple[Clock, ...]:
    return case.clocks.runs["handle", matter]


def test_a_matter_that_was_given_back_has_the_last_day_that_it_had() -> None:
    first, again = runs(tell(*sent(), make(E.RETURNED, 20)))
    assert (first.stopped_on, first.standing(day(90))) == (day(7), Standing.STOPPED_IN_TIME)
    assert (again.started_on, again.due_on, again.stopped_on) == (DAY_0, day(60), None)
    assert again.began_on == day(20)


def test_it_is_late_at_once_where_the_body_kept_it_too_long() -> None:
    again = runs(tell(*sent(), make(E.RETURNED, 70)))[-1]
    assert again.standing(day(70)) is Standing.MISSED


def test_it_ends_again_when_the_matter_is_sent_on() -> None:
    case = tell(*sent(), make(E.RETURNED, 20), make(E.TRANSFERRED, 25, referral="f2"))
    assert [run.stopped_on for run in runs(case)] == [day(7), day(25)]


def test_days_that_were_granted_are_kept() -> None:
    longer = make(E.CLOCK_EXTENDED, 6)
    case = tell(*verified(), longer, make(E.TRANSFERRED, 7), make(E.RETURNED, 20))
    assert runs(case)[-1].due_on == day(90)


def test_nothing_runs_on_while_another_body_has_the_matter_or_when_it_was_closed() -> None:
    out = tell(*sent(), LEADLESS, make(E.RETURNED, 20))
    closed = tell(*sent(), make(E.ALLEGATION_CLOSED, 15), make(E.RETURNED, 20))
    assert [len(runs(case)) for case in (out, closed)] == [1, 1]


def test_nothing_runs_on_that_runs_that_never_ran_or_that_ended_later() -> None:
    def happening(kind: E, on: int) -> Happening:
        return Happening(kind, day(on), {Scope.ALLEGATION: ("m1",)})

    running = apply(Clocks(), happening(E.RECEIVED, 0), rules(), DAY_0)
    stopped = apply(running, happening(E.TRANSFERRED, 9), rules(), DAY_0)
    given_back = happening(E.RETURNED, 8)
    for before in (Clocks(), running, stopped):
        assert resume(before, given_back, rules()).runs == before.runs
