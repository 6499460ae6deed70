"""The life of one referral: one matter at one competent body.

Decided here, where the law is silent:
- A body need not tell that it began: its extension, its end or its result can be the first we hear.
- Without word of its end, the result says that it ended; the period that runs from the end then never began.
- A body that hands the matter on (9) leaves its referral for a new one, and the period goes on
  running there: handing on gives nobody new time.
- A demand to investigate again (14) takes the same referral up again.
"""

from enum import StrEnum
from typing import Final

from cases.kinds import ReportEvent as E
from cases.machine import Machine, rows
from cases.stages import Stage


class ReferralState(StrEnum):
    """Where one matter is at one body."""

    SENT = "sent"
    INVESTIGATING = "investigating"
    EXTENDED = "extended"
    ENDED = "ended"
    RETURNED = "returned"
    REROUTED = "rerouted"
    RESULT_IN = "result_in"


S = ReferralState
AT_WORK: Final = (S.SENT, S.INVESTIGATING, S.EXTENDED)
OUT: Final = frozenset({*AT_WORK, S.ENDED})
"""The body has the matter and owes a result."""
LEFT: Final = frozenset({S.RETURNED, S.REROUTED})
"""The body no longer has the matter and owes nothing."""

REFERRAL: Final = Machine(
    name="referral",
    steps=(
        *rows(7, (None,), E.TRANSFERRED, S.SENT),
        *rows(7, (None,), E.FORWARDED, S.SENT),
        *rows(8, (None,), E.COMPLAINT_FILED, S.SENT),
        *rows(9, (None,), E.REROUTED, S.SENT),
        *rows(9, AT_WORK, E.RETURNED, S.RETURNED),
        *rows(9, AT_WORK, E.REROUTED, S.REROUTED),
        *rows(10, (S.SENT,), E.INVESTIGATION_BEGUN, S.INVESTIGATING),
        *rows(10, AT_WORK, E.CLOCK_EXTENDED, S.EXTENDED),
        *rows(11, AT_WORK, E.INVESTIGATION_ENDED, S.ENDED),
        *rows(11, (*AT_WORK, S.ENDED), E.RESULT_RECEIVED, S.RESULT_IN),
        *rows(14, (S.RESULT_IN,), E.REINVESTIGATION_DEMANDED, S.INVESTIGATING),
    ),
    stages={
        **dict.fromkeys((*AT_WORK, S.ENDED, S.RESULT_IN, S.REROUTED), Stage.WITH_COMPETENT_BODY),
        S.RETURNED: Stage.UNDER_REVIEW,
    },
)
