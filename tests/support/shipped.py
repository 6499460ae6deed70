"""The packs as they are shipped, each read once."""

from functools import cache
from pathlib import Path
from typing import Final

import cases
from cases.packs import folder, reading
from cases.packs.pack import Pack

FOLDER: Final = Path(cases.__file__).parent / "jurisdictions"


@cache
def shipped(name: str) -> Pack:
    """The pack of that name. Raises `PackError` when it has errors."""
    return reading.load(folder.files_of(FOLDER / name))
