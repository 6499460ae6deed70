"""What a fuzz target is, and how the bytes that it starts from are made.

A target is a function that takes any bytes, brings them to one parser, lets nothing out but the
parser's own errors, and checks what the parser answered. Where a MAC or a signature stands before the
parser, the target makes it over the bytes itself: a guess would never get past it.

The table of all targets is `tests.fuzz.table`. Three use it: `make fuzz` (`tests.fuzz.run`), the replay
of the saved corpus in `make test` (`test_corpus.py`), and the choice of what is saved
(`tests.fuzz.reach`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from crypto import canonical

ODD_VALUES: Final[tuple[canonical.Value, ...]] = (
    0,
    2**53 - 1,
    "",
    "x",
    "2026-02-30",
    "٣",
    [],
    [0],
    {},
    {"a": 0},
)


@dataclass(frozen=True)
class Target:
    """`seeds` are the first bytes to try, `words` are pieces that the guesser may put in."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...] = ()
    max_bytes: int = 4_096


def damaged(whole: bytes) -> Iterator[bytes]:
    """`whole`, and it with a cut, a growth, or a byte turned over, at a few places spread over it."""
    yield whole
    yield b""
    yield whole + b"\0"
    yield whole + whole
    for position in range(0, len(whole), max(1, len(whole) // 12)):
        yield whole[:position]
        yield whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :]


def documents(value: dict[str, Any]) -> Iterator[bytes]:
    """A JSON document, what it becomes by one change, and bytes that are no JSON."""
    for other in _neighbours(value):
        yield canonical.encode(other)
    whole = canonical.encode(value)
    yield from (whole[:-1], b" " + whole, b'"text"', b"[" * 20, b'{"v":1.5}', b'{"v":NaN}', b"\xff", b"{}")


def _neighbours(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, dict):
        for key, inner in value.items():
            rest = {k: v for k, v in value.items() if k != key}
            yield rest
            for other in (*ODD_VALUES, *_neighbours(inner)):
                yield {**rest, key: other}
        yield {**value, "unknown": 0}
    elif isinstance(value, list) and value:
        for other in _neighbours(value[0]):
            yield [other, *value[1:]]
        yield [*value, *value]
        yield value[:-1]
    elif isinstance(value, str) and value:
        yield from (value[:-1], value.upper(), value + "0", "-" * len(value), "0" * len(value))
    elif isinstance(value, int):
        yield value + 1
        yield 2**32
