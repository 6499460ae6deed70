"""Bech32 (BIP 173) as age writes its keys: longer than BIP 173 allows, and never in mixed case.

Only the letters: `keys` knows which prefix stands for which key. Inside the protocol keys
travel as bytes; this is for people and other programs.

Checks, numbered as in docs/protocol/age.md: 19 the text is no longer than a key can be, in one
case, of a printable prefix and the alphabet, with the right checksum and no bits to spare.
"""

from typing import Final

from crypto import sizes
from crypto.errors import FormatError

RECIPIENT_HYBRID: Final = "age1pq"
RECIPIENT_X25519: Final = "age"
IDENTITY_HYBRID: Final = "age-secret-key-pq-"
IDENTITY_X25519: Final = "age-secret-key-"
_ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_WORDS: Final = 6


def encode(prefix: str, data: bytes) -> str:
    """`data` in lower case behind `prefix`."""
    values = _regroup(data, 8, 5, pad=True)
    checksum = _polymod(_expand(prefix) + values + [0] * _CHECKSUM_WORDS) ^ 1
    tail = [checksum >> 5 * (5 - i) & 31 for i in range(_CHECKSUM_WORDS)]
    return prefix + "1" + "".join(_ALPHABET[v] for v in values + tail)


def decode(text: str) -> tuple[str, bytes]:
    """Prefix, in lower case, and data. Raises `FormatError` for any slip, and for a longer text."""
    if len(text) > sizes.KEY_TEXT_MAX:  # 19
        raise FormatError("longer than any key")
    if text not in (text.lower(), text.upper()) or not text.isascii():  # 19
        raise FormatError("mixed case")
    prefix, separator, tail = text.lower().rpartition("1")
    if not separator or len(tail) < _CHECKSUM_WORDS or set(tail) - set(_ALPHABET):  # 19
        raise FormatError("not bech32")
    if not prefix or not all("!" <= c <= "~" for c in prefix):  # 19
        raise FormatError("a prefix that is empty or not printable")
    values = [_ALPHABET.index(c) for c in tail]
    if _polymod(_expand(prefix) + values) != 1:  # 19
        raise FormatError("a mistyped character")
    return prefix, bytes(_regroup(bytes(values[:-_CHECKSUM_WORDS]), 5, 8, pad=False))


def _expand(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _polymod(values: list[int]) -> int:
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            state ^= generator if top >> bit & 1 else 0
    return state


def _regroup(data: bytes, from_bits: int, to_bits: int, *, pad: bool) -> list[int]:
    pending = bits = 0
    groups: list[int] = []
    for value in data:
        pending = pending << from_bits | value
        bits += from_bits
        while bits >= to_bits:
            bits -= to_bits
            groups.append(pending >> bits & (1 << to_bits) - 1)
        pending &= (1 << bits) - 1
    if pad and bits:
        groups.append(pending << to_bits - bits)
    if not pad and (bits >= from_bits or pending):  # 19
        raise FormatError("bits left over")
    return groups
