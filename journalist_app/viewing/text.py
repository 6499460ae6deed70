"""Text of a stranger, a part at a time: its letters are found out, nothing in it is obeyed.

Text needs no room: decoding it has no side effects, and the page shows it escaped, with every unseen
character made visible (`views.shown`). A part is found by arithmetic, so that the end of a large file is read
without what stands before it.
"""

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

PART_BYTES: Final = 32 * 1024

ReadPart = Callable[[int, int], bytes]
"""Gives the bytes of a file from an offset on, as many as asked for."""

_WIDE: Final = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_KOREAN: Final = "cp949"
_ANY: Final = "cp1252"
_SPARE: Final = 3  # bytes of one letter of UTF-8 that may stand behind the end of a part
_FOLLOWS = range(0x80, 0xC0)  # what is not the first byte of a letter in UTF-8


@dataclass(frozen=True)
class TextPart:
    """One part of a text: where it is among how many, and how its bytes were read."""

    text: str = field(repr=False)
    parts: int
    encoding: str


def parts_of(size_bytes: int) -> int:
    """How many parts a text has."""
    return max(1, -(-size_bytes // PART_BYTES))


def encoding_of(head: bytes) -> str:
    """How a text is written that begins with `head`: by its mark, else the first of UTF-8, Korean (CP949) and
    Western (Windows-1252) that can be."""
    for mark, name in _WIDE:
        if head.startswith(mark):
            return name
    for name in ("utf-8", _KOREAN):
        try:
            codecs.getincrementaldecoder(name)().decode(head)
        except UnicodeDecodeError:
            continue
        return name
    return _ANY


def part(read: ReadPart, size_bytes: int, number: int, head: bytes) -> TextPart:
    """Part `number`, counted from 1, of a text that begins with `head`. What is no letter is shown as �."""
    encoding = encoding_of(head)
    start = (number - 1) * PART_BYTES
    data = read(start, min(PART_BYTES + _SPARE, size_bytes - start))
    data = _whole_letters(data, first=number == 1) if encoding == "utf-8" else data[:PART_BYTES]
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    return TextPart(text.replace("\r\n", "\n").replace("\r", "\n"), parts_of(size_bytes), encoding)


def _whole_letters(data: bytes, *, first: bool) -> bytes:
    """What begins in this part: a letter that began in the part before stands there whole."""
    start, end = 0, min(len(data), PART_BYTES)
    while not first and start < min(_SPARE, end) and data[start] in _FOLLOWS:
        start += 1
    while end < len(data) and data[end] in _FOLLOWS:
        end += 1
    return data[start:end]
