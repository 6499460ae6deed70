"""What the home page and `status` say: what waits, what was carried, what goes wrong.

Gives plain values; it reads the vault and the clock and changes nothing.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from journalist_app.clock import Clock
from journalist_app.services import statements
from journalist_app.services.keys_glance import KeysGlance, glance
from journalist_app.services.roles import Right
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import answers, case_list, received, sent, visible


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
class Overview:
    """The state of the station at a glance."""

    instance_name: str
    cases: int
    unanswered: int
    waiting_replies: int
    without_readers: tuple[int, ...]
    """The restricted cases that nobody reads yet; for the head alone."""
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
        return Overview(
            station.instance_name,
            cases,
            unanswered,
            answers.count_waiting_of(session, officer.officer_id),
            _without_readers(session, officer),
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


def _without_readers(session: Session, officer: Officer) -> tuple[int, ...]:
    if not officer.may(Right.NAME_READERS):
        return ()
    return tuple(row.id for row in visible.without_readers(session, officer.officer_id))


def _line(direction: str, seq: int, made_on: str, trouble: str) -> BundleLine:
    return BundleLine(f"{direction.upper()} {seq}", date.fromisoformat(made_on), trouble)
