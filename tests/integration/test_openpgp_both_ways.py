"""OpenPGP with gpg as the other side: what it encrypts we open, what we encrypt it opens and verifies."""

import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto import openpgp, sizes
from crypto.errors import OpenPgpKeyError
from crypto.openpgp import AgencyKey, PublicKey
from tests.support.gpg_peer import GpgPeer

SIZES = (0, 1, sizes.CHUNK - 1, sizes.CHUNK + 1, 3 * sizes.MIB)


@pytest.fixture(scope="module")
def peer() -> Iterator[GpgPeer]:
    with tempfile.TemporaryDirectory() as folder:
        peer = GpgPeer(Path(folder) / "home")
        peer.make_key("Court of Audit")
        peer.make_key("Somebody unknown")
        yield peer
        peer.close()


@pytest.fixture(scope="module")
def agency(peer: GpgPeer) -> AgencyKey:
    key = openpgp.generate("Office for Integrity 부패")
    peer.run("--import", data=key.public)
    return key


@pytest.fixture(scope="module")
def court(peer: GpgPeer) -> PublicKey:
    fingerprint = peer.fingerprint("Court of Audit")
    return openpgp.import_key(peer.public(fingerprint), fingerprint)


def opened(own: AgencyKey, message: bytes, signed_by: PublicKey | None = None) -> bytes:
    plain = bytearray()
    openpgp.decrypt(own, io.BytesIO(message), plain.extend, 8 * sizes.MIB, signed_by)
    return bytes(plain)


def test_the_agencys_key_is_modern_and_does_not_expire(peer: GpgPeer, agency: AgencyKey) -> None:
    rows = peer.run("--with-colons", "--list-keys", agency.fingerprint).decode().splitlines()
    (public,) = (row.split(":") for row in rows if row.startswith("pub:"))
    (subkey,) = (row.split(":") for row in rows if row.startswith("sub:"))
    (name,) = (row.split(":") for row in rows if row.startswith("uid:"))
    assert (public[3], public[16], public[6], public[11]) == ("22", "ed25519", "", "scESC")
    assert (subkey[3], subkey[16], subkey[6], subkey[11]) == ("18", "cv25519", "", "e")
    assert name[9] == "Office for Integrity 부패"
    assert b"PUBLIC KEY" in agency.public
    assert b"PRIVATE" not in agency.public
    assert agency.secret not in repr(agency).encode()


@pytest.mark.parametrize("name", ["", " Office", "two\nlines", "x" * 201, "부" * 67])
def test_a_name_that_no_key_can_bear_is_refused(name: str) -> None:
    with pytest.raises(OpenPgpKeyError, match="one line"):
        openpgp.generate(name)


@pytest.mark.parametrize("size", SIZES)
def test_what_gpg_encrypts_we_open(peer: GpgPeer, agency: AgencyKey, size: int) -> None:
    plain = os.urandom(size)
    message = peer.run("-e", "-r", agency.fingerprint, data=plain)
    assert opened(agency, message) == plain


@pytest.mark.parametrize(
    "how",
    [
        ("--armor",),
        ("--throw-keyids",),
        ("-r", "Court of Audit"),
        ("-r", "Somebody unknown", "--throw-keyids"),
        ("--compress-algo", "bzip2"),
        ("--compress-algo", "zlib", "--textmode"),
        ("--cipher-algo", "CAMELLIA256"),
        ("--sign", "-u", "Somebody unknown"),
        ("--set-filename", "../../etc/passwd"),
        ("--for-your-eyes-only",),
    ],
)
def test_honest_messages_of_many_kinds_open(peer: GpgPeer, agency: AgencyKey, how: tuple[str, ...]) -> None:
    plain = "Vertraulich: 신고\n".encode() * 1000
    assert opened(agency, peer.run("-e", "-r", agency.fingerprint, *how, data=plain)) == plain


def test_names_written_inside_touch_no_file(
    peer: GpgPeer, agency: AgencyKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    message = peer.run("-e", "-r", agency.fingerprint, "--set-filename", "planted.sh", data=b"exit")
    assert opened(agency, message) == b"exit"
    assert list(tmp_path.iterdir()) == []


def test_a_signature_is_seen_where_it_is_asked_for(
    peer: GpgPeer, agency: AgencyKey, court: PublicKey
) -> None:
    for how in ((), ("--textmode",)):
        message = peer.run("-es", "-r", agency.fingerprint, "-u", court.fingerprint, *how, data=b"We agree.")
        assert opened(agency, message, signed_by=court) == b"We agree."


@pytest.mark.parametrize("size", SIZES)
def test_what_we_encrypt_gpg_opens_and_verifies(
    peer: GpgPeer, agency: AgencyKey, court: PublicKey, size: int
) -> None:
    plain, message = os.urandom(size), bytearray()
    openpgp.encrypt(agency, court, io.BytesIO(plain), message.extend)
    told = peer.home / "status"
    assert peer.run("--status-file", str(told), "-d", data=bytes(message)) == plain
    lines = told.read_text()
    for word in (f"DECRYPTION_KEY {peer_subkey(peer, court)} {court.fingerprint}", "GOODMDC", "GOODSIG"):
        assert word in lines
    assert f" 22 10 00 {agency.fingerprint}" in lines  # EdDSA with SHA-512, over the bytes as they are
    assert "DECRYPTION_INFO 2 9" in lines  # AES-256 with a check of integrity


def peer_subkey(peer: GpgPeer, key: PublicKey) -> str:
    rows = peer.run("--with-colons", "--list-keys", key.fingerprint).decode().splitlines()
    return [row.split(":")[9] for row in rows if row.startswith("fpr:")][1]


def test_a_message_names_nothing_but_the_recipients_key(
    peer: GpgPeer, agency: AgencyKey, court: PublicKey
) -> None:
    message = bytearray()
    openpgp.encrypt(agency, court, io.BytesIO(b"0" * 100_000), message.extend)
    packets = peer.run("--list-packets", "--list-only", data=bytes(message)).decode()
    assert [line.split(":")[1] for line in packets.splitlines() if line.startswith(":")] == [
        "pubkey enc packet",
        "encrypted data packet",
    ]
    assert len(message) > 100_000  # nothing is compressed: a size must not tell what is inside


def test_keys_and_messages_may_be_armoured(peer: GpgPeer, agency: AgencyKey) -> None:
    fingerprint = peer.fingerprint("Court of Audit")
    armoured = peer.run("--armor", "--export", fingerprint)
    grouped = " ".join(fingerprint.lower()[i : i + 4] for i in range(0, 40, 4))
    key = openpgp.import_key(armoured, grouped)
    assert key.fingerprint == fingerprint
    assert not key.data.startswith(b"-----")


def test_signatures_of_others_on_a_key_are_not_kept(peer: GpgPeer) -> None:
    fingerprint = peer.make_key("Well known")
    before = openpgp.import_key(peer.public(fingerprint), fingerprint)
    peer.run("-u", "Somebody unknown", "--quick-sign-key", fingerprint)
    signed = peer.public(fingerprint)
    assert len(signed) > len(before.data)
    assert openpgp.import_key(signed, fingerprint) == before
