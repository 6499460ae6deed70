"""The forms that a source can fill in: one table for the side that offers them and the side that reads them.

A form travels as a FORM record of a parcel: its id, its version, and answers as (id, value), all texts. An
answer with several values comes several times. What a person writes freely stands in the parcel's
TEXT, not in a form. The report's questions are the pack's; every other form has exactly the answers below.
Offered by the source app; listed and shown by the officer app. Source: docs/protocol/parcel.md.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

VERSION: Final = 1


class SourceForm(StrEnum):
    """What a source fills in, by the id that the record has."""

    REPORT = "report"
    """Answers to the questions of the pack that `PACK` names."""
    NOTICE_READ = "notice_read"
    """“I have read this”: a legal period may start."""
    CONSENT = "consent"
    """Yes or no to the handing on of some fields of the identity to one body."""
    OBJECTION = "objection"
    """The source does not agree with a result; the reasons stand in the text."""
    WITHDRAWAL = "withdrawal"
    """The source wishes to take the report back, and whether that wish is free."""


PACK: Final = "pack"
"""In a report: which edition asked, “kr 1”."""
CONCERNS_AGENCY: Final = "concerns_agency"
"""In a report: whether it concerns somebody in the agency. Asked whatever the pack says."""
DANGER_NOW: Final = "danger_now"
"""In a report: whether somebody is in danger now. The question of that id of a pack; none need have it."""
MESSAGE_ID: Final = "message_id"
"""Which message the form answers: 16 hex digits."""
CASE_CODE: Final = "case_code"
BODY: Final = "body"
"""In a consent: who would learn it, as the officers named them."""
FIELD: Final = "field"
"""In a consent: one of the fields that were asked for; several times."""
CONSENTS: Final = "consents"
"""In a consent: “yes” or “no”."""
LANGUAGE: Final = "language"
"""In a consent: the language in which it was explained."""
FREE: Final = "free"
"""In a withdrawal: “yes”, or “no” when somebody presses the source to withdraw."""
YES: Final = "yes"
NO: Final = "no"

ANSWERS: Final[Mapping[SourceForm, tuple[str, ...]]] = {
    SourceForm.REPORT: (PACK, CONCERNS_AGENCY),
    SourceForm.NOTICE_READ: (MESSAGE_ID, CASE_CODE),
    SourceForm.CONSENT: (MESSAGE_ID, CASE_CODE, BODY, FIELD, CONSENTS, LANGUAGE),
    SourceForm.OBJECTION: (MESSAGE_ID, CASE_CODE),
    SourceForm.WITHDRAWAL: (CASE_CODE, FREE),
}
"""The answers of each form; a report has those of its pack's questions besides."""
