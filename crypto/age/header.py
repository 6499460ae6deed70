"""The textual header of an age file: version line, stanzas, MAC (C2SP age.md, "Header").

`parse_header` reads what the grammar allows and nothing beside it, in time that grows with the
header alone. It trusts nothing and tries no key: `keys` judges the stanzas, and `verify_header`
checks the MAC once a stanza has given up the file key.

Checks, numbered as in docs/protocol/age.md: 1 the version line is that of age v1, and every
line ends with LF alone; 2 the header has at most 64 KiB, and one to 128 stanzas; 3 a stanza
begins with arguments of printable ASCII, one space between; 4 its body is in lines of 64
columns and a shorter one, which may be empty; 5 base64 is canonical and without padding; 6 the
MAC has its length; 13 the file key made this MAC.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto import labels, sizes
from crypto.errors import HeaderError, OpenError

STANZAS_MAX: Final = 128
VERSION: Final = b"age-encryption.org/v1\n"
_COLUMNS: Final = 64
_PRINTABLE: Final = bytes(range(ord("!"), ord("~") + 1))


@dataclass(frozen=True)
class Stanza:
    """One recipient stanza: its arguments, the first of them the type, and its body."""

    arguments: tuple[bytes, ...]
    body: bytes

    @property
    def type(self) -> bytes:
        """The type of recipient that it is for."""
        return self.arguments[0]

    def encode(self) -> bytes:
        """The stanza as it stands in a header."""
        text = encode_base64(self.body)
        lines = [text[i : i + _COLUMNS] for i in range(0, len(text) + 1, _COLUMNS)]
        return b"-> " + b" ".join(self.arguments) + b"\n" + b"\n".join(lines) + b"\n"


@dataclass(frozen=True)
class UntrustedHeader:
    """A header that was read and not yet verified. `length` is its size in bytes."""

    stanzas: tuple[Stanza, ...]
    authenticated: bytes
    mac: bytes
    length: int


def encode_header(stanzas: tuple[Stanza, ...], file_key: bytes) -> bytes:
    """The whole header, with the MAC that the file key gives it."""
    authenticated = VERSION + b"".join(stanza.encode() for stanza in stanzas) + b"---"
    return authenticated + b" " + encode_base64(_mac(file_key, authenticated)) + b"\n"


def parse_header(data: bytes) -> UntrustedHeader:
    """The header at the start of `data`. Raises `HeaderError` for anything but the grammar."""
    if not data.startswith(VERSION):  # 1
        raise HeaderError("not an age v1 file")
    position = len(VERSION)
    stanzas: list[Stanza] = []
    while True:
        line, after = _line(data, position)
        if line.startswith(b"--- "):
            break
        if len(stanzas) == STANZAS_MAX:  # 2
            raise HeaderError("too many stanzas")
        stanza, position = _stanza(data, position)
        stanzas.append(stanza)
    mac = decode_base64(line.removeprefix(b"--- "))
    if not stanzas:  # 2
        raise HeaderError("no stanza")
    if len(mac) != sizes.SHA256:  # 6
        raise HeaderError("a MAC of the wrong length")
    return UntrustedHeader(tuple(stanzas), data[: position + len(b"---")], mac, after)


def verify_header(header: UntrustedHeader, file_key: bytes) -> None:
    """Raise `OpenError` unless `file_key` made this header, stanza for stanza.

    Safe because the MAC covers every byte before it, and is compared in constant time.
    """
    if not hmac.compare_digest(_mac(file_key, header.authenticated), header.mac):  # 13
        raise OpenError


def encode_base64(data: bytes) -> bytes:
    """Standard base64 without padding."""
    return base64.b64encode(data).rstrip(b"=")


def decode_base64(text: bytes) -> bytes:
    """What `text` stands for, or `HeaderError` unless it is canonical and without padding."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise HeaderError("not base64") from error
    if encode_base64(data) != text:  # 5
        raise HeaderError("base64 that is not canonical")
    return data


def _stanza(data: bytes, position: int) -> tuple[Stanza, int]:
    line, position = _line(data, position)
    if not line.startswith(b"-> "):  # 3
        raise HeaderError("a line that is neither stanza nor MAC")
    arguments = tuple(line.removeprefix(b"-> ").split(b" "))
    if b"" in arguments or b"".join(arguments).translate(None, _PRINTABLE):  # 3
        raise HeaderError("an argument that is empty, or not of printable ASCII")
    body: list[bytes] = []
    while True:
        line, position = _line(data, position)
        if len(line) > _COLUMNS:  # 4
            raise HeaderError("a body line of over 64 columns")
        body.append(line)
        if len(line) < _COLUMNS:
            return Stanza(arguments, decode_base64(b"".join(body))), position


def _line(data: bytes, position: int) -> tuple[bytes, int]:
    end = data.find(b"\n", position, sizes.AGE_HEADER_MAX)
    if end < 0:  # 2
        raise HeaderError("a header without an end, or over 64 KiB")
    return data[position:end], end + 1


def _mac(file_key: bytes, authenticated: bytes) -> bytes:
    kdf = HKDF(SHA256(), sizes.SEED, salt=None, info=labels.AGE_HEADER_INFO)
    return hmac.new(kdf.derive(file_key), authenticated, hashlib.sha256).digest()
