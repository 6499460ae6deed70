"""The life of one round of questions to the source.

A report may be closed because questions were not answered, on a ground that says after how many
rounds; the rounds that count are those that lapsed and stayed so. Decided here, where the law is
silent: an answer that comes after its round lapsed is still an answer, and the round then no
longer counts as unanswered.
"""

from enum import StrEnum
from typing import Final

from cases.kinds import ReportEvent as E
from cases.machine import Machine, rows
from cases.stages import Stage


class QuestionsState(StrEnum):
    """What became of one round."""

    ASKED = "asked"
    ANSWERED = "answered"
    LAPSED = "lapsed"


S = QuestionsState

QUESTIONS: Final = Machine(
    name="round of questions",
    steps=(
        *rows(5, (None,), E.QUESTIONS_ASKED, S.ASKED),
        *rows(5, (S.ASKED, S.LAPSED), E.QUESTIONS_ANSWERED, S.ANSWERED),
        *rows(5, (S.ASKED,), E.QUESTIONS_LAPSED, S.LAPSED),
    ),
    stages={
        S.ASKED: Stage.QUESTIONS,
        S.ANSWERED: Stage.UNDER_REVIEW,
        S.LAPSED: Stage.UNDER_REVIEW,
    },
)
