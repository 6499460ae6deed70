"""Sealed envelopes as files: `incoming/` while they arrive, `envelopes/` once they are whole.

A file is written, synced, renamed, and the folder of its new name synced; only then does a service
write its row. So a crash leaves at worst a file without a row, which `sweep` removes at the next
start, before anybody can be sending. A name in `incoming/` begins with the window it is sealed
for, so that an export can count what is still arriving. Whoever writes it holds its lock: when a
worker dies among others, `sweep_broken` knows what it left by the lock that nobody holds.

Once its row is written a file is read-only: a receipt may have been shown. So a file without a row that is
read-only was entered into another database than the one that is here, and is never swept.
"""

import fcntl
import os
import secrets
import stat
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from crypto import sizes
from crypto.envelope import ObjectId
from source_app.errors import StorageError
from source_app.store.space import LOOK_AGAIN_BYTES, SMALL_BYTES, Disk, Room, look_at_disk

_ENTERED: Final = 0o400
_WRITEBACK_BYTES: Final = 8 * sizes.MIB


class IncomingFile:
    """One envelope while it arrives."""

    def __init__(self, path: Path, envelopes: Path, room: Room) -> None:
        self._path = path
        self._envelopes = envelopes
        self._room = room
        self._size_bytes = 0
        self._looked_at_bytes = SMALL_BYTES - LOOK_AGAIN_BYTES
        # sealed chunks come large; a buffer for each of a thousand slow uploads would fill the memory
        self._file = path.open("xb", buffering=0)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._since_writeback_bytes = 0

    def write(self, data: bytes) -> None:
        """The next sealed bytes. Raises `NoRoomForFilesError` where a large one has no room."""
        self._size_bytes += len(data)
        if self._size_bytes > self._looked_at_bytes + LOOK_AGAIN_BYTES:
            self._looked_at_bytes = self._size_bytes
            self._room.require_for_files()
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._since_writeback_bytes += len(data)
        if self._since_writeback_bytes >= _WRITEBACK_BYTES:
            self._start_writeback()

    def keep(self, object_id: ObjectId) -> None:
        """Make it durable under its name."""
        os.fsync(self._file.fileno())
        self._file.close()
        self._path.rename(self._envelopes / object_id.hex())
        _sync_folder(self._envelopes)  # a name that stays in `incoming/` too is swept at the next start

    def discard(self) -> None:
        """Remove it, wherever it got to. May be called twice."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _start_writeback(self) -> None:
        """Let the disk begin while more arrives: the sync at the end has little left to wait for."""
        os.posix_fadvise(self._file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        self._since_writeback_bytes = 0


class EnvelopeStore:
    """The two folders."""

    def __init__(self, data_dir: Path, look: Callable[[Path], Disk] = look_at_disk) -> None:
        self._incoming = data_dir / "incoming"
        self._envelopes = data_dir / "envelopes"
        for folder in (self._incoming, self._envelopes):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._room = Room(self._incoming, look)

    def holds_any(self) -> bool:
        """Whether a whole envelope lies here."""
        return any(True for _ in self._envelopes.iterdir())

    def begin(self, window: int) -> IncomingFile:
        """A file for an envelope that begins to arrive."""
        return IncomingFile(self._incoming / f"{window}-{secrets.token_hex(16)}", self._envelopes, self._room)

    def arriving_by_window(self) -> dict[int, int]:
        """How many envelopes are arriving now, for each window."""
        return dict(Counter(int(path.name.partition("-")[0]) for path in self._incoming.iterdir()))

    def mark_entered(self, object_id: ObjectId) -> None:
        """From now on only the row lets it go."""
        (self._envelopes / object_id.hex()).chmod(_ENTERED)

    def open(self, object_id: ObjectId) -> BinaryIO:
        """A stored envelope, to read."""
        return (self._envelopes / object_id.hex()).open("rb")

    def remove(self, object_ids: Iterable[bytes]) -> None:
        """Remove stored envelopes; one that is gone already is no error."""
        for object_id in object_ids:
            (self._envelopes / object_id.hex()).unlink(missing_ok=True)
        _sync_folder(self._envelopes)

    def sweep_broken(self) -> None:
        """Remove what arrived for a process that is gone, while others may be receiving."""
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()

    def sweep(self, kept: set[bytes], let_go: set[bytes]) -> None:
        """Remove what a crash left: everything in `incoming/`, and files that no row of `kept` names.

        `let_go`: those whose rows say that they may go. Raises `StorageError`, before anything is removed,
        for files that were entered into another database.
        """
        names, gone = ({object_id.hex() for object_id in ids} for ids in (kept, let_go))
        strays = [path for path in self._envelopes.iterdir() if path.name not in names]
        foreign = [path for path in strays if path.name not in gone and _is_entered(path)]
        if foreign:
            raise StorageError(
                f"{len(foreign)} sealed reports in {self._envelopes} are not in the database: it is another "
                "or an older one than theirs. Nothing was removed. Bring back the one that belongs to them."
            )
        for path in (*self._incoming.iterdir(), *strays):
            path.unlink()
        for path in self._envelopes.iterdir():
            if not path.is_symlink() and not _is_entered(path):
                path.chmod(_ENTERED)


def _is_entered(path: Path) -> bool:
    return not path.stat(follow_symlinks=False).st_mode & stat.S_IWUSR


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
