"""What programs in the room told, judged as hostile: each form is narrow, and what is not of it is refused.

A program that a file took hold of may say anything. So numbers have limits, lines and letters are counted,
and what comes of it is plain values that the pages show escaped. Called by `drawing`.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from crypto import canonical
from crypto.errors import CanonicalError
from journalist_app.errors import DrawingError
from journalist_app.viewing.programs import LISTING_MAX

PAGES_MAX: Final = 10_000
FACTS_MAX: Final = 300
VALUE_MAX: Final = 500

_PAGES: Final = re.compile(rb"^Pages: +([0-9]{1,9})$", re.MULTILINE)
_SCRIPTS: Final = re.compile(rb"^JavaScript: +yes$", re.MULTILINE)
_FRAMES: Final = re.compile(rb"([0-9]{1,9})\n")
_FACT_PARTS: Final = 3
_TELLING: Final = re.compile(
    "author|creat|artist|by-line|byline|owner|copyright|modif|compan|manager|editor|gps|serial|date|time|"
    "camera|lens|make|model|software|producer|tool|application|template|title|subject|keyword|comment|"
    "description|computer|host|user|person|location|city|country|document id|instance id|history|print",
    re.IGNORECASE,
)
_ENTRY: Final = {"name": str, "size": int, "when": str, "note": str}
_OTHER_FORM: Final = "What came out of the sandbox is no list of the form that is expected."


@dataclass(frozen=True)
class Fact:
    """One thing that a file says of itself: where it stands in it, what it is called, what it says."""

    group: str
    title: str
    value: str = field(repr=False)

    @property
    def telling(self) -> bool:
        """Whether it can say who made the file, when, where or with what."""
        return is_telling(self.title)


@dataclass(frozen=True)
class Entry:
    """One file in an archive, or one attachment of a mail. `note` is its type, or what is odd about it."""

    name: str = field(repr=False)
    size_bytes: int
    when: str
    note: str = field(repr=False)


@dataclass(frozen=True)
class Listing:
    """What is in an archive, as far as it was read."""

    entries: tuple[Entry, ...]
    more: bool


@dataclass(frozen=True)
class Mail:
    """A mail: its headers, its words, its attachments; `more` says that something was left out."""

    headers: tuple[tuple[str, str], ...] = field(repr=False)
    text: str = field(repr=False)
    entries: tuple[Entry, ...]
    more: bool


def is_telling(title: str) -> bool:
    """Whether what stands under a title can say who made a file, when, where or with what."""
    return _TELLING.search(title) is not None


def pages(told: bytes) -> int:
    """The number of pages that pdfinfo tells, `PAGES_MAX` at most. Its own line comes after the author's.
    Raises `DrawingError`."""
    found = _PAGES.findall(told)
    return _counted(found[-1] if found else b"0")


def has_scripts(told: bytes) -> bool:
    """Whether pdfinfo found JavaScript."""
    return _SCRIPTS.search(told) is not None


def frames(told: bytes) -> int:
    """The number of pictures that ImageMagick tells. Raises `DrawingError`."""
    found = _FRAMES.match(told)
    return _counted(found[1] if found else b"0")


def facts(told: bytes) -> tuple[Fact, ...]:
    """The lines of exiftool: group, title and value between tabs. What is too much is left out."""
    lines = told.decode("utf-8", "replace").split("\n")[:FACTS_MAX]
    parted = (line.split("\t", _FACT_PARTS - 1) for line in lines)
    return tuple(Fact(*(part[:VALUE_MAX] for part in parts)) for parts in parted if len(parts) == _FACT_PARTS)


def listing(told: bytes) -> Listing:
    """What `inside` tells of an archive. Raises `DrawingError`."""
    try:
        said = canonical.fields(_parsed(told), {"entries": list, "more": int})
        return Listing(_entries(said["entries"]), said["more"] != 0)
    except CanonicalError as error:
        raise DrawingError(_OTHER_FORM) from error


def mail(told: bytes) -> Mail:
    """What `inside` tells of a mail. Raises `DrawingError`."""
    try:
        said = canonical.fields(_parsed(told), {"entries": list, "headers": list, "more": int, "text": str})
        headers = tuple(map(_pair, canonical.array(said["headers"])))
        return Mail(headers, canonical.string(said["text"]), _entries(said["entries"]), said["more"] != 0)
    except CanonicalError as error:
        raise DrawingError(_OTHER_FORM) from error


def _parsed(told: bytes) -> canonical.Object:
    return canonical.parse(told, max_bytes=LISTING_MAX)


def _pair(value: canonical.Value) -> tuple[str, str]:
    match canonical.array(value):
        case [str(name), str(text)]:
            return name, text
    raise CanonicalError("not a pair of strings")


def _entries(value: canonical.Value) -> tuple[Entry, ...]:
    return tuple(_entry(canonical.fields(each, _ENTRY)) for each in canonical.array(value))


def _entry(said: canonical.Object) -> Entry:
    return Entry(
        canonical.string(said["name"]),
        canonical.integer(said["size"]),
        canonical.string(said["when"]),
        canonical.string(said["note"]),
    )


def _counted(digits: bytes) -> int:
    number = int(digits)
    if number < 1:
        raise DrawingError("This file has no page that can be drawn.")
    return min(number, PAGES_MAX)
