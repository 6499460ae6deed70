"""Whole age files: what may be sealed together, and the one answer to everything that does not open."""

from collections.abc import Callable
from io import BytesIO

import pytest

from crypto import hybrid, sizes
from crypto.age import x25519_stanza
from crypto.age.file import FileWriter, open_file, open_forward, open_header
from crypto.age.header import Stanza, encode_header, parse_header
from crypto.age.keys import (
    HybridIdentity,
    Identity,
    PassphraseIdentity,
    PassphraseRecipient,
    Recipient,
    X25519Identity,
    X25519Recipient,
)
from crypto.errors import HeaderError, OpenError, RecipientError
from tests.support.sealing import FILE_KEY, STATION_SEED, flipped, reading, sealed_stream

STATION = HybridIdentity(STATION_SEED)
CURVE = X25519Identity(x25519_stanza.Scalar(b"x" * 32))
WORD = PassphraseIdentity("word")
TO_WORD = PassphraseRecipient("word", log2_work=1)
TYPES = pytest.mark.parametrize(
    ("recipient", "identity"),
    [(STATION.recipient(), STATION), (CURVE.recipient(), CURVE), (TO_WORD, WORD)],
    ids=["hybrid", "X25519", "passphrase"],
)
Opener = Callable[[list[Identity], bytes], bytes]


def sealed(plain: bytes, *recipients: Recipient) -> bytes:
    out = bytearray()
    writer = FileWriter(recipients, out.extend)
    writer.push(plain)
    writer.finish()
    return bytes(out)


class SlowLine(BytesIO):
    """Bytes that come in small pieces, however many are asked for."""

    most = 7

    def read(self, length: int | None = -1, /) -> bytes:
        return super().read(min(length or 0, self.most))


def at_any_place(identities: list[Identity], data: bytes) -> bytes:
    return b"".join(open_file(identities, reading(data), len(data)).stream.chunks())


def forward(identities: list[Identity], data: bytes) -> bytes:
    return b"".join(open_forward(identities, BytesIO(data).read))


BOTH = pytest.mark.parametrize("opened", [at_any_place, forward])


@TYPES
@BOTH
@pytest.mark.parametrize("length", [0, 1, sizes.CHUNK, sizes.CHUNK + 1, 3 * sizes.CHUNK])
def test_what_is_sealed_opens(recipient: Recipient, identity: Identity, opened: Opener, length: int) -> None:
    plain = (b"abc" * 70_000)[:length]
    assert opened([identity], sealed(plain, recipient)) == plain


def test_a_slow_line_gives_the_same() -> None:
    plain = b"abc" * 30_000
    data = sealed(plain, CURVE.recipient())
    assert b"".join(open_forward([CURVE], SlowLine(data).read)) == plain


def test_each_recipient_opens_and_the_file_key_comes_out() -> None:
    other = HybridIdentity(hybrid.generate_seed())
    data = sealed(b"text", STATION.recipient(), other.recipient())
    header = parse_header(data)
    assert [stanza.type for stanza in header.stanzas] == [b"mlkem768x25519"] * 2
    file_keys = {open_file([who], reading(data), len(data)).file_key for who in (STATION, other)}
    assert len(file_keys) == 1
    assert encode_header(header.stanzas, file_keys.pop()) == data[: header.length]


def test_no_file_shares_its_file_key() -> None:
    keys = set()
    for _ in range(5):
        data = sealed(b"", CURVE.recipient())
        keys.add(open_file([CURVE], reading(data), len(data)).file_key)
    assert len(keys) == 5


@pytest.mark.parametrize(
    "recipients",
    [
        pytest.param([], id="nobody"),
        pytest.param([CURVE.recipient()] * 129, id="too many stanzas"),
        pytest.param([STATION.recipient()] * 43, id="over 64 KiB"),
        pytest.param([STATION.recipient(), CURVE.recipient()], id="one half falls to a quantum computer"),
        pytest.param([TO_WORD, TO_WORD], id="two passphrases"),
        pytest.param([TO_WORD, CURVE.recipient()], id="a passphrase and a key"),
        pytest.param([X25519Recipient(x25519_stanza.Share(bytes(32)))], id="a key of low order"),
        pytest.param([PassphraseRecipient("word", log2_work=40)], id="an impossible cost"),
    ],
)
def test_such_a_file_is_not_begun(recipients: list[Recipient]) -> None:
    out = bytearray()
    with pytest.raises(RecipientError):
        FileWriter(recipients, out.extend)
    assert not out


