"""TOML with line numbers: what stands in a file, and where each part of it stands.

`tomllib` reads and judges; it keeps no places. They are found by cutting the text into
statements: the shortest run of lines that `tomllib` accepts by itself is one. This is no TOML
parser. What a statement means is `cases.packs.reading`'s to say.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from cases.errors import PackError
from cases.packs.findings import Finding

LINE_MAX: Final = 2_000
"""Characters. Reading one line takes steps that grow with its square."""
TRIES_MAX: Final = 64
"""At so many of its lines a statement may look as if it ended there."""
_ENDS: Final = ('"""', "'''", "]", "}")
_AT_LINE: Final = re.compile(r"at line (\d+)")

Path: TypeAlias = tuple[str | int, ...]
"""Keys from the outermost to the innermost; a number counts the tables of one `[[kind]]` from 0."""

_OPEN_TEXT: Final = ("the text that begins here has no end.", "Close it with the quotes it began with.")
_BACKSLASH: Final = ("a \\ in double quotes has a meaning of its own.", "Write \\\\ for one \\.")
_TOLD: Final = (
    ("Unterminated string", *_OPEN_TEXT),
    (r"Illegal character '\n'", *_OPEN_TEXT),
    ("Illegal character", "a text holds a character that cannot stand in it.", "Take it out."),
    (
        "Invalid value",
        "what follows the “=” is no text in quotes, number, date, list, true or false.",
        'Put a text in quotes: name = "like this".',
    ),
    (
        "Expected '='",
        "a name without “=” and a value.",
        "Write name = value, or begin the line with # if it is a note.",
    ),
    ("Expected newline", "something follows the value.", "Put each name = value on a line of its own."),
    ("Unclosed array", "the list that begins here has no end.", "Close it with ]."),
    ("Unclosed inline table", "the { that opens here is not closed.", "Close it with } on the same line."),
    ("Invalid date", "there is no such day.", "Write a day of the calendar as 2026-11-22."),
    ("Cannot overwrite", "this name has a value already.", "Keep one of the two lines."),
    ("Cannot declare", "this table stands here a second time.", "Put its lines under the first one."),
    ("Cannot mutate", "this was written as a whole before.", "Put it all in one place."),
    ("Unescaped", *_BACKSLASH),
    ("Invalid hex", *_BACKSLASH),
    ("maximum recursion", "there are too many lists within lists here.", "Write what the key can hold."),
)


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
    try:
        return data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        right = "Save the file with the encoding UTF-8."
        raise _error(file, line, "this is not text in UTF-8.", right) from None


def _broken(file: str, lines: list[str], said: str) -> PackError:
    """The finding for a text that is not TOML: it is told where the statement begins that has no end."""
    for start, end, _ in _statements(lines):
        if end is None:
            return _error(file, start + 1, *_told(said))
    at = _AT_LINE.search(said)
    return _error(file, int(at[1]) if at else 0, *_told(said))


def _told(said: str) -> tuple[str, str]:
    for beginning, wrong, right in _TOLD:
        if said.startswith(beginning):
            return wrong, right
    return "this is not TOML.", "Compare it with the worked example in docs/operators/packs.md."


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
