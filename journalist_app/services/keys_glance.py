"""What the home page says of the intake keys: what may be destroyed, what is overdue, what is wrong.

Gives plain values; it reads vault, key stick and clock, and changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from crypto.errors import WindowError
from crypto.windows import window_of
from journalist_app.clock import Clock
from journalist_app.services import clock_check, copies, statements
from journalist_app.services.clock_check import ClockQuestion
from journalist_app.services.copies import CopyLine, KeyStick
from journalist_app.services.destroying import gather
from journalist_app.services.unlocked import Unlocked
from journalist_app.services.window_rules import WindowLine, window_lines
from journalist_app.store import keys

WARNING_WEEKS = 8


@dataclass(frozen=True)
class KeysGlance:
    """The intake keys at a glance. `behind`: copies that hold destroyed keys, lack the newest, or are sealed
    under a key from before."""

    weeks_left: int
    clock: ClockQuestion | None
    ready: tuple[WindowLine, ...]
    overdue: tuple[WindowLine, ...]
    stick: KeyStick
    unfinished: bool
    existing: int
    behind: tuple[CopyLine, ...]

    @property
    def ends_soon(self) -> bool:
        """Whether new keys are due."""
        return self.weeks_left <= WARNING_WEEKS


def glance(unlocked: Unlocked, clock: Clock) -> KeysGlance:
    """Look once."""
    now = clock()
    stick = copies.key_stick(unlocked)
    existing = [line for line in copies.copy_lines(unlocked, stick.copy_id) if line.destroyed_on is None]
    with unlocked.vault.read() as session:
        last_window = statements.station_row(session).last_window
        lines = window_lines(gather(session, now))
        unfinished = keys.is_unfinished(session)
    return KeysGlance(
        _weeks_left(last_window, now),
        clock_check.question(unlocked, now),
        tuple(line for line in lines if line.ready),
        tuple(line for line in lines if line.overdue),
        stick,
        unfinished,
        len(existing),
        tuple(line for line in existing if line.holds_destroyed or line.lacks_newest or line.sealed_before),
    )


def _weeks_left(last_window: int, now: datetime) -> int:
    try:
        return max(0, last_window - window_of(now) + 1)
    except WindowError:
        return 0  # the clock shows a day before the first week of all; it is asked about besides
