"""The words that pages, forms and the command line share.

They are plain English for people, never names of the code; what only one page says stands in
its template. The stages bear the words that the source will read, so that an officer who chooses
one sees what it says.
"""

from datetime import date
from typing import Final

from cases.clock import Standing
from cases.kinds import ReportEvent, Scope, Status
from cases.machines.acts import Notice
from cases.machines.report import ReportState
from cases.stages import Stage
from journalist_app.listing import Show, Sort
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

SHOW_TITLES: Final = {
    Show.OPEN: "Open cases",
    Show.DANGER: "Somebody in danger",
    Show.WAITING: "Waiting for an answer",
    Show.MINE: "Mine",
    Show.NOBODYS: "Without a handler",
    Show.LATE: "Past a last day",
    Show.WEEK: "A last day this week",
    Show.RESTRICTED: "Restricted",
    Show.CLOSED: "Closed",
    Show.JUNK: "Set aside as junk",
    Show.ALL: "All",
}
SORT_TITLES: Final = {
    Sort.URGENT: "Danger first, then those that wait",
    Sort.NEWEST: "Newest first",
    Sort.OLDEST: "Oldest first",
    Sort.DUE: "Next last day first",
}

DUTY_TITLES: Final = {
    Show.DANGER: (
        "case in which somebody says to be in danger",
        "cases in which somebody says to be in danger",
    ),
    Show.LATE: ("case past a last day", "cases past a last day"),
    Show.WEEK: (
        "case with a last day in the next seven days",
        "cases with a last day in the next seven days",
    ),
    Show.WAITING: ("case that waits for an answer", "cases that wait for an answer"),
}
"""What is to be done today: one, and several."""

DECISION_LABELS: Final = {
    30: "up to 30 days",
    60: "31 to 60 days",
    90: "61 to 90 days",
    180: "91 to 180 days",
    None: "longer",
}
"""In how many days cases ended, from the day on which the report was received."""

STATE_LABELS: Final = {
    ReportState.RECEIVED: "received",
    ReportState.ACKNOWLEDGED: "acknowledged",
    ReportState.TRIAGE: "in triage",
    ReportState.ASSIGNED: "with its handler",
    ReportState.INFO_REQUESTED: "waits for the source",
    ReportState.VERIFIED: "verified",
    ReportState.WITHDRAWN: "withdrawn",
    ReportState.CLOSED: "closed",
    ReportState.FOLLOW_UP: "closed and watched",
    ReportState.RETAINED: "only kept",
    ReportState.DESTROYED: "destroyed",
}
"""Where the agency's own work stands; the source sees a stage instead."""

STEP_TITLES: Final = {
    ReportEvent.ACKNOWLEDGED: "Acknowledge the report",
    ReportEvent.TRIAGED: "Triage: risk, urgency, conflicts, scope",
    ReportEvent.ALLEGATION_ADDED: "Add a matter of the report",
    ReportEvent.RESTRICTED: "Restrict the case to some officers",
    ReportEvent.UNRESTRICTED: "Open a restricted case to the desk",
    ReportEvent.ASSIGNED: "Assign the case to a handler",
    ReportEvent.RECUSED: "Recuse an officer from the case",
    ReportEvent.QUESTIONS_ASKED: "Note that questions were asked",
    ReportEvent.QUESTIONS_ANSWERED: "Note that the source answered questions",
    ReportEvent.QUESTIONS_LAPSED: "Note that questions were not answered in time",
    ReportEvent.CLOCK_EXTENDED: "Extend a period",
    ReportEvent.CONSENT_RECORDED: "Record consent, or that it was refused",
    ReportEvent.VERIFIED: "The report is verified",
    ReportEvent.TRANSFERRED: "Transfer a matter to a body",
    ReportEvent.FORWARDED: "Forward a matter to a body",
    ReportEvent.COMPLAINT_FILED: "A complaint was filed",
    ReportEvent.PETITION_FILED: "A petition was filed",
    ReportEvent.RETURNED: "A body gave a matter back",
    ReportEvent.REROUTED: "A body handed a matter on",
    ReportEvent.INVESTIGATION_BEGUN: "A body investigates",
    ReportEvent.INVESTIGATION_ENDED: "A body ended its investigation",
    ReportEvent.RESULT_RECEIVED: "A result came from a body",
    ReportEvent.RESULT_NOTIFIED: "The source was told a result",
    ReportEvent.NOTICE_READ: "Note that the source read a notice",
    ReportEvent.OBJECTED: "Note that the source objects",
    ReportEvent.OBJECTION_REFUSED: "Refuse an objection",
    ReportEvent.OBJECTION_DISMISSED: "Dismiss an objection",
    ReportEvent.REINVESTIGATION_DEMANDED: "Demand a new investigation",
    ReportEvent.ALLEGATION_CLOSED: "Close one matter",
    ReportEvent.CLOSED: "Close the report",
    ReportEvent.REOPENED: "Open the report again",
    ReportEvent.WITHDRAWAL_ASKED: "Note that the source wishes to withdraw",
    ReportEvent.WITHDRAWAL_CHECKED: "Note whether the wish to withdraw is free",
    ReportEvent.WITHDRAWN: "The report is withdrawn",
    ReportEvent.CONTINUED_EX_OFFICIO: "Go on without the source",
    ReportEvent.HOLD_PLACED: "Keep the case from being destroyed",
    ReportEvent.HOLD_LIFTED: "Lift what keeps the case",
    ReportEvent.FOLLOW_UP_BEGUN: "Begin the watch after closing",
    ReportEvent.RETAINED: "Only keep the case from now on",
}
"""What an officer can record, as the pages call it."""

