"""Time as an argument: a clock is handed to whoever needs the hour, and days are legal days.

`system_clock` is the real one; tests hand in their own. What is stored is never finer than a
day, in the time zone that the station's descriptor names.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

from cases.dates import legal_day
from cases.errors import DateError
from source_app.errors import ImportRefusedError

Clock = Callable[[], datetime]
"""Gives the present instant, aware, in UTC."""


def system_clock() -> datetime:
    """The present instant by this machine's clock."""
    return datetime.now(UTC)


def legal_date(instant: datetime, time_zone: str) -> date:
    """The day of an instant in the instance's legal time zone.

    Raises `ImportRefusedError` for a zone that this machine does not know.
    """
    try:
        return legal_day(instant, time_zone)
    except DateError as error:
        raise ImportRefusedError(
            "The station's descriptor names a time zone that this machine does not know. "
            "Install the package tzdata, then try again."
        ) from error
