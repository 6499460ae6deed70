"""Stanzas of each type: their one form, whose key opens them, and what is refused before any key."""

import hashlib
import resource
from pathlib import Path

import pytest

from crypto import hybrid, sizes
from crypto.age import hybrid_stanza, scrypt_stanza, x25519_stanza
from crypto.age.header import Stanza, encode_base64
from crypto.age.keys import (
    HybridIdentity,
    HybridRecipient,
    Identity,
    PassphraseIdentity,
    PassphraseRecipient,
    Recipient,
    X25519Identity,
    unwrap_first,
)
from crypto.errors import HeaderError, OpenError, RecipientError
from tests.support.sealing import FILE_KEY, STATION_KEY, STATION_SEED

STATION = HybridIdentity(STATION_SEED)
CURVE = X25519Identity(x25519_stanza.Scalar(b"x" * 32))
WORD = PassphraseIdentity("word")
TO_WORD = PassphraseRecipient("word", log2_work=1)
LOW_ORDER = [
    bytes(32),
    b"\1" + bytes(31),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
]
FOREIGN = Stanza((b"example.com/x", b"a"), b"body")

HYBRID = hybrid_stanza.wrap(STATION_KEY, FILE_KEY)
ON_CURVE = CURVE.recipient().wrap(FILE_KEY)
BY_WORD = TO_WORD.wrap(FILE_KEY)


@pytest.mark.parametrize(
    ("recipient", "identity", "other"),
    [
        (STATION.recipient(), STATION, HybridIdentity(hybrid.generate_seed())),
        (CURVE.recipient(), CURVE, X25519Identity(x25519_stanza.generate_scalar())),
        (TO_WORD, WORD, PassphraseIdentity("Word")),
        (PassphraseRecipient("\ud800", 2), PassphraseIdentity("\ud800"), PassphraseIdentity("?")),
    ],
    ids=["hybrid", "X25519", "passphrase", "passphrase that is half a character"],
)
def test_the_right_key_alone_opens(recipient: Recipient, identity: Identity, other: Identity) -> None:
    stanza = recipient.wrap(FILE_KEY)
    assert stanza.type == identity.TYPE
    assert identity.unwrap(stanza) == FILE_KEY
    with pytest.raises(OpenError):
        other.unwrap(stanza)
    assert recipient.wrap(FILE_KEY) != stanza


def changed(stanza: Stanza, *arguments: bytes, body: bytes | None = None) -> Stanza:
    return Stanza((stanza.type, *arguments), stanza.body if body is None else body)


SHARE = ON_CURVE.arguments[1]
ENC = HYBRID.arguments[1]
SALT = BY_WORD.arguments[1]
MALFORMED = [
    *(
        pytest.param(who, changed(stanza, *stanza.arguments[1:], body=bytes(n)), id=f"{who.TYPE!r} body {n}")
        for who, stanza in ((STATION, HYBRID), (CURVE, ON_CURVE), (WORD, BY_WORD))
        for n in (0, 31, 33, 44)
    ),
    pytest.param(STATION, changed(HYBRID), id="hybrid without enc"),
    pytest.param(STATION, changed(HYBRID, ENC, b"x"), id="hybrid with more"),
    pytest.param(STATION, changed(HYBRID, encode_base64(bytes(1_119))), id="hybrid short"),
    pytest.param(STATION, changed(HYBRID, encode_base64(bytes(1_121))), id="hybrid long"),
    pytest.param(STATION, changed(HYBRID, b"*" * 1_494), id="hybrid not base64"),
    pytest.param(STATION, Stanza((b"mlkem1024x448", ENC), HYBRID.body), id="hybrid of another type"),
    pytest.param(CURVE, changed(ON_CURVE), id="X25519 without share"),
    pytest.param(CURVE, changed(ON_CURVE, SHARE, b"x"), id="X25519 with more"),
    pytest.param(CURVE, changed(ON_CURVE, encode_base64(bytes(31))), id="X25519 short"),
    pytest.param(CURVE, changed(ON_CURVE, encode_base64(b"x" * 33)), id="X25519 long"),
    pytest.param(CURVE, changed(ON_CURVE, SHARE + b"="), id="X25519 with padding"),
    pytest.param(CURVE, Stanza((b"x25519", SHARE), ON_CURVE.body), id="X25519 of another type"),
    pytest.param(WORD, changed(BY_WORD, SALT), id="scrypt without work"),
    pytest.param(WORD, changed(BY_WORD, SALT, b"1", b"1"), id="scrypt with more"),
    pytest.param(WORD, changed(BY_WORD, encode_base64(bytes(15)), b"1"), id="scrypt short salt"),
    pytest.param(WORD, changed(BY_WORD, encode_base64(bytes(17)), b"1"), id="scrypt long salt"),
    pytest.param(WORD, changed(BY_WORD, b"!", b"1"), id="scrypt salt not base64"),
    pytest.param(WORD, Stanza((b"Scrypt", SALT, b"1"), BY_WORD.body), id="scrypt of another type"),
    *(
        pytest.param(WORD, changed(BY_WORD, SALT, work), id=f"scrypt work {work!r}")
        for work in (b"0", b"01", b"+1", b"-1", b"1.0", b"0x1", b"1e1", b"a", b"21", b"99", b"9" * 5_000)
    ),
]


@pytest.mark.parametrize(("identity", "stanza"), MALFORMED)
def test_a_malformed_stanza_is_refused_before_anything_is_decrypted(
    identity: Identity, stanza: Stanza
) -> None:
    with pytest.raises(HeaderError):
        identity.unwrap(stanza)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_share_of_another_length_is_seen_before_the_curve_sees_it(length: int) -> None:
    with pytest.raises(HeaderError, match="size"):
        CURVE.unwrap(changed(ON_CURVE, encode_base64(b"x" * length)))


