"""throttle.json: how often each officer's sign-in went wrong in a row, and when last.

Kept on the disk and read while the vault is shut, so that turning the machine off and on
gives nobody fresh tries. A name that no officer bears is counted like one, or else the wait
would tell which names exist. Of these only the newest are kept, so that they fill no disk, and
never in place of an officer's, so that trying many names gives nobody fresh tries.

Whoever is in a hurry types the passphrase where the name belongs. So no name stands here, only
its SHA-256: a generated passphrase of 90 bits cannot be found again from it.
"""

import hashlib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from crypto import canonical, sizes
from crypto.errors import CanonicalError
from journalist_app.store.folders import write_whole

STRANGERS_MAX: Final = 200
_FILE_MAX: Final = 256 * sizes.KIB


@dataclass(frozen=True)
class Failures:
    """Wrong tries in a row, and the second (since 1970, UTC) of the last."""

    count: int
    last_at: int


def mark_of(name: str) -> str:
    """What stands in the file for a name."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def load_failures(path: Path) -> dict[str, Failures]:
    """Failures by the mark of a name; empty where there is no file, or none that can be read."""
    try:
        value = canonical.parse(path.read_bytes(), max_bytes=_FILE_MAX)
        rows = [canonical.fields(row, {"who": str, "count": int, "last_at": int}) for row in _rows(value)]
    except (OSError, CanonicalError):
        return {}
    return {
        canonical.string(row["who"]): Failures(
            canonical.integer(row["count"]), canonical.integer(row["last_at"])
        )
        for row in rows
    }


def save_failures(path: Path, failures: dict[str, Failures], officers: AbstractSet[str]) -> None:
    """Replace the file with those of `officers`, who are named by their marks, and the newest others."""
    ours = [item for item in failures.items() if item[0] in officers]
    others = [item for item in failures.items() if item[0] not in officers]
    newest = sorted(others, key=lambda item: item[1].last_at)[-STRANGERS_MAX:]
    rows: list[canonical.Value] = [
        {"who": who, "count": entry.count, "last_at": entry.last_at} for who, entry in (*ours, *newest)
    ]
    write_whole(path, canonical.encode({"failures": rows}))


def second_of(instant: datetime) -> int:
    """An instant as whole seconds since 1970."""
    return max(0, int(instant.timestamp()))


def _rows(value: canonical.Object) -> list[canonical.Value]:
    return canonical.array(canonical.fields(value, {"failures": list})["failures"])
