"""The words that pages, forms and the command line share.

They are plain English for people, never names of the code; what only one page says stands in
its template. The stages bear the words that the source will read, so that an officer who chooses
one sees what it says.
"""

from datetime import date
from typing import Final

from cases.clock import Standing
from cases.kinds import Scope, Status
from cases.stages import Stage
from journalist_app.services.case_life import ClockLine
from journalist_app.services.window_rules import Wanted, WindowLine

STAGE_LABELS: Final = {
    Stage.RECEIVED: "Received",
    Stage.UNDER_REVIEW: "Being looked at",
    Stage.QUESTIONS: "We have questions for you",
    Stage.WITH_COMPETENT_BODY: "With the body that is competent for it",
    Stage.RESULT: "There is a result",
    Stage.CLOSED: "Closed",
}

CONDITION_TITLES: Final = {
    Wanted.TIME: "Over for two weeks",
    Wanted.HEARD: "Server heard of since",
    Wanted.NONE_OUTSTANDING: "Nothing on the way",
    Wanted.HELD: "All of it is here",
    Wanted.BACKED_UP: "In a verified backup",
}
"""The conditions under which the keys of a week may be destroyed."""


STATUS_NOTES: Final = {
    Status.DRAFT: "read in its source, not yet checked by a lawyer",
    Status.UNVERIFIED: "not seen in its source",
    Status.VERIFIED: "checked by the lawyer whom the pack names",
}
"""How far a rule was checked."""

_SCOPES: Final = {
    Scope.REPORT: "the report",
    Scope.ALLEGATION: "each matter of the report",
    Scope.REFERRAL: "each body that has a matter",
    Scope.QUESTIONS: "each round of questions",
    Scope.REQUEST: "each request",
}
_ENDED: Final = {
    Standing.DEEMED: "over: silence counts as the answer",
    Standing.ENDED: "over",
    Standing.UNCOUNTED: "not counted: the pack’s calendar does not reach so far",
    Standing.DUE_TODAY: "today is the last day",
}


def spell_day(value: date) -> str:
    """A date with the month's name, as 22 November 2026."""
    return f"{value.day} {value:%B %Y}"


def count(number: int, one: str, many: str) -> str:
    """A number with the words that fit it."""
    return f"{number:,} {one if number == 1 else many}"


def spell_condition(line: WindowLine, wanted: Wanted) -> str:
    """Whether a week fulfils a condition: "yes", or what is missing."""
    if wanted not in line.unmet:
        return "yes"
    return {
        Wanted.TIME: f"on {spell_day(line.due_on)}",
        Wanted.HEARD: f"not since {spell_day(line.heard_on)}" if line.heard_on else "not from every server",
        Wanted.NONE_OUTSTANDING: f"{line.outstanding:,} on the way when last heard of",
        Wanted.HELD: f"{line.missing:,} missing or damaged",
        Wanted.BACKED_UP: f"{count(line.not_backed_up, 'report', 'reports')} in none",
    }[wanted]


def spell_advice(line: WindowLine, wanted: Wanted) -> str:
    """What to do so that a condition is fulfilled."""
    return {
        Wanted.TIME: f"Wait until {spell_day(line.due_on)}: what was begun in that week may still arrive.",
        Wanted.HEARD: (
            "Let the server export, bring the stick and import: its newest bundle must be made after "
            f"{spell_day(line.due_on)}."
        ),
        Wanted.NONE_OUTSTANDING: (
            "Import what there is, export, carry the export to the server and import it there. "
            "The bundle that the server makes a week later, or with the next report, says that nothing waits."
        ),
        Wanted.HELD: "Let the server export once more, to another stick, and import it.",
        Wanted.BACKED_UP: "Make a backup and verify it.",
    }[wanted]


def spell_subject(line: ClockLine) -> str:
    """What a clock is counted for."""
    return f"{line.scope.value} {line.subject}" if line.subject else _SCOPES[line.scope]


def spell_standing(line: ClockLine) -> str:
    """How a clock stands on the day on which it is looked at."""
    if line.stopped_on is not None:
        late = ", too late" if line.standing is Standing.STOPPED_LATE else ""
        return f"done on {spell_day(line.stopped_on)}{late}"
    if line.standing is Standing.WAITING:
        return f"begins by {spell_day(line.started_on)}" if line.started_on else "has not begun"
    if line.standing in _ENDED or line.days_left is None:
        return _ENDED.get(line.standing, "")
    days = count(abs(line.days_left), "day", "days")
    return f"{days} over" if line.standing is Standing.MISSED else f"{days} left"
