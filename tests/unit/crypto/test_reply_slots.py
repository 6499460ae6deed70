"""Reply slots: of one size, for one source, and indistinguishable from those for nobody."""

import struct
from dataclasses import replace

import pytest

from crypto import hybrid, sizes, slots
from crypto.errors import FormatError, OpenError, RecipientError, SizeError
from crypto.slots import Address, Epoch, Part, SlotSet
from crypto.source_keys import InstanceId, Master, derive_keys
from tests.support.sealing import INSTANCE, flipped

KEYS = derive_keys(Master(b"m" * 32))
OTHER = derive_keys(Master(b"n" * 32))
EPOCH = Epoch(b"e" * 16)
WHERE = slots.address(KEYS.reply_address, EPOCH, 7, 0)
PART = Part(1, 0, 1, b"text")


def a_slot(plain: bytes, where: Address = WHERE) -> bytes:
    """A slot with any plaintext, well sealed to the source."""
    return where + hybrid.seal(KEYS.reply_key, plain, slots._info(INSTANCE, where))


def plaintext(
    *, version: int = 1, kind: int = 1, part: int = 0, parts: int = 1, length: int = 4, body: bytes = b"text"
) -> bytes:
    return struct.pack(">BBHHHQ", version, kind, part, parts, length, 1) + body.ljust(2_928, b"\0")


def test_a_slot_opens_for_its_source_alone() -> None:
    slot = slots.seal_part(INSTANCE, KEYS.reply_key, WHERE, PART)
    assert len(slot) == 4_096
    assert slots.open_part(INSTANCE, KEYS, slot) == PART
    with pytest.raises(OpenError):
        slots.open_part(INSTANCE, OTHER, slot)
    with pytest.raises(OpenError):
        slots.open_part(InstanceId(bytes(16)), KEYS, slot)


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(replace(PART, body=b"b" * 2_929), id="body that would be cut"),
        pytest.param(replace(PART, part=1), id="part after the last"),
        pytest.param(replace(PART, parts=25), id="too many parts"),
    ],
)
def test_a_part_that_its_reader_would_refuse_is_not_sealed(part: Part) -> None:
    with pytest.raises(SizeError):
        slots.seal_part(INSTANCE, KEYS.reply_key, WHERE, part)


def test_a_slot_is_bound_to_its_address() -> None:
    slot = slots.seal_part(INSTANCE, KEYS.reply_key, WHERE, PART)
    elsewhere = slots.address(KEYS.reply_address, EPOCH, 7, 1)
    with pytest.raises(OpenError):
        slots.open_part(INSTANCE, KEYS, elsewhere + slot[16:])


def test_no_bit_of_a_slot_can_be_changed() -> None:
    slot = slots.seal_part(INSTANCE, KEYS.reply_key, WHERE, PART)
    for place in range(0, 4_096, 61):
        with pytest.raises(OpenError):
            slots.open_part(INSTANCE, KEYS, flipped(slot, place))


@pytest.mark.parametrize("length", [0, 15, 16, 1_136, 4_095, 4_097])
def test_a_slot_of_another_length_does_not_open(length: int) -> None:
    slot = slots.seal_part(INSTANCE, KEYS.reply_key, WHERE, PART) + b"\0"
    with pytest.raises(OpenError):
        slots.open_part(INSTANCE, KEYS, slot[:length])


def test_the_plaintext_is_laid_out_as_the_page_says() -> None:
    assert slots.open_part(INSTANCE, KEYS, a_slot(plaintext())) == PART
    last = plaintext(part=23, parts=24, length=2_928, body=b"b" * 2_928)
    assert slots.open_part(INSTANCE, KEYS, a_slot(last)) == Part(1, 23, 24, b"b" * 2_928)


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param(plaintext(version=0), id="version 0"),
        pytest.param(plaintext(version=2), id="version 2"),
        pytest.param(plaintext(kind=0), id="a dummy"),
        pytest.param(plaintext(kind=2), id="kind 2"),
        pytest.param(plaintext(parts=0), id="no parts"),
        pytest.param(plaintext(part=1), id="part 1 of 1"),
        pytest.param(plaintext(part=24, parts=25), id="25 parts"),
        pytest.param(plaintext(length=2_929), id="longer than its body"),
        pytest.param(plaintext(length=3), id="text after its end"),
        pytest.param(plaintext(body=b"text" + bytes(2_923) + b"x"), id="last byte not zero"),
    ],
)
def test_a_well_sealed_slot_of_another_form_is_refused(plain: bytes) -> None:
    with pytest.raises(OpenError) as refused:
        slots.open_part(INSTANCE, KEYS, a_slot(plain))
    assert not refused.value.args


def test_a_key_that_cannot_be_sealed_to_is_said() -> None:
    hostile = hybrid.PublicKey(KEYS.reply_key[:-32] + bytes(32))
    with pytest.raises(RecipientError):
        slots.seal_part(INSTANCE, hostile, WHERE, PART)


