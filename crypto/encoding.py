"""Keys of over 64 bytes as text: base64url without padding (protocol 1, JSON).

Canonical only: every sequence of bytes has one spelling, and a reader refuses any other.
Shorter bytes are written as lower-case hex, which `canonical.hex_field` reads.
"""

import base64
import binascii

from crypto.canonical import Value
from crypto.errors import CanonicalError


def to_base64url(data: bytes) -> str:
    """`data` as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: Value, n_bytes: int | None = None) -> bytes:
    """What `text` stands for, of `n_bytes` where given. Raises `CanonicalError`."""
    if not isinstance(text, str) or not text.isascii():
        raise CanonicalError("not base64url")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise CanonicalError("not base64url") from error
    if to_base64url(data) != text or (n_bytes is not None and len(data) != n_bytes):
        raise CanonicalError("base64url that is not canonical or of the wrong length")
    return data
