"""A file that an officer asked for: it stands under its name whole or not at all, and over no other.

Made for what leaves the vault on purpose, in a folder that the officer named. Until it is
complete it has a hidden name of its own; only its owner may read it.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from journalist_app.store.folders import sync_file, sync_folder

_OWNER_ONLY: Final = 0o600
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Write into this; at the end it is at `path`, and after any error nowhere.

    Raises `FileExistsError` where something has that name, and other kinds of `OSError`.
    """
    if path.is_symlink() or path.exists():
        raise FileExistsError(path)
    unfinished = path.with_name(f".cleandrop-{secrets.token_hex(8)}")
    with os.fdopen(os.open(unfinished, _NEW, _OWNER_ONLY), "wb") as file:
        try:
            yield file
            sync_file(file)
            os.close(os.open(path, _NEW, _OWNER_ONLY))  # takes the name, if nobody took it meanwhile
            unfinished.rename(path)
            sync_folder(path.parent)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
