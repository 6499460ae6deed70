"""The life of a case: what an event makes of it, and what a history of events amounts to.

`advance` is the only way in which a case changes, and `replay` applies it to a whole history, so
that a case that was kept as its events comes back with the same states and the same dates. The
services of the officer app call these two and keep the events; time and the pack come in as
arguments. What can be shown of a case, and what can be done next, is in `cases.outlook`.

The order of the checks is the order in which an officer would want to hear of them: the rules, whom the
case is closed to, the table of the report, the people, the days, what else must be true, and last the
matters themselves.
"""

from collections.abc import Iterable, Mapping

from cases import changes, clocks, events, guards
from cases.case import Case, Subjects
from cases.clocks import Clocks, Happening
from cases.errors import CaseError, DateError, HistoryError, IllegalStepError
from cases.event import Event, subject_of
from cases.kinds import ReportEvent, Scope
from cases.machines.allegation import AllegationState
from cases.machines.report import REPORT
from cases.packs.pack import Pack, PackRef
from cases.persons import check_open, check_persons
from cases.sending import check_sending


def advance(case: Case | None, event: Event, pack: Pack, bodies: Pack | None = None) -> Case:
    """The case after an event; `case` is None before the first.

    `pack` is the edition under which the case was opened. `bodies` is the edition that names the
    body of an event that sends a matter away, where that is a newer one. Raises `IllegalStepError`
    for what cannot happen now, `DateError` for a day that cannot be, `ClockError` for a period that
    cannot be changed so, and `RuleError` for a rule that the pack does not have.
    """
    _check_edition(case, event, pack)
    if case is None:
        return _opened(event, pack)
    check_open(case, event)
    state = REPORT.advance(case.state, event.kind, changes.when_of(case, event))
    check_persons(case, event)
    _check_days(case, event)
    subject = subject_of(event)
    guards.check(case, event, subject, pack)
    if isinstance(event, events.Sending):
        check_sending(case, event, pack, bodies or pack)
    after = case.changed(
        {
            "state": state,
            "recorded_on": event.recorded_on,
            "latest": {**case.latest, event.kind: max(event.on, case.latest.get(event.kind, event.on))},
            **changes.of(case, event, pack),
        }
    )
    ticked = _tick(after, event, subject, pack)
    return after if ticked is after.clocks else after.changed({"clocks": ticked})


def replay(history: Iterable[Event], packs: Mapping[PackRef, Pack]) -> Case:
    """The case that a history amounts to.

    `packs` holds every edition that the history names. Raises `HistoryError`, which says at which
    event the history stops making sense and why.
    """
    case: Case | None = None
    for number, event in enumerate(history, start=1):
        case = follow(case, event, packs, number)
    if case is None:
        raise HistoryError("The history of this case is empty.")
    return case


def follow(case: Case | None, event: Event, packs: Mapping[PackRef, Pack], number: int) -> Case:
    """The case after the event of this number of its history. Raises `HistoryError`."""
    try:
        return advance(case, event, _edition(case, event, packs), _bodies(event, packs))
    except CaseError as wrong:
        raise HistoryError(f"Event {number} of this case does not follow: {wrong}") from wrong


def _edition(case: Case | None, event: Event, packs: Mapping[PackRef, Pack]) -> Pack:
    if case is not None:
        return _found(case.pack_ref, packs)
    if isinstance(event, events.Received):
        return _found(event.pack, packs)
    raise HistoryError("a history begins with the receipt of the report.")


def _bodies(event: Event, packs: Mapping[PackRef, Pack]) -> Pack | None:
    return _found(event.listed_in, packs) if isinstance(event, events.Sending) else None


def _found(ref: PackRef, packs: Mapping[PackRef, Pack]) -> Pack:
    found = packs.get(ref)
    if found is None:
        raise HistoryError(f"the rules it names, {ref.id} {ref.version}, are not here as they were then.")
    return found


def _check_edition(case: Case | None, event: Event, pack: Pack) -> None:
    ref = case.pack_ref if case is not None else getattr(event, "pack", pack.ref)
    if ref != pack.ref:
        raise IllegalStepError(
            f"This case keeps the rules {ref.id} {ref.version}, under which it was opened; "
            f"these are {pack.head.id} {pack.head.version}."
        )


