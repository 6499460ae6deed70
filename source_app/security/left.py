"""The sessions that were left, in memory: a cookie of theirs is refused, wherever a copy of it is.

A file each, named by the session, in a folder that all workers share. It stays for as long as a
sending may take that began in the session, whose answer would bring it back. Anybody can begin
sessions and leave them, so those in which nothing was sent or opened have a folder of their own,
in which they crowd out each other alone.
"""

from pathlib import Path
from typing import Final

from source_app.clock import Clock
from source_app.security.body import LIFE_SECONDS
from source_app.store.memory_files import forget_older, make_room

LEFT_MAX: Final = 65_536
"""Each of these cost its visitor a key derivation."""
LEFT_EMPTY_MAX: Final = 4_096


class LeftSessions:
    """The two folders."""

    def __init__(self, run_dir: Path, clock: Clock) -> None:
        self._folders = {run_dir / "left": LEFT_MAX, run_dir / "left-empty": LEFT_EMPTY_MAX}
        for folder in self._folders:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._clock = clock

    def add(self, session_id: str, *, is_empty: bool) -> None:
        """Let no cookie of this session be good any more. `is_empty`: nothing was sent or opened in it."""
        folder, at_most = list(self._folders.items())[is_empty]
        forget_older(folder, self._clock().timestamp() - LIFE_SECONDS)
        make_room(folder, at_most)
        (folder / session_id).touch(mode=0o600)

    def has(self, session_id: str) -> bool:
        """Whether somebody left this session."""
        return any((folder / session_id).exists() for folder in self._folders)
