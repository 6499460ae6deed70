"""The clocks of one case: which periods run, from which day to which, and how each one ended.

They are never stored: `cases.life` applies the events of a case one after the other, and the same
events always give the same dates. Nothing here knows today.

Some periods begin at the latest on a day that is known beforehand: when another period has run out
(`after`), or some time after a notice that nobody has read (`served`). Such a clock is there from
the beginning and waits; until it is settled by its own event its first day can still move.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from cases.clock import Clock
from cases.dates import Calendar, add, roll
from cases.errors import ClockError, DateError
from cases.kinds import AppliesBy, EventKind, OnMiss, Role, Roll, Scope
from cases.packs.pack import Pack
from cases.packs.schema import LENGTH_MAX, Deadline, Span


@dataclass(frozen=True)
class Happening:
    """What an event means to the clocks: what happened, on which legal day, to whom."""

    kind: EventKind
    on: date
    concerns: Mapping[Scope, tuple[str, ...]]
    """The ids of the subjects, unique within a case; the report's is the empty text."""
    laws: Mapping[str, str] = field(default_factory=dict)
    """By subject, the id of the law that governs it, where that is known."""


@dataclass(frozen=True)
class Clocks:
    """All clocks of a case, the finished runs of each before its latest one."""

    runs: Mapping[tuple[str, str], tuple[Clock, ...]] = field(default_factory=dict)
    """By deadline id and subject, the runs, the latest last."""

    def __iter__(self) -> Iterator[Clock]:
        for runs in self.runs.values():
            yield from runs

    def find(self, deadline_id: str, subject: str) -> Clock | None:
        """The latest run of a deadline for a subject, or None when it never began."""
        runs = self.runs.get((deadline_id, subject))
        return runs[-1] if runs else None


def apply(clocks: Clocks, happening: Happening, pack: Pack, received_on: date) -> Clocks:
    """What an event makes of the clocks: it stops those it ends, then starts its own.

    A stop of what does not run, and a start of what does, change nothing; but a period after which
    a step is refused begins anew with each start, so that a second result can be objected to as the
    first could. `received_on` is the day of the report, by which most rules are chosen. A period
    that the calendar cannot count is kept without a last day: the event has happened, whatever the
    pack knows.
    """
    stopping = pack.stopping.get(happening.kind, ())
    starting = pack.starting.get(happening.kind, ())
    if not stopping and not starting:
        return clocks
    work = _Work(dict(clocks.runs), pack, happening.on)
    for deadline in stopping:
        for subject in happening.concerns.get(deadline.scope, ()):
            work.stop(deadline.id, subject, happening)
    for deadline in starting:
        for subject in happening.concerns.get(deadline.scope, ()):
            work.start(deadline, subject, happening, received_on)
    return Clocks(work.runs)


def served(clocks: Clocks, notice: Happening, read_on: date, pack: Pack) -> Clocks:
    """Begin the periods that run from the reading of a notice, unless their long stop came first.

    `notice` is the event that the notice told of, as it was applied. Raises `DateError` when it is
    said to have been read before it was given.
    """
    if read_on < notice.on:
        raise DateError(f"The notice was given on {notice.on} and cannot have been read on {read_on}.")
    work = _Work(dict(clocks.runs), pack, read_on)
    for deadline in pack.starting.get(notice.kind, ()):
        if deadline.served:
            for subject in notice.concerns.get(deadline.scope, ()):
                work.read(deadline.id, subject)
    return Clocks(work.runs)


def resume(clocks: Clocks, happening: Happening, pack: Pack) -> Clocks:
    """Let periods run on that were stopped by a step which this event undoes, for the subjects it concerns.

    Each gets a new run with the first and the last day of the old one, which stays on record.
    """
    work = _Work(dict(clocks.runs), pack, happening.on)
    for deadline in pack.resuming.get(happening.kind, ()):
        for subject in happening.concerns.get(deadline.scope, ()):
            work.resume(deadline.id, subject)
    return Clocks(work.runs)


