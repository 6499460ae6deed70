"""What each event changes in a case: the fields that get a new value.

One function for each kind of event that changes more than the state of the report; `cases.life`
calls it after every check, and puts what it gives into a new case. A matter, a referral, a round
and a withdrawal each go through their machine here, which can still refuse the event.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, TypeAlias

from cases import events
from cases.case import Allegation, Case, Consent, Held, Referral, Round, leading, out
from cases.errors import DateError
from cases.event import Event
from cases.kinds import ReportEvent as E
from cases.machine import When
from cases.machines.allegation import ALLEGATION
from cases.machines.questions import QUESTIONS
from cases.machines.referral import REFERRAL
from cases.machines.report import ReportState
from cases.machines.withdrawal import WITHDRAWAL
from cases.packs.pack import Pack
from cases.packs.schema import Category

Fields: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Case, Any, Pack], Fields]


def when_of(case: Case, event: Event) -> When:
    """What decides, besides the event, where the report goes: whether an answer was still awaited."""
    if isinstance(event, events.QuestionsAnswered):
        awaited = case.state is ReportState.INFO_REQUESTED and event.questions == case.last_round
        return When.ALWAYS if awaited else When.LATE
    return When.ALWAYS


def of(case: Case, event: Event, pack: Pack) -> Fields:
    """The new values of fields of the case. Raises `IllegalStepError` or `DateError`."""
    change = CHANGES.get(event.kind)
    return change(case, event, pack) if change is not None else {}


def _acknowledged(_: Case, __: events.Acknowledged, ___: Pack) -> Fields:
    return {"acknowledged": True}


def _triaged(_: Case, event: events.Triaged, __: Pack) -> Fields:
    return {"triage": event}


def _allegation_added(case: Case, event: events.AllegationAdded, pack: Pack) -> Fields:
    law = pack.rule(Category, event.category, case.received_on).law
    added = Allegation(
        id=event.allegation,
        category=event.category,
        law=law,
        accused=event.accused,
        senior=event.senior,
        since=event.on,
        state=ALLEGATION.advance(None, event.kind),
    )
    return {
        "allegations": {**case.allegations, added.id: added},
        "laws": {**case.laws, added.id: law} if law is not None else case.laws,
    }


def _restricted(_: Case, event: events.Restricted, __: Pack) -> Fields:
    return {"restricted": True, "readers": frozenset(event.readers)}


def _unrestricted(_: Case, __: events.Unrestricted, ___: Pack) -> Fields:
    return {"restricted": False, "readers": frozenset()}


def _assigned(_: Case, event: events.Assigned, __: Pack) -> Fields:
    return {"handler": event.handler}


def _recused(case: Case, event: events.Recused, _: Pack) -> Fields:
    handler = "" if case.handler == event.person else case.handler
    return {"recused": case.recused | {event.person}, "handler": handler}


def _questions_asked(case: Case, event: events.QuestionsAsked, _: Pack) -> Fields:
    asked = Round(event.questions, event.on, event.answer_by, QUESTIONS.advance(None, event.kind))
    return {"questions": {**case.questions, asked.id: asked}}


def _questions_moved(case: Case, event: events.QuestionsAnswered | events.QuestionsLapsed, _: Pack) -> Fields:
    before = case.questions[event.questions]
    if event.on < before.asked_on:
        raise DateError(f"These questions were asked on {before.asked_on}, not before {event.on}.")
    after = replace(before, state=QUESTIONS.advance(before.state, event.kind))
    return {"questions": {**case.questions, after.id: after}}


def _clock_extended(case: Case, event: events.ClockExtended, _: Pack) -> Fields:
    if event.subject not in case.referrals:
        return {}
    return {"referrals": _referrals(case, event.subject, event)}


def _consent_recorded(case: Case, event: events.ConsentRecorded, _: Pack) -> Fields:
    said = case.consent.get(event.institution)
    said_on = event.on if said is None else max(event.on, said.said_on)
    return {"consent": {**case.consent, event.institution: Consent(event.identity_fields, said_on)}}


def _sent(
    case: Case, event: events.Transferred | events.Forwarded | events.ComplaintFiled, _: Pack
) -> Fields:
    lead = True if isinstance(event, events.ComplaintFiled) else event.lead
    return {
        **_sent_to(case, event, line=event.referral, lead=lead),
        "allegations": _allegations(case, event.allegation, event),
    }


def _rerouted(case: Case, event: events.Rerouted, _: Pack) -> Fields:
    left = case.referrals[event.left]
    sent = _sent_to(case, event, line=left.line, lead=left.lead)
    return {**sent, "referrals": {**sent["referrals"], **_moved(left, event)}}


def _sent_to(case: Case, event: events.Sending, *, line: str, lead: bool) -> Fields:
    sent = Referral(
        id=event.referral,
        allegation=event.allegation,
        institution=event.institution,
        line=line,
        lead=lead,
        since=event.on,
        state=REFERRAL.advance(None, event.kind),
        attached=event.attached,
    )
    law = case.allegations[event.allegation].law
    return {
        "referrals": {**case.referrals, sent.id: sent},
        "laws": {**case.laws, line: law} if law is not None else case.laws,
    }


def _petition_filed(case: Case, event: events.PetitionFiled, _: Pack) -> Fields:
    return {"allegations": _allegations(case, event.allegation, event)}


def _returned(case: Case, event: events.Returned, _: Pack) -> Fields:
    allegation = case.referrals[event.referral].allegation
    others = [each for each in out(case.referrals_of(allegation)) if each.id != event.referral]
    return {
        "referrals": _referrals(case, event.referral, event),
        "allegations": _allegations(case, allegation, event, When.OUT if others else When.LAST),
    }


def _investigated(
    case: Case, event: events.InvestigationBegun | events.InvestigationEnded, _: Pack
) -> Fields:
    return {"referrals": _referrals(case, event.referral, event)}


def _result_received(case: Case, event: events.ResultReceived, _: Pack) -> Fields:
    allegation = case.referrals[event.referral].allegation
    return {
        "referrals": _referrals(case, event.referral, event),
        "allegations": _allegations(case, allegation, event, _whose(case, event.referral)),
    }


def _whose(case: Case, referral: str) -> When:
    """Whether this body's result is that of the matter: it leads, or is the last and none leads."""
    siblings = case.referrals_of(case.referrals[referral].allegation)
    if case.referrals[referral].lead:
        return When.LEAD
    last = all(each.id == referral for each in out(siblings))
    return When.LEAD if last and leading(siblings) is None else When.OTHER