HAPPENED: Final = {**STEP_TITLES, ReportEvent.RECEIVED: "Received", ReportEvent.DESTROYED: "Destroyed"}
"""The same for what stands in a timeline."""

FIELD_TITLES: Final = {
    "on": "On which day",
    "risk": "How far is the source in danger of detriment?",
    "urgent": "It is urgent",
    "conflict": "Somebody who could work on it is too close to it",
    "in_scope": "It belongs here",
    "secrets": "It holds secrets of state",
    "duplicate_of": "Same as the case with this code (may be empty)",
    "handler": "Handler",
    "no_conflict_declared": "The handler declares to be free of conflicts of interest",
    "person": "Officer",
    "readers": "Officers who see it",
    "category": "Category",
    "accused": "Bodies that it is about",
    "senior": "The accused holds an office for which the agency itself must file a complaint",
    "answer_by": "To be answered by",
    "questions": "Round of questions",
    "deadline": "Period",
    "subject": "What for",
    "length": "Longer by how much, in the unit of the period",
    "institution": "Body",
    "identity_fields": "What the body may learn of the source; nothing chosen means nothing",
    "language": "Language in which it was explained",
    "checked": "Looked into",
    "allegation": "Matter",
    "allegations": "Matters that open again",
    "attached": "What of the source’s identity goes along",
    "redacted": "All that leaves was looked through for what could give the source away",
    "accused_body": "This body is what the matter is about, or may be",
    "reidentification_checked": "The text was read with the eyes of that body",
    "lead": "This body leads",
    "referral": "Referral",
    "left": "Referral that ends",
    "objection_explained": "The notice says how to object and until when",
    "of": "Which notice",
    "ground": "Why it is not heard",
    "objected_on": "Objected on",
    "reason": "Ground",
    "new_evidence": "There is new evidence",
    "free": "The wish is free",
    "hold": "What keeps it",
    "sort": "What needs the case",
}
"""What the fields of steps are called."""

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

_LANGUAGES: Final = {
    "ar": "العربية",
    "en": "English",
    "es": "español",
    "fr": "français",
    "ko": "한국어",
    "mn": "монгол",
    "ru": "русский",
    "sq": "shqip",
    "sr": "српски",
    "uz": "oʻzbekcha",
}

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


def spell_language(code: str) -> str:
    """A language in its own name, as its readers look for it; its code where that is not known here."""
    return _LANGUAGES.get(code, code)


def spell_notice(notice: Notice) -> str:
    """What the source is owed after a step, as a reminder; nothing where they are owed nothing."""
    return "" if notice is Notice.NOTHING else f"Tell the source: {notice.value}."


def spell_day(value: date) -> str:
    """A date with the month's name, as 22 November 2026."""
    return f"{value.day} {value:%B %Y}"


def spell_day_in(value: date, language: str) -> str:
    """A date in a language that we can write it in; elsewhere in numbers, as everybody reads them."""
    if language == "en":
        return spell_day(value)
    return f"{value.year}년 {value.month}월 {value.day}일" if language == "ko" else value.isoformat()


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
