"""Who may record an event of a case, and whom the case is closed to.

Roles and second persons are read from `cases.machines.acts`; here stands what else the case itself
says: whom it is restricted to, who was recused, who handles it. A refusal because of the last two
never says which of them it was: that somebody is kept away may itself tell why. `check_open` comes
before every other check, for what another refusal says of the case is not for them either.
"""

from typing import Final

from cases.case import Case
from cases.errors import IllegalStepError
from cases.event import Actor, Event
from cases.events import Recused
from cases.kinds import WITHOUT_PERSON, ReportEvent, Role
from cases.machines.acts import ACTS, CHIEFS

_CLOSED_TO: Final = "There is no such case for this person."


def check_persons(case: Case | None, event: Event) -> None:
    """Raise `IllegalStepError` unless these people may record this event of this case.

    `case` is None for the event with which it begins.
    """
    act = ACTS[event.kind]
    if event.by.role not in act.actors:
        raise IllegalStepError(
            f"“{event.kind}” is recorded by: {_names(act.actors)}; not by {event.by.role}."
        )
    if act.seconds and event.second is None:
        raise IllegalStepError(
            f"“{event.kind}” needs the agreement of a second person: {_names(act.seconds)}."
        )
    if act.seconds and event.second is not None and event.second.role not in act.seconds:
        raise IllegalStepError(
            f"The second person for “{event.kind}” is one of: {_names(act.seconds)}; not {event.second.role}."
        )
    for actor in (event.by, event.second):
        if actor is not None:
            _check_named(actor)
    if event.second is not None and not event.second.person:
        raise IllegalStepError("The second person must be somebody by name.")
    if event.second is not None and event.second.person == event.by.person:
        raise IllegalStepError("The second person must be another one than the first.")
    if act.words and not event.text_ref:
        raise IllegalStepError(f"“{event.kind}” needs its words: write them down first.")
    if case is not None:
        _check_own(case, event)


def check_open(case: Case, event: Event) -> None:
    """Raise `IllegalStepError` when the case is closed to one of these people."""
    for actor in (event.by, event.second):
        if actor is None or not actor.person or case.visible_to(actor.person):
            continue
        if not _opens_restriction(case, event, actor):
            raise IllegalStepError(_CLOSED_TO)


def _check_named(actor: Actor) -> None:
    if (actor.role in WITHOUT_PERSON) == bool(actor.person):
        raise IllegalStepError(
            f"Somebody who acts as {actor.role} is "
            + ("not named as a person." if actor.person else "named as a person, and nobody is.")
        )


def _opens_restriction(case: Case, event: Event, actor: Actor) -> bool:
    """The head can always say who reads a restricted case: else one without readers would be lost."""
    return (
        event.kind is ReportEvent.RESTRICTED and actor.role is Role.HEAD and actor.person not in case.recused
    )


def _check_own(case: Case, event: Event) -> None:
    if event.by.role is Role.HANDLER and event.by.person != case.handler:
        raise IllegalStepError(
            "Only the officer to whom this case is assigned can do this as its handler. Assign it first."
        )
    if isinstance(event, Recused) and event.by.role not in CHIEFS and event.by.person != event.person:
        raise IllegalStepError("An officer can recuse only themselves; others are recused by a supervisor.")


def _names(roles: frozenset[Role]) -> str:
    return ", ".join(sorted(roles))
