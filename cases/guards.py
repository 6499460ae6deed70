"""What must be true for an event besides its place in the tables and the people who record it.

Each check takes the case as it was, the event, and the pack whose rules the case keeps, and raises
an `IllegalStepError` (or a `RuleError` where the pack has no such rule) with a sentence for the
officer. Which checks an event has stands in `GUARDS`; `cases.life` runs them. What leaves the
agency has its own checks, in `cases.sending`.

Decided here, where the law is silent:
- Rules are those of the day on which the report came in; a ground that counts under some laws only
  must count for every matter that it would close.
- A report ends as “concluded” only when no matter is open, or after its withdrawal.
- Rounds of questions from before a reopening no longer count as unanswered.
- A ground for closing cannot replace the wait for a body: the tables keep such a report open.
- Where a second objection is barred, it stays so after the result of a new investigation.
- What is late is late by the day on which the source acted, not by that on which it reached the desk.
- What the pack gives no period for is not destroyed.
- The agency's own steps are dated in the order in which they were taken: whoever enters one late cannot
  put it before the step that made it possible, and so stop a period that has run out.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from cases import events
from cases.case import Case
from cases.clock import Clock, Standing
from cases.dates import add
from cases.errors import DateError, IllegalStepError, RuleError
from cases.event import Event, Refusal
from cases.kinds import OnMiss, Role, Scope
from cases.kinds import ReportEvent as E
from cases.machines.allegation import AllegationState
from cases.machines.report import ReportState
from cases.packs.pack import Pack
from cases.packs.schema import Category, CheckItem, ClosingReason, Retention, Setting, Span

Guard: TypeAlias = Callable[[Case, Any, Pack], None]

CONCLUDED: Final = "concluded"
"""The id under which every pack names the plain end of a report: a ground for refusing none."""

_STEPS: Final = (
    E.TRIAGED,
    E.ASSIGNED,
    E.QUESTIONS_ASKED,
    E.QUESTIONS_LAPSED,
    E.VERIFIED,
    E.CLOSED,
    E.REOPENED,
    E.WITHDRAWAL_CHECKED,
    E.WITHDRAWN,
    E.CONTINUED_EX_OFFICIO,
    E.FOLLOW_UP_BEGUN,
    E.RETAINED,
)
"""The agency's own steps that move a report on."""
_ORDERED: Final = frozenset(
    {*_STEPS, E.TRANSFERRED, E.FORWARDED, E.COMPLAINT_FILED, E.ALLEGATION_CLOSED, E.DESTROYED}
)
"""What the agency does itself, so that nothing of it can come before the last of those steps."""


def is_off(kind: E, case: Case, pack: Pack) -> bool:
    """Whether the jurisdiction has no such step."""
    off = pack.find(Setting, "events_off", case.received_on)
    return off is not None and kind.value in map(str.strip, off.value.split(","))


def check(case: Case, event: Event, subject: str, pack: Pack) -> None:
    """Raise unless what this event, about `subject`, needs besides is true of the case.

    An `IllegalStepError`, a `RuleError`, or a `DateError` for a step of the agency before its last one.
    """
    if is_off(event.kind, case, pack):
        raise IllegalStepError(f"The rules of this case know no “{event.kind}”.")
    if event.kind in _ORDERED:
        _check_order(case, event)
    guard = GUARDS.get(event.kind)
    if guard is not None:
        guard(case, event, pack)
    if event.kind is not E.OBJECTION_REFUSED:
        _check_in_time(case, event, subject, pack)


def _check_order(case: Case, event: Event) -> None:
    last_on = max((case.latest[kind] for kind in _STEPS if kind in case.latest), default=case.received_on)
    if event.on < last_on:
        raise DateError(
            f"The agency's last step was taken on {last_on}: "
            f"“{event.kind}” follows it and cannot lie on {event.on}."
        )


def _check_in_time(case: Case, event: Event, subject: str, pack: Pack) -> None:
    clock = _too_late(case, event.kind, subject, event.on, pack)
    if clock is not None:
        raise IllegalStepError(
            f"It is too late for “{event.kind}”: the last day was {clock.due_on} ({_articles(clock)})."
        )