def test_addresses_differ_in_all_that_they_are_made_of() -> None:
    addresses = {
        slots.address(secret, epoch, seq, k)
        for secret in (KEYS.reply_address, OTHER.reply_address)
        for epoch in (EPOCH, Epoch(b"f" * 16))
        for seq in (1, 2, 2**32)
        for k in (0, 1)
    }
    assert len(addresses) == 24
    assert {len(a) for a in addresses} == {16}


@pytest.mark.parametrize("length", [0, 1, 2_927, 2_928, 2_929, 24 * 2_928])
def test_a_message_is_split_and_joined(length: int) -> None:
    message = b"".join(n.to_bytes(4, "big") for n in range(length // 4 + 1))[:length]
    parts = slots.split_message(message)
    assert len(parts) == max(1, -(-length // 2_928))
    assert slots.join_parts(reversed(parts)) == {parts[0].message_id: message}
    assert slots.join_parts([*parts, *parts]) == {parts[0].message_id: message}


def test_a_message_over_24_parts_is_refused() -> None:
    with pytest.raises(SizeError):
        slots.split_message(bytes(sizes.MESSAGE_MAX + 1))


def test_each_message_has_an_id_of_its_own() -> None:
    assert slots.split_message(b"a")[0].message_id != slots.split_message(b"a")[0].message_id


def test_a_message_with_a_part_missing_is_left_out_and_others_are_kept() -> None:
    broken, whole = slots.split_message(bytes(9_000)), slots.split_message(b"whole")
    for missing in range(len(broken)):
        rest = [part for part in broken if part.part != missing]
        assert slots.join_parts([*rest, *whole]) == {whole[0].message_id: b"whole"}
    assert slots.join_parts([]) == {}


def test_parts_that_contradict_each_other_are_left_out() -> None:
    one, two = slots.split_message(bytes(3_000))
    assert slots.join_parts([one, two, replace(two, body=b"another end")]) == {}
    assert slots.join_parts([one, replace(two, parts=3)]) == {}
    assert slots.join_parts([one, two, replace(two, part=2, parts=3)]) == {}


def real_slots(count: int) -> list[bytes]:
    return [
        slots.seal_part(INSTANCE, KEYS.reply_key, slots.address(KEYS.reply_address, EPOCH, 7, k), PART)
        for k in range(count)
    ]


@pytest.mark.parametrize(("real", "whole"), [(0, 64), (1, 64), (64, 64), (65, 128), (128, 128)])
def test_a_set_is_a_power_of_two_sorted_and_holds_what_is_real(real: int, whole: int) -> None:
    made = real_slots(real)
    data = slots.build_set(INSTANCE, made)
    pieces = [data[i : i + 4_096] for i in range(0, len(data), 4_096)]
    assert len(pieces) == whole
    assert pieces == sorted(pieces)
    assert len({piece[:16] for piece in pieces}) == whole
    assert set(made) <= set(pieces)
    assert SlotSet(data).find(KEYS.reply_address, EPOCH, 7) == made


def test_a_set_shows_other_sources_nothing() -> None:
    found = SlotSet(slots.build_set(INSTANCE, real_slots(2)))
    assert found.find(OTHER.reply_address, EPOCH, 7) == []
    assert found.find(KEYS.reply_address, EPOCH, 8) == []
    assert found.find(KEYS.reply_address, Epoch(bytes(16)), 7) == []


def test_a_reader_finds_what_follows_a_slot_that_was_taken_out() -> None:
    made = real_slots(3)
    found = SlotSet(slots.build_set(INSTANCE, [made[0], made[2]]))
    assert found.find(KEYS.reply_address, EPOCH, 7) == [made[0], made[2]]


def test_a_dummy_opens_for_no_source() -> None:
    one = slots.dummy(INSTANCE)
    assert len(one) == 4_096
    assert one[:16] != slots.dummy(INSTANCE)[:16]
    with pytest.raises(OpenError):
        slots.open_part(INSTANCE, KEYS, one)


@pytest.mark.parametrize("count", [0, 1, 32, 63, 65, 96])
def test_a_set_of_another_count_is_refused(count: int) -> None:
    with pytest.raises(SizeError):
        SlotSet(bytes(count * sizes.SLOT))


def test_a_set_that_is_cut_inside_a_slot_is_refused() -> None:
    for more in (-1, 1):
        with pytest.raises(SizeError):
            SlotSet(bytes(64 * sizes.SLOT + more))


def test_a_set_out_of_order_or_with_an_address_twice_is_refused() -> None:
    data = slots.build_set(INSTANCE, [])
    first, second, rest = data[: sizes.SLOT], data[sizes.SLOT : 2 * sizes.SLOT], data[2 * sizes.SLOT :]
    for wrong in (second + first + rest, first + first + rest, first[:16] + second[16:] + first + rest):
        with pytest.raises(FormatError):
            SlotSet(wrong)


def test_no_set_is_larger_than_what_may_live() -> None:
    assert slots.is_set_size(16_384)
    assert not slots.is_set_size(32_768)
    with pytest.raises(SizeError):
        slots.build_set(INSTANCE, [b""] * 16_385)


def test_the_text_of_a_part_is_not_in_its_repr() -> None:
    assert "text" not in repr(PART)
