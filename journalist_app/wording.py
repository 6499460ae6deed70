"""The words that pages, forms and the command line share.

They are plain English for people, never names of the code; what only one page says stands in
its template. The stages bear the words that the source will read, so that an officer who chooses
one sees what it says.
"""

from typing import Final

from cases.stages import Stage

STAGE_LABELS: Final = {
    Stage.RECEIVED: "Received",
    Stage.UNDER_REVIEW: "Being looked at",
    Stage.QUESTIONS: "We have questions for you",
    Stage.WITH_COMPETENT_BODY: "With the body that is competent for it",
    Stage.RESULT: "There is a result",
    Stage.CLOSED: "Closed",
}
