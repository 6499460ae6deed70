"""Time as an argument: the instant comes in, the instance's legal day follows from it.

`Clock` is passed from the wiring to everything that needs the time, so that a test turns it.
Nobody in this package calls `datetime.now` elsewhere.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import TypeAlias

from cases.dates import legal_day, zone
from cases.errors import DateError
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


def day_start(day: date, time_zone: str) -> datetime:
    """The first instant of a day in the instance's legal time zone. Raises `TimeZoneError`."""
    try:
        return datetime.combine(day, time(), zone(time_zone))
    except DateError as error:
        raise TimeZoneError from error


def day_of(instant: datetime, time_zone: str) -> date:
    """The date of an instant in the instance's legal time zone. Raises `TimeZoneError`."""
    try:
        return legal_day(instant, time_zone)
    except DateError as error:
        raise TimeZoneError from error
