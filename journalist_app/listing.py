"""What an officer can ask of the list of cases: which, in what order, with which words, and which page.

The vocabulary of the page, of the service and of the question to the database alike; nothing is decided here.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

PAGE: Final = 50
"""Cases on a page."""
SOON: Final = timedelta(days=7)


class Show(StrEnum):
    """Which cases are listed. `LATE`: past a last day; `WEEK`: with one in the next seven days."""

    OPEN = "open"
    DANGER = "danger"
    WAITING = "waiting"
    MINE = "mine"
    NOBODYS = "nobodys"
    LATE = "late"
    WEEK = "week"
    RESTRICTED = "restricted"
    CLOSED = "closed"
    JUNK = "junk"
    ALL = "all"


class Sort(StrEnum):
    """In which order. `URGENT`: danger first, then those that wait for an answer, then by age."""

    URGENT = "urgent"
    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. `words` and `flag` may be empty; pages count from 1."""

    show: Show = Show.OPEN
    sort: Sort = Sort.URGENT
    words: str = ""
    page: int = 1
    flag: str = ""
