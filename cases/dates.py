"""Days of the law: which day an instant is, and which day a period ends.

The law counts whole days in the time zone of its country, and so does everything in `cases`: an
instant becomes a day once, here, and nothing finer is kept. The day a period starts on is day 0
and is not counted. Months and years end on the day of the same number, or on the last day of a
month that has no such day. A working day is one that the pack's calendar knows and calls working;
beyond the years that the pack lists nothing is guessed.

Nobody here asks what day it is. Both apps use `legal_day`, `cases.clocks` uses the rest.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from cases.errors import ClockError, DateError
from cases.kinds import Roll, Unit
from cases.packs.schema import Holidays, Record, RestDays, Span

DAY = timedelta(days=1)


def zone(name: str) -> tzinfo:
    """The time zone of that name. UTC needs no tables of this machine. Raises `DateError`."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise DateError(
            "This machine does not know that time zone. Check its name, or install the package tzdata."
        ) from error


def legal_day(instant: datetime, time_zone: str) -> date:
    """The day of an aware instant in a country's time zone. Raises `DateError`."""
    if instant.tzinfo is None:
        raise DateError("A time without its time zone names no day.")
    try:
        return instant.astimezone(zone(time_zone)).date()
    except OverflowError as error:
        raise DateError("That moment lies outside of the years 1 to 9999.") from error


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, in the years that a pack lists. Each day is looked up when it is needed."""

    rest: tuple[RestDays, ...] = ()
    holidays: Mapping[int, tuple[Holidays, ...]] = field(default_factory=dict)
    """By year."""
    _known: dict[date, bool | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Calendar":
        """The calendar in a pack's records."""
        rest: list[RestDays] = []
        holidays: dict[int, tuple[Holidays, ...]] = {}
        for record in records:
            if isinstance(record, RestDays):
                rest.append(record)
            elif isinstance(record, Holidays):
                holidays[record.year] = (*holidays.get(record.year, ()), record)
        return cls(tuple(rest), holidays)

    def works(self, day: date) -> bool:
        """Whether a day is a working day. Raises `ClockError` where the pack does not say."""
        if day not in self._known:
            self._known[day] = self._found(day)
        known = self._known[day]
        if known is None:
            raise ClockError(
                f"The pack does not say which days of {day.year} are worked, and {day} is needed. "
                f"Install an edition that lists the holidays of {day.year}."
            )
        return known

    def _found(self, day: date) -> bool | None:
        """Whether a day is worked, by the days of rest and the holidays in force on it; None without both."""
        week = [each.weekdays for each in self.rest if each.in_force(day)]
        year = [each.days for each in self.holidays.get(day.year, ()) if each.in_force(day)]
        if not week or not year:
            return None
        return not any(day.isoweekday() in days for days in week) and not any(day in days for days in year)


def add(start_on: date, span: Span, calendar: Calendar) -> date:
    """The last day of a period that starts on `start_on` as day 0.

    Raises `ClockError` when working days reach beyond the calendar, or anything beyond the year 9999.
    """
    try:
        if span.unit is Unit.CALENDAR_DAY:
            return start_on + timedelta(days=span.length)
        if span.unit is Unit.WORKING_DAY:
            return _working_day(start_on, span.length, calendar)
        return _month_day(start_on, span.length * (12 if span.unit is Unit.YEAR else 1))
    except (OverflowError, ValueError) as error:
        raise ClockError("This period ends after the year 9999. Check its length in the pack.") from error


def roll(last_on: date, rule: Roll, calendar: Calendar) -> date:
    """The last day after what the rule makes of a day of rest. Raises `ClockError` as `Calendar.works`."""
    if rule is Roll.NEXT_WORKING_DAY:
        while not calendar.works(last_on):
            last_on += DAY
    return last_on


def _working_day(start_on: date, count: int, calendar: Calendar) -> date:
    day = start_on
    while count > 0:
        day += DAY
        count -= calendar.works(day)
    return day


def _month_day(start_on: date, months: int) -> date:
    year, month = divmod(start_on.year * 12 + start_on.month - 1 + months, 12)
    return date(year, month + 1, min(start_on.day, monthrange(year, month + 1)[1]))
