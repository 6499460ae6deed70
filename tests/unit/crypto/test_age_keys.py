"""Keys as text: one spelling each, and no key that cannot be used. Examples of C2SP age.md and our own."""

import pytest

from crypto import hybrid, sizes
from crypto.age import bech32, x25519_stanza
from crypto.age.keys import (
    HybridIdentity,
    PassphraseIdentity,
    PassphraseRecipient,
    X25519Identity,
    X25519Recipient,
    parse_identity,
    parse_recipient,
)
from crypto.errors import IdentityError, RecipientError
from tests.support.sealing import STATION_KEY, STATION_SEED

EXAMPLE_IDENTITY = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
EXAMPLE_RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
STATION = HybridIdentity(STATION_SEED)
CURVE = X25519Identity(x25519_stanza.Scalar(b"x" * 32))


def test_the_example_of_the_specification() -> None:
    identity = parse_identity(EXAMPLE_IDENTITY)
    assert identity == X25519Identity(x25519_stanza.Scalar(b"B" * 32))
    assert identity.recipient().encode() == EXAMPLE_RECIPIENT
    assert parse_recipient(EXAMPLE_RECIPIENT) == identity.recipient()


@pytest.mark.parametrize("identity", [STATION, CURVE], ids=["hybrid", "X25519"])
def test_a_key_comes_back_from_its_text(identity: HybridIdentity | X25519Identity) -> None:
    assert parse_identity(identity.encode()) == identity
    assert parse_recipient(identity.recipient().encode()) == identity.recipient()


def test_the_longest_text_is_that_of_a_hybrid_recipient() -> None:
    assert len(STATION.recipient().encode()) == sizes.KEY_TEXT_MAX == 1_959


LOW = x25519_stanza.Share(bytes(32))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("age1", id="prefix alone"),
        pytest.param(EXAMPLE_RECIPIENT.upper(), id="upper case"),
        pytest.param(" " + EXAMPLE_RECIPIENT, id="space before"),
        pytest.param(EXAMPLE_RECIPIENT + "\n", id="newline after"),
        pytest.param(EXAMPLE_RECIPIENT[:-1], id="cut"),
        pytest.param(EXAMPLE_IDENTITY, id="an identity"),
        pytest.param(bech32.encode("age1tag", bytes(33)), id="another type"),
        pytest.param(bech32.encode("age", b"x" * 31), id="X25519 short"),
        pytest.param(bech32.encode("age", b"x" * 33), id="X25519 long"),
        pytest.param(bech32.encode("age", STATION_KEY), id="hybrid key behind the prefix of X25519"),
        pytest.param(X25519Recipient(LOW).encode(), id="X25519 low order"),
        pytest.param(bech32.encode("age1pq", STATION_KEY[:-1]), id="hybrid short"),
        pytest.param(bech32.encode("age1pq", STATION_KEY + b"x"), id="hybrid long"),
        pytest.param(bech32.encode("age1pq", b"x" * 32), id="X25519 key behind the prefix of hybrid"),
        pytest.param(bech32.encode("age1pq", STATION_KEY[:-32] + LOW), id="hybrid low order"),
        pytest.param(bech32.encode("age1pq", b"\xff" * 1_216), id="hybrid out of range"),
        pytest.param("age1" + "q" * 100_000, id="far too long"),
    ],
)
def test_what_cannot_be_sealed_to_is_no_recipient(text: str) -> None:
    with pytest.raises(RecipientError):
        parse_recipient(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(EXAMPLE_IDENTITY.lower(), id="lower case"),
        pytest.param(EXAMPLE_IDENTITY + " ", id="space after"),
        pytest.param(EXAMPLE_IDENTITY[:-1] + "Q", id="mistyped"),
        pytest.param(EXAMPLE_RECIPIENT, id="a recipient"),
        pytest.param(bech32.encode("age-secret-key-", b"x" * 31).upper(), id="X25519 short"),
        pytest.param(bech32.encode("age-secret-key-", b"x" * 33).upper(), id="X25519 long"),
        pytest.param(bech32.encode("age-secret-key-pq-", b"x" * 33).upper(), id="hybrid long"),
        pytest.param(bech32.encode("age-plugin-x-", b"x" * 32).upper(), id="a plugin"),
        pytest.param("AGE-SECRET-KEY-1" + "Q" * 100_000, id="far too long"),
    ],
)
def test_what_is_no_private_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(IdentityError) as refusal:
        parse_identity(text)
    assert not refusal.value.args
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    "key", [STATION, CURVE, PassphraseIdentity("secret word"), PassphraseRecipient("secret word")]
)
def test_no_secret_shows_when_a_key_is_printed(key: object) -> None:
    shown = repr(key)
    assert "word" not in shown
    assert str(b"x" * 32) not in shown
    assert str(bytes(STATION_SEED)) not in shown


def test_a_public_key_made_here_can_be_sealed_to() -> None:
    scalar = x25519_stanza.generate_scalar()
    recipient = X25519Identity(scalar).recipient()
    assert parse_recipient(recipient.encode()) == recipient
    assert hybrid.check_public_key(STATION.recipient().key) == STATION_KEY
