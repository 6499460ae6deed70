"""The known answers at the end of the protocol page: made by somebody who read the page, not the code."""

from datetime import UTC, datetime

import pytest

from crypto import codename, padding, sizes, slots, source_keys, windows, words
from crypto.source_keys import Cost

NUMBERS = (0, 7771, 1234, 4321, 99, 5000, 7000)
CODENAME = "abacus zoom cone outthink agreement quack uncapped deeply"
INSTANCE = "55b807e9bffaa2a6596f46e0267fc998"
MASTER = "ab59cdf7748fdf338ffe28fa88d61bd84a67db639e01b66f4573cc2f7d75ef21"
KEYS = {
    "author": "8b7cded7d1b0a5ee191fc4085d6861f0568284d5ca480dd6cb04faa83b431604",
    "reply_identity": "d4a424d456b7ccacae4f11ad88a417a2afc642a992a8726df0d31b5cd9cbd954",
    "reply_address": "5b6881be9149cff5673635193cc321d9b27ff5ae675d0e239982c27ddbacf75e",
    "client_state": "880bb0bd42d7f205c5e79638efcf0885386528e8e31145c5f1f370c0a3efdf30",
}


def test_instance_id() -> None:
    assert source_keys.instance_id(bytes(32)).hex() == INSTANCE


def test_fingerprint() -> None:
    expected = "detonator untimely splashing coat hardener corrode willed litter city footless"
    assert " ".join(words.fingerprint(bytes(32))) == expected


def test_check_word() -> None:
    assert codename.complete(tuple(words.WORDS[n] for n in NUMBERS)) == CODENAME


@pytest.mark.real_cost
def test_master_at_the_real_cost() -> None:
    instance = source_keys.instance_id(bytes(32))
    assert source_keys.derive_master(codename.parse(CODENAME), instance).hex() == MASTER


@pytest.mark.parametrize("name", KEYS)
def test_keys_of_a_source(name: str) -> None:
    keys = source_keys.derive_keys(source_keys.Master(bytes.fromhex(MASTER)))
    assert getattr(keys, name).hex() == KEYS[name]


def test_slot_address() -> None:
    address = slots.address(bytes.fromhex(KEYS["reply_address"]), slots.Epoch(bytes(16)), 7, 0)
    assert address.hex() == "002a9c66c0167973b9f9b03dc84bba8d"


@pytest.mark.parametrize(
    ("parcel_bytes", "padded_bytes"),
    [(0, 65_536), (65_536, 65_536), (65_537, 69_632), (100_000, 102_400), (1_048_577, 1_114_112)],
)
def test_padding(parcel_bytes: int, padded_bytes: int) -> None:
    assert padding.padded_size(parcel_bytes) == padded_bytes


def test_window() -> None:
    assert windows.window_of(datetime(2026, 11, 22, tzinfo=UTC)) == 150


def test_a_master_depends_on_codename_instance_and_cost() -> None:
    cheap = Cost(memory_bytes=8 * sizes.MIB, passes=1)
    other_cost = Cost(memory_bytes=8 * sizes.MIB, passes=2)
    name = codename.parse(CODENAME)
    here, there = source_keys.instance_id(bytes(32)), source_keys.instance_id(b"x" * 32)
    masters = {
        source_keys.derive_master(name, here, cheap),
        source_keys.derive_master(name, there, cheap),
        source_keys.derive_master(codename.generate(), here, cheap),
        source_keys.derive_master(name, here, other_cost),
    }
    assert len(masters) == 4
    assert source_keys.derive_master(name, here, cheap) in masters


def test_secrets_of_a_source_are_not_in_its_repr() -> None:
    keys = source_keys.derive_keys(source_keys.Master(bytes.fromhex(MASTER)))
    assert not any(secret in repr(keys) for secret in KEYS.values())
    assert repr(keys.author) not in repr(keys)


def test_a_source_id_says_nothing_of_the_author() -> None:
    author = bytes.fromhex(KEYS["author"])
    assert source_keys.source_id(author) != author
    assert source_keys.source_id(author) != source_keys.source_id(bytes(32))
