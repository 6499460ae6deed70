"""Signing in: name, passphrase and six-digit code, all three or one same refusal.

1 an officer with too many wrong tries waits; 2 the passphrase unwraps the officer's key, which is
the only check of it, and costs the same for a name that nobody bears; 3 the vault key that is sealed to
it opens the database; 4 the code (RFC 6238, 30 seconds, one step of leeway either way) must be of a
step later than every step that this officer used before, or be a recovery code that was not used yet.

Only one derivation runs at a time: it takes 256 MiB.
"""

import hmac
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

import pyotp

from cases.kinds import Role
from crypto import sizes, vault
from crypto.errors import OpenError
from crypto.hybrid import Seed
from crypto.source_keys import Cost
from crypto.vault import VaultKey, WrappedKey
from journalist_app.clock import Clock
from journalist_app.errors import BusyError, SignInError, VaultDamagedError
from journalist_app.services import clock_check, officer_keys, recovery
from journalist_app.services.deletion_standing import tidy
from journalist_app.services.officer_keys import plain_passphrase
from journalist_app.services.replacing import remove_leftovers
from journalist_app.services.roles import HOLDERS, Right, unpack_roles
from journalist_app.services.throttle import Throttle, officer_key
from journalist_app.services.unlocked import Unlocked
from journalist_app.store.folders import Folders
from journalist_app.store.officers_file import OfficerRecord, Roster, load_roster
from journalist_app.store.tables import OfficerRow
from journalist_app.store.vault import Vault

STEP_SECONDS: Final = 30
_CODE: Final = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class Officer:
    """Who is signed in."""

    officer_id: str
    name: str
    roles: frozenset[Role]

    def may(self, right: Right) -> bool:
        """Whether one of the roles has this right."""
        return bool(self.roles & HOLDERS[right])


class SignIn:
    """Lets officers in."""

    def __init__(self, folders: Folders, cost: Cost, clock: Clock) -> None:
        """`cost` is spent on names that nobody bears."""
        self._folders = folders
        self._cost = cost
        self._clock = clock
        self._throttle = Throttle(folders.throttle)
        self._one_at_a_time = Lock()

    def sign_in(self, name: str, passphrase: str, code: str) -> tuple[Officer, Unlocked]:
        """The officer and the opened vault, which the caller closes.

        Raises `SignInError`, `ThrottledError`, `NoVaultError`, `VaultDamagedError`.
        """
        with self._one_at_a_time:
            now = self._clock()
            self._throttle.check(name, now)  # 1
            try:
                result = self._try(name, passphrase, code, now)
            except SignInError:
                self._throttle.failed(name, now, self._officers())
                raise
            self._throttle.passed(name, self._officers())
            return result

    def _try(self, name: str, passphrase: str, code: str, now: datetime) -> tuple[Officer, Unlocked]:
        vault_id = self._folders.vault_id()
        roster = load_roster(self._folders.officers, vault_id)
        record = self._record(roster, name, vault_id)
        typed = plain_passphrase(passphrase)
        try:
            own = vault.unwrap_key(typed, record.key)  # 2
        except OpenError as error:
            raise SignInError from error
        key = _vault_key(own, record)
        with suppress(BusyError), self._folders.only_one():
            remove_leftovers(self._folders, roster)
        path = self._folders.vault_dir / roster.database
        unlocked = Unlocked(self._folders, Vault(path, key), vault_id, key)
        try:
            unlocked.vault.check()  # 3
            unlocked.vault.migrate()
            roles = self._use_code(unlocked.vault, record.officer_id, code, now)  # 4
            self._keep_key(unlocked, record, own, typed)
            with suppress(BusyError), self._folders.only_one():
                tidy(unlocked, now)
        except BaseException:
            unlocked.close()
            raise
        return Officer(record.officer_id, record.name, roles), unlocked

    def _keep_key(self, unlocked: Unlocked, record: OfficerRecord, own: Seed, passphrase: str) -> None:
        with unlocked.vault.write() as session:
            if record.sealed:
                officer_keys.note(session, record, own)
            else:
                officer = session.get_one(OfficerRow, record.officer_id)
                officer_keys.give(unlocked, session, officer, passphrase, self._cost)

    def _record(self, roster: Roster, name: str, vault_id: bytes) -> OfficerRecord:
        for record in roster.officers:
            if officer_key(record.name) == officer_key(name):
                return record
        nothing = bytes(sizes.WRAPPED_KEY)
        return OfficerRecord("", WrappedKey(vault_id, "", self._cost, bytes(sizes.SALT), nothing), b"")

    def _officers(self) -> list[str]:
        roster = load_roster(self._folders.officers, self._folders.vault_id())
        return [record.name for record in roster.officers]

    def _use_code(self, opened: Vault, officer_id: str, code: str, now: datetime) -> frozenset[Role]:
        """The officer's roles, once the code was good."""
        with opened.write() as session:
            officer = session.get(OfficerRow, officer_id)
            if officer is None or officer.withdrawn_on is not None:
                raise SignInError
            step = accepted_step(officer.totp_secret, code, now, officer.last_step)
            if step is not None:
                officer.last_step = step
            elif not recovery.use(officer, code):
                raise SignInError
            clock_check.see(session, now)
            return unpack_roles(officer.roles)


def _vault_key(own: Seed, record: OfficerRecord) -> VaultKey:
    if not record.sealed:
        return VaultKey(own)
    try:
        return vault.open_key(own, record.sealed, record.key.vault_id, record.officer_id)
    except OpenError as error:
        raise VaultDamagedError from error


def accepted_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The step whose code this is, if it is near `now` and later than `last_step`.

    Gaps in the code do not matter. A code is good once: not again, and no older one either.
    """
    digits = "".join(code.split())
    if not _CODE.fullmatch(digits):
        return None
    generator = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_SECONDS
    for step in (present - 1, present, present + 1):
        if step > last_step and hmac.compare_digest(generator.generate_otp(step), digits):
            return step
    return None
