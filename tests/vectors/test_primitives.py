"""Published values of every primitive that the product uses, one case per file.

Each file names its source; nothing in them was produced by our own code (tests/vectors/README.md
says how). Where our code calls the primitive, the case goes through our code; where a published
case has what we never use (a salt, two lanes, a secret), it goes to the library directly, since
what is asked then is whether this library on this machine computes what the standard says.
"""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.pwhash import argon2id

from crypto import aead, hybrid, signing, sizes, source_keys
from crypto.errors import OpenError, RecipientError, SignatureError

HERE = Path(__file__).parent
SUITE = b"HPKE" + b"\x64\x7a" + b"\x00\x01" + b"\x00\x03"  # MLKEM768-X25519, HKDF-SHA256, ChaCha20Poly1305


def cases(pattern: str) -> list[Any]:
    """The vector files that match, their hex as bytes, each a test of its own. None is a mistake."""
    files = sorted(HERE.glob(pattern))
    assert files, pattern
    return [pytest.param(as_bytes(json.loads(file.read_text("ascii"))), id=file.stem) for file in files]


def as_bytes(case: dict[str, Any]) -> dict[str, Any]:
    """A case with its hex read; its source and its numbers stay."""
    return {k: bytes.fromhex(v) if isinstance(v, str) and k != "source" else v for k, v in case.items()}


@pytest.mark.parametrize("case", cases("argon2/*.json"))
def test_argon2id_by_two_libraries(case: dict[str, Any]) -> None:
    ours = Argon2id(
        salt=case["salt"],
        length=32,
        iterations=case["passes"],
        lanes=case["lanes"],
        memory_cost=case["memory_kib"],
        ad=case.get("associated"),
        secret=case.get("secret"),
    )
    assert ours.derive(case["password"]) == case["expected"]
    if "secret" not in case:  # argon2-cffi takes none, and neither do we
        assert officers_argon2id(case) == case["expected"]


def officers_argon2id(case: dict[str, Any]) -> bytes:
    """argon2-cffi, called as `crypto.vault` calls it, with the lanes of the case."""
    return hash_secret_raw(
        case["password"],
        case["salt"],
        time_cost=case["passes"],
        memory_cost=case["memory_kib"],
        parallelism=case["lanes"],
        hash_len=32,
        type=Type.ID,
    )


@pytest.mark.parametrize(
    ("memory_kib", "passes"), [(8, 1), (8, 3), (64, 1), (1_024, 2), (8_192, 1), (65_536, 3)]
)
@pytest.mark.parametrize("password", [b"", b"x", "Wörter".encode(), bytes(200)])
def test_argon2id_is_one_thing_in_three_libraries(memory_kib: int, passes: int, password: bytes) -> None:
    salt = bytes(range(16))
    case = {"password": password, "salt": salt, "memory_kib": memory_kib, "passes": passes, "lanes": 1}
    sources = argon2id.kdf(32, password, salt, opslimit=passes, memlimit=memory_kib * sizes.KIB)
    third = Argon2id(salt=salt, length=32, iterations=passes, lanes=1, memory_cost=memory_kib)
    assert sources == officers_argon2id(case) == third.derive(password)


@pytest.mark.parametrize("case", cases("xwing/*.json"))
def test_x_wing(case: dict[str, Any]) -> None:
    assert hybrid.public_key(hybrid.Seed(case["seed"])) == case["public"]
    key, nonce = hpke_key_schedule(case["shared_secret"], b"info")
    sealed = ChaCha20Poly1305(key).encrypt(nonce, b"plain", None)
    assert hybrid.open(hybrid.Seed(case["seed"]), case["enc"] + sealed, b"info") == b"plain"


@pytest.mark.parametrize("case", cases("hpke/*.json"))
def test_hpke(case: dict[str, Any]) -> None:
    """The published ciphertext binds associated data and ours never does; so the published key, which the
    key schedule here gives too, seals a text without any, and our `open` must find the same key."""
    key, nonce = hpke_key_schedule(case["shared_secret"], case["info"])
    assert (key, nonce) == (case["key"], case["base_nonce"])
    cipher = ChaCha20Poly1305(case["key"])
    assert cipher.decrypt(nonce, case["sealed"], case["associated"]) == case["plaintext"]
    seed = hybrid.Seed(case["seed"])
    assert hybrid.public_key(seed) == case["public"]
    sealed = cipher.encrypt(nonce, case["plaintext"], None)
    assert hybrid.open(seed, case["enc"] + sealed, case["info"]) == case["plaintext"]
    with pytest.raises(OpenError):
        hybrid.open(seed, case["enc"] + case["sealed"], case["info"])
    with pytest.raises(OpenError):
        hybrid.open(seed, case["enc"] + sealed, case["info"] + b"x")


