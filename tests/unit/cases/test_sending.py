"""Every guard of what leaves the agency, or passes from body to body: what it refuses, with its sentence,
and what it lets pass. A row is a history, the step that is refused and why, and the nearest that is not.
"""

import re

import pytest

from cases.kinds import ReportEvent as E
from cases.packs.pack import PackRef
from tests.support import lives
from tests.support.lives import APPROVER, SECOND, Row, make, tell, verified

TWO_MATTERS = (
    *verified()[:-1],
    make(E.ALLEGATION_ADDED, 3, allegation="m2"),
    make(E.VERIFIED, 6),
)
SENIOR = verified(senior=True)
COMPLAINED = (*SENIOR, make(E.COMPLAINT_FILED, 7))
ABOUT_MINISTRY = verified(accused=("ministry",))
SENT = lives.sent()
RETURNED = (*SENT, make(E.RETURNED, 20))

ROWS = {
    # 7
    "unknown matter": Row(
        verified(), make(E.TRANSFERRED, 7, allegation="m7"), "The case has no “m7”", make(E.TRANSFERRED, 7)
    ),
    "referral known": Row(
        SENT,
        make(E.TRANSFERRED, 8, lead=False),
        "has the id “f1” already",
        make(E.TRANSFERRED, 8, lead=False, referral="f2", institution="works_office"),
    ),
    "unknown body": Row(
        verified(),
        make(E.TRANSFERRED, 7, institution="nowhere"),
        "no institution “nowhere” in force",
        make(E.TRANSFERRED, 7),
    ),
    "body for something else": Row(
        verified(),
        make(E.FORWARDED, 7, institution="old_prosecutor"),
        "“old_prosecutor” cannot be named for “forwarded”",
        make(E.FORWARDED, 7),
    ),
    "other edition": Row(
        verified(),
        make(E.TRANSFERRED, 7, listed_in=PackRef("testland", 2, "00" * 32)),
        "another edition of the rules than",
        make(E.TRANSFERRED, 7),
    ),
    "no consent": Row(
        verified(),
        make(E.TRANSFERRED, 7, attached=("name",)),
        "has not agreed that this body",
        make(E.TRANSFERRED, 7),
    ),
    "consent for less": Row(
        (*verified(), make(E.CONSENT_RECORDED, 7)),
        make(E.TRANSFERRED, 7, attached=("name", "address")),
        "has not agreed",
        make(E.TRANSFERRED, 7, attached=("name",)),
    ),
    "consent for another": Row(
        (*verified(), make(E.CONSENT_RECORDED, 7)),
        make(E.TRANSFERRED, 7, attached=("name",), institution="works_office"),
        "has not agreed",
        make(E.TRANSFERRED, 7, attached=("name",)),
    ),
    "consent taken back": Row(
        (*verified(), make(E.CONSENT_RECORDED, 7), make(E.CONSENT_RECORDED, 8, identity_fields=())),
        make(E.TRANSFERRED, 9, attached=("name",)),
        "has not agreed",
        make(E.TRANSFERRED, 9),
    ),
    "not redacted": Row(
        verified(),
        make(E.TRANSFERRED, 7, redacted=False),
        "Look through all that leaves",
        make(E.TRANSFERRED, 7),
    ),
    "accused body": Row(
        ABOUT_MINISTRY,
        make(E.TRANSFERRED, 7),
        "read the text for what would let it guess",
        make(E.TRANSFERRED, 7, reidentification_checked=True),
    ),
    "accused by now": Row(
        verified(),
        make(E.TRANSFERRED, 7, accused_body=True),
        "read the text",
        make(E.TRANSFERRED, 7, accused_body=True, reidentification_checked=True),
    ),
    "two lead": Row(
        SENT,
        make(E.FORWARDED, 8, referral="f2", institution="works_office"),
        "leads in this matter already: “ministry”",
        make(E.FORWARDED, 8, referral="f2", institution="works_office", lead=False),
    ),
    "none leads": Row(
        verified(),
        make(E.TRANSFERRED, 7, lead=False),
        "No body leads in this matter yet",
        make(E.TRANSFERRED, 7),
    ),
    "lead returned": Row(
        RETURNED,
        make(E.TRANSFERRED, 21, referral="f2", lead=False),
        "No body leads",
        make(E.TRANSFERRED, 21, referral="f2"),
    ),
    # 8
    "must complain": Row(
        SENIOR,
        make(E.TRANSFERRED, 7),
        "the agency must file a complaint in its own name",
        make(E.COMPLAINT_FILED, 7),
    ),
    "must not complain": Row(
        verified(),
        make(E.COMPLAINT_FILED, 7),
        "only where the accused holds an office",
        make(E.TRANSFERRED, 7),
    ),
    "complaint on the accused": Row(
        verified(senior=True, accused=("old_prosecutor",)),
        make(E.COMPLAINT_FILED, 7, reidentification_checked=True),
        "a second person must agree first",
        make(E.COMPLAINT_FILED, 7, reidentification_checked=True, second=APPROVER),
    ),
    "silence": Row(
        COMPLAINED, make(E.PETITION_FILED, 99), r"after 2026-06-09 \(TA 9\)", make(E.PETITION_FILED, 100)
    ),
    "silence of nobody": Row(
        SENT, make(E.PETITION_FILED, 300), "give no day on which silence", make(E.RESULT_RECEIVED, 300)
    ),
    "unknown petition": Row(
        COMPLAINED, make(E.PETITION_FILED, 100, allegation="m7"), "has no “m7”", make(E.PETITION_FILED, 100)
    ),
    # 9
    "unknown referral": Row(SENT, make(E.RETURNED, 20, referral="f7"), "has no “f7”", make(E.RETURNED, 20)),
    "handed on to the accused": Row(
        (*lives.sent(accused=("works_office",))[:-1], make(E.TRANSFERRED, 7, reidentification_checked=True)),
        make(E.REROUTED, 20, reidentification_checked=True),
        "a second person must agree first",
        make(E.REROUTED, 20, reidentification_checked=True, second=SECOND),
    ),
    "handed on from nowhere": Row(SENT, make(E.REROUTED, 20, left="f7"), "has no “f7”", make(E.REROUTED, 20)),
    "handed on another matter": Row(
        (*TWO_MATTERS, make(E.TRANSFERRED, 7)),
        make(E.REROUTED, 20, allegation="m2"),
        "belongs to another matter",
        make(E.REROUTED, 20),
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_what_leaves_is_refused_with_a_sentence_or_leaves(row: Row) -> None:
    before, because = row.before_and_refusal()
    assert re.search(row.because, because)
    assert tell(row.good, before=before) != before
