"""Sizes that tell only a bucket (protocol 1, section 3).

A parcel is padded with zeros to the next m·2ᵏ with 16 ≤ m ≤ 31, at least 65,536: never over
6.25 % more. The size of an envelope follows from that alone, so any other size is refused
before a byte of it is read.

Checks of `check_envelope_size`: 1 the padded length lies between the least and the limit; 2 it
is of the form above; 3 an envelope around it has exactly this size.
"""

from typing import Final

from crypto import sizes
from crypto.age.stream import sealed_size
from crypto.errors import SizeError

MANTISSA_BITS: Final = 5


def padded_size(parcel_bytes: int) -> int:
    """The padded length P of a parcel of `parcel_bytes`.

    >>> [padded_size(n) for n in (0, 65_536, 65_537, 100_000, 1_048_577)]
    [65536, 65536, 69632, 102400, 1114112]
    """
    if parcel_bytes <= sizes.PADDED_MIN:
        return sizes.PADDED_MIN
    step = 1 << (parcel_bytes - 1).bit_length() - MANTISSA_BITS
    return -(-parcel_bytes // step) * step


def envelope_size(padded_bytes: int) -> int:
    """Bytes of the envelope around a padded parcel."""
    return sizes.ENVELOPE_HEADER + sealed_size(padded_bytes)


def check_envelope_size(size_bytes: int, limit_bytes: int = sizes.PADDED_MAX) -> int:
    """The padded length inside an envelope of this size.

    Raises `SizeError` when no parcel of at most `limit_bytes` has an envelope of this size.
    """
    payload = size_bytes - sizes.ENVELOPE_HEADER - sizes.STREAM_NONCE
    padded = payload - sizes.AEAD_TAG * -(-payload // sizes.SEALED_CHUNK)
    if not sizes.PADDED_MIN <= padded <= limit_bytes:  # 1
        raise SizeError
    if padded_size(padded) != padded or envelope_size(padded) != size_bytes:  # 2, 3
        raise SizeError
    return padded