def hpke_key_schedule(shared_secret: bytes, info: bytes) -> tuple[bytes, bytes]:
    """Key and nonce of HPKE's base mode, by RFC 9180, 5.1, with the standard library alone."""
    context = b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared_secret, b"secret", b"")
    return expand(secret, b"key", context, 32), expand(secret, b"base_nonce", context, 12)


def extract(salt: bytes, label: bytes, secret: bytes) -> bytes:
    """LabeledExtract of RFC 9180, 4."""
    return hmac.new(salt, b"HPKE-v1" + SUITE + label + secret, hashlib.sha256).digest()


def expand(secret: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """LabeledExpand of RFC 9180, 4, for at most 32 bytes."""
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + SUITE + label + info
    return hmac.new(secret, labeled + b"\x01", hashlib.sha256).digest()[:length]


@pytest.mark.parametrize("case", cases("x25519/low-order-*.json"))
def test_x25519_points_of_low_order_are_refused(case: dict[str, Any]) -> None:
    public = hybrid.public_key(hybrid.Seed(bytes(32)))
    with pytest.raises(RecipientError):
        hybrid.check_public_key(public[: sizes.ML_KEM_768_PUBLIC] + case["share"])
    sealed = hybrid.seal(public, b"plain", b"")
    hostile = sealed[: sizes.ML_KEM_768_CIPHERTEXT] + case["share"] + sealed[sizes.HYBRID_ENC :]
    with pytest.raises(OpenError):
        hybrid.open(hybrid.Seed(bytes(32)), hostile, b"")


@pytest.mark.parametrize("case", cases("hkdf/*.json"))
def test_hkdf(case: dict[str, Any]) -> None:
    expected = case["expected"]
    library = HKDF(algorithm=SHA256(), length=len(expected), salt=case["salt"], info=case["label"])
    assert library.derive(case["secret"]) == expected
    if not case["salt"]:
        assert source_keys.hkdf(case["secret"], case["label"]) == expected[: sizes.SEED]


@pytest.mark.parametrize("case", cases("ed25519/rfc8032-*.json"))
def test_ed25519(case: dict[str, Any]) -> None:
    seed = signing.SigningSeed(case["seed"])
    assert signing.verifying_key(seed) == case["public"]
    signed = signing.sign(seed, b"", case["message"])
    assert signed.signature == case["signature"]
    assert signing.verify(signing.VerifyingKey(case["public"]), b"", signed) == case["message"]
    with pytest.raises(SignatureError):
        signing.verify(signing.VerifyingKey(case["public"]), b"x", signed)


@pytest.mark.parametrize("case", cases("ed25519/refused-*.json"))
def test_ed25519_refuses(case: dict[str, Any]) -> None:
    with pytest.raises(SignatureError):
        signing.verify(
            signing.VerifyingKey(case["public"]), b"", signing.Signed(case["message"], case["signature"])
        )


@pytest.mark.parametrize("case", cases("xchacha/*.json"))
def test_xchacha20_poly1305(case: dict[str, Any]) -> None:
    sealed = case["nonce"] + case["sealed"] + case["tag"]
    assert aead.open(case["key"], sealed, case["associated"]) == case["plaintext"]


@pytest.mark.parametrize("case", cases("chacha/*.json"))
def test_chacha20_poly1305(case: dict[str, Any]) -> None:
    cipher = ChaCha20Poly1305(case["key"])
    sealed = cipher.encrypt(case["nonce"], case["plaintext"], case["associated"])
    assert sealed == case["sealed"] + case["tag"]
    assert cipher.decrypt(case["nonce"], sealed, case["associated"]) == case["plaintext"]


@pytest.mark.parametrize("case", cases("hmac/*.json"))
def test_hmac(case: dict[str, Any]) -> None:
    expected = case["expected"]
    assert hmac.new(case["key"], case["data"], hashlib.sha256).digest()[: len(expected)] == expected


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("blake2b", lambda data: hashlib.blake2b(data).digest()),
        ("sha256", lambda data: hashlib.sha256(data).digest()),
        ("shake256", lambda data: hashlib.shake_256(data).digest(32)),
    ],
)
def test_hashes(name: str, digest: Any) -> None:
    for file in sorted((HERE / name).iterdir()):
        case = as_bytes(json.loads(file.read_text("ascii")))
        assert digest(case["data"]) == case["expected"]
