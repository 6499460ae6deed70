"""Pack keys as text: read back what was written, and never one half for the other."""

import pytest

from cases.errors import PackKeyError
from cases.packs import keys
from crypto import signing

SEED = signing.SigningSeed(bytes(range(32)))
KEY = signing.verifying_key(SEED)


def test_both_halves_are_read_back() -> None:
    assert keys.parse_secret(keys.secret_text(SEED).encode()) == SEED
    assert keys.parse_public(keys.public_text(KEY).encode()) == KEY
    assert keys.parse_public(keys.public_text(KEY).strip().encode() + b"\r\n") == KEY


def test_the_half_that_signs_is_told_to_stay_away_from_a_station() -> None:
    with pytest.raises(PackKeyError, match="must never come to a station"):
        keys.parse_public(keys.secret_text(SEED).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        KEY.hex().encode(),
        keys.public_text(KEY).upper().encode(),
        b"x" + keys.public_text(KEY).encode(),
        keys.public_text(KEY).encode() + b"\x1f",
        b"\xff",
    ],
)
def test_what_is_no_key_is_refused(data: bytes) -> None:
    for parse in (keys.parse_public, keys.parse_secret):
        with pytest.raises(PackKeyError, match="holds no"):
            parse(data)
    with pytest.raises(PackKeyError):
        keys.parse_secret(keys.public_text(KEY).encode())
