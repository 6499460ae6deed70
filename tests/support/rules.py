"""Rules of Testland, a country that is not: deadlines, a calendar and a pack of them, made in a line each.

They are what `cases.packs.reading` makes of files, without the files, for tests of what uses the rules.
"""

from datetime import date
from typing import Any

from cases.kinds import ReportEvent, Scope, Status, Unit
from cases.packs.pack import Head, Pack
from cases.packs.schema import Citation, Deadline, Holidays, Record, RestDays

LONG_AGO = date(2000, 1, 1)
IN_TESTLAND: dict[str, Any] = {
    "from_on": LONG_AGO,
    "basis": (Citation("Testland Act", "1"),),
    "status": Status.UNVERIFIED,
}


def deadline(name: str, **fields: Any) -> Deadline:
    """A deadline of Testland: for the report, 60 days from its receipt, until it is closed."""
    usual = {
        "scope": Scope.REPORT,
        "starts_on": (ReportEvent.RECEIVED,),
        "stops_on": (ReportEvent.CLOSED,),
        "length": 60,
        "unit": Unit.CALENDAR_DAY,
    }
    return Deadline(id=name, **(IN_TESTLAND | usual | fields))


def weekend(*weekdays: int) -> RestDays:
    """The weekly days of rest of Testland, 1 for Monday."""
    return RestDays(id="weekend", weekdays=weekdays, **IN_TESTLAND)


def holidays(year: int, *days: date, **fields: Any) -> Holidays:
    """All holidays of one year in Testland."""
    return Holidays(id=f"holidays_{year}", year=year, days=days, **(IN_TESTLAND | fields))


def pack(*records: Record) -> Pack:
    """A pack of Testland that holds these records and no words."""
    head = Head("testland", 1, ("en",), "UTC", Status.UNVERIFIED)
    return Pack(head, digest="00" * 32, sources=(), records=records, words={})
