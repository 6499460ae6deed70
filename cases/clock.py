"""One clock: a run of one deadline of the pack, for one subject, and how it looks on a day.

A clock is made and changed by `cases.clocks` alone. It knows its rule, its first and last day and
how it ended, and not what day it is: whoever wants its standing says for which day.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from cases.kinds import OnMiss
from cases.packs.schema import Deadline


class Standing(StrEnum):
    """How a clock looks on a day."""

    WAITING = "waiting"
    RUNNING = "running"
    WARNING = "warning"
    DUE_TODAY = "due_today"
    MISSED = "missed"
    """The last day has passed and what should have been done is still to do."""
    DEEMED = "deemed"
    """The last day has passed, and the law takes the silence for an answer, whatever comes later."""
    ENDED = "ended"
    """The last day has passed and nothing remains to be done, or can be."""
    UNCOUNTED = "uncounted"
    """The pack's calendar does not reach far enough to say which day is the last."""
    STOPPED_IN_TIME = "stopped_in_time"
    STOPPED_LATE = "stopped_late"


class Clock(NamedTuple):
    """One run of a deadline. `started_on` is day 0 and may lie ahead; None while nobody can know it.

    A named tuple, because the replay of a long history makes and changes hundreds of them.
    """

    deadline: Deadline
    subject: str
    began_on: date
    """The day that brought the clock about: for a waiting one the notice, or the start of the other."""
    settled: bool
    """Whether its own event has come, so that `started_on` no longer moves."""
    started_on: date | None
    due_on: date | None = None
    """The last day. None while it waits for an unknown day, or when it cannot be counted."""
    tell_on: date | None = None
    """The first day on which the clock is worth a look: the first warning, or else the last day."""
    extended: int = 0
    """By how much in all, in the deadline's own unit."""
    extensions: int = 0
    stopped_on: date | None = None

    def standing(self, day: date) -> Standing:
        """How this clock looks on a day. A clock that was stopped looks the same on every day."""
        last = day if self.stopped_on is None else self.stopped_on
        if self.due_on is None and self.started_on is not None and self.started_on <= last:
            return Standing.UNCOUNTED
        if self.due_on is not None and last > self.due_on:
            return self._outcome
        if self.stopped_on is not None:
            return Standing.STOPPED_IN_TIME
        return self._before_end(day)

    @property
    def _outcome(self) -> Standing:
        if self.deadline.on_miss is OnMiss.DEEMED:
            return Standing.DEEMED
        if self.stopped_on is not None:
            return Standing.STOPPED_LATE
        return Standing.ENDED if self.ends_by_itself else Standing.MISSED

    def _before_end(self, day: date) -> Standing:
        if self.started_on is None or day < self.started_on:
            return Standing.WAITING
        if day == self.due_on:
            return Standing.DUE_TODAY
        return Standing.WARNING if self.tell_on is not None and day >= self.tell_on else Standing.RUNNING

    @property
    def ends_by_itself(self) -> bool:
        """Whether the last day ends the matter: nothing stops the period, or silence decides."""
        return not self.deadline.stops_on or self.deadline.on_miss is not OnMiss.ESCALATE

    def in_time(self, day: date) -> bool:
        """Whether a step that this period allows can still be taken on this day, the last one included."""
        return self.stopped_on is None and (self.due_on is None or day <= self.due_on)

    def over(self, day: date) -> bool:
        """Whether this run is finished, so that its event can start another one."""
        return self.stopped_on is not None or (self.ends_by_itself and not self.in_time(day))

    def waits(self, day: date) -> bool:
        """Whether its first day is still open on this day: neither settled, nor past, nor stopped."""
        if self.settled or self.stopped_on is not None:
            return False
        return self.started_on is None or day <= self.started_on
