"""The textual header of an age file: version line, stanzas, MAC (C2SP age.md, "Header").

`parse_header` reads strictly what the grammar allows and nothing else, within limits: at most
128 stanzas and 64 KiB. It trusts nothing; `verify_header` checks the MAC once a stanza has
given up the file key.
"""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto import labels, sizes
from crypto.errors import HeaderError, OpenError

STANZAS_MAX: Final = 128
HEADER_MAX: Final = 64 * sizes.KIB
VERSION: Final = b"age-encryption.org/v1\n"
_COLUMNS: Final = 64
_ARGUMENT: Final = re.compile(rb"[\x21-\x7e]+")


@dataclass(frozen=True)
class Stanza:
    """One recipient stanza: its arguments, the first of them the type, and its body."""

    arguments: tuple[bytes, ...]
    body: bytes

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
    mac = _mac(file_key, authenticated)
    return authenticated + b" " + encode_base64(mac) + b"\n"


def parse_header(data: bytes) -> UntrustedHeader:
    """The header at the start of `data`. Raises `HeaderError` for anything but the grammar."""
    if not data.startswith(VERSION):
        raise HeaderError("not an age v1 file")
    position = len(VERSION)
    stanzas: list[Stanza] = []
    while True:
        line, after = _line(data, position)
        if line.startswith(b"--- "):
            break
        if len(stanzas) == STANZAS_MAX:
            raise HeaderError("too many stanzas")
        stanza, position = _stanza(data, position)
        stanzas.append(stanza)
    mac = decode_base64(line[4:])
    if not stanzas or len(mac) != sizes.SHA256:
        raise HeaderError("no stanza, or a MAC of the wrong length")
    return UntrustedHeader(tuple(stanzas), data[: position + len(b"---")], mac, after)


def verify_header(header: UntrustedHeader, file_key: bytes) -> None:
    """Raise `OpenError` unless `file_key` made this header, stanza for stanza."""
    if not hmac.compare_digest(_mac(file_key, header.authenticated), header.mac):
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
    if encode_base64(data) != text:
        raise HeaderError("base64 that is not canonical")
    return data


def _stanza(data: bytes, position: int) -> tuple[Stanza, int]:
    line, position = _line(data, position)
    if not line.startswith(b"-> "):
        raise HeaderError("a line that is neither stanza nor MAC")
    arguments = tuple(line[3:].split(b" "))
    if not all(_ARGUMENT.fullmatch(argument) for argument in arguments):
        raise HeaderError("an argument with other than printable ASCII")
    body: list[bytes] = []
    while True:
        line, position = _line(data, position)
        if len(line) > _COLUMNS:
            raise HeaderError("a body line of over 64 columns")
        body.append(line)
        if len(line) < _COLUMNS:
            return Stanza(arguments, decode_base64(b"".join(body))), position


def _line(data: bytes, position: int) -> tuple[bytes, int]:
    end = data.find(b"\n", position, HEADER_MAX)
    if end < 0:
        raise HeaderError("a header without an end, or over 64 KiB")
    return data[position:end], end + 1


def _mac(file_key: bytes, authenticated: bytes) -> bytes:
    kdf = HKDF(SHA256(), sizes.SEED, salt=None, info=labels.AGE_HEADER_INFO)
    key = kdf.derive(file_key)
    return hmac.new(key, authenticated, hashlib.sha256).digest()
