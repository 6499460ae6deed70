"""How far each sending is: one small file each, in the folder in memory that all workers share.

A file's name is made from a session and an upload id with a secret of this run, so that whoever reads
the folder learns how many are sending, and no more. What was not touched for a day goes, and the oldest where
there are too many.
"""

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

KEPT_SECONDS: Final = 24 * 3600
_SWEEP_SECONDS: Final = 600
NOTES_MAX: Final = 4_096
"""Each takes a page of memory, and anybody can begin a sending: they must not fill the folder of the keys."""
_MAKE_ROOM: Final = NOTES_MAX // 4


@dataclass(frozen=True)
class Standing:
    """Bytes that arrived, of how many; `refused` is the name of the error, or empty."""

    received_bytes: int
    total_bytes: int
    refused: str = ""


class ProgressFiles:
    """The folder."""

    def __init__(self, run_dir: Path) -> None:
        self._folder = run_dir / "progress"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._swept_at = 0.0

    def read(self, name: str) -> Standing | None:
        """How far it is, or None where nothing is known."""
        try:
            return Standing(**json.loads((self._folder / name).read_text()))
        except (FileNotFoundError, ValueError, TypeError):  # a reader may come while it is written
            return None

    def write(self, name: str, standing: Standing) -> None:
        """Note how far it is. Memory alone holds it, so nothing is synced."""
        self._sweep()
        if not (self._folder / name).exists():
            self._make_room()
        with suppress(OSError):  # a full memory folder costs the display, never the report
            (self._folder / name).write_text(json.dumps(asdict(standing)))

    def forget(self, name: str) -> None:
        """It has arrived: the log knows it now."""
        (self._folder / name).unlink(missing_ok=True)

    def _make_room(self) -> None:
        """Where there are as many as may be, the oldest go: what still arrives is written again and again."""
        notes = list(os.scandir(self._folder))
        if len(notes) >= NOTES_MAX:
            for note in sorted(notes, key=_written_at)[:_MAKE_ROOM]:
                with suppress(FileNotFoundError):
                    Path(note).unlink()

    def _sweep(self) -> None:
        now = time.time()
        if now - self._swept_at < _SWEEP_SECONDS:
            return
        self._swept_at = now
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                if now - path.stat().st_mtime > KEPT_SECONDS:
                    path.unlink()


def _written_at(note: "os.DirEntry[str]") -> float:
    try:
        return note.stat().st_mtime
    except FileNotFoundError:  # another process took it
        return 0.0
