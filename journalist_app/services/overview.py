"""What the home page and `status` say: what waits, what was carried, what goes wrong.

Gives plain values; it reads the vault and the clock and changes nothing.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from cases.machines.report import OPEN, ReportState
from journalist_app.clock import Clock, day_of
from journalist_app.listing import Show
from journalist_app.services import statements
from journalist_app.services.deletion_standing import wait_for_key
from journalist_app.services.keys_glance import KeysGlance, glance
from journalist_app.services.roles import Right
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import answers, case_list, received, sent, visible

DUTIES: Final = (Show.DANGER, Show.LATE, Show.WEEK, Show.WAITING)
SPANS: Final = (30, 60, 90, 180, None)
"""Days to the end of a case, each up to and with this many; None for more."""
YEAR: Final = timedelta(days=365)


@dataclass(frozen=True)
class BundleLine:
    """A bundle that was carried. `trouble` is an alarm, or what is still to be done."""

    name: str
    made_on: date
    trouble: str = ""


@dataclass(frozen=True)
class RefusedLine:
    """An object in quarantine."""

    object_name: str
    reason: str
    received_on: date
    size_bytes: int


@dataclass(frozen=True)
class Charts:
    """Open cases by where they stand, and in how many days those of the last year ended.

    `ended`: by the last day of a span, None for what took longer; `median_days`: None where none ended.
    """

    open_by_state: tuple[tuple[ReportState, int], ...]
    ended: tuple[tuple[int | None, int], ...]
    median_days: int | None


@dataclass(frozen=True)
class Overview:
    """The state of the station at a glance."""

    instance_name: str
    cases: int
    duties: tuple[tuple[Show, int], ...]
    """What is to be done today, the most pressing first, where there is any of it."""
    charts: Charts
    unanswered: int
    waiting_replies: int
    without_readers: tuple[int, ...]
    """The restricted cases that nobody reads yet; for the head alone."""
    wait_for_key: int
    """How many deletions wait for another key of the vault, where it is time; for who keeps the keys."""
    keys: KeysGlance
    bundles_in: tuple[BundleLine, ...]
    bundles_out: tuple[BundleLine, ...]
    alarms: tuple[BundleLine, ...]
    refused: tuple[RefusedLine, ...]


def overview(unlocked: Unlocked, officer: Officer, clock: Clock) -> Overview:
    """Look at everything once, with the eyes of this officer."""
    keys = glance(unlocked, clock)
    with unlocked.vault.read() as session:
        station = statements.station_row(session)
        cases, unanswered = case_list.count_cases(session, officer.officer_id)
        today = day_of(clock(), station.time_zone)
        return Overview(
            station.instance_name,
            cases,
            _duties(session, officer, today),
            _charts(session, officer, today),
            unanswered,
            answers.count_waiting_of(session, officer.officer_id),
            _without_readers(session, officer),
            _wait_for_key(session, officer, clock),
            keys,
            tuple(_line("in", row.seq, row.made_on, row.alarm) for row in received.bundles_in(session)),
            tuple(
                _line(
                    "out", row.seq, row.made_on, "" if row.sha256 else "decided, not yet written to a stick"
                )
                for row in sent.bundles_out(session)
            ),
            tuple(_line("in", row.seq, row.made_on, row.alarm) for row in received.alarms(session)),
            tuple(
                RefusedLine(
                    row.object_id.hex()[:16], row.reason, date.fromisoformat(row.received_on), row.size_bytes
                )
                for row in received.quarantined(session)
            ),
        )


def _duties(session: Session, officer: Officer, today: date) -> tuple[tuple[Show, int], ...]:
    if not officer.may(Right.READ_CASES):
        return ()
    counted = ((show, case_list.count(session, officer.officer_id, show, today)) for show in DUTIES)
    return tuple((show, number) for show, number in counted if number)


def _charts(session: Session, officer: Officer, today: date) -> Charts:
    if not officer.may(Right.READ_CASES):
        return Charts((), (), None)
    by_state = case_list.count_by_state(session, officer.officer_id)
    days = case_list.days_to_end(session, officer.officer_id, today - YEAR)
    ended: dict[int | None, int] = dict.fromkeys(SPANS, 0)
    for each in days:
        ended[next((span for span in SPANS if span is not None and each <= span), None)] += 1
    return Charts(
        tuple((state, by_state[state]) for state in OPEN if state in by_state),
        tuple(ended.items()) if days else (),
        days[len(days) // 2] if days else None,
    )


def _without_readers(session: Session, officer: Officer) -> tuple[int, ...]:
    if not officer.may(Right.NAME_READERS):
        return ()
    return tuple(row.id for row in visible.without_readers(session, officer.officer_id))


def _wait_for_key(session: Session, officer: Officer, clock: Clock) -> int:
    if not officer.may(Right.KEEP_KEYS):
        return 0
    return wait_for_key(session, day_of(clock(), statements.station_row(session).time_zone))


def _line(direction: str, seq: int, made_on: str, trouble: str) -> BundleLine:
    return BundleLine(f"{direction.upper()} {seq}", date.fromisoformat(made_on), trouble)
