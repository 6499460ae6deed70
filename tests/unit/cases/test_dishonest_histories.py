"""What an officer could try who writes the history of a case: other days, other bodies, old words.

A row is a history, the step that is refused and why, and the nearest honest step, which is not.
"""

import re
from typing import Final

import pytest

from cases import life
from cases.errors import IllegalStepError
from cases.event import Actor, Event
from cases.kinds import ReportEvent as E
from cases.kinds import Role
from cases.packs import reading
from cases.packs.pack import Pack
from tests.support import lives, pack_files
from tests.support.lives import HANDLER, INTAKE, LIAISON, SECOND, Row, day, make, rules, tell, told, verified


def _of_the_body(length: int) -> Event:
    return make(
        E.CLOCK_EXTENDED, 9, by=LIAISON, second=None, deadline="investigate", subject="f1", length=length
    )


VERIFIED: Final = verified()
ASSIGNED: Final = VERIFIED[:-1]
LATE: Final = (*ASSIGNED, make(E.VERIFIED, 70))
ASKED: Final = (*ASSIGNED, make(E.QUESTIONS_ASKED, 4, answer_by=day(5)), make(E.QUESTIONS_LAPSED, 6))
CLOSED: Final = (*told(), make(E.CLOSED, 58))
REOPENED: Final = (*CLOSED, make(E.REOPENED, 90), make(E.TRIAGED, 90), make(E.ASSIGNED, 91))
FREE: Final = (*ASSIGNED, make(E.WITHDRAWAL_ASKED, 5), make(E.WITHDRAWAL_CHECKED, 6))
WENT_ON: Final = (*FREE, make(E.WITHDRAWN, 7), make(E.CONTINUED_EX_OFFICIO, 8))
REVOKED: Final = (*VERIFIED, make(E.CONSENT_RECORDED, 7), make(E.CONSENT_RECORDED, 9, identity_fields=()))
CONSENTED: Final = (*VERIFIED, make(E.CONSENT_RECORDED, 9))
ABOUT_MINISTRY: Final = verified(accused=("ministry",))
ABOUT_OLD_BODY: Final = verified(accused=("old_prosecutor",), senior=True)
OFFICE_ACCUSED: Final = lives.sent(accused=("works_office",))
ANYBODY: Final = Actor(Role.STATISTICS, "x1")
RESTRICTED: Final = (*VERIFIED, make(E.RESTRICTED, 7, readers=("h1", "a1")))
TWO_RESULTS: Final = (
    *ASSIGNED[:-1],
    make(E.ALLEGATION_ADDED, 2, allegation="m2"),
    make(E.ASSIGNED, 3),
    make(E.VERIFIED, 6),
    make(E.TRANSFERRED, 7),
    make(E.TRANSFERRED, 7, allegation="m2", referral="f2"),
    make(E.RESULT_RECEIVED, 9, referral="f2"),
    make(E.RESULT_NOTIFIED, 10, allegation="m2"),
    make(E.RESULT_RECEIVED, 38),
    make(E.RESULT_NOTIFIED, 40),
)

