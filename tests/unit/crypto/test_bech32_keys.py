"""Keys as text: any slip is found, and text that is no key is refused. BIP 173's cases: tests/vectors."""

import pytest

from crypto.age import bech32
from crypto.errors import FormatError

TEXT = bech32.encode("age1pq", bytes(range(40)))


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 5, 32, 1_216])
def test_bytes_of_any_length_come_back(length: int) -> None:
    data = bytes(n % 256 for n in range(length))
    assert bech32.decode(bech32.encode("age1pq", data)) == ("age1pq", data)
    assert bech32.decode(bech32.encode("age1pq", data).upper()) == ("age1pq", data)


def test_every_single_slip_is_found() -> None:
    for place in range(len(TEXT)):
        slip = TEXT[:place] + ("q" if TEXT[place] != "q" else "p") + TEXT[place + 1 :]
        with pytest.raises(FormatError):
            bech32.decode(slip)


@pytest.mark.parametrize(
    "text",
    [
        TEXT[:1].upper() + TEXT[1:],
        TEXT[:-1] + TEXT[-1].upper(),
        TEXT[:-1],
        TEXT + "q",
        " " + TEXT,
        TEXT + "\n",
        "\u017f" + TEXT,
        "",
        "1",
        "age1pq1",
        bech32.encode("k", b"data").upper().replace("K", "\u212a"),
        bech32.encode("age1pq", bytes(1_217)),
    ],
    ids=range(12),
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        bech32.decode(text)


def with_values(values: list[int]) -> str:
    """A text whose checksum fits whatever groups of five bits stand in it."""
    checksum = bech32._polymod(bech32._expand("a") + values + [0] * 6) ^ 1
    tail = [checksum >> 5 * (5 - i) & 31 for i in range(6)]
    return "a1" + "".join(bech32._ALPHABET[v] for v in values + tail)


@pytest.mark.parametrize("values", [[0], [0, 0, 0], [0, 1], [31, 31], [0] * 6])
def test_bits_left_over_are_refused(values: list[int]) -> None:
    """One byte sequence has one text: no needless group, no bit set in the last one."""
    with pytest.raises(FormatError):
        bech32.decode(with_values(values))


def test_the_same_groups_without_spare_bits_are_fine() -> None:
    assert bech32.decode(with_values([0, 0])) == ("a", b"\0")
    assert bech32.decode(with_values([31, 28])) == ("a", b"\xff")