@pytest.mark.parametrize("count", [1, 42])
def test_the_fullest_header_of_hybrid_stanzas_opens(count: int) -> None:
    data = sealed(b"text", *[STATION.recipient()] * count)
    assert at_any_place([STATION], data) == forward([STATION], data) == b"text"


FILE = sealed(b"x" * 70_000, CURVE.recipient())
HEADER = parse_header(FILE).length
BROKEN = {
    "nothing": b"",
    "another format": b"-----BEGIN AGE ENCRYPTED FILE-----\n",
    "version": FILE.replace(b"v1", b"v2", 1),
    "cut in the header": FILE[: HEADER - 1],
    "cut before the nonce": FILE[:HEADER],
    "cut in the nonce": FILE[: HEADER + 15],
    "cut after the nonce": FILE[: HEADER + 16],
    "cut in the payload": FILE[:-1],
    "cut between chunks": FILE[: HEADER + 16 + sizes.SEALED_CHUNK],
    "a byte more": FILE + b"\0",
    "flip in a stanza": flipped(FILE, 40),
    "flip in the MAC": flipped(FILE, HEADER - 10),
    "flip in the nonce": flipped(FILE, HEADER),
    "flip in a chunk": flipped(FILE, HEADER + 16),
    "malformed stanza": encode_header((Stanza((b"X25519",), b""),), FILE_KEY) + sealed_stream(b""),
    "passphrase and key": encode_header((CURVE.recipient().wrap(FILE_KEY), TO_WORD.wrap(FILE_KEY)), FILE_KEY)
    + sealed_stream(b""),
    "for others": sealed(b"", STATION.recipient()),
    "endless": b"age-encryption.org/v1\n-> " + b"a" * 100_000,
}


@BOTH
@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_every_refusal_is_one_error_that_says_nothing(opened: Opener, data: bytes) -> None:
    with pytest.raises(OpenError) as refusal:
        opened([CURVE], data)
    assert type(refusal.value) is OpenError
    assert not refusal.value.args
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__


@BOTH
@pytest.mark.parametrize("nonce", [0, 15])
def test_a_file_that_ends_before_its_payload_has_no_whole_header(opened: Opener, nonce: int) -> None:
    with pytest.raises(HeaderError):
        open_header([CURVE], FILE[: HEADER + nonce])
    assert open_header([CURVE], FILE[: HEADER + 16])[1] == HEADER


def released(data: bytes) -> bytes:
    """What the forward reader gives of a file that it refuses."""
    plain = bytearray()
    try:
        for chunk in open_forward([CURVE], BytesIO(data).read):
            plain += chunk
    except OpenError:
        return bytes(plain)
    raise AssertionError("it was not refused")


def test_forward_gives_what_is_authentic_before_it_fails() -> None:
    second = HEADER + 16 + sizes.SEALED_CHUNK
    assert released(flipped(FILE, second)) == b"x" * sizes.CHUNK
    assert released(FILE[:second]) == b"x" * sizes.CHUNK
    assert released(flipped(FILE, HEADER + 16)) == b""


def test_forward_holds_no_more_than_header_and_chunk() -> None:
    """It asks for the next bytes only when the chunk before was taken."""
    file = BytesIO(sealed(bytes(20 * sizes.CHUNK), CURVE.recipient()))
    chunks = open_forward([CURVE], file.read)
    for number in range(1, 15):
        next(chunks)
        assert file.tell() <= sizes.AGE_HEADER_MAX + sizes.STREAM_NONCE + number * sizes.SEALED_CHUNK


def test_the_file_key_does_not_show_when_a_file_is_printed() -> None:
    opened = open_file([CURVE], reading(FILE), len(FILE))
    assert str(opened.file_key) not in repr(opened)
    assert opened.stream.read(69_999, 1) == b"x"


def test_a_file_in_memory_is_opened_through_views_of_it() -> None:
    plain = bytes(range(256)) * 1_000
    view = memoryview(sealed(plain, STATION.recipient()))
    opened = open_file([STATION], lambda offset, length: view[offset : offset + length], len(view))
    assert b"".join(opened.stream.chunks()) == plain
    assert opened.stream.read(70_000, 5) == plain[70_000:70_005]
