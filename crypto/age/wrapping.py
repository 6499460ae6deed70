"""The file key under a wrap key: the body of an `X25519` or an `scrypt` stanza (C2SP age.md).

The hybrid type does not come here: HPKE wraps for it.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from crypto import sizes
from crypto.errors import OpenError

_NONCE: Final = bytes(sizes.CHUNK_NONCE)


def wrap(wrap_key: bytes, file_key: bytes) -> bytes:
    """The body, 32 bytes.

    Safe because a wrap key is used once: a fresh share or salt goes into each, so that the
    nonce may be a constant.
    """
    return ChaCha20Poly1305(wrap_key).encrypt(_NONCE, file_key, None)


def unwrap(wrap_key: bytes, body: bytes) -> bytes:
    """The file key in a body, whose length the caller has checked, or `OpenError`."""
    try:
        return ChaCha20Poly1305(wrap_key).decrypt(_NONCE, body, None)
    except InvalidTag:
        raise OpenError from None
