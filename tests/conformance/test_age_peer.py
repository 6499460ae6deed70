"""Other programs open our files, and we open theirs: npm `age-encryption`, and rage through `pyrage`.

The first gets only the bytes of a file and a key as text. `make setup-tests` installs it under
tests/peers. The second does not know the hybrid type: with it go X25519 and passphrases.
"""

import shutil
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pyrage
import pytest

from crypto import hybrid, padding
from crypto.age import armor, x25519_stanza
from crypto.age.file import FileWriter, open_file, open_forward
from crypto.age.keys import (
    HybridIdentity,
    Identity,
    PassphraseIdentity,
    PassphraseRecipient,
    Recipient,
    X25519Identity,
    parse_identity,
    parse_recipient,
)
from crypto.age.stream import StreamReader
from crypto.envelope import parse_intake_header, unwrap_file_key
from crypto.errors import HeaderError
from crypto.parcel import scan_parcel
from tests.support.sealing import STATION_SEED, a_report, flipped, identities, reading, sealed_envelope

PEERS = Path(__file__).parents[1] / "peers"
STATION = HybridIdentity(STATION_SEED)
CURVE = X25519Identity(x25519_stanza.Scalar(b"x" * 32))
PASSPHRASE = "correct horse 다리 \U0001f3e6"
SIZES = [0, 1, 65_535, 65_536, 65_537, 200_000, 20_000_000]


@dataclass(frozen=True)
class Party:
    """One key in both programs: ours, and as text for the other."""

    recipient: Recipient
    identity: Identity
    seal_to: str
    open_with: str


KNOWN_BY_WORD = f"passphrase:{PASSPHRASE}"
PARTIES = {
    "hybrid": Party(STATION.recipient(), STATION, STATION.recipient().encode(), STATION.encode()),
    "X25519": Party(CURVE.recipient(), CURVE, CURVE.recipient().encode(), CURVE.encode()),
    "passphrase": Party(
        PassphraseRecipient(PASSPHRASE, log2_work=10),
        PassphraseIdentity(PASSPHRASE),
        KNOWN_BY_WORD,
        KNOWN_BY_WORD,
    ),
}
any_type = pytest.mark.parametrize("party", PARTIES.values(), ids=PARTIES)
any_size = pytest.mark.parametrize("length", SIZES)


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    assert found, "node is missing: make setup-tests installs it"
    assert (PEERS / "node_modules" / "age-encryption").is_dir(), "make setup-tests installs age-encryption"
    return found


def peer(node: str, verb: str, *keys: str, data: bytes = b"") -> bytes:
    """What the other program makes of `data`. Raises `CalledProcessError` where it refuses."""
    done = subprocess.run(
        [node, "age.mjs", verb, *keys], cwd=PEERS, input=data, capture_output=True, check=True
    )
    return done.stdout


def sealed_by_us(plain: bytes, *recipients: Recipient) -> bytes:
    out = bytearray()
    writer = FileWriter(recipients, out.extend)
    writer.push(plain)
    writer.finish()
    return bytes(out)


def opened_by_us(data: bytes, *identities: Identity) -> bytes:
    """With both of our readers, which agree."""
    plain = b"".join(open_forward(identities, BytesIO(data).read))
    assert b"".join(open_file(identities, reading(data), len(data)).stream.chunks()) == plain
    return plain


