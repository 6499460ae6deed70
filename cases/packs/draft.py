"""A pack on the way: its records and words with the lines they came from, not yet judged as a whole.

`reading` makes it, `rules` and `wording` judge it, and what passes becomes a `Pack` without lines.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from cases.packs.findings import Finding, Weight
from cases.packs.pack import Head, Words
from cases.packs.schema import Record, Source
from cases.packs.toml_lines import Document, Path

T = TypeVar("T")
R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Row(Generic[T]):
    """What was read from one table, and the place of that table in its file."""

    value: T
    document: Document
    path: Path

    def error(self, key: str, wrong: str, right: str) -> Finding:
        """An error at one of its keys; with an empty key, at its beginning."""
        return Finding(self.document.file, self.line(key), wrong, right)

    def warning(self, key: str, wrong: str, right: str) -> Finding:
        """A warning at one of its keys; with an empty key, at its beginning."""
        return Finding(self.document.file, self.line(key), wrong, right, Weight.WARNING)

    def line(self, key: str = "") -> int:
        """The line of one of its keys, or on which it begins."""
        return self.document.line(*self.path, key) if key else self.document.line(*self.path)


@dataclass(frozen=True)
class Draft:
    """Everything that the files say, each thing in its right form."""

    head: Row[Head]
    sources: tuple[Row[Source], ...]
    rows: tuple[Row[Record], ...]
    words: Mapping[str, Mapping[str, Row[Words]]]
    """By language, then by key."""

    def of(self, kind: type[R]) -> Iterator[Row[R]]:
        """The rows of one kind, in the order of the file."""
        return (cast("Row[R]", row) for row in self.rows if isinstance(row.value, kind))
