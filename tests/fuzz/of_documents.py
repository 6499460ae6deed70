"""Targets: JSON and what is written in it. Signed documents are signed here over the bytes, under a
fixed key, so that the parser behind the signature is reached; Ed25519 gives one signature for each
body, so encoding what was read must give the very same bytes."""

import json
from datetime import date
from typing import Any, Final

from crypto import board, canonical, encoding, labels, signing, trust, windows
from crypto.errors import CanonicalError, CryptoError, SignatureError
from tests.fuzz.target import Target, documents
from tests.support.sealing import INSTANCE, REPLY_KEY

SEED = signing.SigningSeed(b"1" * 32)
KEY = signing.verifying_key(SEED)
STATION = signing.SigningSeed(b"2" * 32)
STATION_KEY = signing.verifying_key(STATION)
SERVER_KEY = signing.verifying_key(signing.SigningSeed(b"3" * 32))
DAY = "2026-11-22"
CERTIFICATES = tuple(
    trust.sign_certificate(seed, trust.Certificate(INSTANCE, role, key, 1, DAY))
    for seed, role, key in (
        (SEED, trust.Role.STATION, STATION_KEY),
        (STATION, trust.Role.SERVER, SERVER_KEY),
        (SEED, trust.Role.SERVER, SERVER_KEY),
    )
)
STATE = windows.IntakeState(1, 150, 2, bytes(32))

CERTIFICATE_JSON = json.loads(CERTIFICATES[0][64:])
DESCRIPTOR_JSON: Final[dict[str, Any]] = {
    "v": 1,
    "instance_id": INSTANCE.hex(),
    "number": 1,
    "issued_on": DAY,
    "root": KEY.hex(),
    "certificates": [encoding.to_base64url(certificate) for certificate in CERTIFICATES[:2]],
    "batch_no": 1,
    "oldest_window": 150,
    "time_zone": "Europe/Rome",
    "languages": ["en"],
}
BATCH_JSON: Final[dict[str, Any]] = json.loads(
    signing.split_unchecked(windows.sign_batch(SEED, INSTANCE, STATE, date(2026, 11, 22))).body
)
BOARD_JSON: Final[dict[str, Any]] = {
    "v": 1,
    "instance_id": INSTANCE.hex(),
    "epoch": "00" * 16,
    "seq": 7,
    "issued_on": DAY,
    "sets": [{"epoch": "00" * 16, "seq": 7, "slots": 64, "sha256": "00" * 32, "expires_on": DAY}],
}
JSON_WORDS = (
    b'{"',
    b'":',
    b'",',
    b"[]",
    b"{}",
    b"9007199254740991",
    b"9007199254740992",
    b"\\u0000",
    b'"v":1',
)


def canonical_json(data: bytes) -> None:
    """What is read is written back byte for byte, and longer input is refused unread."""
    try:
        value = canonical.parse(data, max_bytes=4_096)
    except CanonicalError:
        return
    assert len(data) <= 4_096
    assert canonical.encode(value) == data


def any_json(data: bytes) -> None:
    """What Python reads as JSON has a canonical form that is read back, or none."""
    try:
        value = json.loads(data)
        encoded = canonical.encode(value)
    except (ValueError, RecursionError, CanonicalError):
        return
    if isinstance(value, dict):
        assert canonical.parse(encoded, max_bytes=len(encoded)) == value


def base64url(data: bytes) -> None:
    """One spelling for each sequence of bytes."""
    text = data.decode("latin-1")
    try:
        read = encoding.from_base64url(text)
    except CanonicalError:
        return
    assert encoding.to_base64url(read) == text


def certificate(data: bytes) -> None:
    """A certificate signed by the right key, of any content."""
    signed = signing.sign(SEED, labels.CERTIFICATE, data).encode()
    try:
        read = trust.verify_certificate(KEY, signed)
    except CryptoError:
        return
    assert trust.sign_certificate(SEED, read) == signed


def descriptor(data: bytes) -> None:
    """A descriptor signed by the station, of any content; and the same when the root is not yet known."""
    signed = signing.sign(STATION, labels.DESCRIPTOR, data).encode()
    try:
        unchecked = trust.parse_descriptor_unchecked(signed)
        assert trust.sign_descriptor(STATION, unchecked) == signed
        read = trust.verify_descriptor(KEY, signed)
    except CryptoError:
        return
    assert read.descriptor == unchecked
    assert read.station == STATION_KEY
    assert read.servers <= {SERVER_KEY}


