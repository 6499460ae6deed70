"""Looking at a file of a report without opening it: what it is, what it says of itself, its pages as
pictures.

The file goes from its kept envelope into memory and from there into closed rooms; nothing of it stands on
a disk, and the envelope is only read. What cannot be shown is told in a sentence beside what can. A cleaned
copy is made for the way out of the agency; it is kept nowhere.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from crypto.envelope import FileKey, ObjectId
from crypto.parcel import FileEntry
from crypto.sizes import MIB
from journalist_app.errors import DrawingError, NotFoundError, RoomError, ViewerMissingError
from journalist_app.services.opening import StoredFile, stored_file
from journalist_app.services.reading import SavedFile
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import case_list
from journalist_app.store.case_tables import FileRow, ParcelRow
from journalist_app.viewing import drawing, kinds, room
from journalist_app.viewing import text as texts
from journalist_app.viewing.kinds import DRAWN, Kind, Way
from journalist_app.viewing.reports import Fact, Listing, Mail, is_telling
from journalist_app.viewing.room import Sealed
from journalist_app.viewing.text import TextPart

DRAWN_MAX: Final = 256 * MIB
"""Bytes of a file that is brought into memory to be drawn, listed or cleaned."""
TOO_LARGE: Final = (
    "This file is larger than the 256 MiB that are drawn here. Save it to look at it elsewhere."
)
NO_FACTS: Final = "What the file says of itself could not be read."
_ROW: Final = 16
_ROWS: Final = 16


@dataclass(frozen=True)
class Viewed:
    """The file that is looked at, as it came."""

    file_id: int
    case_id: int
    name: str = field(repr=False)
    media_type: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Shown:
    """What can be seen of a file: at most one of these, page `page` of `pages`. `picture`: it was drawn."""

    page: int = 1
    pages: int = 1
    picture: bool = False
    scripts: bool = False
    text: TextPart | None = field(default=None, repr=False)
    listing: Listing | None = None
    mail: Mail | None = None


@dataclass(frozen=True)
class Look:
    """A look at one page of a file. `said` are the kinds that its name or type speaks of, where it is none of
    them; `also` what else it could be opened as; `has_programs` that macros or scripts were found in it;
    `troubles` why something is not shown."""

    file: Viewed
    kind: Kind
    shown: Shown
    facts: tuple[Fact, ...]
    said: tuple[Kind, ...]
    also: tuple[Kind, ...]
    has_programs: bool
    first_bytes: tuple[tuple[str, str], ...] = field(repr=False)
    troubles: tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """What the file says of itself under one title, before and after cleaning; None where it says nothing."""

    group: str
    title: str
    before: str | None = field(repr=False)
    after: str | None = field(repr=False)

    @property
    def telling(self) -> bool:
        """Whether it can say who made the file, when, where or with what."""
        return is_telling(self.title)


@dataclass(frozen=True)
class CleanCopy:
    """A copy that was cleaned, and what that changed."""

    file: Viewed
    kind: Kind
    size_bytes: int
    changes: tuple[Changed, ...]


@dataclass(frozen=True)
class _Opened:
    """A file while it is looked at."""

    file: Viewed
    stored: StoredFile
    kind: Kind
    head: bytes = field(repr=False)
    tail: bytes = field(repr=False)


class Viewing:
    """Looks at files, for one officer."""

    def __init__(self, unlocked: Unlocked, officer: Officer) -> None:
        self._vault = unlocked.vault
        self._folders = unlocked.folders
        self._viewer = unlocked.viewer
        self._officer = officer

    def look(self, file_id: int, page: int) -> Look:
        """One page of a file, counted from 1; past the end, the last one. Raises `NotFoundError`,
        `EnvelopeError`, `BusyError`."""
        with self._opened(file_id) as opened:
            shown, has_programs = Shown(), False
            facts: tuple[Fact, ...] = ()
            troubles: list[str] = []
            if opened.kind.way is Way.TEXT:
                shown = _text(opened, page)
            elif opened.kind.way is not Way.NONE and opened.stored.size_bytes > DRAWN_MAX:
                troubles.append(TOO_LARGE)
            elif opened.kind.way is not Way.NONE:
                with self._sealed(opened) as file:
                    facts = _facts(opened.kind, file, troubles)
                    shown = self._shown(opened, file, page, troubles)
                    has_programs = drawing.has_programs(opened.kind, file) or shown.scripts
            return Look(
                opened.file,
                opened.kind,
                shown,
                facts,
                kinds.said_otherwise(opened.kind, opened.file.name, opened.file.media_type),
                kinds.also(opened.kind, opened.head, opened.tail),
                has_programs,
                _first_bytes(opened.head),
                tuple(dict.fromkeys(troubles)),
            )

    def picture(self, file_id: int, page: int) -> bytes:
        """The picture that the last look at this page drew, as a PNG. Raises `NotFoundError`."""
        self._found(file_id)  # it may have been shut for this officer in the meantime
        png = self._viewer.kept(("picture", self._officer.officer_id, file_id, page))
        if png is None:
            raise NotFoundError
        return png

    def clean(self, file_id: int) -> CleanCopy:
        """Make a cleaned copy, and say what that changed. Raises as `look` does, and `DrawingError`,
        `RoomError`, `ViewerMissingError`."""
        with self._opened(file_id) as opened, self._sealed(opened) as file:
            before = drawing.facts(file)
            copy = drawing.clean(opened.kind, file)
            with room.sealed([copy]) as cleaned:
                after = drawing.facts(cleaned)
            self._viewer.keep(("clean", self._officer.officer_id, file_id), copy)
            return CleanCopy(opened.file, opened.kind, len(copy), _changes(before, after))

    def clean_copy(self, file_id: int) -> SavedFile:
        """The cleaned copy, to be saved, under a name of ours. Raises as `clean` does."""
        with self._opened(file_id) as opened:
            copy = self._viewer.kept(("clean", self._officer.officer_id, file_id))
            if copy is None:
                with self._sealed(opened) as file:
                    copy = drawing.clean(opened.kind, file)
            name = f"file-{file_id}-clean{opened.kind.cleaned_as}"
            return SavedFile(file_id, name, len(copy), iter([copy]))

    def _found(self, file_id: int) -> tuple[FileRow, ParcelRow]:
        with self._vault.read() as session:
            found = case_list.file_and_parcel(session, file_id, self._officer.officer_id)
        if found is None:
            raise NotFoundError
        return found

    @contextmanager
    def _opened(self, file_id: int) -> Iterator[_Opened]:
        row, parcel = self._found(file_id)
        entry = FileEntry(row.name, row.media_type, row.size_bytes, row.sha256, row.offset)
        file = Viewed(row.id, parcel.case, row.name, row.media_type, row.size_bytes, row.sha256.hex())
        envelope = self._folders.envelope(ObjectId(parcel.object_id))
        with stored_file(envelope, FileKey(parcel.file_key), entry) as stored:
            size = stored.size_bytes
            head = stored.read(0, min(size, kinds.HEAD_BYTES))
            tail = stored.read(max(0, size - kinds.TAIL_BYTES), min(size, kinds.TAIL_BYTES))
            yield _Opened(file, stored, kinds.kind_of(head, tail), head, tail)

    @contextmanager
    def _sealed(self, opened: _Opened) -> Iterator[Sealed]:
        """The whole file in memory, while it is this officer's turn. Raises `DrawingError`, `BusyError`."""
        if opened.stored.size_bytes > DRAWN_MAX:
            raise DrawingError(TOO_LARGE)
        with self._viewer.turn(), room.sealed(opened.stored.pieces()) as file:
            yield file

    def _shown(self, opened: _Opened, file: Sealed, page: int, troubles: list[str]) -> Shown:
        way = opened.kind.way
        try:
            if way in {Way.ZIP, Way.TAR}:
                return Shown(listing=drawing.listing(way, file))
            if way is Way.MAIL:
                return Shown(mail=drawing.mail(file))
            drawn = drawing.page(opened.kind, file, page, partial(self._as_pdf, opened.file.file_id))
        except (DrawingError, RoomError, ViewerMissingError) as error:
            troubles.append(str(error))
            return Shown()
        self._viewer.keep(("picture", self._officer.officer_id, opened.file.file_id, drawn.page), drawn.png)
        return Shown(drawn.page, drawn.pages, picture=True, scripts=drawn.scripts)

    def _as_pdf(self, file_id: int, file: Sealed) -> bytes:
        """An office document as PDF: made once, for all of its pages."""
        pdf = self._viewer.kept(("pdf", file_id)) or drawing.as_pdf(file)
        self._viewer.keep(("pdf", file_id), pdf)
        return pdf


