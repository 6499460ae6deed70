"""Whatever slips into a line of a pack, the reader answers: a pack that can be told, or errors that can.

A slip puts another value after a “=”, or takes a line out, doubles it or exchanges two; several at once
are drawn by Hypothesis. The worst files for a reader are counted here too: what is given to tomllib grows
as they do.
"""

import sys
import tomllib
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import PackError
from cases.packs import reading, toml_lines
from tests.fuzz.of_packs import FILES, NAMES, pack
from tests.support.pack_files import testland as files_of_testland

ODD = (
    "0",
    "-1",
    "9223372036854775807",
    "60",
    "1.5",
    "nan",
    "true",
    '""',
    '"x"',
    '"2"',
    '"received"',
    '"TA 1"',
    '"handle"',
    '"en"',
    "0001-01-01",
    "9999-12-31",
    "2027-01-01",
    "2027-01-01T00:00:00Z",
    "[]",
    "[[]]",
    "[1]",
    '["received"]',
    '["handle", "handle"]',
    "{}",
    '{ length = 1, unit = "year" }',
    "{ most = -1 }",
)
LINES = {name: text.splitlines() for name, text in files_of_testland().items()}
SLIPS = st.tuples(
    st.integers(0, 10_000), st.sampled_from(["value", "out", "twice", "swap"]), st.sampled_from(ODD)
)


def slipped(lines: list[str], place: int, how: str, value: str) -> list[str]:
    """The lines with one slip."""
    at = place % len(lines)
    line = lines[at]
    other = {
        "value": [f"{line.split(' = ')[0]} = {value}" if " = " in line else value],
        "out": [],
        "twice": [line, line],
        "swap": [*lines[at + 1 : at + 2], line],
    }[how]
    return [*lines[:at], *other, *lines[at + (2 if how == "swap" else 1) :]]


@given(name=st.sampled_from(NAMES), slips=st.lists(SLIPS, min_size=1, max_size=3))
def test_a_slip_never_stops_the_reader(name: str, slips: list[tuple[int, str, str]]) -> None:
    lines = LINES[name]
    for slip in slips:
        lines = slipped(lines, *slip)
    pack(bytes([NAMES.index(name)]) + "\n".join(lines).encode())


def given_to_tomllib(text: str) -> int:
    """How many characters tomllib is asked to read for a file of this text."""
    counted = [0]

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code is tomllib.loads.__code__:
            counted[0] += len(frame.f_locals["s"])

    sys.setprofile(note)
    try:
        toml_lines.parse("a.toml", text.encode())
    except PackError:
        pass
    finally:
        sys.setprofile(None)
    return counted[0]


HOSTILE = {
    "one list that never ends": lambda n: "a = [\n" + "[1],\n" * n,
    "one list that ends late": lambda n: "a = [\n" + "[1],\n" * n + "]\n",
    "one text that looks like its end": lambda n: 'a = """\n' + "]\n" * n + '"""\n',
    "many lists": lambda n: "".join(f"a{k} = [\n{'[1],' * 5}\n]\n" for k in range(n // 4)),
    "many tables": lambda n: "[[deadline]]\n" * n,
    "many keys": lambda n: "".join(f"a{k} = 1\n" for k in range(n)),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_reading_grows_as_the_file_does(make: Callable[[int], str]) -> None:
    once, twice = (given_to_tomllib(make(lines)) for lines in (2_000, 4_000))
    assert 0 < twice <= 2.1 * once


def test_a_long_pack_of_slips_is_told_shortly() -> None:
    text = "".join(f'[[deadline]]\nid = "d{number}"\nlenght = 1\n' for number in range(2_000))
    found, findings = reading.read({**FILES, "deadlines.toml": text.encode()})
    assert found is None
    assert len(findings) < 300