def _objected(case: Case, event: events.Objected, _: Pack) -> Fields:
    moved = _allegations(case, event.allegation, event)
    matter = moved[event.allegation]
    return {"allegations": {**moved, matter.id: replace(matter, objections=matter.objections + 1)}}


def _allegation_moved(
    case: Case,
    event: events.ResultNotified
    | events.ObjectionRefused
    | events.ObjectionDismissed
    | events.AllegationClosed,
    _: Pack,
) -> Fields:
    return {"allegations": _allegations(case, event.allegation, event)}


def _reinvestigation_demanded(case: Case, event: events.ReinvestigationDemanded, _: Pack) -> Fields:
    return {
        "referrals": _referrals(case, event.referral, event),
        "allegations": _allegations(case, event.allegation, event),
    }


def _closed(case: Case, event: events.Closed, _: Pack) -> Fields:
    allegations = {}
    for each in case.allegations.values():
        _check_order(each.since, event.on)
        allegations[each.id] = _allegation(case, each.id, event)
    return {"allegations": allegations}


def _reopened(case: Case, event: events.Reopened, _: Pack) -> Fields:
    allegations = dict(case.allegations)
    for each in event.allegations:
        when = When.OUT if out(case.referrals_of(each)) else When.LAST
        allegations[each] = _allegation(case, each, event, when)
    return {"allegations": allegations, "triage": None, "reopened_on": event.on, "withdrawal": None}


