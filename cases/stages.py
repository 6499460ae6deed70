"""What a source is told about where a case stands: coarse on purpose.

These are the words that cross the gap with every answer. The full life of a report, with its
guards and clocks, comes to stand beside this and will map onto these stages.
"""

from enum import StrEnum


class Stage(StrEnum):
    """The stage of a case as its source sees it."""

    RECEIVED = "received"
    UNDER_REVIEW = "under_review"
    QUESTIONS = "questions"
    WITH_COMPETENT_BODY = "with_competent_body"
    RESULT = "result"
    CLOSED = "closed"
