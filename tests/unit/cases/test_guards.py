"""Every guard of a step: what it refuses, with its sentence, and what it lets pass.

A row is a history, the step that is refused and why, and the nearest step that is not.
"""

import re

import pytest

from cases import life
from cases.errors import IllegalStepError
from cases.event import Actor, Hold, Refusal
from cases.kinds import ReportEvent as E
from cases.kinds import Role
from tests.support import lives
from tests.support.lives import HANDLER, HEAD, SUPERVISOR, Row, make, tell, told, verified

OTHER_HANDLER = Actor(Role.HANDLER, "h2")
AUDITOR = Actor(Role.AUDITOR, "u1")
START = (make(E.RECEIVED, 0), make(E.ACKNOWLEDGED, 1))
TRIAGED = (*START, make(E.TRIAGED, 2))
CONFLICT = (*START, make(E.TRIAGED, 2, conflict=True))
ASSIGNED = (*TRIAGED, make(E.ALLEGATION_ADDED, 2), make(E.ASSIGNED, 3))
ASKED = (*ASSIGNED, make(E.QUESTIONS_ASKED, 4))
LAPSED = (*ASKED, make(E.QUESTIONS_LAPSED, 15))
ASKED_TWICE = (*LAPSED, make(E.QUESTIONS_ASKED, 16, questions="q2"))
LAPSED_TWICE = (*ASKED_TWICE, make(E.QUESTIONS_LAPSED, 27, questions="q2"))
SENT = lives.sent()
READ = (*told(), make(E.NOTICE_READ, 41))
DISMISSED = (*READ, make(E.OBJECTED, 45), make(E.OBJECTION_DISMISSED, 50))
CLOSED = (*told(), make(E.CLOSED, 58))
HELD = (*CLOSED, make(E.HOLD_PLACED, 59))
KEPT = (*CLOSED, make(E.RETAINED, 60))
FIVE_YEARS = 58 + 5 * 365 + 1
ABOUT_MINISTRY = verified(accused=("ministry",))
FREE = (*ASSIGNED, make(E.WITHDRAWAL_ASKED, 5), make(E.WITHDRAWAL_CHECKED, 6))
RESTRICTED = (*ASSIGNED, make(E.RESTRICTED, 4))


