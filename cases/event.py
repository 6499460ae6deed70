"""What every event of a report says, and the codes that events use.

An event says what happened, on which legal day, when that was entered, who did it and who agreed.
It holds ids, days, counts and codes and no text: what people wrote is kept by the officer app, and
`text_ref` is the id under which it does. An id is at most 64 letters, digits and `. _ : -`, so that
no sentence fits in; making an event raises `EventFormatError` where an id is none. The kinds of
events are in `cases.events`.
"""

import re
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from cases.errors import EventFormatError
from cases.kinds import ReportEvent, Role

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_IDS: Final = tuple[str, ...]


class Risk(StrEnum):
    """How far the source is in danger of detriment, as triage sees it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Refusal(StrEnum):
    """Why an objection is not heard."""

    LATE = "late"
    SECOND = "second"


class Hold(StrEnum):
    """What keeps a case from being destroyed."""

    PROTECTION = "protection"
    FUND = "fund"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted: in which capacity, and as whom; nobody is named for a source, a body or a machine."""

    role: Role
    person: str = ""

    def __post_init__(self) -> None:
        if self.person and not _ID.fullmatch(self.person):
            raise EventFormatError("A person is named by an id, and this is none.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """What every event says. `on` is the legal day it took effect, `recorded_on` the day it was entered."""

    kind: ClassVar[ReportEvent]

    on: date
    recorded_on: date
    by: Actor
    second: Actor | None = None
    text_ref: str = ""
    """The id of what was written for it; empty where nothing was."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.type is str and not (_ID.fullmatch(value) or value == field.default):
                raise EventFormatError(f"The field “{field.name}” of the event “{self.kind}” is not an id.")
            if field.type == _IDS and not all(map(_ID.fullmatch, value)):
                raise EventFormatError(
                    f"The field “{field.name}” of the event “{self.kind}” holds what is not an id."
                )


def subject_of(event: Event) -> str:
    """The narrowest thing that an event is about: a referral, a round, a matter; else the report, empty."""
    for name in ("referral", "questions", "allegation", "subject"):
        found: str = getattr(event, name, "")
        if found:
            return found
    return ""
