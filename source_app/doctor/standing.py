"""Keys, and what waits: whether this server may take reports today, and whether somebody carries them.

The intake gate says whether it may; days are legal days of the agency's time zone.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from crypto import sizes
from crypto.signing import SigningSeed, verifying_key
from source_app.clock import Clock, legal_date
from source_app.doctor.findings import Finding, bad, ok, warning
from source_app.errors import ClosedError, sentence
from source_app.services.gate import WARNING_WEEKS, IntakeGate
from source_app.services.trust import Trust, TrustReader
from source_app.store import log
from source_app.store.database import Database
from source_app.store.installation import installation

CARRY_DAYS: Final = 7
"""Whoever reports waits for an answer; nobody should wait for a stick for more than a week."""


def examine(data_dir: Path, database: Database, clock: Clock) -> Iterator[Finding]:
    """Every finding on keys and on what waits. Raises `StorageError`."""
    seed = data_dir / "server.key"
    if not seed.is_file() or seed.stat().st_size != sizes.SEED:
        yield bad("server key", f"{seed} is missing or damaged.", "Restore it from a backup.")
        return
    yield ok("server key", "there")
    trust = TrustReader(database, verifying_key(SigningSeed(seed.read_bytes())))
    known = trust.current()
    gate = IntakeGate(database, trust, clock)
    yield _intake(gate)
    if known is not None:
        yield _keys(gate.weeks_left())
        yield _confirmed(known)
        today = legal_date(clock(), known.descriptor.time_zone)
        yield _imported(known, today)
        yield _waiting(database, today)


def _intake(gate: IntakeGate) -> Finding:
    try:
        gate.require_open()
    except ClosedError as error:
        return bad("intake", "Closed.", sentence(error))
    return ok("intake", "open")


def _keys(weeks: int) -> Finding:
    if weeks <= WARNING_WEEKS:
        return warning(
            "intake keys",
            f"They last for {weeks} more weeks.",
            "Renew them on the station, and import its next bundle.",
        )
    return ok("intake keys", f"last for {weeks} more weeks")


def _confirmed(known: Trust) -> Finding:
    if known.confirmed:
        return ok("station", "has confirmed this server")
    return warning("station", "It has not confirmed this server yet.", "Export, and import its answer.")


def _imported(known: Trust, today: date) -> Finding:
    days = (today - date.fromisoformat(known.out_made_on)).days
    if days > CARRY_DAYS:
        return warning(
            "from station",
            f"Its newest bundle here is {days} days old: answers may lie there.",
            "Bring a stick from the station.",
        )
    return ok("from station", f"newest bundle made {days} days ago")


def _waiting(database: Database, today: date) -> Finding:
    with database.reading() as connection:
        first = log.entries_after(connection, installation(connection).acked_index, 1)
    days = (today - date.fromisoformat(first[0].received_on)).days if first else 0
    if days > CARRY_DAYS:
        return warning(
            "to station",
            f"Something waits for {days} days that the station has not acknowledged.",
            "Export, bring the stick to the station, and import its answer.",
        )
    return ok("to station", "nothing waits for long")
