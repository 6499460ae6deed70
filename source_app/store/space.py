"""Room on the disk: a quarter is for small envelopes, a tenth for unfinished uploads (protocol 1, 10).

So files never shut out a text. What is measured is the file system of the data folder; it is asked again
whenever an upload has grown by some mebibytes, not at every chunk: several that grow at once may go a
little over.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto import sizes
from source_app.errors import NoRoomForFilesError

SMALL_BYTES: Final = 1 * sizes.MIB
LOOK_AGAIN_BYTES: Final = 8 * sizes.MIB
KEPT_FOR_SMALL: Final = 4
"""One part in so many of the disk."""
UNFINISHED: Final = 10
"""One part in so many of the disk is the most that unfinished uploads may hold."""


@dataclass(frozen=True)
class Disk:
    """A file system, in bytes."""

    total_bytes: int
    free_bytes: int


class Room:
    """Says whether a large upload may go on. `look` and the folder of what is arriving are handed in."""

    def __init__(self, incoming: Path, look: Callable[[Path], Disk]) -> None:
        self._incoming = incoming
        self._look = look

    def require_for_files(self) -> None:
        """Raises `NoRoomForFilesError` where only small envelopes may come in."""
        disk = self._look(self._incoming)
        held = sum(size for size in self._sizes() if size > SMALL_BYTES)
        if disk.free_bytes < disk.total_bytes // KEPT_FOR_SMALL or held > disk.total_bytes // UNFINISHED:
            raise NoRoomForFilesError

    def _sizes(self) -> list[int]:
        sizes_bytes = []
        for path in self._incoming.iterdir():
            try:
                sizes_bytes.append(path.stat().st_size)
            except FileNotFoundError:  # it became whole, or was given up, meanwhile
                continue
        return sizes_bytes


def look_at_disk(folder: Path) -> Disk:
    """The file system that a folder lies on."""
    usage = shutil.disk_usage(folder)
    return Disk(usage.total, usage.free)
