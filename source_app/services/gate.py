"""The intake gate: may a report be taken at this moment, and to which key is it sealed?

Checks of `require_open` (protocol 1, section 5): 1 a root is pinned; 2 this machine's clock is
not behind the newest OUT bundle; 3 the week is not below the highest that was used, nor below
the oldest that the station still opens; 4 the newest batch has a key for this week. Where one
fails the site is closed: nothing is stored, least of all plaintext. Later: the Tor consensus.

The window is chosen when the first sealed byte is written. What began in it may go on into the
next, for two days: `require_in_time` then stops it, long before the station destroys the key.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from crypto.errors import WindowError
from crypto.hybrid import PublicKey
from crypto.source_keys import InstanceId
from crypto.windows import window_of
from source_app.clock import Clock, legal_date
from source_app.errors import ClosedError, TooSlowError
from source_app.services.trust import TrustReader
from source_app.store.database import Database
from source_app.store.log import HIGHEST_WINDOW

WARNING_WEEKS: Final = 8
UPLOAD_LIFE: Final = timedelta(days=2)


@dataclass(frozen=True)
class OpenWindow:
    """What an envelope is sealed with. `today` is the legal day on which it began, "YYYY-MM-DD"."""

    instance_id: InstanceId
    opened_at: datetime
    window: int
    recipient: PublicKey
    today: str


class IntakeGate:
    """Says whether the site is open. The text of a `ClosedError` is for the administrator."""

    def __init__(self, database: Database, trust: TrustReader, clock: Clock) -> None:
        self._database = database
        self._trust = trust
        self._clock = clock

    def require_open(self) -> OpenWindow:
        """The window and key of this moment. Raises `ClosedError`."""
        now = self._clock()
        trust = self._trust.current()
        if trust is None:  # 1
            raise ClosedError("No instance is known yet: import the first OUT bundle of the station.")
        today = legal_date(now, trust.descriptor.time_zone).isoformat()
        if today < trust.out_made_on:  # 2
            raise ClosedError("This machine's clock is behind the newest OUT bundle: set the clock.")
        try:
            window = window_of(now)
            highest = self._database.number(HIGHEST_WINDOW)
            if window < max(highest, trust.descriptor.oldest_window):  # 3
                raise ClosedError("This machine's clock is in a week that is over: set the clock.")
            recipient = trust.batch.recipient(window)  # 4
        except WindowError as error:
            raise ClosedError(
                "The intake keys have run out: renew them on the station and import its next OUT bundle."
            ) from error
        return OpenWindow(trust.instance_id, now, window, recipient, today)

    def require_in_time(self, opened: OpenWindow) -> None:
        """Raises `TooSlowError` when an upload that began then has had its time."""
        if self._clock() - opened.opened_at > UPLOAD_LIFE:
            raise TooSlowError

    def weeks_left(self) -> int:
        """How many weeks the newest batch still covers, this one included; 0 before the first import."""
        trust = self._trust.current()
        try:
            return 0 if trust is None else max(0, trust.batch.last_window - window_of(self._clock()) + 1)
        except WindowError:
            return 0  # the clock shows a day before the first week of all
