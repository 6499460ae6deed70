"""The chain of the audit log: how a line is written, hashed and sealed (docs/protocol/audit.md).

Each head commits to all lines before it, so that a line that was changed, left out, put in or moved is found,
and which one. A seal is the station's signature under a head, with its day. Whoever holds the open vault
holds that signing key too, and can make the whole chain anew: only a head that was noted outside shows that.

Checks of `verify_seal`: 1 the station's signature; 2 canonical JSON with exactly its keys, of this version
and vault.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from crypto import canonical, labels, signing, sizes
from crypto.errors import CanonicalError

VERSION: Final = 1
SEAL_MAX: Final = 1 * sizes.KIB


@dataclass(frozen=True)
class Line:
    """Who asked for what, when. `at` is UTC, "2026-11-27T09:30:00Z"; `subject` is a thing by its number."""

    number: int
    at: str
    officer_id: str
    officer: str
    action: str
    subject: str


@dataclass(frozen=True)
class Seal:
    """The station's word that line `number` had this head, given on the day `on`."""

    number: int
    head: bytes
    on: str


def start(vault_id: bytes) -> bytes:
    """The head of an empty log."""
    return hashlib.sha256(labels.AUDIT_START + vault_id).digest()


def extend(head: bytes, line: Line) -> bytes:
    """The head after `line`, which follows on `head`."""
    value: canonical.Object = {"v": VERSION, **vars(line)}
    return hashlib.sha256(labels.AUDIT_LINE + head + canonical.encode(value)).digest()


def sign_seal(station: signing.SigningSeed, vault_id: bytes, seal: Seal) -> bytes:
    """The seal, signed by the station."""
    value: canonical.Object = {
        "v": VERSION,
        "vault_id": vault_id.hex(),
        "number": seal.number,
        "head": seal.head.hex(),
        "on": seal.on,
    }
    return signing.sign(station, labels.AUDIT_SEAL, canonical.encode(value)).encode()


def verify_seal(station: signing.VerifyingKey, vault_id: bytes, data: bytes) -> Seal:
    """The seal in `data`. Raises `SignatureError` or `CanonicalError`."""
    body = signing.verify(station, labels.AUDIT_SEAL, signing.split_unchecked(data))  # 1
    value = canonical.parse(body, max_bytes=SEAL_MAX)
    canonical.fields(value, {"v": int, "vault_id": str, "number": int, "head": str, "on": str})
    if value["v"] != VERSION or value["vault_id"] != vault_id.hex():  # 2
        raise CanonicalError("a seal of another version or vault")
    head = canonical.hex_field(value["head"], sizes.SHA256)
    return Seal(canonical.integer(value["number"]), head, canonical.date_field(value["on"]))
