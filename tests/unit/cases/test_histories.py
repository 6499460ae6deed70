"""Any life of a report, played at random by the rules: what was recorded is read back and comes to the same
case, and a history that was cut, shuffled or edited comes to its own case or to an error, never to anything
else.
"""

import random
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cases import event_form, life, outlook
from cases.case import Case
from cases.clock import Clock, Standing
from cases.errors import CaseError, DateError, HistoryError
from cases.event import Event
from cases.kinds import ReportEvent as E
from crypto import canonical
from tests.support.lives import day, make, rules, sent, told, verified

PACKS = {rules().ref: rules()}
BODIES = ("ministry", "works_office", "old_prosecutor", "new_prosecutor")
STEPS = 60

STARTS = (
    (make(E.RECEIVED, 0),),
    verified(),
    (*verified(senior=True), make(E.COMPLAINT_FILED, 7)),
    sent(),
    told(),
)
"""From where chance plays on, so that it gets far."""

NUMBERS = st.integers(0, 3)
GAPS = st.sampled_from([0, 0, 1, 1, 2, 8, 15, 40, 100, 400, 2000])
FLAGS = st.booleans()


class Dice:
    """What chance has decided for one step."""

    def __init__(self, number: int, flag: bool) -> None:
        self.number, self.flag = number, flag

    def one_of(self, known: Any, fresh: str) -> str:
        """The id of something that the case has, or else a fresh one."""
        names = [*known]
        return names[self.number % len(names)] if names else fresh


def candidate(case: Case, kind: E, on: int, dice: Dice) -> Event:
    """An event of a kind that may be legal now: about things that the case has, or new ones."""
    fresh = {"allegation": f"m{len(case.allegations) + 1}", "questions": f"q{len(case.questions) + 1}"}
    allegation = dice.one_of(case.allegations, "m1")
    referral = dice.one_of(case.referrals, "f1")
    names = {each.name for each in fields(make(kind, on))}
    chosen: dict[str, Any] = {
        "allegation": fresh["allegation"] if kind is E.ALLEGATION_ADDED else allegation,
        "questions": fresh["questions"] if kind is E.QUESTIONS_ASKED else case.last_round or "q1",
        "referral": referral,
        "senior": dice.flag,
        "free": dice.flag,
        "reason": ("concluded", "clearly_false", "unanswered")[dice.number % 3],
        "hold": dice.one_of(case.holds, "o1"),
        "allegations": tuple(case.allegations)[: dice.number],
    }
    if "listed_in" in names:
        chosen["referral"] = f"f{len(case.referrals) + 1}"
        chosen["institution"] = BODIES[dice.number]
        chosen["lead"] = dice.flag
        chosen["left"] = referral
        chosen["allegation"] = case.referrals[referral].allegation if kind is E.REROUTED else allegation
    if kind is E.NOTICE_READ:
        chosen["subject"] = allegation
    if kind is E.CLOCK_EXTENDED:
        chosen |= {"subject": allegation, "length": 1 + 10 * dice.number}
    if kind is E.REINVESTIGATION_DEMANDED:
        chosen["allegation"] = case.referrals[referral].allegation if case.referrals else allegation
    return make(kind, on, **{name: value for name, value in chosen.items() if name in names})


