"""hostile_header: the longest that reading a header of 64 KiB takes, whatever a stranger puts into it.

Counted is `parse_header` and, where it lets the header through, the intake's own check: what the server
does before it knows a key, to anybody's bytes. `also` says what each header costs, and what it costs
somebody who opens it with an identity of every type: key agreements with each stanza, at most 128 of
them and no more than fit into 64 KiB.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from crypto import hybrid, sizes
from crypto.age import keys, x25519_stanza
from crypto.age.file import open_header
from crypto.age.header import VERSION, parse_header
from crypto.envelope import parse_intake_header
from crypto.errors import CryptoError
from tests.bench.rounds import Row, at_most, milliseconds
from tests.support.sealing import FILE_KEY

MAC = b"--- " + b"A" * 43 + b"\n"
IDENTITIES = (
    keys.HybridIdentity(hybrid.Seed(b"s" * 32)),
    keys.X25519Identity(x25519_stanza.Scalar(b"x" * 32)),
)


def measure(rounds: int) -> dict[str, Row]:
    """The row."""
    reading: dict[str, Callable[[], object]] = {}
    opening: dict[str, Callable[[], object]] = {}
    for name, header in _headers().items():
        reading[name] = partial(_read, header)
        opening[f"opened: {name}"] = partial(_open, header)
    read, opened = milliseconds(reading, rounds), milliseconds(opening, rounds)
    return {"hostile_header": at_most(max(read.values()), "ms", 5, also={**read, **opened})}


def _headers() -> dict[str, bytes]:
    hybrid_other = keys.HybridRecipient(hybrid.public_key(hybrid.generate_seed())).wrap(FILE_KEY).encode()
    x25519_other = keys.X25519Recipient(x25519_stanza.share_of(x25519_stanza.generate_scalar()))
    bodies = {
        "hybrid stanzas": hybrid_other,
        "X25519 stanzas": x25519_other.wrap(FILE_KEY).encode(),
        "foreign stanzas": b"-> " + b"x" * 400 + b"\n\n",
        "empty stanzas": b"-> x\n\n",
        "body lines": b"A" * 64 + b"\n",
        "arguments": b"a ",
        "one argument": b"a",
        "base64 that is not canonical": b"B" * 64 + b"\n",
        "carriage returns": b"-> x\r\n\r\n",
    }
    room = 64 * sizes.KIB - len(VERSION) - len(MAC) - 16
    headers = {
        name: piece * min(128 if piece[:2] == b"->" else room, room // len(piece))
        for name, piece in bodies.items()
    }
    for name in ("body lines", "base64 that is not canonical"):
        headers[name] = b"-> x\n" + headers[name] + b"B\n"
    for name in ("arguments", "one argument"):
        headers[name] = b"-> " + headers[name] + b"x\n\n"
    return {name: VERSION + lines + MAC for name, lines in headers.items()}


def _read(header: bytes) -> None:
    for parse in (parse_header, parse_intake_header):
        with suppress(CryptoError):
            parse(header)


def _open(header: bytes) -> None:
    with suppress(CryptoError):
        open_header(IDENTITIES, header + bytes(sizes.STREAM_NONCE))
