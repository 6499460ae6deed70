"""Another program opens our envelopes, and we open its files: npm `age-encryption` (age v1).

It gets only the bytes of a file and a key as text. `make setup-tests` installs it under
tests/peers. pyrage, a second peer, does not know the hybrid type: it only confirms that it sees
one of our files as an age file for somebody else.
"""

import shutil
import subprocess
from pathlib import Path

import pyrage
import pytest

from crypto import hybrid, padding
from crypto.age import bech32
from crypto.age.file import open_file
from crypto.age.keys import HybridIdentity
from crypto.age.stream import StreamReader
from crypto.envelope import parse_intake_header, unwrap_file_key
from crypto.errors import HeaderError
from crypto.parcel import scan_parcel
from tests.support.sealing import STATION_KEY, STATION_SEED, a_report, flipped, reading, sealed_envelope

PEERS = Path(__file__).parents[1] / "peers"
IDENTITY = bech32.encode(bech32.IDENTITY_HYBRID, STATION_SEED).upper()
RECIPIENT = bech32.encode(bech32.RECIPIENT_HYBRID, STATION_KEY)
SIZES = [0, 1, 65_535, 65_536, 65_537, 200_000]


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


def opened_by_us(data: bytes, *seeds: hybrid.Seed) -> bytes:
    """Any age file to a hybrid key, opened with the general reader."""
    opened = open_file([HybridIdentity(seed) for seed in seeds], reading(data), len(data))
    return b"".join(opened.stream.chunks())


def some_bytes(length: int) -> bytes:
    return b"".join(n.to_bytes(4, "big") for n in range(length // 4 + 1))[:length]


def test_both_give_one_recipient_for_one_identity(node: str) -> None:
    assert peer(node, "recipient", IDENTITY).decode() == RECIPIENT


@pytest.mark.parametrize("length", SIZES)
def test_the_peer_opens_our_envelope(node: str, length: int) -> None:
    plain = some_bytes(length)
    opened = peer(node, "open", IDENTITY, data=sealed_envelope(plain))
    assert opened == plain.ljust(padding.padded_size(length), b"\0")


def test_what_the_peer_opens_is_the_parcel_that_we_read(node: str) -> None:
    data = a_report("A text.", ("a.txt", b"contents"))
    header = parse_intake_header(data)
    file_key = unwrap_file_key(header, (STATION_SEED,))
    stream = StreamReader(file_key, reading(data), header.length, len(data) - header.length)
    assert peer(node, "open", IDENTITY, data=data) == b"".join(stream.chunks())
    assert scan_parcel(stream).text == "A text."


@pytest.mark.parametrize("place", [30, 13_000, -1], ids=["header", "payload", "last byte"])
def test_the_peer_refuses_a_flipped_byte_too(node: str, place: int) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        peer(node, "open", IDENTITY, data=flipped(sealed_envelope(b"text"), place))


def test_the_peer_opens_for_nobody_else(node: str) -> None:
    other = bech32.encode(bech32.IDENTITY_HYBRID, hybrid.generate_seed()).upper()
    with pytest.raises(subprocess.CalledProcessError):
        peer(node, "open", other, data=sealed_envelope(b"text"))


@pytest.mark.parametrize("length", SIZES)
def test_we_open_the_peers_file(node: str, length: int) -> None:
    plain = some_bytes(length)
    assert opened_by_us(peer(node, "seal", RECIPIENT, data=plain), STATION_SEED) == plain


def test_we_open_a_file_of_the_peer_to_several(node: str) -> None:
    other = hybrid.generate_seed()
    recipient = bech32.encode(bech32.RECIPIENT_HYBRID, hybrid.public_key(other))
    sealed = peer(node, "seal", RECIPIENT, recipient, data=b"for two")
    assert opened_by_us(sealed, other) == opened_by_us(sealed, STATION_SEED) == b"for two"


def test_a_file_of_the_peer_is_no_envelope(node: str) -> None:
    """It has one stanza: a general age file opens, and is refused at the door."""
    with pytest.raises(HeaderError):
        parse_intake_header(peer(node, "seal", RECIPIENT, data=b"text"))


def test_pyrage_sees_an_age_file_for_somebody_else() -> None:
    with pytest.raises(pyrage.DecryptError, match="No matching keys"):
        pyrage.decrypt(sealed_envelope(b"text"), [pyrage.x25519.Identity.generate()])
