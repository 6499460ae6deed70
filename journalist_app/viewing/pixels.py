"""Raw pixels as they come out of the room, judged as hostile, and the PNG that is made of them out here.

The form is the plainest there is (PPM, "P6"): width, height, 255, then three bytes for each pixel and not one
more. A browser gets only a PNG that these lines wrote: header, pixels, end. Called by `services.viewing`.
"""

import re
import struct
import zlib
from dataclasses import dataclass, field
from typing import Final

from journalist_app.errors import DrawingError

SIDE_MAX: Final = 2_000
"""Pixels: the longest side of a picture."""
OUTPUT_MAX: Final = 3 * SIDE_MAX * SIDE_MAX + 64

_HEAD: Final = re.compile(rb"P6\n([1-9][0-9]{0,3}) ([1-9][0-9]{0,3})\n255\n")
_COLOURS: Final = 3
_QUICK: Final = 1
_NO_PIXELS: Final = "What came out of the sandbox is no picture of the form that is expected."


@dataclass(frozen=True)
class Pixels:
    """Rows of red, green and blue, from the top."""

    width: int
    height: int
    rows: bytes = field(repr=False)


def parse(data: bytes) -> Pixels:
    """The picture in `data`. Raises `DrawingError`.

    Checks: 1 the head is exactly of that form; 2 no side is longer than `SIDE_MAX`; 3 there are as many bytes
    as the head says, no more and no fewer.
    """
    head = _HEAD.match(data)
    if head is None:  # 1
        raise DrawingError(_NO_PIXELS)
    width, height = int(head[1]), int(head[2])
    if max(width, height) > SIDE_MAX:  # 2
        raise DrawingError(_NO_PIXELS)
    rows = data[head.end() :]
    if len(rows) != _COLOURS * width * height:  # 3
        raise DrawingError(_NO_PIXELS)
    return Pixels(width, height, rows)


def png(pixels: Pixels) -> bytes:
    """The same picture as a PNG (ISO/IEC 15948): eight bits, red, green, blue, no filter, nothing else."""
    stride = _COLOURS * pixels.width
    unfiltered = b"".join(
        b"\0" + pixels.rows[at : at + stride] for at in range(0, stride * pixels.height, stride)
    )
    header = struct.pack(">IIBBBBB", pixels.width, pixels.height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(unfiltered, _QUICK)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
