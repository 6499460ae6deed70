"""Padding hides a size in a bucket, and only the sizes of buckets are legal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import padding, sizes
from crypto.errors import SizeError


@given(st.integers(min_value=0, max_value=sizes.PADDED_MAX))
def test_the_smallest_legal_size_that_fits(parcel_bytes: int) -> None:
    padded = padding.padded_size(parcel_bytes)
    assert parcel_bytes <= padded <= sizes.PADDED_MAX
    assert padding.padded_size(padded) == padded
    if padded > sizes.PADDED_MIN:
        assert (padded - parcel_bytes) / parcel_bytes < 0.0625
        mantissa = padded >> (padded.bit_length() - 5)
        assert 16 <= mantissa <= 31
        assert padded == mantissa << (padded.bit_length() - 5)


@given(st.integers(min_value=0, max_value=sizes.PADDED_MAX))
def test_the_envelope_tells_its_padded_size(parcel_bytes: int) -> None:
    padded = padding.padded_size(parcel_bytes)
    size = padding.envelope_size(padded)
    assert size == 12_526 + 16 + padded + 16 * -(-padded // 65_536)
    assert padding.check_envelope_size(size) == padded


@pytest.mark.parametrize("size", [-1, 0, 1, 12_526, 12_542, 78_093, 78_095, 82_190, 10**12, 2**63])
def test_other_sizes_are_refused(size: int) -> None:
    with pytest.raises(SizeError):
        padding.check_envelope_size(size)


def test_few_sizes_are_legal() -> None:
    legal = []
    for size in range(78_000, 160_000):
        try:
            legal.append(padding.check_envelope_size(size))
        except SizeError:
            continue
    assert legal == [65_536, *range(69_632, 131_073, 4_096), 139_264]


def test_the_limit_is_on_the_padded_size() -> None:
    assert padding.check_envelope_size(padding.envelope_size(69_632), 69_632) == 69_632
    with pytest.raises(SizeError):
        padding.check_envelope_size(padding.envelope_size(69_632), 69_631)
    largest = padding.envelope_size(sizes.PADDED_MAX)
    assert padding.check_envelope_size(largest) == sizes.PADDED_MAX
    with pytest.raises(SizeError):
        padding.check_envelope_size(padding.envelope_size(padding.padded_size(sizes.PADDED_MAX + 1)))