def _too_late(case: Case, kind: E, subject: str, day: date, pack: Pack) -> Clock | None:
    """A period of the step `kind` that ended before `day`, where the law then refuses the step."""
    for deadline in pack.stopping.get(kind, ()):
        if deadline.on_miss is OnMiss.REFUSE:
            for each in case.concerned(subject).get(deadline.scope, ()):
                clock = case.clocks.find(deadline.id, each)
                if clock is not None and clock.stopped_on is None and not clock.in_time(day):
                    return clock
    return None


def _articles(clock: Clock) -> str:
    return ", ".join(str(each) for each in clock.deadline.basis)


def _triage(case: Case, event: events.Assigned, _: Pack) -> None:
    if case.triage is None:
        raise IllegalStepError("The report has not been through triage since it was last opened.")
    if case.triage.conflict and not (case.restricted or case.recused):
        raise IllegalStepError(
            "Triage found a conflict of interest: recuse whom it concerns or restrict the case first."
        )
    if not event.no_conflict_declared:
        raise IllegalStepError("The handler must first declare to be free of conflicts of interest.")
    if not case.visible_to(event.handler):
        raise IllegalStepError("This person cannot be made the handler of this case.")


def _restricted_before(case: Case, _: events.Unrestricted, __: Pack) -> None:
    if not case.restricted:
        raise IllegalStepError("This case is not restricted to anybody.")


def _acknowledged_once(case: Case, _: events.Acknowledged, __: Pack) -> None:
    if case.acknowledged:
        raise IllegalStepError("This report was acknowledged already.")


def _latest_word(case: Case, event: events.ConsentRecorded, _: Pack) -> None:
    if event.by.role is not Role.SOURCE and not event.text_ref:
        raise IllegalStepError("Say where the source agreed: consent that the desk records needs its words.")
    said = case.consent.get(event.institution)
    if said is not None and event.on < said.said_on and not set(event.identity_fields) <= set(said.fields):
        raise DateError(
            f"On {said.said_on} the source agreed to less for this body: "
            f"consent of {event.on} no longer counts."
        )


def _new_allegation(case: Case, event: events.AllegationAdded, pack: Pack) -> None:
    check_unused(case, event.allegation)
    pack.rule(Category, event.category, case.received_on)


def _new_questions(case: Case, event: events.QuestionsAsked, _: Pack) -> None:
    check_unused(case, event.questions)
    if event.answer_by <= event.recorded_on:
        raise IllegalStepError(
            "The day until which questions can be answered lies after the day they are asked and entered."
        )


def _lapsed(case: Case, event: events.QuestionsLapsed, _: Pack) -> None:
    check_known(case.questions, event.questions)
    if event.questions != case.last_round:
        raise IllegalStepError("Another round of questions was asked since: only the last one can lapse.")
    answer_by = case.questions[event.questions].answer_by
    if event.on <= answer_by:
        raise IllegalStepError(f"The source can answer until {answer_by}; the round lapses the day after.")


def _answered(case: Case, event: events.QuestionsAnswered, _: Pack) -> None:
    check_known(case.questions, event.questions)


def _checklist(case: Case, event: events.Verified, pack: Pack) -> None:
    if not case.allegations:
        raise IllegalStepError("Nothing was told apart yet that could be verified: add an allegation first.")
    laws = {each.law for each in case.allegations.values()}
    missing = [
        item.id
        for item in pack.in_force(CheckItem, case.received_on)
        if any(item.holds_under(law) for law in laws) and item.id not in event.checked
    ]
    if missing:
        raise IllegalStepError(
            f"Still to be looked into before the report is verified: {', '.join(missing)}."
        )


def _silence(case: Case, event: events.PetitionFiled, pack: Pack) -> None:
    check_known(case.allegations, event.allegation)
    watches = [
        clock
        for deadline in pack.starting.get(E.COMPLAINT_FILED, ())
        if deadline.on_miss is OnMiss.DEEMED
        and (clock := case.clocks.find(deadline.id, event.allegation)) is not None
    ]
    if any(clock.standing(event.on) is Standing.DEEMED for clock in watches):
        return
    if not watches:
        raise IllegalStepError("These rules give no day on which silence on a complaint counts as a refusal.")
    raise IllegalStepError(
        f"A court can be asked once silence counts as a refusal: after {watches[0].due_on} "
        f"({_articles(watches[0])})."
    )


def _known_referral(case: Case, event: events.Returned, _: Pack) -> None:
    check_known(case.referrals, event.referral)


def _known_allegation(case: Case, event: events.ObjectionDismissed, _: Pack) -> None:
    check_known(case.allegations, event.allegation)


