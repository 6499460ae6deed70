"""XChaCha20-Poly1305 in its simplest use: one key, random nonces, bytes in and out.

For what we seal to ourselves: session cookies, wrapped keys, the state file. A nonce of 24
random bytes stands in front; it cannot repeat by accident in any number of messages.
"""

import secrets

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError as SodiumError

from crypto import sizes
from crypto.errors import OpenError


def seal(key: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """nonce ‖ ciphertext of `plaintext`, bound to `associated`."""
    nonce = secrets.token_bytes(sizes.XCHACHA_NONCE)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, associated, nonce, key)


def open(key: bytes, sealed: bytes, associated: bytes) -> bytes:  # noqa: A001 - the field's own word
    """The plaintext of what `seal` made with the same key and `associated`, or `OpenError`."""
    nonce, ciphertext = sealed[: sizes.XCHACHA_NONCE], sealed[sizes.XCHACHA_NONCE :]
    if len(ciphertext) < sizes.AEAD_TAG:
        raise OpenError
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, associated, nonce, key)
    except SodiumError:
        raise OpenError from None
