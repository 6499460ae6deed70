"""Days of the law: the ends of months and years, days of rest, and time zones that turn the day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.dates import Calendar, add, legal_day, roll, zone
from cases.errors import ClockError, DateError
from cases.kinds import Roll, Unit
from cases.packs.schema import Record, Span
from tests.support.rules import holidays, weekend

NO_CALENDAR = Calendar()
FRIDAY = date(2026, 11, 20)
NEW_YEAR = date(2027, 1, 1)
CALENDAR = Calendar.of(
    (weekend(6, 7), holidays(2026, date(2026, 11, 24), date(2026, 12, 25)), holidays(2027, NEW_YEAR))
)


@pytest.mark.parametrize(
    ("start_on", "length", "unit", "last_on"),
    [
        (date(2026, 1, 1), 60, Unit.CALENDAR_DAY, date(2026, 3, 2)),
        (date(2028, 1, 1), 60, Unit.CALENDAR_DAY, date(2028, 3, 1)),
        (date(2026, 11, 30), 3, Unit.MONTH, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, Unit.MONTH, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, Unit.MONTH, date(2026, 2, 28)),
        (date(2026, 12, 31), 6, Unit.MONTH, date(2027, 6, 30)),
        (date(2026, 12, 1), 1, Unit.MONTH, date(2027, 1, 1)),
        (date(2026, 11, 5), 13, Unit.MONTH, date(2027, 12, 5)),
        (date(2028, 2, 29), 1, Unit.YEAR, date(2029, 2, 28)),
        (date(2028, 2, 29), 4, Unit.YEAR, date(2032, 2, 29)),
        (date(2027, 2, 28), 1, Unit.YEAR, date(2028, 2, 28)),
        (date(2096, 2, 29), 4, Unit.YEAR, date(2100, 2, 28)),
    ],
)
def test_the_first_day_is_day_0_and_a_missing_day_is_the_last_of_its_month(
    start_on: date, length: int, unit: Unit, last_on: date
) -> None:
    assert add(start_on, Span(length, unit), NO_CALENDAR) == last_on


@pytest.mark.parametrize("unit", [Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR])
@pytest.mark.parametrize("length", [10_000 * 366, 10**12])
def test_a_period_that_leaves_the_calendar_of_all_years_is_told(unit: Unit, length: int) -> None:
    with pytest.raises(ClockError, match="year 9999"):
        add(FRIDAY, Span(length, unit), NO_CALENDAR)


@pytest.mark.parametrize(
    ("count", "last_on"),
    [(1, date(2026, 11, 23)), (2, date(2026, 11, 25)), (24, date(2026, 12, 28)), (28, date(2027, 1, 4))],
)
def test_working_days_step_over_weekends_and_holidays_and_into_the_next_year(
    count: int, last_on: date
) -> None:
    assert add(FRIDAY, Span(count, Unit.WORKING_DAY), CALENDAR) == last_on


def test_working_days_from_a_day_of_rest_begin_on_the_next_working_day() -> None:
    assert add(date(2026, 11, 21), Span(1, Unit.WORKING_DAY), CALENDAR) == date(2026, 11, 23)


def test_a_year_that_the_pack_does_not_list_is_named() -> None:
    with pytest.raises(ClockError, match=r"2028-01-01 is needed.*holidays of 2028"):
        add(date(2027, 12, 31), Span(1, Unit.WORKING_DAY), CALENDAR)


@pytest.mark.parametrize("records", [(weekend(6, 7),), (holidays(2026),)])
def test_holidays_or_days_of_rest_alone_make_no_calendar(records: tuple[Record, ...]) -> None:
    with pytest.raises(ClockError, match="2026"):
        Calendar.of(records).works(FRIDAY)


def test_each_day_is_judged_by_the_rules_in_force_on_it() -> None:
    moved = holidays(2026, date(2026, 11, 23), date(2026, 12, 23), from_on=date(2026, 12, 1))
    calendar = Calendar.of((weekend(7), holidays(2026, until_on=date(2026, 11, 30)), moved))
    assert calendar.works(date(2026, 11, 23))
    assert not calendar.works(date(2026, 12, 23))


def test_the_days_of_rest_are_those_in_force_on_the_day() -> None:
    until = replace(weekend(7), until_on=date(2026, 6, 30))
    since = replace(weekend(6, 7), from_on=date(2026, 7, 1))
    calendar = Calendar.of((until, since, holidays(2026)))
    assert calendar.works(date(2026, 6, 27))
    assert not calendar.works(date(2026, 7, 4))


def test_the_holidays_of_another_year_do_not_speak_for_a_day() -> None:
    calendar = Calendar.of((weekend(7), holidays(2026, from_on=date(2026, 6, 1)), holidays(2027)))
    assert calendar.works(date(2026, 6, 1))
    with pytest.raises(ClockError, match="2026"):
        calendar.works(date(2026, 5, 29))


@pytest.mark.parametrize(
    ("last_on", "rule", "rolled_on"),
    [
        (date(2026, 11, 21), Roll.NONE, date(2026, 11, 21)),
        (date(2026, 11, 21), Roll.NEXT_WORKING_DAY, date(2026, 11, 23)),
        (date(2026, 11, 23), Roll.NEXT_WORKING_DAY, date(2026, 11, 23)),
        (date(2027, 1, 1), Roll.NEXT_WORKING_DAY, date(2027, 1, 4)),
    ],
)
def test_a_last_day_of_rest_becomes_the_next_working_day_where_the_rule_says_so(
    last_on: date, rule: Roll, rolled_on: date
) -> None:
    assert roll(last_on, rule, CALENDAR) == rolled_on


def test_a_roll_needs_the_calendar_of_its_year() -> None:
    with pytest.raises(ClockError, match="2030"):
        roll(date(2030, 6, 1), Roll.NEXT_WORKING_DAY, CALENDAR)


@given(
    st.dates(date(2026, 1, 1), date(2026, 10, 1)),
    st.integers(1, 60),
    st.sets(st.integers(1, 7), max_size=3),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20),
)
def test_working_days_agree_with_a_count_day_by_day(
    start_on: date, count: int, rest: set[int], off: set[date]
) -> None:
    calendar = Calendar.of((weekend(*rest), holidays(2026, *off), holidays(2027)))
    last_on = add(start_on, Span(count, Unit.WORKING_DAY), calendar)
    between = [start_on + timedelta(days=n) for n in range(1, (last_on - start_on).days + 1)]
    worked = [day for day in between if day.isoweekday() not in rest and day not in off]
    assert (len(worked), worked[-1]) == (count, last_on)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 600))
def test_months_end_on_the_same_day_or_on_the_last_of_a_shorter_month(start_on: date, months: int) -> None:
    last_on = add(start_on, Span(months, Unit.MONTH), NO_CALENDAR)
    assert (last_on.year - start_on.year) * 12 + last_on.month - start_on.month == months
    same = last_on.day == start_on.day
    assert same or (last_on.day < start_on.day and (last_on + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("instant", "time_zone", "day"),
    [
        (datetime(2026, 11, 22, 14, 59, 59, tzinfo=UTC), "Asia/Seoul", date(2026, 11, 22)),
        (datetime(2026, 11, 22, 15, 0, 0, tzinfo=UTC), "Asia/Seoul", date(2026, 11, 23)),
        (datetime(2026, 11, 22, 15, 0, 0, tzinfo=UTC), "UTC", date(2026, 11, 22)),
        (datetime(2026, 11, 23, 0, 30, tzinfo=timezone(timedelta(hours=9))), "UTC", date(2026, 11, 22)),
        (datetime(2026, 3, 1, 3, 0, tzinfo=UTC), "America/New_York", date(2026, 2, 28)),
        (datetime(2028, 3, 1, 3, 0, tzinfo=UTC), "America/New_York", date(2028, 2, 29)),
    ],
)
def test_a_time_zone_turns_the_day(instant: datetime, time_zone: str, day: date) -> None:
    assert legal_day(instant, time_zone) == day


@pytest.mark.parametrize("name", ["Nowhere/Atlantis", "", "../../etc/passwd", "Asia", "/etc/localtime"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(DateError, match="tzdata"):
        zone(name)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(DateError, match="time zone"):
        legal_day(datetime(2026, 11, 22, 15, 0), "UTC")  # noqa: DTZ001 - that is what is refused


def test_utc_needs_no_tables() -> None:
    assert zone("UTC") is UTC


@pytest.mark.parametrize(
    ("instant", "time_zone"),
    [
        (datetime.max.replace(tzinfo=UTC), "Asia/Seoul"),
        (datetime.min.replace(tzinfo=UTC), "America/New_York"),
    ],
)
def test_a_moment_that_turns_into_no_day_is_told(instant: datetime, time_zone: str) -> None:
    with pytest.raises(DateError, match="outside of the years 1 to 9999"):
        legal_day(instant, time_zone)
