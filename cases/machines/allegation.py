"""The life of one allegation: one matter of a report, which goes to one or more competent bodies.

What a body does with it is in `referral`; only what changes the matter itself is here.

Decided here, where the law is silent:
- The lead body's result is the result of the matter. What other bodies send later is kept with it.
- Closing a report leaves a notified result as it is, so that an objection in time stays possible;
  a matter that is out or under objection keeps the report from closing until it is settled by itself.
- A result that comes after its matter was closed by itself is still told to the source.
- An unsatisfying result can be sent back before anybody objects (14): the agency may demand a
  re-investigation within a term that runs from the result.
- New evidence reopens a matter that was closed or decided, not one that is under way.
"""

from enum import StrEnum
from typing import Final

from cases.kinds import ReportEvent as E
from cases.machine import Machine, When, rows, stays
from cases.stages import Stage


class AllegationState(StrEnum):
    """Where one matter is."""

    OPEN = "open"
    REFERRED = "referred"
    COMPLAINT_FILED = "complaint_filed"
    PETITIONED = "petitioned"
    RESULT_IN = "result_in"
    RESULT_NOTIFIED = "result_notified"
    OBJECTION = "objection"
    OBJECTION_DISMISSED = "objection_dismissed"
    REINVESTIGATION = "reinvestigation"
    CLOSED = "closed"


S = AllegationState
AWAITED: Final = (S.REFERRED, S.COMPLAINT_FILED, S.PETITIONED, S.REINVESTIGATION)
"""A body has it, and its result is waited for."""
ANSWERED: Final = (S.RESULT_IN, S.RESULT_NOTIFIED, S.OBJECTION, S.OBJECTION_DISMISSED)
SETTLED: Final = (S.RESULT_NOTIFIED, S.OBJECTION_DISMISSED, S.CLOSED)

ALLEGATION: Final = Machine(
    name="allegation",
    steps=(
        *rows(3, (None,), E.ALLEGATION_ADDED, S.OPEN),
        *rows(7, (S.OPEN, S.REFERRED), E.TRANSFERRED, S.REFERRED),
        *rows(7, (S.OPEN, S.REFERRED), E.FORWARDED, S.REFERRED),
        *rows(8, (S.OPEN,), E.COMPLAINT_FILED, S.COMPLAINT_FILED),
        *rows(8, (S.COMPLAINT_FILED,), E.PETITION_FILED, S.PETITIONED),
        *rows(9, (S.REFERRED, S.COMPLAINT_FILED, S.REINVESTIGATION), E.RETURNED, S.OPEN, When.LAST),
        *stays(9, (*ANSWERED, S.CLOSED), E.RETURNED, When.LAST),
        *stays(9, (S.REFERRED, S.REINVESTIGATION, *ANSWERED, S.CLOSED), E.RETURNED, When.OUT),
        *rows(11, (*AWAITED, S.CLOSED), E.RESULT_RECEIVED, S.RESULT_IN, When.LEAD),
        *stays(11, (S.REFERRED, S.REINVESTIGATION, *ANSWERED, S.CLOSED), E.RESULT_RECEIVED, When.OTHER),
        *rows(12, (S.RESULT_IN,), E.RESULT_NOTIFIED, S.RESULT_NOTIFIED),
        *rows(13, (S.RESULT_NOTIFIED, S.OBJECTION_DISMISSED), E.OBJECTED, S.OBJECTION),
        *stays(13, (S.RESULT_NOTIFIED, S.OBJECTION_DISMISSED), E.OBJECTION_REFUSED),
        *rows(14, (S.OBJECTION,), E.OBJECTION_DISMISSED, S.OBJECTION_DISMISSED),
        *rows(14, (S.RESULT_IN, S.OBJECTION), E.REINVESTIGATION_DEMANDED, S.REINVESTIGATION),
        *rows(15, (S.OPEN, *AWAITED), E.ALLEGATION_CLOSED, S.CLOSED),
        *rows(15, (S.OPEN,), E.CLOSED, S.CLOSED),
        *stays(15, SETTLED, E.CLOSED),
        *rows(15, SETTLED, E.REOPENED, S.OPEN, When.LAST),
        *rows(15, SETTLED, E.REOPENED, S.REFERRED, When.OUT),
    ),
    stages={
        S.OPEN: Stage.UNDER_REVIEW,
        S.REFERRED: Stage.WITH_COMPETENT_BODY,
        S.COMPLAINT_FILED: Stage.WITH_COMPETENT_BODY,
        S.PETITIONED: Stage.WITH_COMPETENT_BODY,
        S.RESULT_IN: Stage.WITH_COMPETENT_BODY,
        S.RESULT_NOTIFIED: Stage.RESULT,
        S.OBJECTION: Stage.RESULT,
        S.OBJECTION_DISMISSED: Stage.RESULT,
        S.REINVESTIGATION: Stage.WITH_COMPETENT_BODY,
        S.CLOSED: Stage.CLOSED,
    },
)
