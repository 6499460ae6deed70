"""The two folders: whose they are, who else may read them, and how much room is left.

All in them is for the user that serves, and for nobody else.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from crypto import sizes
from source_app.doctor.findings import Finding, bad, ok, warning
from source_app.process import OWNER_ONLY
from source_app.settings import SourceSettings
from source_app.store.space import KEPT_FOR_SMALL, Disk, look_at_disk

LEAST_BYTES: Final = 64 * sizes.MIB


def examine(settings: SourceSettings) -> Iterator[Finding]:
    """Every finding on the folders."""
    if not settings.data_dir.is_dir():
        yield bad(
            "data folder",
            f"There is no {settings.data_dir}.",
            "It is made when the site is served, or by `import`.",
        )
        return
    yield kept_private("data folder", settings.data_dir)
    if settings.run_dir.is_dir():
        yield kept_private("run folder", settings.run_dir)
    else:
        yield ok("run folder", "is made when the site is served")
    yield room(look_at_disk(settings.data_dir))


def may_look_into(folder: Path) -> bool:
    """Whether it is there, and ours."""
    return folder.is_dir() and os.geteuid() in (0, folder.stat().st_uid)


def kept_private(check: str, folder: Path) -> Finding:
    """Whether all in a folder is its owner's alone."""
    owner = folder.stat().st_uid
    if not may_look_into(folder):
        return bad(check, f"{folder} is not yours.", "Look as the user that serves: sudo -u NAME …")
    strange = [path for path in (folder, *folder.rglob("*")) if _is_open(path, owner)]
    if strange:
        first = strange[0]
        count = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
        return bad(
            check,
            f"Others may use {first}{count}.",
            f"chown -R and chmod -R go= on {folder}, for the user that serves.",
        )
    return ok(check, f"{folder}, its owner's alone")


def room(disk: Disk) -> Finding:
    """How much is left, by the shares of protocol 1, section 10."""
    left = f"{disk.free_bytes // sizes.MIB:,} of {disk.total_bytes // sizes.MIB:,} MiB are free"
    if disk.free_bytes < LEAST_BYTES:
        return bad("room", f"{left}: reports are about to be refused.", "Make room, or carry what waits.")
    if disk.free_bytes < disk.total_bytes // KEPT_FOR_SMALL:
        return warning(
            "room",
            f"{left}: files are refused, texts are taken.",
            "Make room, or carry what waits.",
        )
    return ok("room", left)


def _is_open(path: Path, owner: int) -> bool:
    try:
        found = path.lstat()
    except FileNotFoundError:  # an upload ended meanwhile
        return False
    return bool(stat.S_IMODE(found.st_mode) & OWNER_ONLY) or found.st_uid != owner
