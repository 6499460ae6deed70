"""Any history of events, in any order: the clocks of a case keep what they promise."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from cases import clocks
from cases.clock import Clock, Standing
from cases.clocks import Clocks, Happening
from cases.dates import add
from cases.errors import ClockError, DateError
from cases.kinds import OnMiss, ReportEvent, Scope, Unit
from cases.packs.pack import Pack
from cases.packs.schema import Extension, Span
from tests.support.rules import deadline, holidays, pack, weekend

DAY_0: Final = date(2027, 11, 29)
SUBJECTS: Final = ("a1", "a2")
NAMES: Final = ("handle", "acknowledge", "feedback", "objection", "watch", "pay")
ON_ALLEGATION: Final = {"scope": Scope.ALLEGATION, "extend": Extension()}
RULES: Final = pack(
    deadline("handle", **ON_ALLEGATION),
    deadline(
        "acknowledge", length=7, stops_on=(ReportEvent.ACKNOWLEDGED, ReportEvent.CLOSED), **ON_ALLEGATION
    ),
    deadline(
        "feedback",
        after="acknowledge",
        starts_on=(ReportEvent.ACKNOWLEDGED,),
        stops_on=(ReportEvent.RESULT_NOTIFIED, ReportEvent.CLOSED),
        length=3,
        unit=Unit.MONTH,
        **ON_ALLEGATION,
    ),
    deadline(
        "objection",
        starts_on=(ReportEvent.RESULT_NOTIFIED,),
        stops_on=(ReportEvent.OBJECTED,),
        length=7,
        on_miss=OnMiss.REFUSE,
        served=True,
        deemed_served=Span(1, Unit.MONTH),
        **ON_ALLEGATION,
    ),
    deadline("watch", after="feedback", stops_on=(), starts_on=(), length=1, unit=Unit.YEAR, **ON_ALLEGATION),
    deadline("pay", length=5, unit=Unit.WORKING_DAY, on_miss=OnMiss.DEEMED, **ON_ALLEGATION),
    weekend(6, 7),
    *(holidays(year, date(year, 1, 1), date(year, 12, 24)) for year in (2027, 2028)),
)
KINDS: Final = (
    ReportEvent.RECEIVED,
    ReportEvent.ACKNOWLEDGED,
    ReportEvent.RESULT_NOTIFIED,
    ReportEvent.OBJECTED,
    ReportEvent.CLOSED,
)
Move: TypeAlias = Callable[[Clocks, Pack], Clocks]


@dataclass(frozen=True)
class Event:
    """Something happens to some allegations."""

    kind: ReportEvent
    on: date
    subjects: tuple[str, ...]

    @property
    def happening(self) -> Happening:
        return Happening(self.kind, self.on, {Scope.ALLEGATION: self.subjects})

    def __call__(self, table: Clocks, rules: Pack) -> Clocks:
        return clocks.apply(table, self.happening, rules, DAY_0)


@dataclass(frozen=True)
class Reading:
    """A notice is read `later` days after it was given."""

    notice: Event
    later: int

    def __call__(self, table: Clocks, rules: Pack) -> Clocks:
        read_on = self.notice.on + timedelta(days=self.later)
        return clocks.served(table, self.notice.happening, read_on, rules)


@dataclass(frozen=True)
class Extending:
    """A period is made longer."""

    name: str
    subject: str
    by: int
    on: date

    def __call__(self, table: Clocks, rules: Pack) -> Clocks:
        return clocks.extend(
            table,
            self.name,
            self.subject,
            by=self.by,
            on=self.on,
            approved_by=None,
            reason_given=True,
            pack=rules,
        )


DAYS: Final = st.integers(0, 300).map(lambda n: DAY_0 + timedelta(days=n))
SOME: Final = st.sampled_from((("a1",), ("a2",), SUBJECTS))
EVENTS: Final = st.builds(Event, st.sampled_from(KINDS), DAYS, SOME)
NOTICES: Final = st.builds(Event, st.just(ReportEvent.RESULT_NOTIFIED), DAYS, SOME)
MOVES: Final = st.one_of(
    EVENTS,
    st.builds(Reading, NOTICES, st.integers(-1, 60)),
    st.builds(Extending, st.sampled_from(NAMES), st.sampled_from(SUBJECTS), st.integers(-3, 40), DAYS),
)
BEGUN: Final = Event(ReportEvent.RECEIVED, DAY_0, SUBJECTS)
HISTORIES: Final = st.lists(MOVES, max_size=25).map(lambda moves: [BEGUN, *moves])


def step(table: Clocks, move: Move, rules: Pack = RULES) -> Clocks:
    """The clocks after a move; those before it where it is refused."""
    try:
        return move(table, rules)
    except (ClockError, DateError):
        return table


def stages(history: list[Move], rules: Pack = RULES) -> list[Clocks]:
    found = [Clocks()]
    for move in history:
        found.append(step(found[-1], move, rules))
    return found


@given(HISTORIES)
def test_replaying_a_history_gives_the_same_dates(history: list[Move]) -> None:
    assert stages(history) == stages(history, pack(*RULES.records))


@given(HISTORIES)
def test_what_was_given_out_does_not_change(history: list[Move]) -> None:
    table = Clocks()
    for move in history:
        before = deepcopy(table)
        after = step(table, move)
        assert table == before
        table = after


@given(HISTORIES, st.integers(0, 900))
def test_no_clock_runs_after_its_stop(history: list[Move], number: int) -> None:
    found = stages(history)
    day = DAY_0 + timedelta(days=number)
    for earlier, later in pairwise(found):
        stopped = [c for c in earlier if c.stopped_on is not None]
        assert all(clock in list(later) for clock in stopped)
    for clock in found[-1]:
        if clock.stopped_on is not None:
            assert clock.standing(day) in {
                Standing.STOPPED_IN_TIME,
                Standing.STOPPED_LATE,
                Standing.UNCOUNTED,
                *([Standing.DEEMED] if clock.deadline.on_miss is OnMiss.DEEMED else []),
            }
            assert clock.standing(day) is clock.standing(clock.stopped_on)
            assert clock.stopped_on >= clock.began_on
            assert not clock.in_time(day)


@given(HISTORIES, st.sampled_from(NAMES), st.sampled_from(SUBJECTS), st.integers(1, 40), DAYS)
def test_an_extension_never_shortens_anything(
    history: list[Move], name: str, subject: str, by: int, on: date
) -> None:
    before = stages(history)[-1]
    after = step(before, Extending(name, subject, by, on))
    for old, new in zip(before, after, strict=True):
        if old.due_on is not None and new.due_on is not None:
            assert new.due_on >= old.due_on
        if old != new and old.deadline.id == name:
            assert new.due_on is None or new.due_on > (old.due_on or on)


@given(HISTORIES)
def test_every_last_day_is_the_whole_length_from_the_first_day(history: list[Move]) -> None:
    for clock in stages(history)[-1]:
        assert (clock.due_on, clock.tell_on) == slow(clock)


def slow(clock: Clock) -> tuple[date | None, date | None]:
    if clock.started_on is None:
        return None, None
    rule = clock.deadline
    try:
        last_on = add(clock.started_on, Span(rule.length + clock.extended, rule.unit), RULES.calendar)
    except ClockError:
        return None, clock.started_on
    return last_on, last_on


@given(HISTORIES)
def test_a_period_has_one_open_run_and_its_first_day_never_moves_once_it_is_settled(
    history: list[Move],
) -> None:
    found = stages(history)
    for table in found:
        for runs in table.runs.values():
            assert all(c.stopped_on is not None or c.ends_by_itself for c in runs[:-1])
    for earlier, later in pairwise(found):
        for key, runs in earlier.runs.items():
            kept = later.runs[key]
            assert len(kept) >= len(runs)
            for old, new in zip(runs, kept, strict=False):
                assert not old.settled or old.started_on == new.started_on


@given(st.none() | st.integers(0, 60), st.integers(0, 20), st.integers(0, 7))
def test_the_feedback_runs_from_the_acknowledgement_or_from_the_end_of_its_time(
    acknowledged: int | None, longer: int, extended_on: int
) -> None:
    table = BEGUN(Clocks(), RULES)
    if longer:
        extending = Extending("acknowledge", "a1", longer, DAY_0 + timedelta(days=extended_on))
        table = extending(table, RULES)
    if acknowledged is not None:
        acknowledgement = Event(ReportEvent.ACKNOWLEDGED, DAY_0 + timedelta(days=acknowledged), ("a1",))
        table = acknowledgement(table, RULES)
    latest = 7 + longer
    first = latest if acknowledged is None else min(acknowledged, latest)
    clock = table.find("feedback", "a1")
    assert clock is not None
    assert clock.started_on == DAY_0 + timedelta(days=first)