class Lives(RuleBasedStateMachine):
    """A report whose next step is any that the tables allow, on a day that does not go back."""

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: tuple[Event, ...]) -> None:
        self.history = list(start)
        self.cases = [life.replay(start[: number + 1], PACKS) for number in range(len(start))]
        self.today = (start[-1].on - day(0)).days

    @rule(choice=st.integers(0, 60), gap=GAPS, number=NUMBERS, flag=FLAGS)
    def go_on(self, choice: int, gap: int, number: int, flag: bool) -> None:
        case = self.cases[-1]
        kinds = outlook.possible(case, rules())
        if not kinds:
            return
        self.today += gap
        event = candidate(case, kinds[choice % len(kinds)], self.today, Dice(number, flag))
        try:
            after = life.advance(case, event, rules())
        except CaseError as refused:
            assert str(refused).endswith((".", ")"))  # noqa: PT017
            return
        self.history.append(event)
        self.cases.append(after)

    @rule(kind=st.sampled_from(list(E)), number=NUMBERS, flag=FLAGS)
    def try_anything(self, kind: E, number: int, flag: bool) -> None:
        """What the tables do not allow is refused, whatever it is about."""
        case = self.cases[-1]
        if kind in outlook.possible(case, rules()) or (kind is E.REROUTED and not case.referrals):
            return
        with pytest.raises(CaseError):
            life.advance(case, candidate(case, kind, self.today, Dice(number, flag)), rules())

    @invariant()
    def no_clock_runs_after_its_stop(self) -> None:
        for clock in self.cases[-1].clocks:
            if clock.stopped_on is not None:
                assert clock.stopped_on >= clock.began_on
                looks = {clock.standing(day(self.today + many)) for many in (0, 1, 10_000)}
                assert len(looks) == 1 or clock.due_on is None
                assert not looks & {Standing.RUNNING, Standing.WARNING, Standing.DUE_TODAY, Standing.MISSED}

    @invariant()
    def no_period_becomes_shorter_by_an_extension(self) -> None:
        if len(self.cases) > 1 and self.history[-1].kind is E.CLOCK_EXTENDED:
            before, after = (ends(each) for each in self.cases[-2:])
            assert all(after[key] >= end for key, end in before.items())

    def teardown(self) -> None:
        """Every prefix comes to the case that stood there; so does the history as it is kept."""
        kept = [canonical.encode(event_form.encode(event)) for event in self.history]
        read = [event_form.parse(canonical.parse(data, max_bytes=4096)) for data in kept]
        assert read == self.history
        assert life.replay(read, PACKS) == self.cases[-1]
        moments = list(outlook.timeline(read, PACKS))
        assert [each.state for each in moments] == [each.state for each in self.cases]
        middle = len(read) // 2
        assert life.replay(read[: middle + 1], PACKS) == self.cases[middle]


def ends(case: Case) -> dict[tuple[str, str, date], date]:
    """The last day of each period that has one."""
    return {key(each): each.due_on for each in case.clocks if each.due_on is not None}


def key(clock: Clock) -> tuple[str, str, date]:
    """What tells a clock from every other of its case."""
    return clock.deadline.id, clock.subject, clock.began_on


TestLives = Lives.TestCase
TestLives.settings = settings(settings.get_profile("cleandrop"), stateful_step_count=STEPS)

LONG = (
    *told(),
    make(E.NOTICE_READ, 41),
    make(E.OBJECTED, 45),
    make(E.REINVESTIGATION_DEMANDED, 50),
    make(E.RESULT_RECEIVED, 55),
    make(E.RESULT_NOTIFIED, 56),
    make(E.CLOSED, 58),
    make(E.REOPENED, 100),
    make(E.TRIAGED, 101),
)
POSITIONS = st.integers(0, len(LONG) - 1)


def outcome(history: list[Event]) -> Case | None:
    """The case a history comes to; None when it is told to be broken. Nothing else may happen."""
    try:
        return life.replay(history, PACKS)
    except (HistoryError, DateError):
        return None


@given(POSITIONS)
def test_a_missing_event_is_noticed_or_makes_another_case(position: int) -> None:
    whole = outcome(list(LONG))
    assert outcome([*LONG[:position], *LONG[position + 1 :]]) != whole
    prefix = outcome(list(LONG[:position]))
    assert (prefix is None) == (position == 0)


@given(POSITIONS, POSITIONS)
def test_a_shuffled_history_is_noticed_or_makes_a_consistent_case(one: int, other: int) -> None:
    history = list(LONG)
    history[one], history[other] = history[other], history[one]
    case = outcome(history)
    if LONG[one].recorded_on != LONG[other].recorded_on:
        assert case is None
    elif case is not None:
        assert case.latest == life.replay(LONG, PACKS).latest


@given(POSITIONS, st.integers(-60, 60))
def test_a_moved_day_is_noticed_or_moves_the_clocks_with_it(position: int, by: int) -> None:
    moved = replace(LONG[position], on=LONG[position].on + timedelta(days=by))
    case = outcome([*LONG[:position], moved, *LONG[position + 1 :]])
    if by > 0:
        assert case is None
    if case is not None:
        assert all(clock.began_on >= case.received_on for clock in case.clocks)


def test_lives_of_chance_reach_every_event() -> None:
    """What chance plays is worth something only if it gets everywhere."""
    chance, recorded = random.Random(4), {E.RECEIVED}
    for number in range(200):
        start = STARTS[number % len(STARTS)]
        case, on = life.replay(start, PACKS), (start[-1].on - day(0)).days
        for _ in range(40):
            kind = chance.choice([*outlook.possible(case, rules()), E.HOLD_PLACED])
            on += chance.choice([0, 1, 5, 15, 120])
            event = candidate(case, kind, on, Dice(chance.randrange(4), on % 2 == 0))
            try:
                case = life.advance(case, event, rules())
            except CaseError:
                continue
            recorded.add(kind)
    assert set(E) - recorded <= {E.DESTROYED}
