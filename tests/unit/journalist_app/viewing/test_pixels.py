"""Raw pixels are judged to the byte, and the PNG that is made of them says the same."""

import struct
import zlib

import pytest

from journalist_app.errors import DrawingError
from journalist_app.viewing import pixels

RGB = bytes(range(18))
GOOD = b"P6\n3 2\n255\n" + RGB


def unpacked(data: bytes) -> dict[bytes, bytes]:
    """The chunks of a PNG by name, read as its standard says."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(name + content)
        chunks[name] = content
        at += 12 + length
    return chunks


def test_a_picture_becomes_a_png_of_the_same_pixels() -> None:
    chunks = unpacked(pixels.png(pixels.parse(GOOD)))
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", chunks[b"IHDR"]) == (3, 2, 8, 2, 0, 0, 0)
    assert zlib.decompress(chunks[b"IDAT"]) == b"\0" + RGB[:9] + b"\0" + RGB[9:]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"P6\n3 2\n255\n",
        GOOD[:-1],
        GOOD + b"\0",
        GOOD + GOOD,
        GOOD.replace(b"P6", b"P5"),
        GOOD.replace(b"255", b"65535"),
        GOOD.replace(b"255", b"254"),
        GOOD.replace(b"3 2", b"3  2"),
        GOOD.replace(b"3 2", b"-3 -2"),
        GOOD.replace(b"3 2", b"03 2"),
        GOOD.replace(b"3 2", b"0 2"),
        GOOD.replace(b"3 2", b"3 0"),
        GOOD.replace(b"3 2", b"3\n2"),
        GOOD.replace(b"P6\n", b"P6\n# a comment\n"),
        GOOD.replace(b"3 2", b"99999999999999999999 2"),
        b"P6\n9999 9999\n255\n",
        b"P6\n2001 1\n255\n" + bytes(3 * 2001),
        b"\x89PNG\r\n\x1a\n" + RGB,
        b" " + GOOD,
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(DrawingError, match="no picture of the form that is expected"):
        pixels.parse(data)


def test_the_largest_picture_passes() -> None:
    side = pixels.SIDE_MAX
    whole = b"P6\n%d %d\n255\n" % (side, side) + bytes(3 * side * side)
    assert len(whole) <= pixels.OUTPUT_MAX
    assert len(unpacked(pixels.png(pixels.parse(whole)))) == 3
