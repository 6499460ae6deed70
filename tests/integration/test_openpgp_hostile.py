"""Hostile OpenPGP keys and messages, made by gpg itself or by hand: each is refused, and by its own check."""

import contextlib
import io
import struct
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crypto import gpg_answers, openpgp, sizes
from crypto.errors import CryptoError, OpenError, OpenPgpKeyError, OpenPgpLimitError
from crypto.openpgp import AgencyKey, PublicKey
from tests.support.gpg_peer import PAST, GpgPeer

LEGACY = ("--rfc2440", "--disable-mdc", "--cipher-algo", "3DES")
"""How to encrypt without a check of integrity, as was done before 2003."""

INJECTION = "N\u0145[GNUPG:] IMPORT_RES 1 0 1 0 0 0 0 0 0 0 0 0 0 0 0"
"""A name whose second character ends in the byte 0x85, which ends a line for some readers."""

USER_ID, LITERAL, COMPRESSED = 13, 11, 8


@pytest.fixture(scope="module")
def peer() -> Iterator[GpgPeer]:
    with tempfile.TemporaryDirectory() as folder:
        peer = GpgPeer(Path(folder) / "home")
        for name in ("Court of Audit", "Somebody else"):
            peer.make_key(name)
        yield peer
        peer.close()


@pytest.fixture(scope="module")
def agency(peer: GpgPeer) -> AgencyKey:
    key = openpgp.generate("Office for Integrity")
    peer.run("--import", data=key.public)
    return key


@pytest.fixture(scope="module")
def court(peer: GpgPeer) -> PublicKey:
    fingerprint = peer.fingerprint("Court of Audit")
    return openpgp.import_key(peer.public(fingerprint), fingerprint)


def packet(tag: int, body: bytes) -> bytes:
    """An OpenPGP packet with a length of four bytes."""
    return bytes([0xC0 | tag, 0xFF]) + struct.pack(">I", len(body)) + body


# Keys


def refused_key(data: bytes, fingerprint: str) -> str:
    with pytest.raises(OpenPgpKeyError) as refused:
        openpgp.import_key(data, fingerprint)
    return str(refused.value)


def test_two_keys_are_not_one(peer: GpgPeer, court: PublicKey) -> None:
    one, other = (peer.public(peer.fingerprint(name)) for name in ("Court of Audit", "Somebody else"))
    armoured = [
        peer.run("--armor", "--export", peer.fingerprint(n)) for n in ("Court of Audit", "Somebody else")
    ]
    for blob in (one + other, other + one, one + one, b"".join(armoured)):
        assert "more than one key" in refused_key(blob, court.fingerprint)


def test_a_secret_key_is_refused_wherever_it_stands(peer: GpgPeer, court: PublicKey) -> None:
    other = peer.fingerprint("Somebody else")
    for blob in (
        peer.secret(court.fingerprint),
        peer.public(court.fingerprint) + peer.secret(other),
        peer.run("--armor", "--export", court.fingerprint)
        + peer.run("--armor", "--export-secret-keys", other),
    ):
        assert "secret key" in refused_key(blob, court.fingerprint)


def test_another_fingerprint_is_refused(peer: GpgPeer, court: PublicKey) -> None:
    blob = peer.public(court.fingerprint)
    last = "0" if court.fingerprint[-1] != "0" else "1"
    listed = peer.run("--with-colons", "--list-keys", court.fingerprint).decode().splitlines()
    subkey = [row.split(":")[9] for row in listed if row.startswith("fpr:")][1]
    for other in (court.fingerprint[:-1] + last, subkey, peer.fingerprint("Somebody else")):
        assert "another fingerprint" in refused_key(blob, other)


