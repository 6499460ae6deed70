"""Says in plain sentences whether files can be looked at on this machine, and what an operator does if not.

Builds a room once and looks which programs are there; opens no file of anybody. For the operator's
examination of a station, and for whoever wonders why a page says that something is missing.
"""

from dataclasses import dataclass
from typing import Final

from journalist_app.errors import RoomError, ViewerMissingError
from journalist_app.viewing import kinds, programs, room
from journalist_app.viewing.kinds import Way
from journalist_app.viewing.room import Program

PARTS: Final[tuple[tuple[str, Program], ...]] = (
    ("Pages of PDF documents", programs.pdf_page(1)),
    ("Pages of office documents", programs.AS_PDF),
    ("Pictures", programs.frame(kinds.PNG, 1)),
    ("What files say of themselves", programs.METADATA),
    ("Lists of archives and mails", programs.listing(Way.ZIP)),
    ("Clean copies", programs.clean(kinds.PDF)),
)
"""What an officer can do, and the program that it takes."""


@dataclass(frozen=True)
class Readiness:
    """One part of safe viewing: whether it works, and the sentence that says so or names the mend."""

    works: bool
    sentence: str


def examine() -> tuple[Readiness, ...]:
    """Every part, the sandbox first: without it none of the others is used."""
    return (_sandbox(), *(_program(title, program) for title, program in PARTS))


def _sandbox() -> Readiness:
    try:
        room.check()
    except RoomError as error:
        return Readiness(works=False, sentence=str(error))
    return Readiness(works=True, sentence="The sandbox in which files are looked at works.")


def _program(title: str, program: Program) -> Readiness:
    if program.installed:
        return Readiness(works=True, sentence=f"{title}: the program for it is installed.")
    return Readiness(works=False, sentence=f"{title}: {ViewerMissingError(program.packages)}")