def some_bytes(length: int) -> bytes:
    return b"".join(n.to_bytes(4, "big") for n in range(length // 4 + 1))[:length]


@pytest.mark.parametrize("identity", [STATION, CURVE], ids=["hybrid", "X25519"])
def test_both_give_one_recipient_for_one_identity(
    node: str, identity: HybridIdentity | X25519Identity
) -> None:
    said = peer(node, "recipient", identity.encode()).decode()
    assert parse_recipient(said) == identity.recipient()
    assert parse_identity(identity.encode()) == identity


@any_type
@any_size
def test_the_peer_opens_our_file(node: str, party: Party, length: int) -> None:
    plain = some_bytes(length)
    opened = peer(node, "open", party.open_with, data=sealed_by_us(plain, party.recipient))
    assert opened == plain


@any_type
@any_size
def test_we_open_the_peers_file(node: str, party: Party, length: int) -> None:
    plain = some_bytes(length)
    assert opened_by_us(peer(node, "seal", party.seal_to, data=plain), party.identity) == plain


@pytest.mark.parametrize("length", [0, 1, 47, 48, 49, 200_000])
def test_armour_is_the_same_in_both(node: str, length: int) -> None:
    plain = some_bytes(length)
    text = armor.encode(plain)
    assert peer(node, "armour", data=plain) == text
    assert peer(node, "unarmour", data=text) == armor.decode(text) == plain


def test_the_peer_opens_what_came_out_of_our_armour(node: str) -> None:
    text = peer(node, "armour", data=peer(node, "seal", STATION.recipient().encode(), data=b"pasted"))
    assert opened_by_us(armor.decode(text), STATION) == b"pasted"
    assert peer(node, "open", STATION.encode(), data=armor.decode(text)) == b"pasted"


@pytest.mark.parametrize("length", SIZES[:-1])
def test_the_peer_opens_our_envelope(node: str, length: int) -> None:
    plain = some_bytes(length)
    opened = peer(node, "open", STATION.encode(), data=sealed_envelope(plain))
    assert opened == plain.ljust(padding.padded_size(length), b"\0")


def test_what_the_peer_opens_is_the_parcel_that_we_read(node: str) -> None:
    data = a_report("A text.", ("a.txt", b"contents"))
    header = parse_intake_header(data)
    file_key = unwrap_file_key(header, identities(STATION_SEED))
    stream = StreamReader(file_key, reading(data), header.length, len(data) - header.length)
    assert peer(node, "open", STATION.encode(), data=data) == b"".join(stream.chunks())
    assert scan_parcel(stream).text == "A text."


@pytest.mark.parametrize("place", [30, 13_000, -1], ids=["header", "payload", "last byte"])
def test_the_peer_refuses_a_flipped_byte_too(node: str, place: int) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        peer(node, "open", STATION.encode(), data=flipped(sealed_envelope(b"text"), place))


def test_the_peer_opens_for_nobody_else(node: str) -> None:
    other = HybridIdentity(hybrid.generate_seed())
    with pytest.raises(subprocess.CalledProcessError):
        peer(node, "open", other.encode(), data=sealed_envelope(b"text"))


def test_we_open_a_file_of_the_peer_to_several(node: str) -> None:
    other = HybridIdentity(hybrid.generate_seed())
    keys = STATION.recipient().encode(), other.recipient().encode()
    sealed = peer(node, "seal", *keys, data=b"for two")
    assert opened_by_us(sealed, other) == opened_by_us(sealed, STATION) == b"for two"


def test_a_file_of_the_peer_is_no_envelope(node: str) -> None:
    """It has one stanza: a general age file opens, and is refused at the door."""
    with pytest.raises(HeaderError):
        parse_intake_header(peer(node, "seal", STATION.recipient().encode(), data=b"text"))


def test_pyrage_sees_an_age_file_for_somebody_else() -> None:
    with pytest.raises(pyrage.DecryptError, match="No matching keys"):
        pyrage.decrypt(sealed_envelope(b"text"), [pyrage.x25519.Identity.generate()])


@any_size
def test_x25519_both_ways_with_rage(length: int) -> None:
    plain = some_bytes(length)
    theirs = pyrage.x25519.Identity.generate()
    ours = parse_identity(str(theirs))
    recipient = parse_recipient(str(theirs.to_public()))
    assert pyrage.decrypt(sealed_by_us(plain, recipient, CURVE.recipient()), [theirs]) == plain
    their_curve = pyrage.x25519.Recipient.from_str(CURVE.recipient().encode())
    sealed = pyrage.encrypt(plain, [theirs.to_public(), their_curve])
    assert opened_by_us(sealed, ours) == opened_by_us(sealed, CURVE) == plain


@pytest.mark.real_cost
def test_a_passphrase_both_ways_with_rage() -> None:
    """At the cost that each takes by itself: rage measures this machine for it."""
    plain = some_bytes(200_000)
    sealed = sealed_by_us(plain, PassphraseRecipient(PASSPHRASE))
    assert pyrage.passphrase.decrypt(sealed, PASSPHRASE) == plain
    sealed = pyrage.passphrase.encrypt(plain, PASSPHRASE)
    assert b"".join(open_forward([PassphraseIdentity(PASSPHRASE)], BytesIO(sealed).read)) == plain


@any_size
def test_rage_opens_with_a_passphrase_at_a_small_cost(length: int) -> None:
    plain = some_bytes(length)
    sealed = sealed_by_us(plain, PARTIES["passphrase"].recipient)
    assert pyrage.passphrase.decrypt(sealed, PASSPHRASE) == plain