def batch(data: bytes) -> None:
    """A batch signed by the station, of any content."""
    signed = signing.sign(SEED, labels.BATCH, data).encode()
    try:
        read = windows.verify_batch(KEY, INSTANCE, signed)
    except CryptoError:
        return
    assert 0 < len(read.recipients) <= 52
    assert all(len(key) == 1_216 for key in read.recipients.values())
    assert read.recipient(read.last_window) == read.recipients[max(read.recipients)]
    value = json.loads(data)
    assert [row["window"] for row in value["windows"]] == list(read.recipients)
    assert [value["batch_no"], value["issued_on"], value["expires_on"]] == [
        read.batch_no,
        read.issued_on,
        read.expires_on,
    ]


def signed_board(data: bytes) -> None:
    """A board signed by the station, of any content."""
    signed = signing.sign(SEED, labels.BOARD, data).encode()
    try:
        read = board.verify_board(KEY, INSTANCE, signed)
    except CryptoError:
        return
    assert sum(live.slots for live in read.sets) <= 16_384
    assert board.sign_board(SEED, read) == signed


def unsigned(data: bytes) -> None:
    """Bytes that nobody signed are no document of any kind."""
    for verify in (
        lambda: trust.verify_certificate(KEY, data),
        lambda: trust.verify_descriptor(KEY, data),
        lambda: windows.verify_batch(KEY, INSTANCE, data),
        lambda: board.verify_board(KEY, INSTANCE, data),
    ):
        try:
            verify()
        except (SignatureError, CanonicalError):
            continue
        raise AssertionError


def _descriptors() -> list[bytes]:
    chains = ((), (0,), (1,), (0, 0), (0, 2), (0, 1, 1), (1, 0), (2, 2))
    texts = [[encoding.to_base64url(CERTIFICATES[n]) for n in chain] for chain in chains]
    other = trust.Certificate(type(INSTANCE)(b"o" * 16), trust.Role.STATION, STATION_KEY, 1, DAY)
    texts.append([encoding.to_base64url(trust.sign_certificate(SEED, other))])
    changed = [{**DESCRIPTOR_JSON, "certificates": text} for text in texts]
    changed.append({**DESCRIPTOR_JSON, "root": STATION_KEY.hex()})
    return [canonical.encode(value) for value in changed]


def _batches() -> list[bytes]:
    row: dict[str, canonical.Value] = {"window": 150, "recipient": encoding.to_base64url(REPLY_KEY)}
    low_order: dict[str, canonical.Value] = {
        "window": 150,
        "recipient": encoding.to_base64url(REPLY_KEY[:-32] + bytes(32)),
    }
    many: list[canonical.Value] = [{**row, "window": window} for window in range(53)]
    choices: list[list[canonical.Value]] = [[], [row], [row, row], [low_order], many, many[:52]]
    return [canonical.encode({**BATCH_JSON, "windows": rows}) for rows in choices]


JSON_SEEDS = (
    b'{"a":[{"b":{"c":[1,"\xc3\xa9"]}}]}',
    b'{"b":1,"a":1}',
    b'{"a":1,"a":1}',
    b'{"\xc3\xa9":1}',
    b'{"a":"\\ud800"}',
    b'{"a":null}',
    b'{"a":true}',
    b'{"a":-1}',
    b'{"a":1e5}',
    b'{"a":Infinity}',
    b'{"a":9007199254740992}',
    b'{"a":' + b"9" * 5_000 + b"}",
    b'{"a":' + b"[" * 7 + b"]" * 7 + b"}",
    b'{"a":' + b"[" * 8 + b"]" * 8 + b"}",
    b"[" * 3_000,
    b"[1]",
    b'"a"',
    b"\xff",
    b"",
    b"x" * 5_000,
)

TARGETS = {
    "canonical_json": Target(canonical_json, JSON_SEEDS, JSON_WORDS),
    "any_json": Target(any_json, JSON_SEEDS, JSON_WORDS),
    "base64url": Target(
        base64url, (b"", b"AA", b"AAA", b"AAAA", b"A", b"AB", b"AA==", b"+/", b"-_8", b"A\n", b"\xff")
    ),
    "certificate": Target(certificate, tuple(documents(CERTIFICATE_JSON)), JSON_WORDS),
    "descriptor": Target(descriptor, (*documents(DESCRIPTOR_JSON), *_descriptors()), JSON_WORDS),
    "batch": Target(batch, (*documents(BATCH_JSON), *_batches()), JSON_WORDS, 90_000),
    "board": Target(
        signed_board,
        (*documents(BOARD_JSON), canonical.encode({**BOARD_JSON, "sets": BOARD_JSON["sets"] * 257})),
        JSON_WORDS,
        60_000,
    ),
    "unsigned": Target(unsigned, (b"", b"x" * 64, bytes(65), CERTIFICATES[1])),
}
