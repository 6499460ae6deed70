"""Other people's expected values, one case per file: RFCs, BIPs, drafts and the age specification.

Each file names its source. Nothing in them was produced by our own code; where a primitive is
another library's, what is tested is that our use of it (key order, info, salt, associated data)
is the one that the standard means.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from crypto import aead, hybrid, signing, source_keys
from crypto.age import bech32, hybrid_stanza
from crypto.age.header import Stanza, decode_base64
from crypto.errors import FormatError, OpenError, SignatureError

HERE = Path(__file__).parent


def cases(pattern: str) -> list[Any]:
    """The vector files that match, each a test of its own. None at all is a mistake."""
    files = sorted(HERE.glob(pattern))
    assert files, pattern
    return [pytest.param(json.loads(file.read_text("ascii")), id=file.stem) for file in files]


@pytest.mark.parametrize("case", cases("bech32/valid-*.json"))
def test_bech32_valid(case: dict[str, str]) -> None:
    prefix, data = bech32.decode(case["text"])
    assert prefix == case["prefix"]
    assert bech32.encode(prefix, data) == case["text"].lower()
    assert data.hex() == case.get("data", data.hex())


@pytest.mark.parametrize("case", cases("bech32/invalid-*.json"))
def test_bech32_invalid(case: dict[str, str]) -> None:
    with pytest.raises(FormatError):
        bech32.decode(case["text"])


@pytest.mark.parametrize("case", cases("age/*.json"))
def test_age_identity_recipient_and_stanza(case: dict[str, str]) -> None:
    prefix, seed_bytes = bech32.decode(case["identity"])
    seed = hybrid.Seed(seed_bytes)
    assert prefix == bech32.IDENTITY_HYBRID
    assert bech32.encode(bech32.IDENTITY_HYBRID, seed).upper() == case["identity"]
    assert bech32.encode(bech32.RECIPIENT_HYBRID, hybrid.public_key(seed)) == case["recipient"]
    stanza = Stanza((hybrid_stanza.TYPE, case["share"].encode()), decode_base64(case["body"].encode()))
    assert len(hybrid_stanza.unwrap(seed, stanza)) == 16
    with pytest.raises(OpenError):
        hybrid_stanza.unwrap(hybrid.generate_seed(), stanza)


@pytest.mark.parametrize("case", cases("xwing/*.json"))
def test_xwing_public_key(case: dict[str, str]) -> None:
    assert hybrid.public_key(hybrid.Seed(bytes.fromhex(case["seed"]))).hex() == case["public"]


@pytest.mark.parametrize("case", cases("hkdf/*.json"))
def test_hkdf(case: dict[str, str]) -> None:
    derived = source_keys.hkdf(bytes.fromhex(case["secret"]), bytes.fromhex(case["label"]))
    assert derived.hex() == case["expected"]


@pytest.mark.parametrize("case", cases("ed25519/*.json"))
def test_ed25519(case: dict[str, str]) -> None:
    seed = signing.SigningSeed(bytes.fromhex(case["seed"]))
    message = bytes.fromhex(case["message"])
    assert signing.verifying_key(seed).hex() == case["public"]
    signed = signing.sign(seed, b"", message)
    assert signed.signature.hex() == case["signature"]
    assert signing.verify(signing.verifying_key(seed), b"", signed) == message
    with pytest.raises(SignatureError):
        signing.verify(signing.verifying_key(seed), b"x", signed)


@pytest.mark.parametrize("case", cases("xchacha/*.json"))
def test_xchacha20_poly1305(case: dict[str, str]) -> None:
    sealed = bytes.fromhex(case["nonce"] + case["sealed"] + case["tag"])
    opened = aead.open(bytes.fromhex(case["key"]), sealed, bytes.fromhex(case["associated"]))
    assert opened.hex() == case["plaintext"]
