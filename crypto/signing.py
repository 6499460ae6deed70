"""Ed25519 signatures, each message under its own label (protocol 1, section 9).

A signed document travels as 64 bytes of signature and then its canonical JSON. `verify`
comes before `parse`: nobody reads a field of a document whose signature was not checked,
except where a function says `_unchecked` in its name.
"""

import secrets
from dataclasses import dataclass
from typing import NewType

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from crypto import sizes
from crypto.errors import SignatureError

SigningSeed = NewType("SigningSeed", bytes)
VerifyingKey = NewType("VerifyingKey", bytes)


@dataclass(frozen=True)
class Signed:
    """A document and its signature, not yet verified."""

    body: bytes
    signature: bytes

    def encode(self) -> bytes:
        """signature ‖ body."""
        return self.signature + self.body


def generate_seed() -> SigningSeed:
    """A fresh private key of 32 bytes."""
    return SigningSeed(secrets.token_bytes(sizes.SEED))


def verifying_key(seed: SigningSeed) -> VerifyingKey:
    """The public key, 32 bytes."""
    return VerifyingKey(bytes(SigningKey(seed).verify_key))


def sign(seed: SigningSeed, label: bytes, body: bytes) -> Signed:
    """`body` signed under `label`."""
    return Signed(body, SigningKey(seed).sign(label + body).signature)


def verify(key: VerifyingKey, label: bytes, signed: Signed) -> bytes:
    """The body, or `SignatureError` unless `key` signed it under `label`."""
    try:
        VerifyKey(key).verify(label + signed.body, signed.signature)
    except (BadSignatureError, ValueError, TypeError) as error:
        raise SignatureError from error
    return signed.body


def split_unchecked(data: bytes) -> Signed:
    """`data` as signature and body, with nothing verified. Raises `SignatureError` when short."""
    if len(data) <= sizes.ED25519_SIGNATURE:
        raise SignatureError
    return Signed(data[sizes.ED25519_SIGNATURE :], data[: sizes.ED25519_SIGNATURE])
