"""TOML with line numbers: what stands in a file, and where each part of it stands.

`tomllib` reads and judges; it keeps no places. They are found by cutting the text into
statements: the shortest run of lines that `tomllib` accepts by itself is one. This is no TOML
parser. What a statement means is `cases.packs.reading`'s to say.
"""

import codecs
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from cases.errors import PackError
from cases.packs import toml_slips
from cases.packs.findings import Finding

LINE_MAX: Final = 2_000
"""Characters. Reading one line takes steps that grow with its square."""
TRIES_MAX: Final = 64
"""At so many of its lines a statement may look as if it ended there."""
_ENDS: Final = ('"""', "'''", "]", "}")
_AT_LINE: Final = re.compile(r"at line (\d+)")

Path: TypeAlias = tuple[str | int, ...]
"""Keys from the outermost to the innermost; a number counts the tables of one `[[kind]]` from 0."""


@dataclass(frozen=True)
class Document:
    """What a file holds, and the lines on which its parts begin."""

    file: str
    value: dict[str, Any]
    lines: Mapping[Path, int]

    def line(self, *path: str | int) -> int:
        """The line of a part, or of the innermost part around it that has one; 0 for the whole file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def parse(file: str, data: bytes) -> Document:
    """What `data`, the bytes of `file`, says and where. Raises `PackError` with one finding."""
    text = _decode(file, data)
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_MAX:
            right = (
                f"Spread it over several lines between three quotes, each of at most {LINE_MAX} characters."
            )
            raise _error(file, number, "this line is too long.", right)
    try:
        whole = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(file, lines, str(error)) from None
    return Document(file, whole, _places(file, lines))


def _decode(file: str, data: bytes) -> str:
    data = data.removeprefix(codecs.BOM_UTF8)  # some editors begin a file with it
    try:
        return data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        right = "Save the file as plain text with the encoding UTF-8, not as a document of a word processor."
        raise _error(file, line, "this is not text in UTF-8.", right) from None


def _broken(file: str, lines: list[str], said: str) -> PackError:
    """The finding for a text that is not TOML: it is told where the statement begins that has no end."""
    found = _AT_LINE.search(said)
    at = int(found[1]) if found else 0
    if at and toml_slips.strange(said, lines[at - 1]):
        return _error(file, at, *toml_slips.told(said, lines[at - 1]))
    for start, end, _ in _statements(lines):
        if end is None:
            return _error(file, start + 1, *toml_slips.told(said, lines[start]))
    return _error(file, at, *toml_slips.told(said, lines[at - 1] if at else ""))


def _places(file: str, lines: list[str]) -> Mapping[Path, int]:
    counts: dict[Path, int] = {}
    places: dict[Path, int] = {}
    table: Path = ()
    for start, end, value in _statements(lines):
        if end is None:
            raise _error(file, start + 1, "this is spread over too many lines.", "Cut it into several parts.")
        if not value:
            continue
        names, is_list = _names(value)
        if lines[start].lstrip().startswith("["):
            table, names = _resolved(names, counts), ()
            if is_list:
                counts[table] = counts.get(table, 0) + 1
                table = (*table, counts[table] - 1)
        path = (*table, *names)
        for depth in range(1, len(path) + 1):
            places.setdefault(path[:depth], start + 1)
    return places


def _resolved(names: tuple[str, ...], counts: Mapping[Path, int]) -> Path:
    """The path that a header names: what it says of a list belongs to the list's last table."""
    path: Path = ()
    for depth, name in enumerate(names):
        path = (*path, name)
        if path in counts and depth < len(names) - 1:
            path = (*path, counts[path] - 1)
    return path


def _names(value: Any) -> tuple[tuple[str, ...], bool]:
    """The names of a statement from the outside in, and whether it opens one more table of a list."""
    names = []
    while isinstance(value, dict) and len(value) == 1:
        [(name, value)] = value.items()
        names.append(name)
    return tuple(names), value == [{}]


def _statements(lines: list[str]) -> Iterator[tuple[int, int | None, dict[str, Any]]]:
    """Where each statement begins, where the next one does, and what it says; None once one has no end."""
    start: int | None = 0
    while start is not None and start < len(lines):
        end, value = _statement(lines, start)
        yield start, end, value
        start = end


def _statement(lines: list[str], start: int) -> tuple[int | None, dict[str, Any]]:
    tries = 0
    for end in range(start, len(lines)):
        if end == start or any(mark in lines[end] for mark in _ENDS):
            tries += 1
            try:
                return end + 1, tomllib.loads("\n".join(lines[start : end + 1]))
            except (ValueError, RecursionError):
                if tries == TRIES_MAX:
                    break
    return None, {}


def _error(file: str, line: int, wrong: str, right: str) -> PackError:
    return PackError("The pack cannot be read.", [Finding(file, line, wrong, right)])
