"""How far each sending is: one small file each, in the folder in memory that all workers share.

A file's name is made from a session and an upload id with a secret of this run, so that whoever reads
the folder learns how many are sending, and no more. What was not touched for a day goes, and the oldest where
there are too many.
"""

import json
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from source_app.store.memory_files import forget_older, make_room

KEPT_SECONDS: Final = 24 * 3600
_SWEEP_SECONDS: Final = 600
NOTES_MAX: Final = 4_096
"""Each takes a page of memory, and anybody can begin a sending: they must not fill the folder of the keys."""


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
            make_room(self._folder, NOTES_MAX)
        with suppress(OSError):  # a full memory folder costs the display, never the report
            (self._folder / name).write_text(json.dumps(asdict(standing)))

    def forget(self, name: str) -> None:
        """It has arrived: the log knows it now."""
        (self._folder / name).unlink(missing_ok=True)

    def _sweep(self) -> None:
        now = time.time()
        if now - self._swept_at < _SWEEP_SECONDS:
            return
        self._swept_at = now
        forget_older(self._folder, now - KEPT_SECONDS)
