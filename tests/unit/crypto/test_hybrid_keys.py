"""Sealing to a hybrid key: every hostile share is refused with our own error, and never crashes."""

import pytest

from crypto import hybrid, sizes
from crypto.errors import IdentityError, OpenError, RecipientError
from tests.support.sealing import STATION_KEY, STATION_SEED, flipped

LOW_ORDER = {
    "zero": "00" * 32,
    "one": "01" + "00" * 31,
    "order 8": "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "order 8, other": "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "p-1": "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "p": "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "p+1": "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
}


def test_what_is_sealed_opens_only_whole_and_with_its_info() -> None:
    sealed = hybrid.seal(STATION_KEY, b"plain", b"info")
    assert len(sealed) == sizes.HYBRID_ENC + 5 + sizes.AEAD_TAG
    assert hybrid.open(STATION_SEED, sealed, b"info") == b"plain"
    for wrong_seed, wrong, info in [
        (hybrid.generate_seed(), sealed, b"info"),
        (STATION_SEED, sealed, b"other"),
        (STATION_SEED, sealed + b"\0", b"info"),
        (STATION_SEED, sealed[:-1], b"info"),
    ]:
        with pytest.raises(OpenError):
            hybrid.open(wrong_seed, wrong, info)


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_seed_of_another_length_is_no_key(length: int) -> None:
    with pytest.raises(IdentityError):
        hybrid.public_key(hybrid.Seed(bytes(length)))


@pytest.mark.parametrize("position", [0, 1, 543, 1087, 1088, 1100, 1119, 1120, 1124, 1125, 1140])
@pytest.mark.parametrize("bit", [1, 128])
def test_a_flipped_bit_anywhere_is_refused(position: int, bit: int) -> None:
    # The curve ignores the top bit of a share; the hash over the share does not.
    sealed = hybrid.seal(STATION_KEY, b"plain", b"")
    with pytest.raises(OpenError):
        hybrid.open(STATION_SEED, flipped(sealed, position, bit), b"")


def test_sealing_twice_shows_no_likeness() -> None:
    assert hybrid.seal(STATION_KEY, b"", b"")[:64] != hybrid.seal(STATION_KEY, b"", b"")[:64]


@pytest.mark.parametrize("share", LOW_ORDER.values(), ids=LOW_ORDER.keys())
def test_a_share_of_low_order_is_refused(share: str) -> None:
    hostile = bytes.fromhex(share)
    with pytest.raises(RecipientError):
        hybrid.check_public_key(STATION_KEY[: sizes.ML_KEM_768_PUBLIC] + hostile)
    sealed = hybrid.seal(STATION_KEY, b"plain", b"")
    with pytest.raises(OpenError):
        hybrid.open(
            STATION_SEED, sealed[: sizes.ML_KEM_768_CIPHERTEXT] + hostile + sealed[sizes.HYBRID_ENC :], b""
        )


@pytest.mark.parametrize("length", [0, 1, 32, 1_120, 1_184, 1_215, 1_217, 10_000])
def test_a_public_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(RecipientError):
        hybrid.check_public_key(bytes(length))


def test_a_lattice_key_out_of_range_is_refused() -> None:
    hostile = b"\xff" * sizes.ML_KEM_768_PUBLIC + STATION_KEY[sizes.ML_KEM_768_PUBLIC :]
    with pytest.raises(RecipientError):
        hybrid.check_public_key(hostile)


def test_a_usable_key_is_given_back() -> None:
    assert hybrid.check_public_key(bytes(STATION_KEY)) == STATION_KEY


@pytest.mark.parametrize("length", [0, 1, 31, 1_087, 1_088, 1_119, 1_120, 1_135, 1_136, 1_152])
@pytest.mark.parametrize("fill", [b"\0", b"\xff"])
def test_a_ciphertext_of_zeros_or_of_another_length_is_refused(length: int, fill: bytes) -> None:
    with pytest.raises(OpenError):
        hybrid.open(STATION_SEED, fill * length, b"")


def test_zero_lattice_ciphertext_beside_a_good_share_is_refused() -> None:
    sealed = hybrid.seal(STATION_KEY, b"plain", b"")
    with pytest.raises(OpenError):
        hybrid.open(
            STATION_SEED, bytes(sizes.ML_KEM_768_CIPHERTEXT) + sealed[sizes.ML_KEM_768_CIPHERTEXT :], b""
        )


def test_seeds_are_fresh() -> None:
    assert len(hybrid.generate_seed()) == 32
    assert hybrid.generate_seed() != hybrid.generate_seed()
