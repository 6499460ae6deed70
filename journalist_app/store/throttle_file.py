"""throttle.json: how often each officer's sign-in went wrong in a row, and when last.

Kept on the disk and read while the vault is shut, so that turning the machine off and on
gives nobody fresh tries. A name that no officer bears is counted like one, or else the wait
would tell which names exist; only the newest such names are kept.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from crypto import canonical, sizes
from crypto.errors import CanonicalError
from journalist_app.store.folders import write_whole

_NAMES_MAX: Final = 200
_FILE_MAX: Final = 256 * sizes.KIB


@dataclass(frozen=True)
class Failures:
    """Wrong tries in a row, and the second (since 1970, UTC) of the last."""

    count: int
    last_at: int


def load_failures(path: Path) -> dict[str, Failures]:
    """Failures by name; empty where there is no file, or none that can be read."""
    try:
        value = canonical.parse(path.read_bytes(), max_bytes=_FILE_MAX)
        rows = [canonical.fields(row, {"name": str, "count": int, "last_at": int}) for row in _rows(value)]
    except (OSError, CanonicalError):
        return {}
    return {
        canonical.string(row["name"]): Failures(
            canonical.integer(row["count"]), canonical.integer(row["last_at"])
        )
        for row in rows
    }


def save_failures(path: Path, failures: dict[str, Failures]) -> None:
    """Replace the file with the newest of `failures`."""
    newest = sorted(failures.items(), key=lambda item: item[1].last_at)[-_NAMES_MAX:]
    rows: list[canonical.Value] = [
        {"name": name, "count": entry.count, "last_at": entry.last_at} for name, entry in newest
    ]
    write_whole(path, canonical.encode({"failures": rows}))


def second_of(instant: datetime) -> int:
    """An instant as whole seconds since 1970."""
    return max(0, int(instant.timestamp()))


def _rows(value: canonical.Object) -> list[canonical.Value]:
    return canonical.array(canonical.fields(value, {"failures": list})["failures"])
