"""When the key of a week may be destroyed: the rule alone (protocol 1, section 5).

A window's conditions: 1 this station's clock says that it ended 14 days ago; 2 so does the newest
bundle of every server; 3 these bundles say that nothing of it is outstanding; 4 every object of it
that a log names is here; 5 every report of it stands in a backup that passed a trial restore.
Destroying a window destroys all before it, so each condition is asked of all of them together.

One officer may when all five hold. Six weeks after its end a window is overdue; then two officers
may although 2 to 5 do not hold, and are told how many reports that costs. Nobody may against 1.

Pure: facts in, lines out. `destroying` gathers the facts and does the work.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from crypto.windows import window_start

GRACE: Final = timedelta(days=14)
OVERDUE: Final = timedelta(weeks=6)


class Wanted(StrEnum):
    """The conditions, in the order of the rule."""

    TIME = "time"
    HEARD = "heard"
    NONE_OUTSTANDING = "none_outstanding"
    HELD = "held"
    BACKED_UP = "backed_up"


@dataclass(frozen=True)
class Word:
    """What the newest bundle of a server says: the first instant at which it can have been made, and
    how many objects of each window are outstanding. None and nothing where no bundle came. `came`: how
    many of these the bundle itself brought here."""

    made_at: datetime | None
    outstanding: Mapping[int, int]
    came: Mapping[int, int] = field(default_factory=dict)

    @property
    def not_here(self) -> dict[int, int]:
        """How many of each window were outstanding and did not come with that bundle."""
        return {
            window: max(0, count - self.came.get(window, 0)) for window, count in self.outstanding.items()
        }


@dataclass(frozen=True)
class Facts:
    """What the rule asks. Counts are by window."""

    now: datetime
    first_window: int
    last_window: int
    servers: tuple[Word, ...]
    missing: Mapping[int, int]
    not_backed_up: Mapping[int, int]
    quarantined: Mapping[int, int]

    @property
    def heard_at(self) -> datetime | None:
        """The instant up to which every server has spoken."""
        spoken = [word.made_at for word in self.servers if word.made_at is not None]
        return min(spoken) if spoken and len(spoken) == len(self.servers) else None


@dataclass(frozen=True)
class WindowLine:
    """A window that has ended and still opens. Counts are of it and all before it."""

    window: int
    first_day: date
    last_day: date
    due_on: date
    overdue: bool
    unmet: frozenset[Wanted]
    heard_on: date | None
    outstanding: int
    not_here: int
    missing: int
    not_backed_up: int
    quarantined: int

    @property
    def ready(self) -> bool:
        """Whether one officer may destroy it."""
        return not self.unmet

    @property
    def forcible(self) -> bool:
        """Whether two officers may."""
        return self.ready or (self.overdue and Wanted.TIME not in self.unmet)

    @property
    def lost(self) -> int:
        """How many reports nobody could ever open, as far as the servers said."""
        return max(self.not_here, self.missing)


def window_lines(facts: Facts) -> tuple[WindowLine, ...]:
    """Every window that has ended and whose key still exists, oldest first."""
    windows = range(facts.first_window, facts.last_window + 1)
    return tuple(_line(facts, window) for window in windows if window_start(window + 1) <= facts.now)


def ready_through(lines: tuple[WindowLine, ...]) -> int | None:
    """The newest window that one officer may destroy, or None."""
    return max((line.window for line in lines if line.ready), default=None)


def _line(facts: Facts, window: int) -> WindowLine:
    end = window_start(window + 1)
    due = end + GRACE
    outstanding = sum(_through(word.outstanding, window) for word in facts.servers)
    missing = _through(facts.missing, window)
    not_backed_up = _through(facts.not_backed_up, window)
    heard_at = facts.heard_at
    unmet = {
        Wanted.TIME: facts.now < due,  # 1
        Wanted.HEARD: heard_at is None or heard_at < due,  # 2
        Wanted.NONE_OUTSTANDING: outstanding > 0,  # 3
        Wanted.HELD: missing > 0,  # 4
        Wanted.BACKED_UP: not_backed_up > 0,  # 5
    }
    return WindowLine(
        window,
        window_start(window).date(),
        (end - timedelta(days=1)).date(),
        due.date(),
        facts.now >= end + OVERDUE,
        frozenset(wanted for wanted, open_ in unmet.items() if open_),
        None if heard_at is None else heard_at.date(),
        outstanding,
        sum(_through(word.not_here, window) for word in facts.servers),
        missing,
        not_backed_up,
        _through(facts.quarantined, window),
    )


def _through(counts: Mapping[int, int], window: int) -> int:
    return sum(count for counted, count in counts.items() if counted <= window)
