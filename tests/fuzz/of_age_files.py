"""Targets: whole age files, their armour, and keys as text.

The stanzas of a file are any bytes, but its MAC is made here under a fixed key and its payload is rightly
sealed, so that everything behind the header is reached. No passphrase asks for work that takes long.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Final

from crypto.age import armor, bech32, keys, x25519_stanza
from crypto.age.file import open_file, open_forward
from crypto.age.header import encode_header, parse_header
from crypto.errors import ArmorError, HeaderError, IdentityError, OpenError, RecipientError
from tests.fuzz.target import Target, damaged
from tests.support.sealing import FILE_KEY, STATION_KEY, STATION_SEED, reading, sealed_stream

LOG2_WORK_MAX: Final = 2
SCALAR = x25519_stanza.Scalar(b"x" * 32)
IDENTITIES: Final = (
    keys.HybridIdentity(STATION_SEED),
    keys.X25519Identity(SCALAR),
    keys.PassphraseIdentity("passphrase", LOG2_WORK_MAX),
)
HYBRID = keys.HybridRecipient(STATION_KEY).wrap(FILE_KEY).encode()
X25519 = IDENTITIES[1].recipient().wrap(FILE_KEY).encode()
SCRYPT = keys.PassphraseRecipient("passphrase", 1).wrap(FILE_KEY).encode()
FOREIGN = b"-> foreign argument\n\n"
VERSION = b"age-encryption.org/v1\n"
CONTENT = b"content"
PAYLOAD = sealed_stream(CONTENT)
FILE = encode_header(parse_header(VERSION + X25519 + b"--- " + b"A" * 43 + b"\n").stanzas, FILE_KEY) + PAYLOAD


def stanzas(data: bytes) -> None:
    """A file of any stanzas, with the MAC that our file key gives them: both readers see the same."""
    try:
        header = parse_header(VERSION + data + b"--- " + b"A" * 43 + b"\n")
    except HeaderError:
        return
    opened = _open_both_ways(encode_header(header.stanzas, FILE_KEY) + PAYLOAD)
    assert opened in (None, CONTENT)


def file(data: bytes) -> None:
    """A file of any bytes: both readers see the same."""
    opened = _open_both_ways(data)
    assert opened is None or len(opened) < len(data)


def armour(data: bytes) -> None:
    """One text for each file, but for the line ending and white space around it."""
    try:
        read = armor.decode(data)
    except ArmorError:
        pass
    else:
        text = armor.encode(read)
        assert data.strip(b" \t\r\n").replace(b"\r\n", b"\n") + b"\n" == text
    assert armor.decode(armor.encode(data)) == data


def recipient(data: bytes) -> None:
    """A recipient is written as it was read, and can be sealed to."""
    text = data.decode("latin-1")
    try:
        read = keys.parse_recipient(text)
    except RecipientError:
        return
    assert not isinstance(read, keys.PassphraseRecipient)
    assert read.encode() == text
    read.wrap(FILE_KEY)


def identity(data: bytes) -> None:
    """An identity is written as it was read, and opens what its recipient seals."""
    text = data.decode("latin-1")
    try:
        read = keys.parse_identity(text)
    except IdentityError:
        return
    assert not isinstance(read, keys.PassphraseIdentity)
    assert read.encode() == text
    assert read.unwrap(read.recipient().wrap(FILE_KEY)) == FILE_KEY


def _open_both_ways(data: bytes) -> bytes | None:
    try:
        forward = b"".join(open_forward(IDENTITIES, _by_thousands(data)))
    except OpenError:
        forward = None
    try:
        opened = open_file(IDENTITIES, reading(data), len(data))
        anywhere = b"".join(opened.stream.chunks())
    except OpenError:
        anywhere = None
    assert forward == anywhere
    return forward


def _by_thousands(data: bytes) -> Callable[[int], bytes]:
    """A file that gives less than it is asked for."""
    source = BytesIO(data)
    return lambda length: source.read(min(length, 1_000))


TEXTS = tuple(
    text.encode("latin-1")
    for key in IDENTITIES[:2]
    for text in (
        key.encode(),
        key.encode().lower(),
        key.recipient().encode(),
        key.recipient().encode().upper(),
    )
)
ODD_TEXTS = tuple(
    bech32.encode(prefix, data).encode()
    for prefix in ("age", "age1pq", "other")
    for data in (b"", bytes(31), bytes(32), b"\xff" * 1_216)
)
ODD_SECRETS = tuple(
    bech32.encode(prefix, data).upper().encode()
    for prefix in ("age-secret-key-", "age-secret-key-pq-", "other")
    for data in (b"", bytes(31), bytes(32), bytes(33))
)
ODD_STANZAS = (
    b"-> X25519\n\n",
    b"-> X25519 AAAA\n" + b"A" * 43 + b"\n",
    b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n",
    b"-> X25519 " + b"A" * 43 + b"\nAAAA\n",
    b"-> scrypt\n\n",
    b"-> scrypt AAAA 1\n" + b"A" * 43 + b"\n",
    *(
        b"-> scrypt " + b"A" * 22 + b" " + work + b"\n" + b"A" * 43 + b"\n"
        for work in (b"1", b"01", b"0", b"3", b"99", b"x")
    ),
    b"-> mlkem768x25519\n\n",
    b"-> mlkem768x25519 " + b"A" * 1_494 + b"\n" + b"A" * 43 + b"\n",
)

TARGETS = {
    "age_file_stanzas": Target(
        stanzas,
        (
            HYBRID,
            X25519,
            SCRYPT,
            FOREIGN,
            *ODD_STANZAS,
            *(odd + X25519 for odd in ODD_STANZAS),
            FOREIGN + X25519,
            HYBRID + X25519,
            X25519 + X25519,
            SCRYPT + X25519,
            SCRYPT + SCRYPT,
            *damaged(X25519),
            *damaged(SCRYPT),
        ),
        (b"-> X25519 ", b"-> scrypt ", b"-> mlkem768x25519 ", FOREIGN, X25519, SCRYPT),
    ),
    "age_file": Target(file, tuple(damaged(FILE)), (VERSION, X25519), 8_192),
    "armour": Target(
        armour,
        (
            *damaged(armor.encode(FILE)),
            armor.encode(b""),
            armor.encode(b"x"),
            b" \r\n" + armor.encode(b"x").replace(b"\n", b"\r\n") + b"\t",
            armor.encode(b"x" * 48),
            armor.encode(b"x" * 49).replace(b"\n", b"\r\n", 2),
        ),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n", b"-----END AGE ENCRYPTED FILE-----", b"\r\n", b"="),
    ),
    "age_recipient": Target(recipient, (*TEXTS, *ODD_TEXTS), (b"age1", b"age1pq1")),
    "age_identity": Target(
        identity, (*TEXTS, *ODD_SECRETS), (b"AGE-SECRET-KEY-1", b"AGE-SECRET-KEY-PQ-1"), 200
    ),
}
