"""The one public-key scheme: HPKE with ML-KEM-768 and X25519 (RFC 9180, X-Wing).

A seed of 32 bytes is the private key, as in age's `mlkem768x25519`: SHAKE-256 stretches it
to the seed of ML-KEM-768 and the scalar of X25519. `seal` and `open` are HPKE's base mode in
one shot, so a sealed text says nothing about who made it.

Safe because an attacker has to break both: the lattice and the curve.
"""

import hashlib
import secrets
from functools import lru_cache
from typing import Final, NewType

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from crypto import sizes
from crypto.errors import IdentityError, OpenError, RecipientError

Seed = NewType("Seed", bytes)
PublicKey = NewType("PublicKey", bytes)

KEYS_REMEMBERED: Final = 32
"""Public keys that were parsed and may soon be sealed to again: parsing costs as much as sealing."""
_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def generate_seed() -> Seed:
    """A fresh private key."""
    return Seed(secrets.token_bytes(sizes.SEED))


def public_key(seed: Seed) -> PublicKey:
    """The 1,216 bytes that others seal to: ML-KEM-768 key, then X25519 share."""
    return PrivateKey(seed).public_key()


def check_public_key(data: bytes) -> PublicKey:
    """`data` as a key that something can really be sealed to, or `RecipientError`.

    One trial encapsulation decides: a key of low order or out of range fails here and not
    later, when an answer is due.
    """
    seal(PublicKey(data), b"", b"")
    return PublicKey(data)


def seal(recipient: PublicKey, plaintext: bytes, info: bytes) -> bytes:
    """HPKE enc (1,120 bytes) and ciphertext (16 longer than `plaintext`), one after the other.

    Raises `RecipientError` when `recipient` is not a usable key.
    """
    try:
        return _SUITE.encrypt(plaintext, _public_parts(recipient), info)
    except ValueError as error:
        raise RecipientError from error


def open(seed: Seed, sealed: bytes, info: bytes) -> bytes:  # noqa: A001 - the field's own word
    """The plaintext of `sealed`, or `OpenError`."""
    return PrivateKey(seed).open(sealed, info)


class PrivateKey:
    """A seed, stretched once: for whoever tries one key on many ciphertexts."""

    def __init__(self, seed: Seed) -> None:
        """Raises `IdentityError` for a seed of another length: SHAKE-256 would stretch that too."""
        if len(seed) != sizes.SEED:
            raise IdentityError
        stretched = hashlib.shake_256(seed).digest(sizes.ML_KEM_768_SEED + sizes.X25519_SHARE)
        self._lattice = MLKEM768PrivateKey.from_seed_bytes(stretched[: sizes.ML_KEM_768_SEED])
        self._curve = X25519PrivateKey.from_private_bytes(stretched[sizes.ML_KEM_768_SEED :])

    def public_key(self) -> PublicKey:
        """What others seal to."""
        lattice, curve = self._lattice.public_key(), self._curve.public_key()
        return PublicKey(lattice.public_bytes_raw() + curve.public_bytes_raw())

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """The plaintext of `sealed`, or `OpenError`."""
        try:
            return _SUITE.decrypt(sealed, MLKEM768X25519PrivateKey(self._lattice, self._curve), info)
        except (InvalidTag, ValueError):
            raise OpenError from None

    def is_low_order(self, enc: bytes) -> bool:
        """Whether the X25519 share in `enc` gives zeros as the shared secret, with this or any key.

        `open` refuses such a share like any wrong one; age asks to tell it apart.
        """
        try:
            self._curve.exchange(X25519PublicKey.from_public_bytes(enc[sizes.ML_KEM_768_CIPHERTEXT :]))
        except ValueError:
            return True
        return False


@lru_cache(maxsize=KEYS_REMEMBERED)
def _public_parts(data: bytes) -> MLKEM768X25519PublicKey:
    if len(data) != sizes.HYBRID_PUBLIC:
        raise RecipientError
    try:
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(data[: sizes.ML_KEM_768_PUBLIC]),
            X25519PublicKey.from_public_bytes(data[sizes.ML_KEM_768_PUBLIC :]),
        )
    except (ValueError, UnsupportedAlgorithm) as error:
        raise RecipientError from error
