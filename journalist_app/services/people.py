"""Who the officers are, and changing that: always by two of them.

Nobody changes what they may do themselves, and no administrator alone makes somebody who reads cases. The two
are the officer at the screen and a second one who signs in on the page. 1 they are two, and neither is the
one whose access is changed; 2 one of them is an administrator: but the last administrator may be gone, or
have lost everything, so for them any two will do; 3 one of them may read cases, where the other would come to
read them; 4 at least one administrator stays. What the two decide stands in the audit log with both names.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from cases.kinds import Role
from crypto.source_keys import Cost
from journalist_app.clock import Clock, day_of
from journalist_app.errors import NotFoundError, PeopleError
from journalist_app.services import officer_keys, recovery, statements
from journalist_app.services.new_officer import NewOfficer, check_name, new_officer, new_row, put_factor
from journalist_app.services.replacing import replace_key
from journalist_app.services.roles import HOLDERS, Right, pack_roles, unpack_roles
from journalist_app.services.sign_in import Officer
from journalist_app.services.throttle import officer_key
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import officers
from journalist_app.store.tables import OfficerRow


@dataclass(frozen=True)
class Person:
    """An officer, as colleagues see them. `codes_left` counts recovery codes."""

    officer_id: str
    name: str
    roles: frozenset[Role]
    joined_on: date | None
    withdrawn_on: date | None
    codes_left: int
    is_last_administrator: bool


class People:
    """The officers of one vault."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock, cost: Cost) -> None:
        """`cost`: of deriving from a passphrase that is made here."""
        self._unlocked = unlocked
        self._vault = unlocked.vault
        self._officer = officer
        self._clock = clock
        self._cost = cost

    def everybody(self) -> tuple[Person, ...]:
        """Every officer there ever was, those who can sign in first."""
        with self._vault.read() as session:
            administrators = _administrators(session)
            rows = sorted(officers.all_of_them(session), key=_gone)
            return tuple(_person(row, administrators) for row in rows)

    def one(self, officer_id: str) -> Person:
        """An officer who can sign in. Raises `NotFoundError`."""
        with self._vault.read() as session:
            return _person(_active(session, officer_id), _administrators(session))

    def add(self, name: str, roles: frozenset[Role], second: Officer) -> NewOfficer:
        """A new officer, with secrets that are shown once. Raises `PeopleError`, `SettingsError`."""
        check_name(name)
        with self._vault.write() as session:
            self._require_two(session, second, None)
            self._require_reader(second, roles)
            _require_roles(roles)
            if officer_key(name) in {officer_key(row.name) for row in officers.all_of_them(session)}:
                raise PeopleError("Somebody has or had this name. Take one that tells them apart for ever.")
            station = statements.station_row(session)
            made = new_officer(name, roles, station.instance_name)
            row = new_row(made, day_of(self._clock(), station.time_zone), seen_by_others=True)
            session.add(row)
            officer_keys.give(self._unlocked, session, row, made.passphrase, self._cost)
        return made

    def change_roles(self, officer_id: str, roles: frozenset[Role], second: Officer) -> None:
        """Other roles for an officer. Raises `PeopleError`, `NotFoundError`."""
        with self._vault.write() as session:
            row = _active(session, officer_id)
            self._require_two(session, second, row)
            self._require_reader(second, roles)
            _require_roles(roles)
            if _is_last(row, _administrators(session)) and Role.ADMINISTRATOR not in roles:
                raise PeopleError("Nobody else is an administrator. Make somebody one first.")
            row.roles = pack_roles(roles)

    def reset(self, officer_id: str, second: Officer) -> NewOfficer:
        """Fresh secrets for an officer who lost theirs; the old ones are worth nothing. Raises `PeopleError`,
        `NotFoundError`."""
        with self._vault.write() as session:
            row = _active(session, officer_id)
            self._require_two(session, second, row)
            self._require_reader(second, unpack_roles(row.roles))
            instance_name = statements.station_row(session).instance_name
            made = new_officer(row.name, unpack_roles(row.roles), instance_name)
            put_factor(row, made, seen_by_others=True)
            officer_keys.give(self._unlocked, session, row, made.passphrase, self._cost)
        return made

    def withdraw(self, officer_id: str, second: Officer, successor: str = "") -> bool:
        """Let an officer in no more, and replace the vault key; see `replacing` for what it gives.

        `successor`: the id of who becomes an administrator in place of the last one. Raises `PeopleError`,
        `NotFoundError` and what `replace_key` raises; then nothing was changed.
        """
        with self._vault.read() as session:
            row = _active(session, officer_id)
            self._require_two(session, second, row)
            if _is_last(row, _administrators(session)):
                heir = _active(session, successor) if successor else None
                if heir is None or heir is row:
                    raise PeopleError("Nobody else is an administrator: say who becomes one.")
                if heir.officer_id in (self._officer.officer_id, second.officer_id):
                    raise PeopleError("Nobody makes themselves an administrator: name a third officer.")
            elif successor:
                raise PeopleError("Somebody else is an administrator: give the role on their page.")
        return replace_key(self._unlocked, self._clock, leaving=officer_id, successor=successor)

    def _require_two(self, session: Session, second: Officer, whose: OfficerRow | None) -> None:
        ids = {self._officer.officer_id, second.officer_id}
        if len(ids) == 1:  # 1
            raise PeopleError("It takes another officer than the one at the screen.")
        if whose is not None and whose.officer_id in ids:
            raise PeopleError(f"{whose.name} cannot be one of the two who decide this.")
        administrators = _administrators(session)
        if not ids & administrators and not (whose is not None and _is_last(whose, administrators)):  # 2
            raise PeopleError("One of the two must be an administrator.")

    def _require_reader(self, second: Officer, roles: frozenset[Role]) -> None:
        reads = bool(roles & HOLDERS[Right.READ_CASES])
        if reads and not (self._officer.may(Right.READ_CASES) or second.may(Right.READ_CASES)):  # 3
            raise PeopleError("Whoever comes to read cases needs the word of somebody who may read them.")


def _active(session: Session, officer_id: str) -> OfficerRow:
    row = session.get(OfficerRow, officer_id)
    if row is None or row.withdrawn_on is not None:
        raise NotFoundError
    return row


def _administrators(session: Session) -> set[str]:
    return {row.officer_id for row in officers.active(session) if officers.has_role(row, Role.ADMINISTRATOR)}


def _is_last(row: OfficerRow, administrators: set[str]) -> bool:
    return administrators == {row.officer_id}  # 4


def _require_roles(roles: frozenset[Role]) -> None:
    if not roles:
        raise PeopleError("Choose at least one role. Whoever should have none is withdrawn instead.")


def _person(row: OfficerRow, administrators: set[str]) -> Person:
    return Person(
        row.officer_id,
        row.name,
        unpack_roles(row.roles),
        date.fromisoformat(row.joined_on) if row.joined_on else None,
        date.fromisoformat(row.withdrawn_on) if row.withdrawn_on else None,
        recovery.left(row),
        _is_last(row, administrators),
    )


def _gone(row: OfficerRow) -> bool:
    return row.withdrawn_on is not None
