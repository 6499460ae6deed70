"""Small secret files: made once, 0600, whole or not at all, whoever comes first.

The server's signing key lies in the data folder, the secrets of sessions in the run folder,
which is memory. Several processes may start at once: the first to link its file wins and the
others read it.
"""

import os
import secrets
from pathlib import Path

from source_app.errors import StorageError


def load_or_make(path: Path, n_bytes: int) -> bytes:
    """The `n_bytes` secret bytes in a file, which is made when it is not there.

    Raises `StorageError` when what is there has another length.
    """
    if not path.exists():
        _make(path, secrets.token_bytes(n_bytes))
    data = path.read_bytes()
    if len(data) != n_bytes:
        raise StorageError(f"{path} does not hold what it should. Restore it from a backup.")
    return data


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` in place of what the file holds, in one step."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        _write(unfinished, data)
        unfinished.rename(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _make(path: Path, data: bytes) -> None:
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    _write(unfinished, data)
    try:
        os.link(unfinished, path)  # fails, instead of overwriting, where another was first
    except FileExistsError:
        return
    finally:
        unfinished.unlink()


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
