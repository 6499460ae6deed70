"""Is the station's clock to be believed? It is asked about when it went back or jumped.

The station has no network and so no other clock. What it shows is kept; when it is next asked and
shows an earlier time, or one more than 30 days later, nothing that depends on time is done until
an officer has compared it with another clock and typed the day: an import, an export, new keys,
a destruction, a backup. The statement is kept, with what the clock had said before.

Called by the sign-in, by each of those services, and by the page that asks.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from journalist_app.errors import ClockQuestionError, ClockStatementError
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import keys

BACK_MAX: Final = timedelta(minutes=10)
JUMP: Final = timedelta(days=30)


@dataclass(frozen=True)
class ClockQuestion:
    """The clock says `now`, and said `seen_before` when it was last believed. Both UTC."""

    now: datetime
    seen_before: datetime

    @property
    def went_back(self) -> bool:
        """Whether it shows an earlier time than before."""
        return self.now < self.seen_before

    @property
    def today(self) -> date:
        """The day that the clock shows."""
        return self.now.astimezone(UTC).date()


def ask(now: datetime, seen_before: datetime | None) -> ClockQuestion | None:
    """What to ask, or None for a clock that is to be believed."""
    if seen_before is None or -BACK_MAX <= now - seen_before < JUMP:
        return None
    return ClockQuestion(now, seen_before)


def question(unlocked: Unlocked, now: datetime) -> ClockQuestion | None:
    """What the officer has to be asked, or None."""
    with unlocked.vault.read() as session:
        return ask(now, keys.clock_seen(session))


def see(session: Session, now: datetime) -> None:
    """Keep what the clock says, unless it is not to be believed."""
    seen_before = keys.clock_seen(session)
    if ask(now, seen_before) is None and (seen_before is None or now > seen_before):
        keys.see_clock(session, now)


def require(unlocked: Unlocked, now: datetime) -> None:
    """Go on only with a clock that is to be believed. Raises `ClockQuestionError`."""
    with unlocked.vault.write() as session:
        asked = ask(now, keys.clock_seen(session))
        if asked is None:
            see(session, now)
            return
    raise ClockQuestionError(asked.today.isoformat(), asked.seen_before.date().isoformat())


def confirm(unlocked: Unlocked, officer: str, now: datetime, typed: str) -> None:
    """An officer compared the clock and typed the day that it is. Raises `ClockStatementError`."""
    with unlocked.vault.write() as session:
        asked = ask(now, keys.clock_seen(session))
        if asked is None:
            return
        if typed.strip() != asked.today.isoformat():
            raise ClockStatementError
        keys.add_clock_statement(session, officer, now, asked.seen_before)
        keys.see_clock(session, now)