def test_a_reader_sets_how_much_work_a_file_may_ask_for() -> None:
    stanza = PassphraseRecipient("word", log2_work=4).wrap(FILE_KEY)
    assert PassphraseIdentity("word", log2_work_max=4).unwrap(stanza) == FILE_KEY
    with pytest.raises(HeaderError):
        PassphraseIdentity("word", log2_work_max=3).unwrap(stanza)
    with pytest.raises(HeaderError):
        PassphraseIdentity("word", log2_work_max=99).unwrap(changed(stanza, SALT, b"21"))


@pytest.mark.parametrize("log2_work", [-1, 0, 21, 64])
def test_no_file_is_sealed_at_a_cost_that_cannot_be(log2_work: int) -> None:
    with pytest.raises(RecipientError):
        PassphraseRecipient("word", log2_work).wrap(FILE_KEY)


def test_a_machine_without_the_memory_says_so_in_our_words() -> None:
    """And answers a file that asks for it like a wrong passphrase."""
    stanza = changed(BY_WORD, SALT, b"20")
    limits = resource.getrlimit(resource.RLIMIT_AS)
    in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (in_use + 200 * sizes.MIB, limits[1]))
    try:
        with pytest.raises(RecipientError):
            PassphraseRecipient("word", 20).wrap(FILE_KEY)
        with pytest.raises(OpenError):
            WORD.unwrap(stanza)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


@pytest.mark.real_cost
def test_the_usual_cost_is_that_of_the_specification() -> None:
    stanza = PassphraseRecipient("word").wrap(FILE_KEY)
    assert stanza.arguments[2] == b"18"
    assert WORD.unwrap(stanza) == FILE_KEY


@pytest.mark.parametrize("share", LOW_ORDER)
def test_a_share_of_low_order_is_malformed_and_no_recipient(share: bytes) -> None:
    enc = hybrid.seal(STATION_KEY, FILE_KEY, b"")[: sizes.ML_KEM_768_CIPHERTEXT] + share
    with pytest.raises(HeaderError):
        STATION.unwrap(changed(HYBRID, encode_base64(enc)))
    with pytest.raises(HeaderError):
        CURVE.unwrap(changed(ON_CURVE, encode_base64(share)))
    with pytest.raises(RecipientError):
        x25519_stanza.wrap(x25519_stanza.Share(share), FILE_KEY)
    with pytest.raises(RecipientError):
        HybridRecipient(hybrid.PublicKey(STATION_KEY[:-32] + share)).wrap(FILE_KEY)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_share_of_another_length_is_no_recipient(length: int) -> None:
    with pytest.raises(RecipientError):
        x25519_stanza.wrap(x25519_stanza.Share(b"x" * length), FILE_KEY)


@pytest.mark.parametrize("position", range(32))
def test_a_flipped_body_does_not_open(position: int) -> None:
    for identity, stanza in ((STATION, HYBRID), (CURVE, ON_CURVE), (WORD, BY_WORD)):
        body = bytearray(stanza.body)
        body[position] ^= 1
        with pytest.raises(OpenError):
            identity.unwrap(changed(stanza, *stanza.arguments[1:], body=bytes(body)))


def test_the_wrap_key_of_a_passphrase_is_scrypt_over_label_and_salt() -> None:
    derived = scrypt_stanza._wrap_key("word", b"s" * 16, 5)
    expected = hashlib.scrypt(
        b"word", salt=b"age-encryption.org/v1/scrypt" + b"s" * 16, n=32, r=8, p=1, dklen=32
    )
    assert derived == expected


def test_the_first_stanza_that_is_ours_gives_the_key_and_others_are_passed_over() -> None:
    stanzas = (FOREIGN, HybridIdentity(hybrid.generate_seed()).recipient().wrap(FILE_KEY), ON_CURVE, HYBRID)
    assert unwrap_first([STATION], stanzas) == FILE_KEY
    assert unwrap_first([CURVE], stanzas) == FILE_KEY
    assert unwrap_first([HybridIdentity(hybrid.generate_seed()), CURVE], stanzas) == FILE_KEY
    assert unwrap_first([WORD], (BY_WORD,)) == FILE_KEY


@pytest.mark.parametrize("stanzas", [(), (FOREIGN,), (ON_CURVE,), (FOREIGN, ON_CURVE)])
def test_without_a_stanza_of_ours_there_is_no_key(stanzas: tuple[Stanza, ...]) -> None:
    with pytest.raises(OpenError):
        unwrap_first([STATION, WORD], stanzas)


def test_without_an_identity_nothing_opens() -> None:
    with pytest.raises(OpenError):
        unwrap_first([], (HYBRID, changed(ON_CURVE)))


@pytest.mark.parametrize("other", [BY_WORD, HYBRID, ON_CURVE, FOREIGN])
@pytest.mark.parametrize("identity", [WORD, STATION, CURVE])
def test_a_passphrase_stanza_stands_alone(other: Stanza, identity: Identity) -> None:
    """Whoever looks: the file breaks a promise, whichever key we hold."""
    for stanzas in ((BY_WORD, other), (other, BY_WORD)):
        with pytest.raises(HeaderError):
            unwrap_first([identity], stanzas)


def test_the_form_of_all_is_judged_before_a_key_is_tried() -> None:
    """So that the place of the malformed one among the stanzas, and of ours, changes nothing."""
    for stanzas in ((HYBRID, changed(HYBRID)), (changed(HYBRID), HYBRID)):
        with pytest.raises(HeaderError):
            unwrap_first([STATION], stanzas)
    assert unwrap_first([STATION], (changed(ON_CURVE), HYBRID)) == FILE_KEY
