"""The `X25519` recipient type of age: a key agreement on the curve wraps the file key.

See C2SP age.md, "The X25519 recipient type". For files of other programs: we never seal a
report to it, since it falls to a quantum computer.

Checks, numbered as in docs/protocol/age.md: 8 two arguments; 9 a share and a body of 32 bytes
each, before anything is decrypted; 11 a share that is not of low order; 12 the body opens.
"""

import secrets
from typing import Final, NewType

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto import labels, sizes
from crypto.age import wrapping
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
    return Stanza((TYPE, encode_base64(share)), wrapping.wrap(_wrap_key(shared, share, recipient), file_key))


def unwrap(scalar: Scalar, stanza: Stanza) -> bytes:
    """The file key of a well-formed stanza, or `OpenError` when it is for another key.

    Raises `HeaderError` for a malformed one.
    """
    share = check_form(stanza)
    try:
        shared = _agree(scalar, share)
    except ValueError as error:  # 11
        raise HeaderError("a share of low order") from error
    return wrapping.unwrap(_wrap_key(shared, share, share_of(scalar)), stanza.body)  # 12


def check_form(stanza: Stanza) -> Share:
    """The share in a stanza of this type. Raises `HeaderError` for any other form."""
    if stanza.type != TYPE or len(stanza.arguments) != 2:  # 8
        raise HeaderError("not an X25519 stanza")
    share = decode_base64(stanza.arguments[1])
    if len(share) != sizes.X25519_SHARE or len(stanza.body) != sizes.STANZA_BODY:  # 9
        raise HeaderError("an X25519 stanza of the wrong size")
    return Share(share)


def _agree(scalar: Scalar, share: Share) -> bytes:
    """Their shared secret; `ValueError` when it is all zeros, or where `share` has another length."""
    return X25519PrivateKey.from_private_bytes(scalar).exchange(X25519PublicKey.from_public_bytes(share))


def _wrap_key(shared: bytes, share: Share, recipient: Share) -> bytes:
    kdf = HKDF(SHA256(), sizes.SEED, salt=share + recipient, info=labels.AGE_X25519_INFO)
    return kdf.derive(shared)
