"""An officer's own way in: another passphrase, another phone, fresh recovery codes. Nobody else is needed.

Each asks for the passphrase and a code again, so that nobody does it at a screen that was left open. A new
phone counts once it showed a right code: until then the old one goes on.
"""

from dataclasses import dataclass
from typing import Final

from crypto.source_keys import Cost
from journalist_app.clock import Clock
from journalist_app.errors import PeopleError
from journalist_app.services import officer_keys, recovery, statements
from journalist_app.services.new_officer import new_passphrase, totp_uri
from journalist_app.services.sign_in import Officer, accepted_step
from journalist_app.services.unlocked import Unlocked
from journalist_app.store.tables import OfficerRow

FEW: Final = 3
"""With fewer recovery codes than that the home page asks for fresh ones."""


@dataclass(frozen=True)
class OwnAccess:
    """How an officer's own way in stands."""

    codes_left: int
    seen_by_others: bool

    @property
    def few_codes(self) -> bool:
        """Whether it is time for fresh recovery codes."""
        return self.codes_left < FEW


class OwnAccessDesk:
    """Changes of the officer who is signed in. Whoever calls has asked for passphrase and code."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock, cost: Cost) -> None:
        self._unlocked = unlocked
        self._vault = unlocked.vault
        self._officer = officer
        self._clock = clock
        self._cost = cost

    def standing(self) -> OwnAccess:
        """How it stands."""
        with self._vault.read() as session:
            row = session.get_one(OfficerRow, self._officer.officer_id)
            return OwnAccess(recovery.left(row), row.seen_by_others)

    def new_passphrase(self) -> str:
        """Another passphrase, shown once; the old one is worth nothing from now on."""
        made = new_passphrase()
        with self._vault.write() as session:
            row = session.get_one(OfficerRow, self._officer.officer_id)
            row.seen_by_others = False
            officer_keys.give(self._unlocked, session, row, made, self._cost)
        return made

    def new_codes(self) -> tuple[str, ...]:
        """Fresh recovery codes, shown once; the old ones are worth nothing from now on."""
        codes = recovery.new_codes()
        with self._vault.write() as session:
            recovery.put(session.get_one(OfficerRow, self._officer.officer_id), codes)
        return codes

    def uri_of(self, secret: str) -> str:
        """What a phone reads off the picture of a second factor of this officer."""
        with self._vault.read() as session:
            return totp_uri(self._officer.name, secret, statements.station_row(session).instance_name)

    def confirm_phone(self, secret: str, code: str) -> None:
        """The phone that has `secret` shows `code`: from now on it counts, and the old one does not.

        Raises `PeopleError`.
        """
        step = accepted_step(secret, code, self._clock(), 0)
        if step is None:
            raise PeopleError(
                "The new phone should show another code now. Until it is right the old one counts."
            )
        with self._vault.write() as session:
            row = session.get_one(OfficerRow, self._officer.officer_id)
            row.totp_secret, row.last_step = secret, step
