"""Where an archive stands on a medium: a name that tells a day and a number, and reading it back.

The name says nothing of the case, and nothing of this program: whoever finds the medium reads it. Written
with `store.new_file`.
"""

import hashlib
import os
from pathlib import Path
from typing import Final

from crypto import sizes

_PIECE: Final = 1 * sizes.MIB
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def free_path(medium: Path, day: str) -> Path:
    """The next name of this day that nothing on the medium has."""
    number = 1
    while (path := medium / f"archive-{day}-{number}.age").exists() or path.is_symlink():
        number += 1
    return path


def read_back(path: Path) -> bytes:
    """The SHA-256 of a file as the medium gives it. Raises `OSError`."""
    hashed = hashlib.sha256()
    with os.fdopen(os.open(path, _READ), "rb") as file:
        # what the machine still remembers of the file says nothing about the medium
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(_PIECE):
            hashed.update(piece)
    return hashed.digest()