def hand_over(clocks: Clocks, matter: str) -> Clocks:
    """Give what ran for the report as its one untold matter to the first matter that is told apart."""
    runs = {}
    for (deadline_id, subject), clocks_of in clocks.runs.items():
        untold = subject == "" and clocks_of[-1].deadline.scope is Scope.ALLEGATION
        if untold:
            runs[deadline_id, matter] = tuple(clock._replace(subject=matter) for clock in clocks_of)
        else:
            runs[deadline_id, subject] = clocks_of
    return Clocks(runs)


def extend(
    clocks: Clocks,
    deadline_id: str,
    subject: str,
    *,
    by: int,
    on: date,
    approved_by: Role | None,
    reason_given: bool,
    pack: Pack,
) -> Clocks:
    """Lengthen a running period by `by` of its own unit; it is counted anew from its first day.

    `approved_by` is the capacity of the second person, None where there was none. Raises
    `ClockError` with the bound that the rule sets: how far, how often, why, by whom, until when.
    """
    clock = clocks.find(deadline_id, subject)
    if clock is None:
        raise ClockError(f"The period “{deadline_id}” has not begun, so it cannot be extended.")
    _check_running(clock, on)
    _check_extension(clock, by, approved_by=approved_by, reason_given=reason_given)
    work = _Work(dict(clocks.runs), pack, on)
    work.put(clock._replace(extended=clock.extended + by, extensions=clock.extensions + 1))
    return Clocks(work.runs)


def _check_running(clock: Clock, on: date) -> None:
    name = f"The period “{clock.deadline.id}”"
    if clock.stopped_on is not None:
        raise ClockError(f"{name} ended on {clock.stopped_on} and can no longer be extended.")
    if clock.started_on is None or on < clock.started_on:
        raise ClockError(f"{name} does not run yet, so it cannot be extended.")
    if not clock.in_time(on):
        raise ClockError(
            f"{name} ran out on {clock.due_on}. It can be extended until that day, not after it."
        )


def _check_extension(clock: Clock, by: int, *, approved_by: Role | None, reason_given: bool) -> None:
    rule = clock.deadline.extend
    name = f"The period “{clock.deadline.id}” ({', '.join(map(str, clock.deadline.basis))})"
    if rule is None:
        raise ClockError(f"{name} cannot be extended.")
    if by < 1:
        raise ClockError(f"{name} can only be made longer, by 1 at least.")
    if clock.deadline.length + clock.extended + by > LENGTH_MAX:
        raise ClockError(f"{name} can be {LENGTH_MAX} long in all, and no longer.")
    if rule.most is not None and clock.extended + by > rule.most:
        raise ClockError(f"{name} can be extended by {rule.most} in all; {clock.extended} of it is used.")
    if rule.times is not None and clock.extensions >= rule.times:
        raise ClockError(f"{name} was extended as often as the rule allows: {rule.times}.")
    if rule.reason and not reason_given:
        raise ClockError(f"{name} is extended only with a reason. Write it down, then extend.")
    if rule.approver is not None and approved_by is not rule.approver:
        raise ClockError(f"{name} is extended only with the approval of: {rule.approver}.")


