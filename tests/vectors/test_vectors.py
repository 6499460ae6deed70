"""Other people's expected values for age's keys and stanzas, one per file: BIP 173, C2SP age.md.

Each file names its source. Nothing in them was produced by our own code. The primitives beneath
are in `test_primitives.py`, what must be refused in `test_refusals.py`.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from crypto import hybrid
from crypto.age import bech32, hybrid_stanza
from crypto.age.header import Stanza, decode_base64
from crypto.errors import FormatError, OpenError

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
    assert len(hybrid_stanza.unwrap(hybrid.PrivateKey(seed), stanza)) == 16
    with pytest.raises(OpenError):
        hybrid_stanza.unwrap(hybrid.PrivateKey(hybrid.generate_seed()), stanza)
