"""Pack keys as text: one line each, which says whether it is the half that signs or the half that checks.

The two halves have the same length, and must not be taken for one another: the one that signs never
comes to a station, and the one that checks signs nothing. Nothing here reads a disk or makes a key.
Used by `cases.sign` and by the officer app's `services.packs`.
"""

import re
from typing import Final

from cases.errors import PackKeyError
from crypto import signing, sizes

_SIGNS: Final = "cleandrop-pack-secret-key-1"
_CHECKS: Final = "cleandrop-pack-public-key-1"
_HEX: Final = rf"[0-9a-f]{{{2 * sizes.SEED}}}"
TEXT_MAX: Final = 256


def secret_text(seed: signing.SigningSeed) -> str:
    """The line that keeps a seed of 32 bytes."""
    return f"{_SIGNS} {seed.hex()}\n"


def public_text(key: signing.VerifyingKey) -> str:
    """The line that carries a public key of 32 bytes."""
    return f"{_CHECKS} {key.hex()}\n"


def parse_secret(data: bytes) -> signing.SigningSeed:
    """The seed in a key file. Raises `PackKeyError`."""
    if found := _line(_SIGNS, data):
        return signing.SigningSeed(found)
    raise PackKeyError(
        "This file holds no pack key that signs. It is the file that new-key wrote, without “.pub”."
    )


def parse_public(data: bytes) -> signing.VerifyingKey:
    """The public key in a key file. Raises `PackKeyError`."""
    if found := _line(_CHECKS, data):
        return signing.VerifyingKey(found)
    if _line(_SIGNS, data):
        raise PackKeyError(
            "This is the half of a pack key that signs. It must never come to a station: take it away, "
            "and bring the file whose name ends in “.pub”."
        )
    raise PackKeyError(
        "This file holds no public pack key. It is the file that new-key wrote, ending in “.pub”."
    )


def _line(begins: str, data: bytes) -> bytes:
    found = re.fullmatch(rf"{begins} ({_HEX})[ \r\n]*", data.decode("ascii", "replace"))
    return bytes.fromhex(found.group(1)) if found else b""
