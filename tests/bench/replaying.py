"""replay_500: a case of 500 events from its history to where it stands, by the Korean rules as shipped.

Twenty matters, each sent to a body, investigated, extended, answered, notified, read, objected to and
sent back; forty rounds of questions; and holds that come and go. `also`: how many clocks it comes to.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from cases import events
from cases.event import Actor, Event, Hold, Risk
from cases.kinds import ReportEvent, Role
from cases.life import replay
from cases.packs.pack import Pack
from cases.packs.schema import CheckItem
from tests.bench.rounds import Row, at_most, milliseconds
from tests.support.shipped import shipped

EVENTS: Final = 500
MATTERS: Final = 20
ROUNDS_ASKED: Final = 40
RECEIVED_ON: Final = date(2026, 11, 23)
SYSTEM: Final = Actor(Role.SYSTEM)
SOURCE: Final = Actor(Role.SOURCE)
BODY: Final = Actor(Role.AGENCY)
INTAKE: Final = Actor(Role.INTAKE, "officer-1")
HANDLER: Final = Actor(Role.HANDLER, "officer-2")
SECOND: Final = Actor(Role.SECOND_OFFICER, "officer-3")
SUPERVISOR: Final = Actor(Role.SUPERVISOR, "officer-4")
LIAISON: Final = Actor(Role.LIAISON, "officer-5")
BOARD: Final = Actor(Role.APPROVER, "officer-6")
FUND: Final = Actor(Role.FUND_ASSESSOR, "officer-8")
AUDITOR: Final = Actor(Role.AUDITOR, "officer-7")


def measure(rounds: int) -> dict[str, Row]:
    """The row."""
    pack = shipped("kr")
    history, packs = _history(pack), {pack.ref: pack}
    if len(history) != EVENTS:
        raise ValueError(f"the history has {len(history)} events")
    measured = milliseconds({"replay": lambda: replay(history, packs)}, rounds)
    clocks = len(list(replay(history, packs).clocks))
    return {"replay_500": at_most(measured["replay"], "ms for 500 events", 10, also={"clocks": clocks})}


def _said(day: int, by: Actor, second: Actor | None = None) -> dict[str, Any]:
    on = RECEIVED_ON + timedelta(days=day)
    return {"on": on, "recorded_on": on, "by": by, "second": second, "text_ref": "text-1"}


def _history(pack: Pack) -> list[Event]:
    matters = (_matter(pack, f"matter-{number}", f"referral-{number}") for number in range(MATTERS))
    history = [
        *_opening(pack),
        *_questions(),
        events.Verified(**_said(50, HANDLER), checked=tuple(pack.ids(CheckItem))),
        *(event for step in zip(*matters, strict=True) for event in step),
        events.Acknowledged(**_said(160, INTAKE)),
        events.Recused(**_said(160, AUDITOR), person=AUDITOR.person),
    ]
    for number in range((EVENTS - len(history)) // 2):
        history.append(events.HoldPlaced(**_said(200, FUND), hold=f"hold-{number}", sort=Hold.FUND))
        history.append(events.HoldLifted(**_said(200, FUND), hold=f"hold-{number}"))
    return history


def _opening(pack: Pack) -> Iterator[Event]:
    yield events.Received(**_said(0, SYSTEM), pack=pack.ref)
    for number in range(MATTERS):
        yield events.AllegationAdded(**_said(1, INTAKE), allegation=f"matter-{number}", category="bribery")
    checks: dict[str, Any] = {
        "risk": Risk.LOW,
        "urgent": False,
        "conflict": False,
        "in_scope": True,
        "secrets": False,
    }
    yield events.Triaged(**_said(2, INTAKE, SECOND), **checks)
    yield events.Assigned(**_said(2, SUPERVISOR), handler=HANDLER.person, no_conflict_declared=True)


def _questions() -> Iterator[Event]:
    for number in range(ROUNDS_ASKED):
        name, day = f"round-{number}", 3 + number
        answer_by = RECEIVED_ON + timedelta(days=day + 14)
        yield events.QuestionsAsked(**_said(day, HANDLER), questions=name, answer_by=answer_by)
        yield events.QuestionsAnswered(**_said(day, SOURCE), questions=name)


def _matter(pack: Pack, matter: str, referral: str) -> Iterator[Event]:
    consent: dict[str, Any] = {"institution": "police", "identity_fields": ("name",), "language": "ko"}
    yield events.ConsentRecorded(**_said(51, SOURCE), **consent)
    yield events.Transferred(
        **_said(52, HANDLER, SECOND),
        allegation=matter,
        referral=referral,
        institution="police",
        listed_in=pack.ref,
        attached=("name",),
        redacted=True,
        lead=True,
    )
    yield events.InvestigationBegun(**_said(53, BODY), referral=referral)
    yield events.ClockExtended(**_said(90, BODY), deadline="investigate", subject=referral, length=30)
    yield events.InvestigationEnded(**_said(120, BODY), referral=referral)
    yield events.ResultReceived(**_said(125, LIAISON), referral=referral)
    yield events.ResultNotified(**_said(126, HANDLER, SECOND), allegation=matter, objection_explained=True)
    yield events.NoticeRead(**_said(130, SOURCE), of=ReportEvent.RESULT_NOTIFIED, subject=matter)
    yield events.Objected(**_said(137, SOURCE), allegation=matter)
    yield events.ReinvestigationDemanded(**_said(150, BOARD), allegation=matter, referral=referral)
    yield events.ResultReceived(**_said(156, LIAISON), referral=referral)