def _text(opened: _Opened, page: int) -> Shown:
    size = opened.stored.size_bytes
    number = min(page, texts.parts_of(size))
    part = texts.part(opened.stored.read, size, number, opened.head)
    return Shown(number, part.parts, text=part)


def _facts(kind: Kind, file: Sealed, troubles: list[str]) -> tuple[Fact, ...]:
    if kind.way not in DRAWN:
        return ()
    try:
        return drawing.facts(file)
    except DrawingError:
        troubles.append(NO_FACTS)
    except (RoomError, ViewerMissingError) as error:
        troubles.append(str(error))
    return ()


def _changes(before: Sequence[Fact], after: Sequence[Fact]) -> tuple[Changed, ...]:
    """Every title that either has, in the order of the original. Of a title that stands twice, all values."""
    titles = dict.fromkeys((fact.group, fact.title) for fact in (*before, *after))
    return tuple(Changed(*title, _values(before, title), _values(after, title)) for title in titles)


def _values(facts: Sequence[Fact], title: tuple[str, str]) -> str | None:
    found = [fact.value for fact in facts if (fact.group, fact.title) == title]
    return "; ".join(found) if found else None


def _first_bytes(head: bytes) -> tuple[tuple[str, str], ...]:
    """Rows of bytes as numbers, and those of them that are letters of ASCII."""
    rows = [head[at : at + _ROW] for at in range(0, min(len(head), _ROW * _ROWS), _ROW)]
    return tuple((row.hex(" "), "".join(chr(c) if 32 <= c < 127 else "·" for c in row)) for row in rows)