def _opened(event: Event, pack: Pack) -> Case:
    if not isinstance(event, events.Received):
        raise IllegalStepError(f"A case begins with the receipt of its report, not with “{event.kind}”.")
    check_persons(None, event)
    if event.on > event.recorded_on:
        raise DateError(_ahead(event))
    opened = Case(
        pack_ref=event.pack,
        received_on=event.on,
        recorded_on=event.recorded_on,
        state=REPORT.advance(None, event.kind),
        restricted=event.restricted,
        readers=frozenset(event.readers),
        latest={event.kind: event.on},
    )
    return opened.changed({"clocks": _tick(opened, event, "", pack)})


def _check_days(case: Case, event: Event) -> None:
    if event.on < case.received_on:
        raise DateError(
            f"The report was received on {case.received_on}; nothing happened to it on {event.on}."
        )
    if event.on > event.recorded_on:
        raise DateError(_ahead(event))
    if event.recorded_on < case.recorded_on:
        raise DateError(
            f"The last event was entered on {case.recorded_on}: none can be entered on {event.recorded_on}."
        )


def _ahead(event: Event) -> str:
    return f"On {event.recorded_on} nobody can record what happens on {event.on}: that day lies ahead."


def _tick(case: Case, event: Event, subject: str, pack: Pack) -> Clocks:
    """The clocks after an event; `case` already holds what the event brought."""
    ticking = case.clocks
    if isinstance(event, events.ClockExtended):
        return _extended(case, event, pack)
    if isinstance(event, events.NoticeRead):
        given_on = guards.waiting_for(case, event, pack)[-1].began_on
        given = Happening(event.of, given_on, case.concerned(event.subject), case.laws)
        return clocks.served(ticking, given, event.on, pack)
    if isinstance(event, events.AllegationAdded):
        ticking = _with_matter(case, event.allegation, pack)
    if event.kind in pack.starting or event.kind in pack.stopping:
        happening = Happening(event.kind, event.on, _concerns(case, event, subject), case.laws)
        ticking = clocks.apply(ticking, happening, pack, case.received_on)
    if event.kind in pack.resuming:
        happening = Happening(event.kind, event.on, _in_hand(case, subject), case.laws)
        ticking = clocks.resume(ticking, happening, pack)
    return ticking


def _with_matter(case: Case, matter: str, pack: Pack) -> Clocks:
    """The clocks with those that a new matter has had since the report came in."""
    first = len(case.allegations) == 1
    ticking = clocks.hand_over(case.clocks, matter) if first else case.clocks
    came_in_on = case.reopened_on or case.received_on
    received = Happening(ReportEvent.RECEIVED, came_in_on, {Scope.ALLEGATION: (matter,)}, case.laws)
    return clocks.apply(ticking, received, pack, case.received_on)


def _in_hand(case: Case, subject: str) -> Subjects:
    """What an event with this subject concerns, of matters those alone that the agency itself has."""
    concerned = case.concerned(subject)
    matters = tuple(
        each
        for each in concerned.get(Scope.ALLEGATION, ())
        if each not in case.allegations or case.allegations[each].state is AllegationState.OPEN
    )
    return {**concerned, Scope.ALLEGATION: matters}


def _concerns(case: Case, event: Event, subject: str) -> Subjects:
    if not isinstance(event, events.Reopened) or not case.allegations:
        return case.concerned(subject)
    lines = [each.line for name in event.allegations for each in case.referrals_of(name)]
    return {
        Scope.REPORT: ("",),
        Scope.ALLEGATION: event.allegations,
        Scope.REFERRAL: tuple(dict.fromkeys(lines)),
    }


def _extended(case: Case, event: events.ClockExtended, pack: Pack) -> Clocks:
    referral = case.referrals.get(event.subject)
    return clocks.extend(
        case.clocks,
        event.deadline,
        event.subject if referral is None else referral.line,
        by=event.length,
        on=event.on,
        approved_by=None if event.second is None else event.second.role,
        reason_given=bool(event.text_ref),
        pack=pack,
    )
