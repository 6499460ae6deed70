"""The life of a report as a whole, from its receipt to its destruction.

Every event of a report passes this table first: it says in which phases of the agency's own work
the event can be recorded at all. What becomes of the single matters is in `allegation`.

Decided here, where the law is silent:
- An acknowledgement can follow later when something urgent was looked at first.
- A matter that is added, or a question that is asked, after the report was verified takes it back to
  its handler: what was verified is no longer the whole.
- What other bodies do reaches us whatever phase we are in, after a withdrawal too.
- Who goes on without the source (16), or opens a report again (15), begins at triage: conflicts of
  interest and risks are looked at anew.
- An objection that is still in time reopens a closed report by itself (13): closing takes no right away.
- Restricting, holding, recusing, consent and the reading of a notice are possible until destruction.
"""

from enum import StrEnum
from typing import Final

from cases.kinds import ReportEvent as E
from cases.machine import Machine, When, rows, stays
from cases.stages import Stage


class ReportState(StrEnum):
    """Where a report is in the agency's own work."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    TRIAGE = "triage"
    ASSIGNED = "assigned"
    INFO_REQUESTED = "info_requested"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    FOLLOW_UP = "follow_up"
    RETAINED = "retained"
    DESTROYED = "destroyed"


S = ReportState
LIVE: Final = (S.RECEIVED, S.ACKNOWLEDGED, S.TRIAGE, S.ASSIGNED, S.INFO_REQUESTED, S.VERIFIED)
OPEN: Final = (*LIVE, S.WITHDRAWN)
IN_HAND: Final = (S.TRIAGE, S.ASSIGNED, S.INFO_REQUESTED, S.VERIFIED, S.WITHDRAWN)
ENDED: Final = (S.CLOSED, S.FOLLOW_UP, S.RETAINED)
KEPT: Final = (*OPEN, *ENDED)

REPORT: Final = Machine(
    name="report",
    steps=(
        *rows(1, (None,), E.RECEIVED, S.RECEIVED),
        *rows(2, (S.RECEIVED,), E.ACKNOWLEDGED, S.ACKNOWLEDGED),
        *stays(2, (S.TRIAGE, S.ASSIGNED, S.INFO_REQUESTED, S.VERIFIED), E.ACKNOWLEDGED),
        *rows(3, (S.RECEIVED, S.ACKNOWLEDGED, S.TRIAGE), E.TRIAGED, S.TRIAGE),
        *stays(3, (S.RECEIVED, S.ACKNOWLEDGED, S.TRIAGE, S.ASSIGNED, S.INFO_REQUESTED), E.ALLEGATION_ADDED),
        *rows(3, (S.VERIFIED,), E.ALLEGATION_ADDED, S.ASSIGNED),
        *stays(3, KEPT, E.RESTRICTED),
        *stays(3, KEPT, E.UNRESTRICTED),
        *rows(4, (S.TRIAGE, S.ASSIGNED), E.ASSIGNED, S.ASSIGNED),
        *stays(4, (S.INFO_REQUESTED, S.VERIFIED), E.ASSIGNED),
        *stays(4, KEPT, E.RECUSED),
        *rows(5, (S.ASSIGNED, S.VERIFIED), E.QUESTIONS_ASKED, S.INFO_REQUESTED),
        *rows(5, (S.INFO_REQUESTED,), E.QUESTIONS_ANSWERED, S.ASSIGNED),
        *stays(5, IN_HAND, E.QUESTIONS_ANSWERED, When.LATE),
        *rows(5, (S.INFO_REQUESTED,), E.QUESTIONS_LAPSED, S.ASSIGNED),
        *stays(5, OPEN, E.CLOCK_EXTENDED),
        *stays(6, KEPT, E.CONSENT_RECORDED),
        *rows(6, (S.ASSIGNED,), E.VERIFIED, S.VERIFIED),
        *stays(7, (S.VERIFIED,), E.TRANSFERRED),
        *stays(7, (S.VERIFIED,), E.FORWARDED),
        *stays(8, (S.VERIFIED,), E.COMPLAINT_FILED),
        *stays(8, IN_HAND, E.PETITION_FILED),
        *stays(9, IN_HAND, E.RETURNED),
        *stays(9, IN_HAND, E.REROUTED),
        *stays(10, IN_HAND, E.INVESTIGATION_BEGUN),
        *stays(11, IN_HAND, E.INVESTIGATION_ENDED),
        *stays(11, IN_HAND, E.RESULT_RECEIVED),
        *stays(12, IN_HAND, E.RESULT_NOTIFIED),
        *stays(12, KEPT, E.NOTICE_READ),
        *stays(13, IN_HAND, E.OBJECTED),
        *rows(13, ENDED, E.OBJECTED, S.VERIFIED),
        *stays(13, (*IN_HAND, *ENDED), E.OBJECTION_REFUSED),
        *stays(14, IN_HAND, E.OBJECTION_DISMISSED),
        *stays(14, IN_HAND, E.REINVESTIGATION_DEMANDED),
        *stays(15, OPEN, E.ALLEGATION_CLOSED),
        *rows(15, OPEN, E.CLOSED, S.CLOSED),
        *rows(15, ENDED, E.REOPENED, S.TRIAGE),
        *stays(16, LIVE, E.WITHDRAWAL_ASKED),
        *stays(16, LIVE, E.WITHDRAWAL_CHECKED),
        *rows(16, LIVE, E.WITHDRAWN, S.WITHDRAWN),
        *rows(16, (S.WITHDRAWN,), E.CONTINUED_EX_OFFICIO, S.TRIAGE),
        *rows(17, (S.CLOSED,), E.FOLLOW_UP_BEGUN, S.FOLLOW_UP),
        *rows(18, (S.CLOSED, S.FOLLOW_UP), E.RETAINED, S.RETAINED),
        *rows(18, (S.RETAINED,), E.DESTROYED, S.DESTROYED),
        *stays(18, KEPT, E.HOLD_PLACED),
        *stays(18, KEPT, E.HOLD_LIFTED),
    ),
    stages={
        S.RECEIVED: Stage.RECEIVED,
        S.ACKNOWLEDGED: Stage.RECEIVED,
        S.TRIAGE: Stage.UNDER_REVIEW,
        S.ASSIGNED: Stage.UNDER_REVIEW,
        S.INFO_REQUESTED: Stage.QUESTIONS,
        S.VERIFIED: Stage.UNDER_REVIEW,
        S.WITHDRAWN: Stage.UNDER_REVIEW,
        **dict.fromkeys((*ENDED, S.DESTROYED), Stage.CLOSED),
    },
)
