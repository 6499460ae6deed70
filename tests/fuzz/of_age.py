"""Targets: the age format. Header, base64 and bech32 as they come; streams of chunks that are rightly
sealed in any order, so that the reader is reached behind its MAC."""

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto import hybrid, padding, sizes
from crypto.age import bech32, hybrid_stanza
from crypto.age.header import (
    Stanza,
    decode_base64,
    encode_base64,
    encode_header,
    parse_header,
    verify_header,
)
from crypto.age.stream import open_chunks
from crypto.envelope import FileKey, check_header, open_payload, parse_intake_header, unwrap_file_key
from crypto.errors import CryptoError, FormatError, HeaderError, OpenError, SizeError
from tests.fuzz.target import Target, damaged
from tests.support.sealing import (
    FILE_KEY,
    STATION_KEY,
    STATION_SEED,
    identities,
    reading,
    sealed_envelope,
    sealed_stream,
    stream_reader,
)

HEADER = encode_header((Stanza((b"a", b"b"), bytes(60)), Stanza((b"c",), b"")), FILE_KEY)
HYBRID = hybrid_stanza.wrap(STATION_KEY, FILE_KEY)
ENVELOPE_HEADER = sealed_envelope(b"")[: sizes.ENVELOPE_HEADER]
PARCEL = sealed_stream(bytes(sizes.PADDED_MIN))
OUR_HEADER = encode_header((HYBRID,) * 8, FILE_KEY)
VERSION = b"age-encryption.org/v1\n"
MAC = b"--- " + b"A" * 43 + b"\n"
STREAM_NONCE = bytes(sizes.STREAM_NONCE)
CHUNK_LENGTHS = (0, 1, sizes.CHUNK - 1, sizes.CHUNK)


def header(data: bytes) -> None:
    """What is read stands at the start of the bytes, piece by piece, and the MAC decides about the rest."""
    try:
        read = parse_header(data)
    except HeaderError:
        return
    assert len(read.stanzas) <= 128
    assert read.length <= 64 * sizes.KIB
    lines = VERSION + b"".join(stanza.encode() for stanza in read.stanzas) + b"---"
    assert read.authenticated == lines
    assert data[: read.length] == lines + b" " + encode_base64(read.mac) + b"\n"
    try:
        verify_header(read, FILE_KEY)
    except OpenError:
        return
    assert encode_header(read.stanzas, FILE_KEY) == data[: read.length]


def stanzas(data: bytes) -> None:
    """Stanzas of any form, each of which is ours or is not."""
    try:
        read = parse_header(VERSION + data + MAC)
    except HeaderError:
        return
    for stanza in read.stanzas:
        try:
            assert hybrid_stanza.unwrap(hybrid.PrivateKey(STATION_SEED), stanza) == FILE_KEY
        except (HeaderError, OpenError):
            continue


def intake_header(data: bytes) -> None:
    """Eight hybrid stanzas in one length, or nothing."""
    try:
        read = parse_intake_header(data)
    except HeaderError:
        return
    assert (len(read.stanzas), read.length) == (8, 12_526)
    assert {stanza.arguments[0] for stanza in read.stanzas} == {b"mlkem768x25519"}


def envelope(data: bytes) -> None:
    """An envelope whose header is any bytes, as they are and with the MAC that our file key gives them."""
    headers = [data]
    with suppress(HeaderError):
        headers.append(encode_header(parse_header(data).stanzas, FILE_KEY))
    for start in headers:
        try:
            opened = open_payload(FileKey(FILE_KEY), reading(start + PARCEL), len(start) + len(PARCEL))
        except CryptoError:
            continue
        assert len(start) == 12_526
        assert opened.chunk(0) == bytes(65_536)
        check_header(FileKey(FILE_KEY), start)
        with suppress(OpenError):
            assert unwrap_file_key(parse_header(start), identities(STATION_SEED)) == FILE_KEY


def base64(data: bytes) -> None:
    """One spelling for each sequence of bytes."""
    try:
        read = decode_base64(data)
    except HeaderError:
        return
    assert encode_base64(read) == data


def bech32_text(data: bytes) -> None:
    """One spelling in lower case for each prefix and data."""
    text = data.decode("latin-1")
    try:
        prefix, read = bech32.decode(text)
    except FormatError:
        return
    assert bech32.encode(prefix, read) == text.lower()


def stream(data: bytes) -> None:
    """Chunks with any numbers, marks and lengths, three bytes each, every one rightly sealed.

    It opens if and only if they stand in order, all but the last full, and the last alone marked.
    """
    pieces = [
        (data[i], bool(data[i + 1] & 1), CHUNK_LENGTHS[data[i + 1] >> 1 & 3], data[i + 2 : i + 3])
        for i in range(0, min(len(data) - 2, 15), 3)
    ]
    payload = STREAM_NONCE + b"".join(sealed(n, last, fill * size) for n, last, size, fill in pieces)
    right = bool(pieces) and all(
        (number, last) == (place, place == len(pieces) - 1)
        and (size == sizes.CHUNK if not last else size or place == 0)
        for place, (number, last, size, _) in enumerate(pieces)
    )
    content = b"".join(fill * size for _, _, size, fill in pieces)
    for read in (_at_any_place, _forward):
        try:
            plain = read(payload)
        except OpenError:
            assert not right
            continue
        assert right
        assert plain == content


def stream_bytes(data: bytes) -> None:
    """A payload of any bytes, and one with a chunk that is sealed over any bytes."""
    plain = data[: sizes.CHUNK]
    for read in (_at_any_place, _forward):
        try:
            read(data)
            raise AssertionError
        except OpenError:
            pass
        assert read(STREAM_NONCE + sealed(0, True, plain)) == plain


