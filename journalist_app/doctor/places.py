"""The folders of the station: the vault, the key stick, the sticks that cross the gap, media for backups.

The vault stays locked: what can be seen of it without a key is whose it is, and whether its parts are there.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from crypto import sizes
from journalist_app.doctor.findings import Finding, Grade
from journalist_app.errors import OfficerError
from journalist_app.services.sticks import Media
from journalist_app.settings import Settings
from journalist_app.store.folders import Folders
from journalist_app.store.officers_file import load_roster

LEAST_BYTES: Final = 4 * sizes.GIB
_OTHERS: Final = 0o077


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding on the folders."""
    folders = Folders(settings.vault_dir, settings.key_stick_dir)
    yield vault(folders)
    if settings.vault_dir.is_dir():
        yield private(settings.vault_dir)
        yield room(settings.vault_dir)
    yield key_stick(folders)
    yield media("sticks", settings.stick_dirs, "Put in the stick from the server, or an empty one.")
    if settings.backup_dirs:
        yield media("backups", settings.backup_dirs, "Put in a medium for a backup when it is time for one.")
    else:
        yield Finding(
            "backups",
            Grade.WARNING,
            "No place for backups is set.",
            "Name one under backup_dirs in the settings.",
        )


def newest_file_at(folder: Path) -> datetime | None:
    """When something was last written into a folder."""
    times = [path.lstat().st_mtime for path in folder.rglob("*")] if folder.is_dir() else []
    return datetime.fromtimestamp(max(times), UTC) if times else None


def vault(folders: Folders) -> Finding:
    """Whether a vault is there, with all that it needs."""
    if not folders.vault_dir.is_dir():
        return Finding(
            "vault",
            Grade.WARNING,
            f"There is no {folders.vault_dir}.",
            "The ceremony makes it: `ceremony --help`.",
        )
    try:
        roster = load_roster(folders.officers, folders.vault_id())
    except OfficerError as error:
        return Finding(
            "vault", Grade.BAD, str(error), "Restore the vault from a backup, or end the ceremony."
        )
    database = folders.vault_dir / roster.database
    if not database.is_file() or not database.stat().st_size:
        return Finding(
            "vault", Grade.BAD, f"{database.name} is missing or empty.", "Restore the vault from a backup."
        )
    return Finding(
        "vault", Grade.OK, f"{folders.vault_dir}, locked; it has officers, and its database is there"
    )


def private(folder: Path) -> Finding:
    """Whether all in a folder is its owner's alone."""
    owner = folder.stat().st_uid
    strange = [path for path in (folder, *folder.rglob("*")) if _is_open(path, owner)]
    if os.geteuid() not in (0, owner) or strange:
        said = f"{folder} is another user's, or others may use what is in it."
        return Finding(
            "rights", Grade.BAD, said, f"chown -R and chmod -R go= on {folder}, for the station's user."
        )
    return Finding("rights", Grade.OK, "the vault is its owner's alone")


def room(folder: Path) -> Finding:
    """How much is left for what comes in."""
    free_bytes = shutil.disk_usage(folder).free
    left = f"{free_bytes // sizes.MIB:,} MiB are free"
    if free_bytes < LEAST_BYTES:
        said = f"{left}: a stick can bring more than that."
        return Finding("room", Grade.WARNING, said, "Make room before the next import.")
    return Finding("room", Grade.OK, left)


def key_stick(folders: Folders) -> Finding:
    """Whether the key stick is in, with a file of the right size."""
    if not folders.state.is_file():
        said = f"There is no key file in {folders.key_stick_dir}: nothing can be imported."
        return Finding("key stick", Grade.WARNING, said, "Put in the key stick before an import.")
    if folders.state.stat().st_size != sizes.STATE_FILE:
        said = "The key file has another length than it should."
        return Finding("key stick", Grade.BAD, said, "Put in the other copy, and bring this one up to date.")
    if folders.key_stick_dir.stat().st_dev == folders.vault_dir.stat().st_dev:
        said = "The key file lies on the same disk as the vault: who takes one takes both."
        return Finding("key stick", Grade.WARNING, said, "Name a medium of its own under key_stick_dir.")
    return Finding("key stick", Grade.OK, "in, and on a medium of its own")


def media(check: str, places: tuple[str, ...], mend: str) -> Finding:
    """Which media are in."""
    found = Media(places).paths()
    if not found:
        return Finding(check, Grade.OK, f"none is in. {mend}")
    return Finding(check, Grade.OK, ", ".join(str(path) for path in found))


def _is_open(path: Path, owner: int) -> bool:
    try:
        found = path.lstat()
    except FileNotFoundError:  # something ended meanwhile
        return False
    return bool(stat.S_IMODE(found.st_mode) & _OTHERS) or found.st_uid != owner