@dataclass
class _Work:
    """The work of one event of one day on a copy of the runs that nobody else holds."""

    runs: dict[tuple[str, str], tuple[Clock, ...]]
    pack: Pack
    on: date

    def start(self, deadline: Deadline, subject: str, happening: Happening, received_on: date) -> None:
        if not _holds(deadline, subject, happening, received_on):
            return
        current = self._last(deadline.id, subject)
        if current is not None and not current.over(self.on):
            if not (current.settled or deadline.served):
                self._settle(current)
                return
            if not self._gives_way(current):
                return
            self._keep(current._replace(stopped_on=self.on))
        first: date | None = self.on
        if deadline.served:
            span = deadline.deemed_served
            first = None if span is None else _end(self.on, span, self.pack.calendar)
        clock = self._new(deadline, subject, first, settled=not deadline.served)
        self._begin(clock, happening, received_on)

    def _gives_way(self, clock: Clock) -> bool:
        """Whether a new start ends this run: a right has its whole time again, a duty does not."""
        return clock.deadline.on_miss is OnMiss.REFUSE and clock.began_on <= self.on

    def stop(self, deadline_id: str, subject: str, happening: Happening) -> None:
        clock = self._last(deadline_id, subject)
        if clock is None or clock.stopped_on is not None or self.on < clock.began_on:
            return
        if happening.kind in clock.deadline.stops_on:
            self._keep(clock._replace(stopped_on=self.on))

    def resume(self, deadline_id: str, subject: str) -> None:
        clock = self._last(deadline_id, subject)
        if clock is None or clock.stopped_on is None or self.on < clock.stopped_on:
            return
        again = clock._replace(began_on=self.on, stopped_on=None)
        self.runs[deadline_id, subject] = (*self.runs[deadline_id, subject], again)
        self._move(again)

    def read(self, deadline_id: str, subject: str) -> None:
        clock = self._last(deadline_id, subject)
        if clock is not None and clock.stopped_on is None and not clock.settled:
            self._settle(clock)

    def put(self, clock: Clock) -> None:
        """Keep the latest run with its last day counted anew."""
        due_on, tell_on = self._counted(clock.deadline, clock.started_on, clock.extended)
        self._keep(clock._replace(due_on=due_on, tell_on=tell_on))

    def _new(self, deadline: Deadline, subject: str, first: date | None, *, settled: bool) -> Clock:
        due_on, tell_on = self._counted(deadline, first, 0)
        return Clock(deadline, subject, self.on, settled, first, due_on, tell_on)

    def _begin(self, clock: Clock, happening: Happening, received_on: date) -> None:
        """Add a run, and the runs that wait for its end."""
        key = (clock.deadline.id, clock.subject)
        self.runs[key] = (*self.runs.get(key, ()), clock)
        self._move(clock)
        for deadline in self.pack.following.get(clock.deadline.id, ()):
            other = self._last(deadline.id, clock.subject)
            if other is not None and not other.over(self.on):
                continue
            if _holds(deadline, clock.subject, happening, received_on):
                waiting = self._new(deadline, clock.subject, _ran_out_on(clock), settled=False)
                self._begin(waiting, happening, received_on)

    def _settle(self, clock: Clock) -> None:
        first = self.on if clock.started_on is None else min(clock.started_on, self.on)
        self.put(clock._replace(started_on=first, settled=True))

    def _keep(self, clock: Clock) -> None:
        """Put the latest run in the place of what it was."""
        key = (clock.deadline.id, clock.subject)
        self.runs[key] = (*self.runs[key][:-1], clock)
        self._move(clock)

    def _move(self, clock: Clock) -> None:
        """Let what still waits for the end of this run wait for the day on which it now is."""
        for deadline in self.pack.following.get(clock.deadline.id, ()):
            other = self._last(deadline.id, clock.subject)
            if other is not None and other.waits(self.on):
                self.put(other._replace(started_on=_ran_out_on(clock)))

    def _counted(
        self, deadline: Deadline, first: date | None, extended: int
    ) -> tuple[date | None, date | None]:
        """The last day of a period, and the first one worth a look."""
        if first is None:
            return None, None
        span = Span(deadline.length + extended, deadline.unit)
        due_on = _end(first, span, self.pack.calendar, deadline.roll)
        if due_on is None:
            return None, first
        early = min(-min(deadline.warn, default=0), (due_on - date.min).days)
        return due_on, due_on - timedelta(days=early)

    def _last(self, deadline_id: str, subject: str) -> Clock | None:
        runs = self.runs.get((deadline_id, subject))
        return runs[-1] if runs else None


def _holds(deadline: Deadline, subject: str, happening: Happening, received_on: date) -> bool:
    day = received_on if deadline.applies_by is AppliesBy.REPORT_DATE else happening.on
    return deadline.in_force(day) and deadline.holds_under(happening.laws.get(subject))


def _ran_out_on(clock: Clock) -> date | None:
    """The day a period ends without having been stopped in time, as far as is known."""
    if clock.due_on is None or (clock.stopped_on is not None and clock.stopped_on <= clock.due_on):
        return None
    return clock.due_on


def _end(start_on: date, span: Span, calendar: Calendar, rule: Roll = Roll.NONE) -> date | None:
    try:
        return roll(add(start_on, span, calendar), rule, calendar)
    except ClockError:
        return None