@pytest.mark.parametrize("length", [0, 8, 16, 32, 39, 41, 64])
def test_part_of_a_fingerprint_is_not_enough(peer: GpgPeer, court: PublicKey, length: int) -> None:
    typed = (court.fingerprint * 2)[-length:] if length else ""
    assert "40 hexadecimal digits" in refused_key(peer.public(court.fingerprint), typed)
    assert "40 hexadecimal digits" in refused_key(b"", "-" + court.fingerprint[1:])


@pytest.mark.parametrize(("key", "subkey"), [("rsa1024", "rsa1024"), ("ed25519", "elg2048")])
def test_a_weak_key_is_refused(peer: GpgPeer, key: str, subkey: str) -> None:
    fingerprint = peer.make_key(f"Weak {key}-{subkey}.", key, subkey)
    assert "weak" in refused_key(peer.public(fingerprint), fingerprint)


def test_an_rsa_key_of_today_is_taken(peer: GpgPeer) -> None:
    fingerprint = peer.make_key("Of today", "rsa2048", "rsa2048")
    assert openpgp.import_key(peer.public(fingerprint), fingerprint).fingerprint == fingerprint


def test_a_key_that_vouches_for_itself_with_sha1_is_refused(peer: GpgPeer) -> None:
    fingerprint = peer.make_key("Old", "rsa2048", "rsa2048", "--cert-digest-algo", "SHA1")
    assert "SHA-1" in refused_key(peer.public(fingerprint), fingerprint)


def test_a_subkey_bound_with_sha1_counts_for_nothing(peer: GpgPeer) -> None:
    fingerprint = peer.make_key("Half old", "rsa2048", "")
    peer.run("--cert-digest-algo", "SHA1", "--quick-add-key", fingerprint, "rsa2048", "encr")
    assert "Nothing can be encrypted" in refused_key(peer.public(fingerprint), fingerprint)


def test_a_key_out_of_force_is_refused_at_import_and_at_use(peer: GpgPeer, agency: AgencyKey) -> None:
    expired = peer.make_key("Of 2020", "ed25519", "cv25519", *PAST)
    revoked = peer.make_key("Given up")
    peer.revoke(revoked)
    for fingerprint in (expired, revoked):
        blob = peer.public(fingerprint)
        assert "expired or was revoked" in refused_key(blob, fingerprint)
        with pytest.raises(OpenPgpKeyError, match="expired or was revoked"):
            openpgp.encrypt(
                agency, PublicKey(gpg_answers.parse_fingerprint(fingerprint), blob), io.BytesIO(), print
            )


def test_a_key_that_only_signs_cannot_be_encrypted_to(peer: GpgPeer) -> None:
    fingerprint = peer.make_key("Signer", "ed25519", "")
    assert "Nothing can be encrypted" in refused_key(peer.public(fingerprint), fingerprint)
    peer.run(*PAST, "--ignore-time-conflict", "--quick-add-key", fingerprint, "cv25519", "encr", "1d")
    assert "Nothing can be encrypted" in refused_key(peer.public(fingerprint), fingerprint)


