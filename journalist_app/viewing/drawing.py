"""From a sealed file to what a page shows: which programs run in which order, and who judges what they say.

Each function uses one room or a few, one after the other, and gives plain values or raises. Knows nothing of
vaults, officers or pages. Called by `services.viewing`.
"""

import mmap
from collections.abc import Callable
from dataclasses import dataclass, field

from journalist_app.errors import DrawingError
from journalist_app.viewing import kinds, pixels, programs, reports, room
from journalist_app.viewing.kinds import Kind, Way
from journalist_app.viewing.reports import Fact
from journalist_app.viewing.room import Sealed

UNCLEAN = "mat2 cannot clean files of this kind. Pass on what it says in another form."
CHANGED = "What came out of the cleaning is not of the kind that went in. It is not used."


@dataclass(frozen=True)
class Drawn:
    """One page as a PNG: which one, of how many, and whether poppler found scripts in the document."""

    png: bytes = field(repr=False)
    page: int
    pages: int
    scripts: bool = False


def facts(file: Sealed) -> tuple[Fact, ...]:
    """What the file says of itself."""
    return reports.facts(room.run(programs.METADATA, file))


def page(kind: Kind, file: Sealed, number: int, as_pdf: Callable[[Sealed], bytes]) -> Drawn:
    """Page `number`, counted from 1, as a picture; past the end, the last one. `as_pdf` makes a PDF document
    of an office document, or remembers it. Raises `DrawingError`, and what `room.run` raises."""
    if kind.way is Way.IMAGE:
        pages = reports.frames(room.run(programs.frames(kind), file))
        number = min(number, pages)
        return Drawn(_png(room.run(programs.frame(kind, number), file)), number, pages)
    if kind.way is Way.PDF:
        return _pdf_page(file, number)
    with room.sealed([as_pdf(file)]) as pdf:
        return _pdf_page(pdf, number)


def as_pdf(file: Sealed) -> bytes:
    """An office document as a PDF document, which is as hostile as it was."""
    return room.run(programs.AS_PDF, file)


def listing(way: Way, file: Sealed) -> reports.Listing:
    """What is in an archive."""
    return reports.listing(room.run(programs.listing(way), file))


def mail(file: Sealed) -> reports.Mail:
    """What a mail says."""
    return reports.mail(room.run(programs.listing(Way.MAIL), file))


def has_programs(kind: Kind, file: Sealed) -> bool:
    """Whether a document, which is not empty, has the marks of programs of its own."""
    with mmap.mmap(file, 0, prot=mmap.PROT_READ) as data:
        return kinds.has_program_marks(kind, data.find)


def clean(kind: Kind, file: Sealed) -> bytes:
    """A copy without metadata. Raises `DrawingError`, and what `room.run` raises."""
    if not kind.cleaned_as:
        raise DrawingError(UNCLEAN)
    copy = room.run(programs.clean(kind), file)
    if kinds.kind_of(copy[: kinds.HEAD_BYTES], copy[-kinds.TAIL_BYTES :]) is not kind:
        raise DrawingError(CHANGED)
    return copy


def _pdf_page(file: Sealed, number: int) -> Drawn:
    told = room.run(programs.PDF_FACTS, file)
    pages = reports.pages(told)
    number = min(number, pages)
    drawn = room.run(programs.pdf_page(number), file)
    return Drawn(_png(drawn), number, pages, reports.has_scripts(told))


def _png(data: bytes) -> bytes:
    return pixels.png(pixels.parse(data))
