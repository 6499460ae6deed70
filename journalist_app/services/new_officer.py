"""A new officer, and the secrets that let them in: made here, shown once, kept nowhere in clear.

For the ceremony and for the page "People". A passphrase is generated, never chosen.
"""

import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import pyotp

from cases.kinds import Role
from crypto import words
from journalist_app.errors import SettingsError
from journalist_app.services import recovery
from journalist_app.services.roles import pack_roles
from journalist_app.store.tables import OfficerRow

NAME_MAX: Final = 60
_ID_BYTES: Final = 8


@dataclass(frozen=True)
class NewOfficer:
    """An officer's secrets, shown once."""

    name: str
    roles: frozenset[Role]
    passphrase: str = field(repr=False)
    totp_secret: str = field(repr=False)
    totp_uri: str = field(repr=False)
    recovery_codes: tuple[str, ...] = field(repr=False)


def new_officer(name: str, roles: frozenset[Role], instance_name: str) -> NewOfficer:
    """Fresh secrets for an officer, new or known."""
    plain = " ".join(name.split())
    secret = new_factor()
    return NewOfficer(
        plain, roles, new_passphrase(), secret, totp_uri(plain, secret, instance_name), recovery.new_codes()
    )


def new_passphrase() -> str:
    """Seven words."""
    return " ".join(words.random_words(words.PASSPHRASE_WORDS))


def new_factor() -> str:
    """The secret of a second factor, base32."""
    return pyotp.random_base32()


def totp_uri(name: str, secret: str, instance_name: str) -> str:
    """What a phone reads off the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=instance_name)


def new_row(officer: NewOfficer, today: date, *, seen_by_others: bool) -> OfficerRow:
    """A row for the vault, with an id that nobody else has; its key comes with `officer_keys`."""
    row = OfficerRow(
        officer_id=secrets.token_hex(_ID_BYTES),
        name=officer.name,
        last_step=0,
        roles=pack_roles(officer.roles),
        public_key=b"",
        key_salt=b"",
        joined_on=today.isoformat(),
        withdrawn_on=None,
    )
    put_factor(row, officer, seen_by_others=seen_by_others)
    return row


def put_factor(row: OfficerRow, officer: NewOfficer, *, seen_by_others: bool) -> None:
    """Let these second factors be good, and none from before."""
    row.totp_secret, row.last_step = officer.totp_secret, 0
    recovery.put(row, officer.recovery_codes)
    row.seen_by_others = seen_by_others


def check_name(name: str) -> None:
    """Raises `SettingsError` for what is no name."""
    if not 0 < len(" ".join(name.split())) <= NAME_MAX:
        raise SettingsError(f"A name has 1 to {NAME_MAX} characters.")