ROWS: Final = {
    "an extension entered after the end": Row(
        ASSIGNED,
        make(E.CLOCK_EXTENDED, 59, recorded=61),
        "enters an extension of its own period while it runs: until 2026-05-01",
        make(E.CLOCK_EXTENDED, 59, recorded=60),
    ),
    "an extension for ever": Row(
        lives.sent(),
        _of_the_body(40_000),
        "can be 40000 long in all, and no longer",
        _of_the_body(39_940),
    ),
    "a transfer before the verification": Row(
        LATE,
        make(E.TRANSFERRED, 59, recorded=71),
        "last step was taken on 2026-05-11: “transferred” follows it and cannot lie on 2026-04-30",
        make(E.TRANSFERRED, 70, recorded=71),
    ),
    "a closing before the verification": Row(
        LATE,
        make(E.CLOSED, 59, recorded=71, reason="clearly_false"),
        "last step was taken on 2026-05-11",
        make(E.CLOSED, 70, recorded=71, reason="clearly_false"),
    ),
    "a closing before the result was told": Row(
        told(),
        make(E.CLOSED, 39, recorded=41),
        "The step before this one was taken on 2026-04-11",
        make(E.CLOSED, 40, recorded=41),
    ),
    "a reopening before the closing": Row(
        CLOSED,
        make(E.REOPENED, 57, recorded=60),
        "last step was taken on 2026-04-29",
        make(E.REOPENED, 58, recorded=60),
    ),
    "a second closing before the first": Row(
        REOPENED,
        make(E.ALLEGATION_CLOSED, 59, recorded=92),
        "last step was taken on 2026-06-01",
        make(E.ALLEGATION_CLOSED, 92),
    ),
    "a round of questions that was over when it was entered": Row(
        ASKED,
        make(E.QUESTIONS_ASKED, 6, recorded=7, questions="q2", answer_by=day(7)),
        "lies after the day they are asked and entered",
        make(E.QUESTIONS_ASKED, 6, recorded=7, questions="q2", answer_by=day(8)),
    ),
    "two rounds on one day": Row(
        ASKED,
        make(E.QUESTIONS_ASKED, 4, recorded=6, questions="q2", answer_by=day(7)),
        "last step was taken on 2026-03-08",
        make(E.QUESTIONS_ASKED, 6, questions="q2", answer_by=day(7)),
    ),
    "consent from before it was taken back": Row(
        REVOKED,
        make(E.CONSENT_RECORDED, 8, recorded=10, by=HANDLER, text_ref="t9"),
        "On 2026-03-11 the source agreed to less for this body: consent of 2026-03-10 no longer counts",
        make(E.CONSENT_RECORDED, 9, recorded=10),
    ),
    "consent from before an older word that came late": Row(
        (*REVOKED, make(E.CONSENT_RECORDED, 7, recorded=10, identity_fields=())),
        make(E.CONSENT_RECORDED, 8, recorded=10),
        "On 2026-03-11 the source agreed to less",
        make(E.CONSENT_RECORDED, 10),
    ),
    "identity sent before the consent": Row(
        CONSENTED,
        make(E.TRANSFERRED, 8, recorded=10, attached=("name",)),
        "has not agreed that this body",
        make(E.TRANSFERRED, 9, recorded=10, attached=("name",)),
    ),
    "the body under the accused one": Row(
        ABOUT_MINISTRY,
        make(E.TRANSFERRED, 7, institution="works_office"),
        "or belongs to it: read the text",
        make(E.TRANSFERRED, 7, institution="works_office", reidentification_checked=True),
    ),
    "the body that took the place of the accused one": Row(
        ABOUT_OLD_BODY,
        make(E.COMPLAINT_FILED, 220, institution="new_prosecutor"),
        "or belongs to it: a second person must agree",
        make(
            E.COMPLAINT_FILED, 220, institution="new_prosecutor", second=SECOND, reidentification_checked=True
        ),
    ),
    "handed on to the accused with anybody's agreement": Row(
        OFFICE_ACCUSED,
        make(E.REROUTED, 9, second=ANYBODY, reidentification_checked=True),
        "one of: approver, head, second_officer, supervisor",
        make(E.REROUTED, 9, second=SECOND, reidentification_checked=True),
    ),
    "withdrawn again on the old wish": Row(
        WENT_ON,
        make(E.WITHDRAWN, 9, by=INTAKE),
        "cannot follow while the withdrawal is “done”",
        make(E.WITHDRAWAL_ASKED, 9),
    ),
    "withdrawn on a wish from before the reopening": Row(
        (*FREE, make(E.CLOSED, 7, reason="clearly_false"), make(E.REOPENED, 8)),
        make(E.WITHDRAWN, 9, by=INTAKE),
        "The withdrawal does not begin with “withdrawn”",
        make(E.WITHDRAWAL_ASKED, 9),
    ),
    "taken back by one officer alone": Row(
        FREE, make(E.WITHDRAWN, 7, second=None), "needs the agreement of a second", make(E.WITHDRAWN, 7)
    ),
    "the state of a case that is closed to somebody": Row(
        RESTRICTED,
        make(E.RETAINED, 8),
        "^There is no such case for this person.$",
        make(E.CLOSED, 8, reason="clearly_false"),
    ),
    "one reading for notices of different days": Row(
        TWO_RESULTS,
        make(E.NOTICE_READ, 12, recorded=41, subject=""),
        "The notice was given on 2026-04-11 and cannot have been read on 2026-03-14",
        make(E.NOTICE_READ, 12, recorded=41, subject="m2"),
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_what_is_dishonest_is_refused_and_what_is_late_is_not(row: Row) -> None:
    before, refused = row.before_and_refusal()
    assert re.search(row.because, refused)
    life.advance(before, row.good, rules())


def test_a_matter_goes_to_no_body_of_another_pack_or_of_an_older_edition() -> None:
    other, newer = edition(('id = "testland"', 'id = "otherland"')), edition(("version = 1", "version = 2"))
    before = tell(*VERIFIED)
    with pytest.raises(IllegalStepError, match="from the pack testland, edition 1 or a newer one"):
        life.advance(before, make(E.TRANSFERRED, 7, pack=other), rules(), other)
    life.advance(before, make(E.TRANSFERRED, 7, pack=newer), rules(), newer)
    before = tell(make(E.RECEIVED, 0, pack=newer), *VERIFIED[1:], pack=newer)
    with pytest.raises(IllegalStepError, match="edition 2 or a newer one"):
        life.advance(before, make(E.TRANSFERRED, 7), newer, rules())


def test_a_case_is_kept_while_an_objection_can_still_be_made() -> None:
    pack = edition(
        (
            'deemed_served = { length = 30, unit = "calendar_day" }',
            'deemed_served = { length = 9, unit = "year" }',
        )
    )
    steps = (*told()[1:6], make(E.TRANSFERRED, 7, pack=pack), *told()[7:])
    kept = tell(
        make(E.RECEIVED, 0, pack=pack),
        *steps,
        make(E.CLOSED, 58, reason="clearly_false"),
        make(E.RETAINED, 60),
        pack=pack,
    )
    with pytest.raises(IllegalStepError, match="while “object” runs, until 2035-04-18"):
        life.advance(kept, make(E.DESTROYED, 8 * 366), pack)
    life.advance(kept, make(E.DESTROYED, 10 * 366), pack)


def edition(*changes: tuple[str, str]) -> Pack:
    """The pack of Testland with other text in some places."""
    files = pack_files.testland()
    for old, new in changes:
        files = {name: text.replace(old, new, 1) for name, text in files.items()}
    return reading.load(pack_files.as_bytes(files))