def envelope_size(data: bytes) -> None:
    """A size is legal if and only if the padding of its content gives it."""
    size = int.from_bytes(data[:8], "big")
    try:
        padded = padding.check_envelope_size(size)
    except SizeError:
        return
    assert padding.padded_size(padded) == padded
    assert padding.envelope_size(padded) == size
    assert padding.padded_size(padded - 1) == padded


def _at_any_place(payload: bytes) -> bytes:
    reader = stream_reader(payload)
    plain = b"".join(reader.chunks())
    assert reader.read(0, reader.size_bytes) == plain
    return plain


def _forward(payload: bytes) -> bytes:
    return b"".join(open_chunks(FILE_KEY, BytesIO(payload).read))


def sealed(number: int, last: bool, plain: bytes) -> bytes:
    """One chunk of a stream under the fixed key, made without the code under test."""
    key = HKDF(algorithm=SHA256(), length=32, salt=STREAM_NONCE, info=b"payload").derive(FILE_KEY)
    return ChaCha20Poly1305(key).encrypt(number.to_bytes(11, "big") + bytes([last]), plain, None)


def _headers() -> Iterator[bytes]:
    yield from damaged(HEADER)
    body = b"A" * 64 + b"\n"
    for lines in (
        b"",
        b"-> \n\n",
        b"-> a\n",
        b"-> a  b\n\n",
        b"->a\n\n",
        b"-> a\n" + body,
        b"-> a\n" + body + b"\n",
        b"-> a\n" + body + b"AA\n",
        b"-> a\n" + b"A" * 65 + b"\n",
        b"-> a\nAB\n",
        b"-> a\nA\n",
        b"-> a\nA=\n",
        b"-> a\nA A\n",
        b"-> \xff\n\n",
        b"-> a\r\n\r\n",
        b"-> a\n\n" * 129,
        b"-> " + b"a" * 65_536 + b"\n\n",
        b"-> " + b"a " * 200 + b"a\n\n",
    ):
        yield VERSION + lines + MAC
    yield VERSION + b"-> a\n\n---\n"
    yield VERSION + b"-> a\n\n--- AAAA\n"
    yield VERSION + b"-> a\n\n" + MAC + b"payload"
    yield b"age-encryption.org/v2\n-> a\n\n" + MAC


def _streams() -> Iterator[bytes]:
    last, full = 1, 3 << 1
    yield from (b"", bytes([0, last, 7]), bytes([0, last | 2, 7]), bytes([0, last | full, 7]))
    yield bytes([0, full, 7, 1, last | 2, 8])
    yield bytes([0, full, 7, 1, last, 8])
    yield bytes([0, full, 7, 0, last | 2, 8])
    yield bytes([0, full, 7, 1, full, 7, 2, last | 4, 9])
    yield bytes([1, last | 2, 7])
    yield bytes([0, 2, 7])
    yield bytes([0, last | 2, 7, 1, last | 2, 7])
    yield bytes([0, 2 << 1, 7, 1, last | 2, 8])


TARGETS = {
    "age_header": Target(
        header, tuple(_headers()), (VERSION, b"-> ", b"\n-> ", b"--- ", b"A" * 64 + b"\n", MAC), 70_000
    ),
    "age_stanzas": Target(
        stanzas,
        (
            HYBRID.encode(),
            b"-> X25519 AAAA\nAAAA\n" + HYBRID.encode(),
            b"-> mlkem768x25519\n\n",
            b"-> mlkem768x25519 AAAA\nAAAA\n",
            *damaged(HYBRID.encode()),
        ),
        (b"-> mlkem768x25519 ", b"-> X25519 ", b"-> scrypt ", b"\n"),
    ),
    "intake_header": Target(intake_header, tuple(damaged(ENVELOPE_HEADER)), (b"-> X25519 ",), 14_000),
    "envelope": Target(
        envelope,
        (
            *damaged(OUR_HEADER),
            *damaged(ENVELOPE_HEADER),
            encode_header((Stanza((b"mlkem768x25519", b"A" * 1_494), bytes(32)),) * 8, FILE_KEY),
        ),
        max_bytes=14_000,
    ),
    "base64": Target(
        base64, (b"", b"AA", b"AAA", b"AAAA", b"A", b"AB", b"AA==", b"+/", b"-_", b"A\n", b"\xff")
    ),
    "bech32": Target(
        bech32_text,
        tuple(
            text.encode("latin-1")
            for text in (
                bech32.encode("age", bytes(32)),
                bech32.encode("age", bytes(32)).upper(),
                bech32.encode("age", bytes(32)).replace("q", "Q", 1),
                bech32.encode("age1pq", bytes(40)),
                bech32.encode("a", b""),
                bech32.encode("", b"x"),
                bech32.encode("a ", b"x"),
                "age1qqqqqqq",
                "noseparator",
                "1" * 90,
                "a1b",
                "\xe9",
                "a1" + "q" * 6,
            )
        ),
        (b"age1", b"AGE-SECRET-KEY-1", b"age1pq1"),
    ),
    "stream": Target(stream, tuple(_streams()), max_bytes=15),
    "stream_bytes": Target(
        stream_bytes,
        (b"", b"x" * 16, b"x" * 31, b"x" * 32, b"x" * 100, bytes(16 + 65_552), bytes(16 + 65_552 + 16)),
    ),
    "envelope_size": Target(
        envelope_size,
        (
            b"",
            bytes(8),
            b"\xff" * 8,
            *(
                (padding.envelope_size(n) + extra).to_bytes(8, "big")
                for n in (65_536, 69_632, 1 << 31, (1 << 31) + (1 << 27), 65_535, 0)
                for extra in (0, 1)
            ),
        ),
        max_bytes=8,
    ),
}
