"""The folders in memory that anybody can make files in: they stay small, whoever comes.

Each file takes about a page of memory, and the same memory holds the ticket keys of all sessions.
"""

import os
from contextlib import suppress
from pathlib import Path


def make_room(folder: Path, at_most: int) -> None:
    """Where a folder holds `at_most` files already, its oldest quarter goes."""
    files = list(os.scandir(folder))
    if len(files) >= at_most:
        for file in sorted(files, key=_written_at)[: max(1, at_most // 4)]:
            with suppress(FileNotFoundError):
                Path(file).unlink()


def forget_older(folder: Path, moment: float) -> None:
    """Remove what was last written before `moment`, in seconds since 1970."""
    for file in os.scandir(folder):
        if _written_at(file) < moment:
            Path(file).unlink(missing_ok=True)


def _written_at(file: "os.DirEntry[str]") -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:  # another process took it
        return 0.0
