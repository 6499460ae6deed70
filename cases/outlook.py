"""What can be shown of a case and done with it next: read-only views for the officer app.

`possible` is what the tables allow, not a promise: guards can still refuse, with their sentence.
Nothing here changes a case.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from cases.case import Case
from cases.event import Event, subject_of
from cases.guards import is_off
from cases.kinds import ReportEvent, Role
from cases.life import follow
from cases.machine import Machine
from cases.machines.acts import ACTS, Notice
from cases.machines.allegation import ALLEGATION
from cases.machines.questions import QUESTIONS
from cases.machines.referral import REFERRAL
from cases.machines.report import REPORT, ReportState
from cases.machines.withdrawal import WITHDRAWAL
from cases.packs.pack import Pack, PackRef
from cases.packs.schema import Institution, Place, PublicText
from cases.stages import Stage

_WITH_OR_WITHOUT: Final = frozenset({ReportEvent.CLOCK_EXTENDED, ReportEvent.REOPENED})
"""What can concern a matter or a referral, and need not."""

_ASKED_OF: Final[Mapping[ReportEvent, Callable[[Case], bool]]] = {
    ReportEvent.ACKNOWLEDGED: lambda case: not case.acknowledged,
    ReportEvent.UNRESTRICTED: lambda case: case.restricted,
    ReportEvent.HOLD_LIFTED: lambda case: bool(case.holds),
}
"""What the case itself must say before the step makes any sense."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a case's timeline."""

    event: Event
    number: int
    """The number of the step in the list of transitions."""
    subject: str
    """What it was about: the id of a referral, a round, a matter; empty for the report."""
    state: ReportState = field(repr=False)
    """The state of the report from then on."""
    stage: Stage
    """What the source was told from then on."""
    notice: Notice
    """What the source was owed."""


def timeline(history: Iterable[Event], packs: Mapping[PackRef, Pack]) -> Iterator[Moment]:
    """What happened to a case, one line for each event, the first first. Raises `HistoryError`."""
    case: Case | None = None
    for position, event in enumerate(history, start=1):
        case = follow(case, event, packs, position)
        subject = subject_of(event)
        extended = event.kind is ReportEvent.CLOCK_EXTENDED and event.by.role is not Role.HANDLER
        machine: Machine[Any] = REFERRAL if extended else REPORT
        number = machine.numbers[event.kind]
        yield Moment(event, number, subject, case.state, case.stage, ACTS[event.kind].notice)


def possible(case: Case | None, pack: Pack, role: Role | None = None) -> tuple[ReportEvent, ...]:
    """The events that the tables allow now, for everybody or for one role, in the order of the tables."""
    if case is None:
        kinds = REPORT.possible(None)
    else:
        kinds = tuple(
            kind
            for kind in REPORT.possible(case.state)
            if not is_off(kind, case, pack) and _has_subject(case, kind)
        )
    return tuple(kind for kind in kinds if role is None or role in ACTS[kind].actors)


def _has_subject(case: Case, kind: ReportEvent) -> bool:
    if kind in _WITH_OR_WITHOUT:
        return True
    if kind in _ASKED_OF:
        return _ASKED_OF[kind](case)
    withdrawal = () if case.withdrawal is None else (case.withdrawal,)
    return (
        _accepted(ALLEGATION, [each.state for each in case.allegations.values()], kind)
        and _accepted(REFERRAL, [each.state for each in case.referrals.values()], kind)
        and _accepted(QUESTIONS, [each.state for each in case.questions.values()], kind)
        and _accepted(WITHDRAWAL, withdrawal, kind)
    )


def _accepted(machine: Machine[Any], states: Iterable[StrEnum], kind: ReportEvent) -> bool:
    """Whether a machine that knows the event has a subject in a state that accepts it."""
    if kind not in machine.knows:
        return True
    found = [kind in machine.possible(state) for state in states]
    if kind is ReportEvent.CLOSED:
        return all(found)
    begins = kind in machine.possible(None) and kind is not ReportEvent.REROUTED
    return begins or any(found)


def notices(case: Case, event: Event, pack: Pack) -> tuple[PublicText, ...]:
    """The public texts of the pack that the source is owed for an event, in the order of the file."""
    return tuple(each for each in _texts(case, event, pack) if each.place is Place.NOTICE)


def letters(case: Case, event: Event, pack: Pack) -> tuple[PublicText, ...]:
    """The letters of the pack to the body that an event sends a matter to, in the order of the file."""
    return tuple(each for each in _texts(case, event, pack) if each.place is Place.LETTER)


def _texts(case: Case, event: Event, pack: Pack) -> Iterator[PublicText]:
    law = case.laws.get(subject_of(event))
    for each in pack.in_force(PublicText, event.on):
        if event.kind in each.sent_on and each.holds_under(law):
            yield each


def bodies(pack: Pack, kind: ReportEvent, day: date) -> tuple[Institution, ...]:
    """The bodies that a matter can be sent to on a day by `kind`: transferred, forwarded, complaint_filed."""
    return tuple(each for each in pack.in_force(Institution, day) if kind in each.takes)