def _objection_explained(case: Case, event: events.ResultNotified, pack: Pack) -> None:
    check_known(case.allegations, event.allegation)
    objecting = any(each.scope is Scope.ALLEGATION for each in pack.stopping.get(E.OBJECTED, ()))
    if objecting and not event.objection_explained:
        raise IllegalStepError("The notice of a result must say how to object, and until when.")


def waiting_for(case: Case, event: events.NoticeRead, pack: Pack) -> tuple[Clock, ...]:
    """The periods that a notice brought about and that run from its reading."""
    return tuple(
        clock
        for deadline in pack.starting.get(event.of, ())
        if deadline.served
        for each in case.concerned(event.subject).get(deadline.scope, ())
        if (clock := case.clocks.find(deadline.id, each)) is not None
    )


def _notice_was_given(case: Case, event: events.NoticeRead, pack: Pack) -> None:
    waiting = waiting_for(case, event, pack)
    if not waiting:
        raise IllegalStepError("No notice was given from whose reading a period would run.")
    given_on = max(clock.began_on for clock in waiting)
    if event.on < given_on:
        raise DateError(f"The notice was given on {given_on} and cannot have been read on {event.on}.")


def _first_objection(case: Case, event: events.Objected, pack: Pack) -> None:
    check_known(case.allegations, event.allegation)
    if _is_second(case, event.allegation, pack):
        raise IllegalStepError("An objection to this matter was decided already, and no second one is heard.")


def _is_second(case: Case, allegation: str, pack: Pack) -> bool:
    matter = case.allegations[allegation]
    rule = pack.find(Setting, "second_objection", case.received_on)
    barred = rule is not None and rule.value == "no" and rule.holds_under(matter.law)
    return barred and matter.objections > 0


def _rightly_refused(case: Case, event: events.ObjectionRefused, pack: Pack) -> None:
    check_known(case.allegations, event.allegation)
    if not case.received_on <= event.objected_on <= event.on:
        raise IllegalStepError("The objection cannot have been made on that day.")
    if event.ground is Refusal.SECOND and not _is_second(case, event.allegation, pack):
        raise IllegalStepError("This objection is not a second one that the rules bar: it must be heard.")
    if (
        event.ground is Refusal.LATE
        and _too_late(case, E.OBJECTED, event.allegation, event.objected_on, pack) is None
    ):
        raise IllegalStepError(f"The objection of {event.objected_on} was in time: it must be heard.")


def _known_both(case: Case, event: events.ReinvestigationDemanded, _: Pack) -> None:
    check_known(case.allegations, event.allegation)
    check_known(case.referrals, event.referral)
    if case.referrals[event.referral].allegation != event.allegation:
        raise IllegalStepError("This referral belongs to another matter of the report.")


def _ground_for_one(case: Case, event: events.AllegationClosed, pack: Pack) -> None:
    check_known(case.allegations, event.allegation)
    if event.reason == CONCLUDED:
        raise IllegalStepError("A single matter is closed on a ground of the law, and this is none.")
    _check_ground(case, event.reason, (case.allegations[event.allegation].law,), pack)


def _ground(case: Case, event: events.Closed, pack: Pack) -> None:
    still_open = [each for each in case.allegations.values() if each.state is AllegationState.OPEN]
    settled = bool(case.allegations) and not still_open
    if event.reason == CONCLUDED and not (settled or case.state is ReportState.WITHDRAWN):
        raise IllegalStepError(
            "The report is not concluded: settle or close each matter first, or name a ground of the law."
        )
    _check_ground(case, event.reason, tuple(each.law for each in still_open), pack)


def _check_ground(case: Case, reason: str, laws: tuple[str | None, ...], pack: Pack) -> None:
    rule = pack.rule(ClosingReason, reason, case.received_on)
    if not all(rule.holds_under(law) for law in laws):
        raise IllegalStepError(
            f"The ground “{reason}” does not count under the law of each matter that it closes."
        )
    unanswered = case.unanswered()
    if unanswered < rule.unanswered:
        raise IllegalStepError(
            f"The ground “{reason}” needs {rule.unanswered} rounds of questions that were not answered; "
            f"there were {unanswered}."
        )


def _new_evidence(case: Case, event: events.Reopened, _: Pack) -> None:
    if not event.new_evidence:
        raise IllegalStepError("A closed report is opened again only on new evidence.")
    for each in event.allegations:
        check_known(case.allegations, each)


