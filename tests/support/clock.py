"""The clock of a test: it stands still until somebody turns it."""

from datetime import datetime, timedelta


class TurnedClock:
    """Gives one instant, aware, in UTC, again and again."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **amount: float) -> None:
        """Let so many weeks, days, hours, minutes, seconds pass."""
        self.now += timedelta(**amount)
