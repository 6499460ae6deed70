"""The words that pages, forms and the command line share.

They are plain English for people, never names of the code; what only one page says stands in
its template.
"""

from typing import Final

from cases.stages import Stage

STAGE_LABELS: Final = {
    Stage.RECEIVED: "Received",
    Stage.UNDER_REVIEW: "Under review",
    Stage.QUESTIONS: "We have questions",
    Stage.WITH_COMPETENT_BODY: "With the competent body",
    Stage.RESULT: "There is a result",
    Stage.CLOSED: "Closed",
}
