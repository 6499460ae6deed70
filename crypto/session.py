"""What a session cookie carries: everything, sealed, so that a server keeps no table.

cookie = key id (4) ‖ nonce ‖ XChaCha20-Poly1305 of canonical JSON (protocol 1, section 10).
The ticket keys live in memory-backed storage for hours only: a seized machine cannot open an
old cookie. Which keys are still good is the caller's business; there is no clock here.

Checks of `open_cookie`: 1 its length; 2 canonical base64url; 3 a key with its key id is held;
4 it opens under that key, this instance and this key id; 5 canonical JSON. The app goes on.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from crypto import aead, canonical, encoding, labels, sizes
from crypto.errors import CanonicalError, OpenError, SizeError
from crypto.source_keys import InstanceId


@dataclass(frozen=True)
class TicketKey:
    """One key that cookies are sealed under."""

    key_id: bytes
    key: bytes = field(repr=False)


def generate_ticket_key() -> TicketKey:
    """A fresh ticket key under a random id."""
    return TicketKey(secrets.token_bytes(sizes.TICKET_KEY_ID), secrets.token_bytes(sizes.SEED))


def seal_cookie(ticket: TicketKey, instance: InstanceId, content: canonical.Object) -> str:
    """`content` as the text of a cookie. Raises `SizeError` when it would be longer than a cookie may."""
    plain = canonical.encode(content)
    if len(plain) > sizes.COOKIE_JSON_MAX:
        raise SizeError
    sealed = aead.seal(ticket.key, plain, labels.SESSION + instance + ticket.key_id)
    return encoding.to_base64url(ticket.key_id + sealed)


def open_cookie(keys: Mapping[bytes, TicketKey], instance: InstanceId, cookie: str) -> canonical.Object:
    """What a cookie carries, or `OpenError` when no key of `keys` (by key id) made it."""
    if len(cookie) > sizes.COOKIE_MAX:  # 1
        raise OpenError
    try:
        data = encoding.from_base64url(cookie)  # 2
        ticket = keys[data[: sizes.TICKET_KEY_ID]]  # 3
        # 4
        plain = aead.open(ticket.key, data[sizes.TICKET_KEY_ID :], labels.SESSION + instance + ticket.key_id)
        return canonical.parse(plain, max_bytes=sizes.COOKIE_JSON_MAX)  # 5
    except (CanonicalError, KeyError):
        raise OpenError from None
