"""Time as an argument: the instant comes in, the instance's legal day follows from it.

`Clock` is passed from the wiring to everything that needs the time, so that a test turns it.
Nobody in this package calls `datetime.now` elsewhere.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from typing import TypeAlias
from zoneinfo import ZoneInfo

from crypto.windows import START
from journalist_app.errors import ClockError, TimeZoneError

Clock: TypeAlias = Callable[[], datetime]
"""Gives the present instant, aware, in UTC."""


def utc_now() -> datetime:
    """The machine's own clock. Raises `ClockError` when it is plainly wrong."""
    now = datetime.now(UTC)
    if now < START:
        raise ClockError
    return now


def zone(name: str) -> tzinfo:
    """The time zone of an instance. UTC needs no tables of this machine. Raises `TimeZoneError`."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise TimeZoneError from error


def day_of(instant: datetime, time_zone: str) -> date:
    """The date of an instant in the instance's legal time zone."""
    return instant.astimezone(zone(time_zone)).date()