ROWS = {
    # who
    "role": Row(
        TRIAGED,
        make(E.ASSIGNED, 3, by=HANDLER),
        "is recorded by: supervisor; not by handler",
        make(E.ASSIGNED, 3),
    ),
    "nobody": Row(
        TRIAGED,
        make(E.ASSIGNED, 3, by=Actor(Role.SUPERVISOR)),
        "named as a person, and nobody is",
        make(E.ASSIGNED, 3),
    ),
    "somebody": Row(
        ASKED,
        make(E.QUESTIONS_ANSWERED, 5, by=Actor(Role.SOURCE, "x1")),
        "as source is not named",
        make(E.QUESTIONS_ANSWERED, 5),
    ),
    "no second": Row(
        START,
        make(E.TRIAGED, 2, second=None),
        "needs the agreement of a second person: intake, second_o",
        make(E.TRIAGED, 2),
    ),
    "wrong second": Row(
        START,
        make(E.TRIAGED, 2, second=HEAD),
        "is one of: intake, second_officer; not head",
        make(E.TRIAGED, 2),
    ),
    "same person": Row(
        SENT[:-1],
        make(E.TRANSFERRED, 7, second=Actor(Role.APPROVER, "h1")),
        "must be another one",
        make(E.TRANSFERRED, 7),
    ),
    "second without a name": Row(
        ABOUT_MINISTRY,
        make(E.COMPLAINT_FILED, 7, second=Actor(Role.SOURCE)),
        "somebody by name",
        make(E.TRANSFERRED, 7, reidentification_checked=True),
    ),
    "not the handler": Row(
        ASSIGNED, make(E.VERIFIED, 6, by=OTHER_HANDLER), "to whom this case is assigned", make(E.VERIFIED, 6)
    ),
    "no words": Row(
        ASSIGNED,
        make(E.QUESTIONS_ASKED, 6, text_ref=""),
        "needs its words: write them down",
        make(E.QUESTIONS_ASKED, 6),
    ),
    "consent without its words": Row(
        ASSIGNED,
        make(E.CONSENT_RECORDED, 6, by=lives.INTAKE),
        "Say where the source agreed",
        make(E.CONSENT_RECORDED, 6, by=lives.INTAKE, text_ref="t9"),
    ),
    "recusing others": Row(
        ASSIGNED,
        make(E.RECUSED, 6, by=AUDITOR, person="h1"),
        "can recuse only themselves",
        make(E.RECUSED, 6, by=AUDITOR, person="u1"),
    ),
    "not a reader": Row(
        RESTRICTED, make(E.HOLD_PLACED, 5), "no such case for this person", make(E.VERIFIED, 6)
    ),
    "second not a reader": Row(
        RESTRICTED,
        make(E.CLOSED, 5, reason="clearly_false", second=Actor(Role.APPROVER, "a2")),
        "no such case for this person",
        make(E.CLOSED, 5, reason="clearly_false"),
    ),
    "head opens a restriction": Row(
        RESTRICTED,
        make(E.UNRESTRICTED, 5, by=HEAD, second=SUPERVISOR),
        "no such case",
        make(E.RESTRICTED, 5, by=HEAD),
    ),
    "recused head": Row(
        (*RESTRICTED, make(E.RECUSED, 5, person="d1")),
        make(E.RESTRICTED, 6, by=HEAD),
        "no such case for this person",
        make(E.RESTRICTED, 6),
    ),
    # 2
    "acknowledged twice": Row(
        TRIAGED, make(E.ACKNOWLEDGED, 3), "was acknowledged already", make(E.TRIAGED, 3)
    ),
    # 3
    "id taken": Row(
        ASSIGNED,
        make(E.ALLEGATION_ADDED, 5),
        "has the id “m1” already",
        make(E.ALLEGATION_ADDED, 5, allegation="m2"),
    ),
    "category": Row(
        TRIAGED,
        make(E.ALLEGATION_ADDED, 5, category="gossip"),
        "no category “gossip” in force",
        make(E.ALLEGATION_ADDED, 5),
    ),
    "not restricted": Row(
        ASSIGNED, make(E.UNRESTRICTED, 5), "not restricted to anybody", make(E.RESTRICTED, 5)
    ),
    # 4
    "conflict": Row(CONFLICT, make(E.ASSIGNED, 3), "Triage found a conflict of interest", make(E.RECUSED, 3)),
    "undeclared": Row(
        TRIAGED, make(E.ASSIGNED, 3, no_conflict_declared=False), "must first declare", make(E.ASSIGNED, 3)
    ),
    "recused handler": Row(
        (*TRIAGED, make(E.RECUSED, 3)),
        make(E.ASSIGNED, 4, handler="h9"),
        "cannot be made the handler",
        make(E.ASSIGNED, 4),
    ),
    "triaged anew": Row(
        (*CLOSED, make(E.REOPENED, 100)),
        make(E.ASSIGNED, 101),
        "has not been through triage",
        make(E.TRIAGED, 101),
    ),
    # 5
    "round known": Row(
        LAPSED,
        make(E.QUESTIONS_ASKED, 16),
        "has the id “q1” already",
        make(E.QUESTIONS_ASKED, 16, questions="q2"),
    ),
    "answer day": Row(
        ASSIGNED,
        make(E.QUESTIONS_ASKED, 4, answer_by=lives.day(4)),
        "lies after the day they are asked",
        make(E.QUESTIONS_ASKED, 4, answer_by=lives.day(5)),
    ),
    "unknown round": Row(
        ASKED,
        make(E.QUESTIONS_ANSWERED, 5, questions="q7"),
        "The case has no “q7”",
        make(E.QUESTIONS_ANSWERED, 5),
    ),
    "unknown round lapses": Row(
        ASKED,
        make(E.QUESTIONS_LAPSED, 15, questions="q7"),
        "The case has no “q7”",
        make(E.QUESTIONS_LAPSED, 15),
    ),
    "lapses too early": Row(
        ASKED,
        make(E.QUESTIONS_LAPSED, 14),
        "can answer until 2026-03-16; the round lapses the day",
        make(E.QUESTIONS_LAPSED, 15),
    ),
    "lapses late": Row(
        ASKED_TWICE,
        make(E.QUESTIONS_LAPSED, 27),
        "only the last one can lapse",
        make(E.QUESTIONS_LAPSED, 27, questions="q2"),
    ),
    "extending for others": Row(
        SENT,
        make(E.CLOCK_EXTENDED, 9, deadline="investigate", subject="f1"),
        "A body extends the period of its own",
        make(E.CLOCK_EXTENDED, 9, deadline="investigate", subject="f1", by=lives.BODY, second=None),
    ),
    "extending as a body": Row(
        ASSIGNED,
        make(E.CLOCK_EXTENDED, 9, by=lives.BODY),
        "and the handler every other one",
        make(E.CLOCK_EXTENDED, 9),
    ),
    "extending without a reason": Row(
        ASSIGNED, make(E.CLOCK_EXTENDED, 9, text_ref=""), "only with a reason", make(E.CLOCK_EXTENDED, 9)
    ),
    "extending alone": Row(
        ASSIGNED,
        make(E.CLOCK_EXTENDED, 9, second=None),
        "approval of: second_officer",
        make(E.CLOCK_EXTENDED, 9),
    ),
    # 6
    "checklist": Row(
        ASSIGNED,
        make(E.VERIFIED, 6, checked=("evidence",)),
        "Still to be looked into .*: consent",
        make(E.VERIFIED, 6),
    ),
    "nothing to verify": Row(
        (*TRIAGED, make(E.ASSIGNED, 3)),
        make(E.VERIFIED, 6),
        "add an allegation first",
        make(E.ALLEGATION_ADDED, 6, by=HANDLER),
    ),
    # 12
    "silent on objecting": Row(
        (*SENT, make(E.RESULT_RECEIVED, 38)),
        make(E.RESULT_NOTIFIED, 40, objection_explained=False),
        "how to object, and until when",
        make(E.RESULT_NOTIFIED, 40),
    ),
    "nothing to read": Row(SENT, make(E.NOTICE_READ, 41), "No notice was given", make(E.RESULT_RECEIVED, 41)),
    # 13
    "objecting late": Row(
        READ,
        make(E.OBJECTED, 49),
        r"too late for “objected”: the last day was 2026-04-19 \(TA Decree 7\)",
        make(E.OBJECTED, 48),
    ),
    "objecting twice": Row(
        DISMISSED,
        make(E.OBJECTED, 51),
        "no second one is heard",
        make(E.OBJECTION_REFUSED, 51, ground=Refusal.SECOND),
    ),
    "objecting to nothing": Row(
        READ, make(E.OBJECTED, 45, allegation="m7"), "has no “m7”", make(E.OBJECTED, 45)
    ),
    "refusing what is in time": Row(
        READ,
        make(E.OBJECTION_REFUSED, 50, objected_on=lives.day(48)),
        "of 2026-04-19 was in time: it must be heard",
        make(E.OBJECTION_REFUSED, 50, objected_on=lives.day(49)),
    ),
    "refusing a first one": Row(
        READ,
        make(E.OBJECTION_REFUSED, 49, ground=Refusal.SECOND),
        "not a second one that the rules bar",
        make(E.OBJECTION_REFUSED, 49),
    ),
    "refusing ahead": Row(
        READ,
        make(E.OBJECTION_REFUSED, 50, objected_on=lives.day(51)),
        "cannot have been made on that day",
        make(E.OBJECTION_REFUSED, 50),
    ),
    "refusing for an open matter": Row(
        (*READ, make(E.CLOSED, 58), make(E.REOPENED, 60)),
        make(E.OBJECTION_REFUSED, 61),
        "while the allegation is “open”",
        make(E.TRIAGED, 61),
    ),
    # 14
    "another referral": Row(
        READ, make(E.REINVESTIGATION_DEMANDED, 45, referral="f7"), "has no “f7”", make(E.OBJECTED, 45)
    ),
    "referral of another": Row(
        (
            *ASSIGNED,
            make(E.ALLEGATION_ADDED, 3, allegation="m2"),
            make(E.VERIFIED, 6),
            make(E.TRANSFERRED, 7),
            make(E.RESULT_RECEIVED, 8),
        ),
        make(E.REINVESTIGATION_DEMANDED, 9, allegation="m2"),
        "belongs to another matter",
        make(E.REINVESTIGATION_DEMANDED, 9),
    ),
    # 15
    "unknown ground": Row(
        ASSIGNED,
        make(E.CLOSED, 9, reason="tired"),
        "no closing “tired” in force",
        make(E.CLOSED, 9, reason="clearly_false"),
    ),
    "one round": Row(
        LAPSED,
        make(E.CLOSED, 20, reason="unanswered"),
        "needs 2 rounds of questions that were not answered; there were 1",
        make(E.QUESTIONS_ASKED, 20, questions="q2"),
    ),
    "answered late": Row(
        (*LAPSED_TWICE, make(E.QUESTIONS_ANSWERED, 28)),
        make(E.CLOSED, 30, reason="unanswered"),
        "there were 1",
        make(E.CLOSED, 30, reason="clearly_false"),
    ),
    "not concluded": Row(
        verified(),
        make(E.CLOSED, 9),
        "The report is not concluded",
        make(E.CLOSED, 9, reason="clearly_false"),
    ),
    "concluding nothing": Row(
        TRIAGED,
        make(E.CLOSED, 9, by=lives.INTAKE),
        "The report is not concluded",
        make(E.CLOSED, 9, by=lives.INTAKE, reason="clearly_false"),
    ),
    "concluding one": Row(
        verified(),
        make(E.ALLEGATION_CLOSED, 9, reason="concluded"),
        "on a ground of the law, and this is none",
        make(E.ALLEGATION_CLOSED, 9),
    ),
    "closing while out": Row(
        SENT,
        make(E.CLOSED, 9),
        "cannot follow while the allegation is “referred”",
        make(E.ALLEGATION_CLOSED, 9),
    ),
    "old evidence": Row(
        CLOSED, make(E.REOPENED, 100, new_evidence=False), "only on new evidence", make(E.REOPENED, 100)
    ),
    "reopening nothing": Row(
        CLOSED,
        make(E.REOPENED, 100, allegations=("m7",)),
        "has no “m7”",
        make(E.REOPENED, 100, allegations=()),
    ),
    # 16
    "withdrawal unchecked": Row(
        ASSIGNED, make(E.WITHDRAWN, 6), "does not begin with “withdrawn”", make(E.WITHDRAWAL_ASKED, 6)
    ),
    "withdrawal forced": Row(
        (*ASSIGNED, make(E.WITHDRAWAL_ASKED, 5), make(E.WITHDRAWAL_CHECKED, 6, free=False)),
        make(E.WITHDRAWN, 7),
        "while the withdrawal is “coerced”",
        make(E.VERIFIED, 7),
    ),
    "withdrawal free": Row(FREE, make(E.CLOSED, 7), "The report is not concluded", make(E.WITHDRAWN, 7)),
    # 18
    "hold twice": Row(HELD, make(E.HOLD_PLACED, 60), "in place already", make(E.HOLD_PLACED, 60, hold="o2")),
    "hold of others": Row(
        HELD,
        make(E.HOLD_LIFTED, 60, by=AUDITOR),
        "by the office that placed it: protection_officer",
        make(E.HOLD_LIFTED, 60),
    ),
    "no hold": Row(HELD, make(E.HOLD_LIFTED, 60, hold="o2"), "has no “o2”", make(E.HOLD_LIFTED, 60)),
    "held": Row(
        (*KEPT, make(E.HOLD_PLACED, 61), make(E.HOLD_PLACED, 61, hold="o2", sort=Hold.AUDIT, by=AUDITOR)),
        make(E.DESTROYED, FIVE_YEARS + 1),
        "holds are in place: audit, protection",
        make(E.HOLD_LIFTED, FIVE_YEARS),
    ),
    "watched over": Row(
        KEPT,
        make(E.DESTROYED, 700),
        "while “watch_over_source” runs, until 2028-04-29",
        make(E.HOLD_PLACED, 700),
    ),
    "kept": Row(
        KEPT, make(E.DESTROYED, FIVE_YEARS), "is kept until 2031-04-29", make(E.DESTROYED, FIVE_YEARS + 1)
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_guard_refuses_with_its_sentence_and_lets_the_rest_pass(row: Row) -> None:
    before, because = row.before_and_refusal()
    assert re.search(row.because, because)
    assert tell(row.good, before=before) != before


def test_a_refused_step_changes_nothing() -> None:
    before = tell(*verified())
    again = tell(*verified())
    with pytest.raises(IllegalStepError):
        life.advance(before, make(E.TRANSFERRED, 7, redacted=False), lives.rules())
    assert before == again
