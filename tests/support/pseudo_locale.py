"""A language that nobody speaks, for tests: every text of the source pages in brackets, and right to left.

It goes under the tag of Arabic, because its direction comes with it. What stands on a page outside the
brackets was written past the catalogues.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from source_app.languages import CATALOGUES

TAG = "ar"
BEGIN, END = "⟦", "⟧"


def write_pseudo_locale(folder: Path) -> Path:
    """A folder of catalogues that holds this language alone."""
    with (CATALOGUES / "ko" / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale=TAG)
    for message in catalogue:
        if message.id:
            message.string = f"{BEGIN}{message.id}{END}"
    target = folder / TAG / "LC_MESSAGES"
    target.mkdir(parents=True)
    with (target / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    return folder