def _withdrawal(case: Case, event: events.WithdrawalAsked | events.Withdrawn, _: Pack) -> Fields:
    return {"withdrawal": WITHDRAWAL.advance(case.withdrawal, event.kind)}


def _withdrawal_checked(case: Case, event: events.WithdrawalChecked, _: Pack) -> Fields:
    when = When.FREE if event.free else When.COERCED
    return {"withdrawal": WITHDRAWAL.advance(case.withdrawal, event.kind, when)}


def _continued(_: Case, __: events.ContinuedExOfficio, ___: Pack) -> Fields:
    return {"triage": None}


def _hold_placed(case: Case, event: events.HoldPlaced, _: Pack) -> Fields:
    return {"holds": {**case.holds, event.hold: Held(event.sort, event.by.role)}}


def _hold_lifted(case: Case, event: events.HoldLifted, _: Pack) -> Fields:
    return {"holds": {name: held for name, held in case.holds.items() if name != event.hold}}


def _allegations(case: Case, name: str, event: Event, when: When = When.ALWAYS) -> Mapping[str, Allegation]:
    return {**case.allegations, name: _allegation(case, name, event, when)}


def _allegation(case: Case, name: str, event: Event, when: When = When.ALWAYS) -> Allegation:
    before = case.allegations[name]
    state = ALLEGATION.advance(before.state, event.kind, when)
    if state is before.state:
        return before
    _check_order(before.since, event.on)
    return replace(before, state=state, since=event.on)


def _referrals(case: Case, name: str, event: Event) -> Mapping[str, Referral]:
    return {**case.referrals, **_moved(case.referrals[name], event)}


def _moved(before: Referral, event: Event) -> Mapping[str, Referral]:
    _check_order(before.since, event.on)
    return {before.id: replace(before, state=REFERRAL.advance(before.state, event.kind), since=event.on)}


def _check_order(since: date, on: date) -> None:
    if on < since:
        raise DateError(f"The step before this one was taken on {since}; this one cannot lie on {on}.")


CHANGES: Final[Mapping[E, Change]] = {
    E.ACKNOWLEDGED: _acknowledged,
    E.TRIAGED: _triaged,
    E.ALLEGATION_ADDED: _allegation_added,
    E.RESTRICTED: _restricted,
    E.UNRESTRICTED: _unrestricted,
    E.ASSIGNED: _assigned,
    E.RECUSED: _recused,
    E.QUESTIONS_ASKED: _questions_asked,
    E.QUESTIONS_ANSWERED: _questions_moved,
    E.QUESTIONS_LAPSED: _questions_moved,
    E.CLOCK_EXTENDED: _clock_extended,
    E.CONSENT_RECORDED: _consent_recorded,
    E.TRANSFERRED: _sent,
    E.FORWARDED: _sent,
    E.COMPLAINT_FILED: _sent,
    E.PETITION_FILED: _petition_filed,
    E.RETURNED: _returned,
    E.REROUTED: _rerouted,
    E.INVESTIGATION_BEGUN: _investigated,
    E.INVESTIGATION_ENDED: _investigated,
    E.RESULT_RECEIVED: _result_received,
    E.RESULT_NOTIFIED: _allegation_moved,
    E.OBJECTED: _objected,
    E.OBJECTION_REFUSED: _allegation_moved,
    E.OBJECTION_DISMISSED: _allegation_moved,
    E.REINVESTIGATION_DEMANDED: _reinvestigation_demanded,
    E.ALLEGATION_CLOSED: _allegation_moved,
    E.CLOSED: _closed,
    E.REOPENED: _reopened,
    E.WITHDRAWAL_ASKED: _withdrawal,
    E.WITHDRAWAL_CHECKED: _withdrawal_checked,
    E.WITHDRAWN: _withdrawal,
    E.CONTINUED_EX_OFFICIO: _continued,
    E.HOLD_PLACED: _hold_placed,
    E.HOLD_LIFTED: _hold_lifted,
}
