"""The `X25519` recipient type of age: a key agreement on the curve wraps the file key.

Other programs use it; we never seal a report to it, since it falls to a quantum computer.
See C2SP age.md, "The X25519 recipient type".
"""

import secrets
from typing import Final, NewType

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto import labels, sizes
from crypto.age import file_key as body
from crypto.age.header import Stanza, decode_base64, encode_base64
from crypto.errors import HeaderError, RecipientError

Scalar = NewType("Scalar", bytes)
Share = NewType("Share", bytes)

TYPE: Final = b"X25519"


def generate_scalar() -> Scalar:
    """A fresh private key, 32 bytes."""
    return Scalar(secrets.token_bytes(sizes.SEED))


def share_of(scalar: Scalar) -> Share:
    """The public key of `scalar`, 32 bytes."""
    return Share(X25519PrivateKey.from_private_bytes(scalar).public_key().public_bytes_raw())


def wrap(recipient: Share, file_key: bytes) -> Stanza:
    """A stanza from which the holder of the private key gets `file_key`.

    Raises `RecipientError` for a share of another length or of low order.
    """
    ephemeral = generate_scalar()
    share = share_of(ephemeral)
    try:
        shared = _agree(ephemeral, recipient)
    except ValueError as error:
        raise RecipientError from error
    wrapped = body.wrap(_wrap_key(shared, share, recipient), file_key)
    return Stanza((TYPE, encode_base64(share)), wrapped)


def unwrap(scalar: Scalar, stanza: Stanza) -> bytes:
    """The file key of a well-formed stanza, or `OpenError` when it is for another key.

    Raises `HeaderError` when the shared secret is all zeros: a share of low order.
    """
    share = check_form(stanza)
    try:
        shared = _agree(scalar, share)
    except ValueError as error:
        raise HeaderError("a share of low order") from error  # MUST 10
    return body.unwrap(_wrap_key(shared, share, share_of(scalar)), stanza.body)


def check_form(stanza: Stanza) -> Share:
    """The share of a stanza of this type. Raises `HeaderError` for any other form."""
    if len(stanza.arguments) != 2:
        raise HeaderError("an X25519 stanza with other than two arguments")
    share = decode_base64(stanza.arguments[1])
    if len(share) != sizes.X25519_SHARE or len(stanza.body) != sizes.STANZA_BODY:
        raise HeaderError("an X25519 stanza of the wrong size")
    return Share(share)


def _agree(scalar: Scalar, share: Share) -> bytes:
    """Their shared secret. Raises `ValueError` when it is all zeros, or a share has another length."""
    return X25519PrivateKey.from_private_bytes(scalar).exchange(X25519PublicKey.from_public_bytes(share))


def _wrap_key(shared: bytes, share: Share, recipient: Share) -> bytes:
    kdf = HKDF(SHA256(), sizes.SEED, salt=share + recipient, info=labels.AGE_X25519_INFO)
    return kdf.derive(shared)
