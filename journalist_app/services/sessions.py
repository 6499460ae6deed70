"""Who is signed in, in this one process's memory: nothing of it ever reaches a disk.

A visit is a random id and what belongs to it. Officers' visits share one open vault; the last
one to end closes it and forgets the key. A visit ends by leaving, by idling, and when the clock
went back. Visits without an officer exist only to carry a form's token, and are few.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock
from typing import Final

from journalist_app.clock import Clock
from journalist_app.errors import ClosedVaultError
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked

_ID_BYTES: Final = 32
_STRANGERS_MAX: Final = 64


@dataclass
class Visit:
    """One browser's session. `notes` holds what the web side needs to keep, as a form's token."""

    visit_id: str
    officer: Officer | None
    started_at: datetime
    seen_at: datetime
    notes: dict[str, object] = field(default_factory=dict, repr=False)


class Sessions:
    """All visits, and the vault that the signed-in ones share."""

    def __init__(self, clock: Clock, idle: timedelta) -> None:
        self._clock = clock
        self._idle = idle
        self._lock = RLock()
        self._visits: dict[str, Visit] = {}
        self._unlocked: Unlocked | None = None

    def find(self, visit_id: str) -> Visit | None:
        """The visit of that id, which is hereby seen; None when there is none any longer."""
        with self._lock:
            self.end_idle()
            visit = self._visits.get(visit_id)
            if visit is not None:
                visit.seen_at = self._clock()
            return visit

    def begin(self, notes: dict[str, object]) -> Visit:
        """A visit of somebody who is not signed in."""
        with self._lock:
            strangers = [v for v in self._visits.values() if v.officer is None]
            if len(strangers) >= _STRANGERS_MAX:
                self.end(min(strangers, key=_seen_at).visit_id)
            return self._add(None, notes)

    def sign_in(self, officer: Officer, unlocked: Unlocked, before: str | None) -> Visit:
        """A fresh visit for an officer, in place of the visit `before`. Takes over `unlocked`."""
        with self._lock:
            if self._unlocked is None:
                self._unlocked = unlocked
            else:
                unlocked.close()
            visit = self._add(officer, {})
            if before is not None:
                self.end(before)
            return visit

    def unlocked(self, visit: Visit) -> Unlocked:
        """The vault, for a visit that is signed in and still there. Raises `ClosedVaultError`."""
        with self._lock:
            known = self._visits.get(visit.visit_id)
            if known is None or known.officer is None or self._unlocked is None:
                raise ClosedVaultError
            return self._unlocked

    def end(self, visit_id: str) -> None:
        """End one visit, and lock the vault when no officer is left."""
        with self._lock:
            self._visits.pop(visit_id, None)
            if self._unlocked is not None and all(v.officer is None for v in self._visits.values()):
                self._unlocked.close()
                self._unlocked = None

    def end_of(self, officer_id: str, but: str = "") -> None:
        """End every visit of one officer, except the one of that id."""
        with self._lock:
            for visit in list(self._visits.values()):
                if visit.officer and visit.officer.officer_id == officer_id and visit.visit_id != but:
                    self.end(visit.visit_id)

    def end_all(self) -> None:
        """End every visit of an officer, and lock the vault: its key is another one now."""
        with self._lock:
            for visit in list(self._visits.values()):
                if visit.officer is not None:
                    self.end(visit.visit_id)

    def end_idle(self) -> None:
        """End every visit that was not seen for too long."""
        with self._lock:
            now = self._clock()
            for visit in list(self._visits.values()):
                if not timedelta() <= now - visit.seen_at < self._idle:
                    self.end(visit.visit_id)

    def _add(self, officer: Officer | None, notes: dict[str, object]) -> Visit:
        now = self._clock()
        visit = Visit(secrets.token_urlsafe(_ID_BYTES), officer, now, now, notes)
        self._visits[visit.visit_id] = visit
        return visit


def _seen_at(visit: Visit) -> datetime:
    return visit.seen_at
