"""The database, and whether it and the folder of envelopes say the same.

Both may change while they are looked at: what came or went meanwhile is no fault.
"""

from collections.abc import Iterator
from pathlib import Path

from source_app.doctor.findings import Finding, bad, ok, warning
from source_app.errors import StorageError
from source_app.store import log
from source_app.store.database import Database, FoundDatabase, versions


def database(found: FoundDatabase) -> Finding:
    """Whether it is whole, and of this version."""
    check = "database"
    restore = "Restore the data folder from a backup."
    try:
        damage = found.damage()
        version, (newest, *earlier) = found.version(), versions()
    except StorageError:
        return bad(check, "It cannot be opened.", "Import the first OUT bundle, or restore it from a backup.")
    if damage:
        return bad(check, "SQLite finds damage in it.", restore)
    if version == newest:
        return ok(check, "whole")
    if version in earlier:
        return warning(check, "It is of an earlier version.", "Any verb but `doctor` brings it up to date.")
    return bad(check, "It is of a later version of CleanDrop.", "Install that version again.")


def examine(data_dir: Path, found: Database, *, serving: bool) -> Iterator[Finding]:
    """Every finding on the envelopes. `serving`: whether reports may come in meanwhile."""
    yield _envelopes(data_dir / "envelopes", found, serving=serving)
    yield _unfinished(data_dir / "incoming", serving=serving)


def _envelopes(folder: Path, found: Database, *, serving: bool) -> Finding:
    check = "envelopes"
    listed = _kept(found)
    files = {path.name: path.stat().st_size for path in folder.iterdir()} if folder.is_dir() else {}
    still = _kept(found)  # what was let go meanwhile is no loss, and what came meanwhile is no stray
    wrong = [name for name, size in listed.items() if name in still and files.get(name) != size]
    stray = files.keys() - still.keys()
    if wrong:
        return bad(
            check,
            f"{len(wrong)} of {len(listed)} are missing, or have another length than they came with.",
            "Restore them from a backup of the data folder, before the next export.",
        )
    if stray and not serving:
        return warning(
            check, f"{len(stray)} are in no list: a crash left them.", "The next `serve` removes them."
        )
    return ok(check, f"{len(listed)}, all there")


def _kept(found: Database) -> dict[str, int]:
    with found.reading() as connection:
        return {object_id.hex(): size for object_id, size in log.kept_sizes(connection).items()}


def _unfinished(folder: Path, *, serving: bool) -> Finding:
    check = "uploads"
    count = len(list(folder.iterdir())) if folder.is_dir() else 0
    if count and not serving:
        return warning(check, f"A crash left {count} unfinished.", "The next `serve` removes them.")
    return ok(check, f"{count} under way" if count else "none under way")
