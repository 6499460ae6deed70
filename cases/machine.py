"""A state machine as a table: which event leads from which state to which.

The tables themselves are in `cases.machines`; the numbers of their steps are those of the list of
transitions that the product is built on. A table says what can follow what and nothing else: who
may do it stands in `cases.machines.acts`, what must be true besides in `cases.guards`. Where an
event alone does not say where it leads, `when` does: a result moves an allegation when the lead
body sends it, and another body's does not. `cases.life` is the only caller that decides by it; the
diagrams in `docs/state-machines/` are written from the same tables.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from cases.errors import IllegalStepError
from cases.kinds import ReportEvent
from cases.stages import Stage

S = TypeVar("S", bound=StrEnum)


class When(StrEnum):
    """What else decides, where the event alone does not."""

    ALWAYS = ""
    LATE = "late"
    """The answer belongs to a round of questions that is no longer awaited."""
    LEAD = "lead"
    """The body leads, or is the last one out and no other leads."""
    OTHER = "other"
    """Another body leads."""
    LAST = "last"
    """No other body still has the allegation."""
    OUT = "out"
    """Another body still has the allegation."""
    FREE = "free"
    COERCED = "coerced"


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """One line of a table. `source` is None for the step with which everything begins."""

    number: int
    source: S | None
    event: ReportEvent
    target: S
    when: When = When.ALWAYS


@dataclass(frozen=True)
class Machine(Generic[S]):
    """A table of steps. `stages` says what each state lets the source see."""

    name: str
    steps: tuple[Step[S], ...]
    stages: Mapping[S, Stage]

    @cached_property
    def _targets(self) -> Mapping[tuple[S | None, ReportEvent, When], S]:
        return {(step.source, step.event, step.when): step.target for step in self.steps}

    @cached_property
    def _events(self) -> Mapping[S | None, tuple[ReportEvent, ...]]:
        found: dict[S | None, dict[ReportEvent, None]] = {}
        for step in self.steps:
            found.setdefault(step.source, {})[step.event] = None
        return {state: tuple(events) for state, events in found.items()}

    @cached_property
    def knows(self) -> frozenset[ReportEvent]:
        """The events that this machine has a step for."""
        return frozenset(step.event for step in self.steps)

    @cached_property
    def numbers(self) -> Mapping[ReportEvent, int]:
        """The number of the transition that each event belongs to."""
        return {step.event: step.number for step in self.steps}

    def possible(self, state: S | None) -> tuple[ReportEvent, ...]:
        """The events that can follow in a state, in the order of the table."""
        return self._events.get(state, ())

    def advance(self, state: S | None, event: ReportEvent, when: When = When.ALWAYS) -> S:
        """The state after an event. Raises `IllegalStepError`, which says what could follow instead."""
        target = self._targets.get((state, event, when))
        if target is None:
            raise IllegalStepError(self._refusal(state, event))
        return target

    def _refusal(self, state: S | None, event: ReportEvent) -> str:
        follow = ", ".join(self.possible(state)) or "nothing"
        if state is None:
            return f"The {self.name} does not begin with “{event}”. It begins with: {follow}."
        return f"“{event}” cannot follow while the {self.name} is “{state}”. What can follow: {follow}."


def rows(
    number: int, sources: Iterable[S | None], event: ReportEvent, target: S, when: When = When.ALWAYS
) -> Iterator[Step[S]]:
    """The same step from several states to one."""
    return (Step(number, source, event, target, when) for source in sources)


def stays(
    number: int, states: Iterable[S], event: ReportEvent, when: When = When.ALWAYS
) -> Iterator[Step[S]]:
    """A step that is recorded and leaves each of these states as it is."""
    return (Step(number, state, event, state, when) for state in states)