def _asked_by_its_body(case: Case, event: events.ClockExtended, _: Pack) -> None:
    by_body = event.by.role is not Role.HANDLER
    if by_body != (event.subject in case.referrals):
        raise IllegalStepError(
            "A body extends the period of its own referral, and the handler every other one."
        )
    clock = None if by_body else case.clocks.find(event.deadline, event.subject)
    if clock is not None and not clock.in_time(event.recorded_on):
        raise IllegalStepError(
            f"The agency enters an extension of its own period while it runs: until {clock.due_on}."
        )


def _unused_hold(case: Case, event: events.HoldPlaced, _: Pack) -> None:
    if event.hold in case.holds:
        raise IllegalStepError("A hold of this number is in place already.")


def _own_hold(case: Case, event: events.HoldLifted, _: Pack) -> None:
    check_known(case.holds, event.hold)
    if event.by.role is not case.holds[event.hold].role:
        raise IllegalStepError(
            f"This hold is lifted by the office that placed it: {case.holds[event.hold].role}."
        )


def _nothing_runs(case: Case, event: events.Destroyed, pack: Pack) -> None:
    if case.holds:
        sorts = ", ".join(sorted({each.sort for each in case.holds.values()}))
        raise IllegalStepError(f"The case may not be destroyed while these holds are in place: {sorts}.")
    for clock in case.clocks:
        if clock.due_on is not None and clock.in_time(event.on):
            raise IllegalStepError(
                f"The case may not be destroyed while “{clock.deadline.id}” runs, until {clock.due_on}."
            )
    _check_retention(case, event, pack)


def _check_retention(case: Case, event: events.Destroyed, pack: Pack) -> None:
    until = kept_until(case, pack)
    if until is None:
        raise RuleError("The pack does not say how long this case is kept, so it may not be destroyed.")
    if event.on <= until:
        raise IllegalStepError(f"The case is kept until {until} and may not be destroyed before.")


def kept_until(case: Case, pack: Pack) -> date | None:
    """The last day on which the rules want the case kept; None where they give no period."""
    ends = [
        add(day, Span(rule.length, rule.unit), pack.calendar)
        for rule in pack.in_force(Retention, case.received_on)
        for kind, day in case.latest.items()
        if kind in rule.starts_on
    ]
    return max(ends, default=None)


def check_known(things: Mapping[str, object], name: str) -> None:
    """Raise `IllegalStepError` when the case holds no such thing."""
    if name not in things:
        raise IllegalStepError(f"The case has no “{name}” that this step could be about.")


def check_unused(case: Case, name: str) -> None:
    """Raise `IllegalStepError` when an id is taken: clocks and notices are found by it."""
    if name in case.allegations or name in case.referrals or name in case.questions:
        raise IllegalStepError(f"Something else in this case has the id “{name}” already.")


GUARDS: Final[Mapping[E, Guard]] = {
    E.ACKNOWLEDGED: _acknowledged_once,
    E.ALLEGATION_ADDED: _new_allegation,
    E.UNRESTRICTED: _restricted_before,
    E.ASSIGNED: _triage,
    E.QUESTIONS_ASKED: _new_questions,
    E.QUESTIONS_ANSWERED: _answered,
    E.QUESTIONS_LAPSED: _lapsed,
    E.CLOCK_EXTENDED: _asked_by_its_body,
    E.CONSENT_RECORDED: _latest_word,
    E.VERIFIED: _checklist,
    E.PETITION_FILED: _silence,
    E.RETURNED: _known_referral,
    E.INVESTIGATION_BEGUN: _known_referral,
    E.INVESTIGATION_ENDED: _known_referral,
    E.RESULT_RECEIVED: _known_referral,
    E.RESULT_NOTIFIED: _objection_explained,
    E.NOTICE_READ: _notice_was_given,
    E.OBJECTED: _first_objection,
    E.OBJECTION_REFUSED: _rightly_refused,
    E.OBJECTION_DISMISSED: _known_allegation,
    E.REINVESTIGATION_DEMANDED: _known_both,
    E.ALLEGATION_CLOSED: _ground_for_one,
    E.CLOSED: _ground,
    E.REOPENED: _new_evidence,
    E.HOLD_PLACED: _unused_hold,
    E.HOLD_LIFTED: _own_hold,
    E.DESTROYED: _nothing_runs,
}
