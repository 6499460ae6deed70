"""Text a part at a time: no letter is torn at an edge, and a part is read without what is before it."""

import pytest

from journalist_app.viewing import text
from journalist_app.viewing.text import PART_BYTES


class Stored:
    """A file that notes which of its bytes were asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.asked: list[tuple[int, int]] = []

    def read(self, start: int, length: int) -> bytes:
        assert 0 <= start <= start + length <= len(self.data)
        self.asked.append((start, length))
        return self.data[start : start + length]


def whole(data: bytes) -> str:
    stored = Stored(data)
    parts = [text.part(stored.read, len(data), n + 1, data[:65536]) for n in range(text.parts_of(len(data)))]
    assert {part.parts for part in parts} == {len(parts)}
    return "".join(part.text for part in parts)


@pytest.mark.parametrize("letters", ["x", "é", "한", "🙂", "x한é🙂"])
@pytest.mark.parametrize("shift", range(4))
def test_no_letter_is_torn_between_two_parts(letters: str, shift: int) -> None:
    said = "x" * shift + letters * (2 * PART_BYTES // len(letters.encode()) + 9)
    assert whole(said.encode()) == said


@pytest.mark.parametrize("form", ["utf-16-le", "utf-16-be"])
def test_wide_letters_are_read_by_their_mark(form: str) -> None:
    said = "부패 " * 12_000
    assert whole(("\ufeff" + said).encode(form)) == said


@pytest.mark.parametrize(
    ("data", "encoding", "shown"),
    [
        (b"", "utf-8", ""),
        (b"\xef\xbb\xbfx\r\ny\rz", "utf-8", "x\ny\nz"),
        ("부패 신고".encode("cp949"), "cp949", "부패 신고"),
        (b"caf\xe9 \x80", "cp1252", "café €"),
        (b"\x81 \x8d \xff", "cp1252", "\ufffd \ufffd ÿ"),
    ],
)
def test_letters_are_found_out(data: bytes, encoding: str, shown: str) -> None:
    part = text.part(Stored(data).read, len(data), 1, data)
    assert (part.encoding, part.text) == (encoding, shown)


def test_bytes_that_are_no_letters_stay_few_and_do_no_harm() -> None:
    data = b"good " + b"\x80" * (2 * PART_BYTES)
    assert text.part(Stored(data).read, len(data), 2, b"good ").text.count("\ufffd") >= PART_BYTES - 3


def test_the_last_part_of_a_large_file_is_read_alone() -> None:
    stored = Stored(b"x" * (100 * PART_BYTES) + "the end 끝".encode())
    assert text.part(stored.read, len(stored.data), 101, b"x" * 100).text == "the end 끝"
    assert stored.asked == [(100 * PART_BYTES, len("the end 끝".encode()))]
