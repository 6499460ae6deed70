"""The checks on everything that leaves the agency for another body, or passes from body to body.

Called by `cases.life` for each transfer, forwarding, complaint and handing on. A body is named by
the newest edition of the rules, because it must exist when the matter reaches it; the case keeps
its own rules for everything else.

Decided here, where the law is silent:
- The first body that a matter goes to leads; another leads only after it gave the matter back.
- Where the agency must file a complaint itself, the matter cannot be sent elsewhere instead; a
  complaint against anybody else is the business of the body that investigates.
- A body that is the accused, or is thought to be, gets the matter only when a second person agreed
  and the text was read for what would let that body guess the source. That holds for a matter that
  another body hands on as well.
- So does a body that is under the accused one, or took its place: what is written to it is read there.
- Identity goes to a body only as far as the source consented for that body before; consent for the one
  that hands the matter on does not count for the next.
- The body is named by an edition of the case's own pack, and by none from before the case.
"""

from cases import events
from cases.case import Case, leading
from cases.errors import IllegalStepError
from cases.guards import check_known, check_unused, is_off
from cases.kinds import ReportEvent
from cases.machines.acts import APPROVERS, CHIEFS
from cases.packs.pack import Pack
from cases.packs.schema import Institution


def check_sending(case: Case, event: events.Sending, pack: Pack, bodies: Pack) -> None:
    """Raise `IllegalStepError`, or `RuleError` for an unknown body, unless the matter may leave.

    `pack` is the edition of the case; `bodies` the one that `event.listed_in` names.
    """
    check_unused(case, event.referral)
    check_known(case.allegations, event.allegation)
    _check_body(event, pack, bodies)
    _check_identity(case, event)
    _check_accused(case, event, bodies)
    if isinstance(event, events.Rerouted):
        _check_left(case, event)
    else:
        _check_senior(case, event, pack)
    if isinstance(event, events.Transferred | events.Forwarded):
        _check_lead(case, event)


def _check_left(case: Case, event: events.Rerouted) -> None:
    check_known(case.referrals, event.left)
    if case.referrals[event.left].allegation != event.allegation:
        raise IllegalStepError("The referral that is handed on belongs to another matter of the report.")


def _check_body(event: events.Sending, pack: Pack, bodies: Pack) -> None:
    if event.listed_in != bodies.ref:
        raise IllegalStepError("The body was taken from another edition of the rules than the one at hand.")
    if bodies.head.id != pack.head.id or bodies.head.version < pack.head.version:
        raise IllegalStepError(
            f"A body is taken from the pack {pack.head.id}, edition {pack.head.version} or a newer one."
        )
    body = bodies.rule(Institution, event.institution, event.on)
    if event.kind is not ReportEvent.REROUTED and event.kind not in body.takes:
        raise IllegalStepError(f"By these rules the body “{body.id}” cannot be named for “{event.kind}”.")


def _check_identity(case: Case, event: events.Sending) -> None:
    said = case.consent.get(event.institution)
    agreed = said.fields if said is not None and said.said_on <= event.on else ()
    if not set(event.attached) <= set(agreed):
        raise IllegalStepError(
            "The source has not agreed that this body learns all that is attached. Take it off, or ask first."
        )
    if not event.redacted:
        raise IllegalStepError(
            "Look through all that leaves for what could give the source away, then send it."
        )


def _check_accused(case: Case, event: events.Sending, bodies: Pack) -> None:
    accused = case.allegations[event.allegation].accused
    if not (event.accused_body or _close_to(event, bodies) & set(accused)):
        return
    if event.second is None or event.second.role not in APPROVERS | CHIEFS:
        raise IllegalStepError(
            "This body is what the matter is about, or belongs to it: a second person must agree first, "
            f"one of: {', '.join(sorted(APPROVERS | CHIEFS))}."
        )
    if not event.reidentification_checked:
        raise IllegalStepError(
            "This body is what the matter is about, or belongs to it: read the text for what would let it "
            "guess the source."
        )


def _close_to(event: events.Sending, bodies: Pack) -> set[str]:
    """The body itself, those above it, and those whose place they took."""
    found: set[str] = set()
    new = {event.institution}
    while new:
        found |= new
        ranks = [body for name in new if (body := bodies.find(Institution, name, event.on)) is not None]
        new = {name for body in ranks for name in (*body.replaces, body.supervisor) if name} - found
    return found


def _check_lead(case: Case, event: events.Transferred | events.Forwarded) -> None:
    lead = leading(case.referrals_of(event.allegation))
    if event.lead and lead is not None:
        raise IllegalStepError(f"Another body leads in this matter already: “{lead.institution}”.")
    if not event.lead and lead is None:
        raise IllegalStepError("No body leads in this matter yet: the one that it now goes to must.")


def _check_senior(case: Case, event: events.Sending, pack: Pack) -> None:
    senior = case.allegations[event.allegation].senior
    if event.kind is ReportEvent.COMPLAINT_FILED:
        if not senior:
            raise IllegalStepError(
                "The agency files a complaint itself only where the accused holds an office the law names."
            )
    elif senior and not is_off(ReportEvent.COMPLAINT_FILED, case, pack):
        raise IllegalStepError(
            "The accused holds one of the offices for which the agency must file a complaint in its own name."
        )
