"""The source's wish to take the report back, and whether it is free.

Forcing somebody to withdraw is an offence, so a wish alone ends nothing: only one that was found
free (16). Decided here, where the law is silent: two officers agree to follow it, for it stops the
agency's periods as a closing does; after a wish that was found forced the report goes on as if nobody
had asked, and the source can ask again; so it can when a withdrawal did not end the matter because the
agency went on. A wish serves once: who goes on, or opens the report again, cannot take it back on the
old one.
"""

from enum import StrEnum
from typing import Final

from cases.kinds import ReportEvent as E
from cases.machine import Machine, When, rows
from cases.stages import Stage


class WithdrawalState(StrEnum):
    """What is known of the wish."""

    ASKED = "asked"
    FREE = "free"
    COERCED = "coerced"
    DONE = "done"


S = WithdrawalState

WITHDRAWAL: Final = Machine(
    name="withdrawal",
    steps=(
        *rows(16, (None, S.FREE, S.COERCED, S.DONE), E.WITHDRAWAL_ASKED, S.ASKED),
        *rows(16, (S.ASKED,), E.WITHDRAWAL_CHECKED, S.FREE, When.FREE),
        *rows(16, (S.ASKED,), E.WITHDRAWAL_CHECKED, S.COERCED, When.COERCED),
        *rows(16, (S.FREE,), E.WITHDRAWN, S.DONE),
    ),
    stages=dict.fromkeys(S, Stage.UNDER_REVIEW),
)
