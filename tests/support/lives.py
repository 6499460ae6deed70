"""Histories of reports in Testland, a country that is not: each event as an agency would record it.

`make` gives an event of a kind on a day (counted from the receipt) with what a usual one says, so
that a test writes down only what it is about. Persons are letters with a number and nobody.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from cases import life
from cases.case import Case
from cases.errors import CaseError
from cases.event import Actor, Event, Hold, Refusal, Risk
from cases.events import EVENT_TYPES
from cases.kinds import ReportEvent as E
from cases.kinds import Role
from cases.packs import reading
from cases.packs.pack import Pack
from tests.support import pack_files

DAY_0: Final = date(2026, 3, 2)

SYSTEM = Actor(Role.SYSTEM)
SCHEDULER = Actor(Role.SCHEDULER)
SOURCE = Actor(Role.SOURCE)
BODY = Actor(Role.AGENCY)
INTAKE = Actor(Role.INTAKE, "i1")
HANDLER = Actor(Role.HANDLER, "h1")
SECOND = Actor(Role.SECOND_OFFICER, "s1")
APPROVER = Actor(Role.APPROVER, "a1")
SUPERVISOR = Actor(Role.SUPERVISOR, "v1")
LIAISON = Actor(Role.LIAISON, "l1")
HEAD = Actor(Role.HEAD, "d1")
RECORDS = Actor(Role.RECORDS, "r1")
PROTECTION = Actor(Role.PROTECTION_OFFICER, "p1")

_CONCLUDED: Final = '\n[[closing]]\nid = "concluded"\nbasis = "policy"\n'


_RUNS_ON: Final = 'id = "handle"\nresumes_on = ["returned", "continued_ex_officio"]\n'


@cache
def rules() -> Pack:
    """The pack of Testland with a plain end for its reports, and days that run on when a body gives up."""
    words = {
        f"words_{each}": pack_files.words(each) + '\n[closing.concluded]\ntitle = "concluded"\n'
        for each in ("en", "tl")
    }
    deadlines = pack_files.DEADLINES.replace('id = "handle"\n', _RUNS_ON, 1)
    files = pack_files.testland(life=pack_files.LIFE + _CONCLUDED, deadlines=deadlines, **words)
    return reading.load(pack_files.as_bytes(files))


_SENDING: Final[Mapping[str, Any]] = {
    "allegation": "m1",
    "referral": "f1",
    "institution": "ministry",
    "redacted": True,
}
USUAL: Final[Mapping[E, Mapping[str, Any]]] = {
    E.RECEIVED: {"by": SYSTEM},
    E.ACKNOWLEDGED: {"by": INTAKE},
    E.TRIAGED: {
        "by": INTAKE,
        "second": SECOND,
        "risk": Risk.LOW,
        "urgent": False,
        "conflict": False,
        "in_scope": True,
        "secrets": False,
    },
    E.ALLEGATION_ADDED: {"by": INTAKE, "allegation": "m1", "category": "bribery"},
    E.ASSIGNED: {"by": SUPERVISOR, "handler": "h1", "no_conflict_declared": True},
    E.RECUSED: {"by": SUPERVISOR, "person": "h9"},
    E.QUESTIONS_ASKED: {"by": HANDLER, "questions": "q1", "text_ref": "t1"},
    E.QUESTIONS_ANSWERED: {"by": SOURCE, "questions": "q1"},
    E.QUESTIONS_LAPSED: {"by": SCHEDULER, "questions": "q1"},
    E.CLOCK_EXTENDED: {
        "by": HANDLER,
        "second": SECOND,
        "text_ref": "t2",
        "deadline": "handle",
        "subject": "m1",
        "length": 30,
    },
    E.CONSENT_RECORDED: {
        "by": SOURCE,
        "institution": "ministry",
        "identity_fields": ("name",),
        "language": "en",
    },
    E.VERIFIED: {"by": HANDLER, "checked": ("evidence", "consent")},
    E.TRANSFERRED: {"by": HANDLER, "second": APPROVER, "lead": True, **_SENDING},
    E.FORWARDED: {"by": HANDLER, "second": SECOND, "lead": True, **_SENDING},
    E.COMPLAINT_FILED: {"by": HEAD, **_SENDING, "institution": "old_prosecutor"},
    E.PETITION_FILED: {"by": HEAD, "allegation": "m1"},
    E.RETURNED: {"by": BODY, "referral": "f1"},
    E.REROUTED: {
        "by": LIAISON,
        **_SENDING,
        "left": "f1",
        "referral": "f2",
        "institution": "works_office",
    },
    E.INVESTIGATION_BEGUN: {"by": BODY, "referral": "f1"},
    E.INVESTIGATION_ENDED: {"by": BODY, "referral": "f1"},
    E.RESULT_RECEIVED: {"by": LIAISON, "referral": "f1"},
    E.RESULT_NOTIFIED: {
        "by": HANDLER,
        "second": APPROVER,
        "text_ref": "t3",
        "allegation": "m1",
        "objection_explained": True,
    },
    E.NOTICE_READ: {"by": SOURCE, "of": E.RESULT_NOTIFIED, "subject": "m1"},
    E.OBJECTED: {"by": SOURCE, "allegation": "m1"},
    E.OBJECTION_REFUSED: {
        "by": HANDLER,
        "second": APPROVER,
        "text_ref": "t4",
        "allegation": "m1",
        "ground": Refusal.LATE,
    },
    E.OBJECTION_DISMISSED: {"by": HEAD, "text_ref": "t5", "allegation": "m1"},
    E.REINVESTIGATION_DEMANDED: {"by": HEAD, "text_ref": "t6", "allegation": "m1", "referral": "f1"},
    E.ALLEGATION_CLOSED: {
        "by": HANDLER,
        "second": APPROVER,
        "text_ref": "t7",
        "allegation": "m1",
        "reason": "clearly_false",
    },
    E.CLOSED: {"by": HANDLER, "second": APPROVER, "text_ref": "t8", "reason": "concluded"},
    E.REOPENED: {"by": INTAKE, "second": SECOND, "new_evidence": True, "allegations": ("m1",)},
    E.WITHDRAWAL_ASKED: {"by": SOURCE},
    E.WITHDRAWAL_CHECKED: {"by": HANDLER, "free": True},
    E.WITHDRAWN: {"by": HANDLER, "second": APPROVER},
    E.CONTINUED_EX_OFFICIO: {"by": SUPERVISOR},
    E.RESTRICTED: {"by": SUPERVISOR, "readers": ("v1", "h1", "a1", "s1", "i1")},
    E.UNRESTRICTED: {"by": SUPERVISOR, "second": APPROVER},
    E.HOLD_PLACED: {"by": PROTECTION, "hold": "o1", "sort": Hold.PROTECTION},
    E.HOLD_LIFTED: {"by": PROTECTION, "hold": "o1"},
    E.FOLLOW_UP_BEGUN: {"by": SCHEDULER},
    E.RETAINED: {"by": RECORDS, "second": SECOND},
    E.DESTROYED: {"by": RECORDS, "second": SECOND},
}


def day(number: int) -> date:
    """A day by its number, 0 for the receipt."""
    return DAY_0 + timedelta(days=number)


def make(kind: E, on: int, *, pack: Pack | None = None, recorded: int | None = None, **changes: Any) -> Event:
    """An event of a kind on a day, entered on that day, in the way it usually is."""
    edition = (pack or rules()).ref
    fields: dict[str, Any] = {**USUAL[kind]}
    if kind is E.RECEIVED:
        fields["pack"] = edition
    if "institution" in fields and kind is not E.CONSENT_RECORDED:
        fields["listed_in"] = edition
    if kind is E.QUESTIONS_ASKED:
        fields["answer_by"] = day(on + 10)
    if kind is E.OBJECTION_REFUSED:
        fields["objected_on"] = day(on)
    days = {"on": day(on), "recorded_on": day(on if recorded is None else recorded)}
    return EVENT_TYPES[kind](**(days | fields | changes))


def tell(*history: Event, pack: Pack | None = None, before: Case | None = None) -> Case:
    """The case that these events make, each judged by `life.advance`."""
    case = before
    for event in history:
        case = life.advance(case, event, pack or rules())
    assert case is not None
    return case


class Row(NamedTuple):
    """A history, a step that is refused after it, a pattern of the reason, and a step that is not."""

    before: tuple[Event, ...]
    bad: Event
    because: str
    good: Event

    def before_and_refusal(self) -> tuple[Case, str]:
        """The case that the history makes, and what is said to the bad step; empty when it is let pass."""
        before = tell(*self.before)
        try:
            life.advance(before, self.bad, rules())
        except CaseError as refused:
            return before, str(refused)
        return before, ""


def verified(**matter: Any) -> tuple[Event, ...]:
    """The history of a report with one matter, verified on day 6."""
    return (
        make(E.RECEIVED, 0),
        make(E.ACKNOWLEDGED, 1),
        make(E.TRIAGED, 2),
        make(E.ALLEGATION_ADDED, 2, **matter),
        make(E.ASSIGNED, 3),
        make(E.VERIFIED, 6),
    )


def sent(**matter: Any) -> tuple[Event, ...]:
    """The same, sent to the ministry on day 7."""
    return (*verified(**matter), make(E.TRANSFERRED, 7))


def told(**matter: Any) -> tuple[Event, ...]:
    """The same, its result told to the source on day 40."""
    return (*sent(**matter), make(E.RESULT_RECEIVED, 38), make(E.RESULT_NOTIFIED, 40))
