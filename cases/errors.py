"""Every way in which a case, a clock or a pack says no, with one root.

The text of an error is a whole sentence for a person: what is wrong, and what to do. It may name
a rule, an article, a day or a number inside a case, and nothing of what anybody wrote.
"""

from collections.abc import Sequence

from cases.packs.findings import Finding


class CaseError(Exception):
    """Something about this case is not in order."""


class IllegalStepError(CaseError):
    """The case is not where this step can be taken, or what the step needs is missing."""


class HistoryError(CaseError):
    """The events of this case do not follow from each other. It was changed or is damaged."""


class EventFormatError(CaseError):
    """This is not an event of a case in the form that is kept."""


class DateError(CaseError):
    """A day that cannot be: before the report, in the future, or not in the calendar."""


class ClockError(CaseError):
    """This period cannot be counted or changed in this way."""


class RuleError(CaseError):
    """The pack has no such rule in force on this day."""


class PackError(CaseError):
    """The pack cannot be used. Each finding says where, what is wrong and what would be right."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class PackSignatureError(PackError):
    """The pack is not signed by a key that this agency trusts, or was changed after it was signed."""


class PackKeyError(CaseError):
    """This is not a key that packs are signed with."""


class OlderPackError(PackError):
    """A newer pack of this jurisdiction is already in use, or the same number with other contents."""
