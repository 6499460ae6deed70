"""Tells a source how far their sending is, while the browser that sends it shows nothing.

A browser shows no answer before it has sent everything, so a second, small page asks here. Numbers lie
in memory alone. That something has arrived is asked of the log, which also knows it after a restart.
"""

import time
from collections.abc import Callable
from typing import Final, Protocol

from source_app.store.progress_files import ProgressFiles, Standing

NOTE_SECONDS: Final = 0.5


class Counted(Protocol):
    """A body that knows how much of it came: `security.body.CountedBody`."""

    length: int
    remaining: int


class Progress:
    """The progress of one sending, noted at most twice a second. Nothing is noted before `begin`."""

    def __init__(self, files: ProgressFiles, body: Counted, name_of: Callable[[str], str]) -> None:
        """`name_of`: the name of the note of an upload id, for this session."""
        self._files = files
        self._body = body
        self._name_of = name_of
        self._name = ""
        self._noted_at = 0.0

    def begin(self, upload_id: str) -> None:
        """From here on the source can see it."""
        self._name = self._name_of(upload_id)
        self._note("")

    def tick(self) -> None:
        """More has arrived."""
        if self._name and time.monotonic() - self._noted_at >= NOTE_SECONDS:
            self._note("")

    def refused(self, kind: str) -> None:
        """It was refused, by the error of this name."""
        if self._name:
            self._note(kind)

    def arrived(self) -> None:
        """It is in the log."""
        if self._name:
            self._files.forget(self._name)

    def _note(self, refused: str) -> None:
        self._noted_at = time.monotonic()
        total = self._body.length
        self._files.write(self._name, Standing(total - self._body.remaining, total, refused))