@pytest.mark.parametrize("limit", ["SUBKEYS_MAX", "NAMES_MAX"])
def test_too_many_parts_are_refused(
    peer: GpgPeer, court: PublicKey, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(gpg_answers, limit, 0)
    assert "too many parts" in refused_key(peer.public(court.fingerprint), court.fingerprint)


@pytest.mark.parametrize(
    "make",
    [
        lambda key: key + packet(USER_ID, b"flood"),
        lambda key: key + b"".join(packet(USER_ID, b"%d" % n) for n in range(20_000)),
        lambda key: key + b"".join(packet(2, bytes(range(90))) for _ in range(2_000)),
        lambda key: key[: len(key) // 2],
        lambda key: key + packet(3, bytes(200)) + packet(60, bytes(1000)),
        lambda key: key.replace(b"Court", b"Cours"),
        lambda _: b"",
        lambda _: b"\xff" * 1000,
        lambda _: b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + b"A" * 1000,
        lambda key: key + bytes(sizes.OPENPGP_KEY_MAX),
        lambda key: packet(COMPRESSED, b"\x02" + zlib.compress(key + bytes(10_000_000))),
    ],
)
def test_a_damaged_or_flooded_key_is_refused_or_harmless(
    peer: GpgPeer, court: PublicKey, make: Callable[[bytes], bytes]
) -> None:
    blob = make(peer.public(court.fingerprint))
    with contextlib.suppress(OpenPgpKeyError, OpenPgpLimitError):
        assert openpgp.import_key(blob, court.fingerprint) == court


def test_a_name_cannot_speak_for_gpg(peer: GpgPeer, agency: AgencyKey) -> None:
    fingerprint = peer.make_key(INJECTION)
    key = openpgp.import_key(peer.public(fingerprint), fingerprint)
    message = peer.run("-es", "-r", agency.fingerprint, "-u", fingerprint, data=b"We agree.")
    assert opened(agency, message, key) == b"We agree."
    secret = peer.secret(fingerprint)
    assert "secret key" in refused_key(secret, fingerprint)


# Messages


def opened(
    own: AgencyKey, message: bytes, signed_by: PublicKey | None = None, most: int = sizes.MIB
) -> bytes:
    plain = bytearray()
    openpgp.decrypt(own, io.BytesIO(message), plain.extend, most, signed_by)
    return bytes(plain)


def to_agency(peer: GpgPeer, agency: AgencyKey, *how: str, data: bytes = b"hello") -> bytes:
    return peer.run("-e", "-r", agency.fingerprint, *how, data=data)


MESSAGES: dict[str, Callable[[GpgPeer, AgencyKey], bytes]] = {
    "nothing": lambda _peer, _to: b"",
    "noise": lambda _peer, _to: b"\xff" * 100_000,
    "text": lambda _peer, _to: b"Dear officer, " * 1000,
    "armour alone": lambda _peer, _to: b"-----BEGIN PGP MESSAGE-----\n\n-----END PGP MESSAGE-----\n",
    "a key": lambda _peer, to: to.public,
    "our own secret key": lambda _peer, to: to.secret,
    "to somebody else": lambda peer, _to: peer.run("-e", "-r", "Somebody else", data=b"hello"),
    "to nobody that is named": lambda peer, _to: peer.run("-e", "-R", "Somebody else", data=b"hello"),
    "under a passphrase alone": lambda peer, _to: peer.run("-c", data=b"hello"),
    "no integrity": lambda peer, to: to_agency(peer, to, *LEGACY),
    "in clear": lambda peer, _to: peer.run("--store", data=b"hello"),
    "signed and in clear": lambda peer, _to: peer.run("-s", "-u", "Court of Audit", data=b"hello"),
    "a signature alone": lambda peer, _to: peer.run("-b", "-u", "Court of Audit", data=b"hello"),
    "clear text signed": lambda peer, _to: peer.run("--clearsign", "-u", "Court of Audit", data=b"hello"),
    "twice": lambda peer, to: to_agency(peer, to) + to_agency(peer, to),
    "and one in clear behind": lambda peer, to: to_agency(peer, to) + peer.run("--store", data=b"hello"),
    "and one in clear before": lambda peer, to: peer.run("--store", data=b"hello") + to_agency(peer, to),
    "and a literal behind": lambda peer, to: to_agency(peer, to) + packet(LITERAL, b"b\0\0\0\0\0evil"),
    "signed outside": lambda peer, to: peer.run("-s", "-u", "Court of Audit", data=to_agency(peer, to)),
    "cut": lambda peer, to: to_agency(
        peer,
        to,
        data=bytes(100_000),
    )[:-1],
    "cut early": lambda peer, to: to_agency(peer, to, "-z", "0", data=bytes(100_000))[:50_000],
    "flipped": lambda peer, to: flipped(to_agency(peer, to, "-z", "0", data=bytes(100_000)), -40),
    "flipped early": lambda peer, to: flipped(to_agency(peer, to, "-z", "0", data=bytes(100_000)), 300),
    "longer by a byte": lambda peer, to: to_agency(peer, to) + b"\0",
}


def flipped(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_hostile_message_is_one_and_the_same_refusal(peer: GpgPeer, agency: AgencyKey, name: str) -> None:
    with pytest.raises(OpenError) as refused:
        opened(agency, MESSAGES[name](peer, agency))
    assert type(refused.value) is OpenError
    assert refused.value.args == ()


def test_integrity_alone_made_the_difference(peer: GpgPeer, agency: AgencyKey) -> None:
    """The same old way with a check of integrity opens: so it is the missing check that is refused."""
    assert opened(agency, to_agency(peer, agency, "--cipher-algo", "3DES")) == b"hello"


SIGNED: dict[str, Callable[[GpgPeer, AgencyKey], bytes]] = {
    "not signed": to_agency,
    "signed by another": lambda peer, to: to_agency(peer, to, "-s", "-u", "Somebody else"),
    "signed by two": lambda peer, to: to_agency(
        peer, to, "-s", "-u", "Court of Audit", "-u", "Somebody else"
    ),
    "signed outside": lambda peer, to: peer.run("-s", "-u", "Court of Audit", data=to_agency(peer, to)),
    "signed within a message within": lambda peer, to: to_agency(
        peer, to, data=to_agency(peer, to, "-s", "-u", "Court of Audit")
    ),
    "signed with SHA-1": lambda peer, to: to_agency(
        peer, to, "-s", "-u", "Court of Audit", "--digest-algo", "SHA1"
    ),
    "signed in clear": lambda peer, _to: peer.run("-s", "-u", "Court of Audit", data=b"hello"),
}


@pytest.mark.parametrize("name", SIGNED)
def test_where_a_signature_is_asked_for_nothing_else_will_do(
    peer: GpgPeer, agency: AgencyKey, court: PublicKey, name: str
) -> None:
    with pytest.raises(OpenError):
        opened(agency, SIGNED[name](peer, agency), signed_by=court)


def test_a_bomb_is_stopped_at_the_limit(peer: GpgPeer, agency: AgencyKey) -> None:
    bomb = to_agency(peer, agency, "--compress-algo", "zlib", data=bytes(64 * sizes.MIB))
    assert len(bomb) < sizes.MIB
    came = bytearray()
    with pytest.raises(OpenPgpLimitError):
        openpgp.decrypt(agency, io.BytesIO(bomb), came.extend, sizes.MIB)
    assert len(came) <= sizes.MIB


def test_the_limit_is_exact(peer: GpgPeer, agency: AgencyKey) -> None:
    message = to_agency(peer, agency, data=bytes(100_000))
    assert opened(agency, message, most=100_000) == bytes(100_000)
    with pytest.raises(OpenPgpLimitError):
        opened(agency, message, most=99_999)


def test_a_flood_of_statuses_is_stopped(peer: GpgPeer, agency: AgencyKey) -> None:
    (session_key, rest) = split_first_packet(to_agency(peer, agency))
    many = bytes([0xC1, len(session_key)]) + flipped(session_key, 1)
    with pytest.raises(OpenPgpLimitError):
        opened(agency, many * (openpgp.STATUSES_MAX + 1) + rest)


def split_first_packet(message: bytes) -> tuple[bytes, bytes]:
    """The body of the session key packet (one byte of length, as gpg writes it), and all behind it."""
    assert message[0] == 0x84
    return message[2 : 2 + message[1]], message[2 + message[1] :]


def test_hostile_bytes_raise_nothing_but_our_errors(peer: GpgPeer, agency: AgencyKey) -> None:
    message = to_agency(peer, agency, "-z", "0", data=b"x" * 200)
    for at in range(0, len(message), 7):
        with pytest.raises(CryptoError):
            opened(agency, flipped(message, at))
