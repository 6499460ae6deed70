"""A file that an officer asked for: it stands under its name whole or not at all, and over no other.

Made for what leaves the vault on purpose, in a folder that the officer named. Until it is complete
it has no name, so that nothing of it is left when the program is killed or the power goes. A file
system that knows no such files, as on most sticks, gives it a hidden name meanwhile. Only its
owner may read it.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from journalist_app.store.folders import sync_file, sync_folder

_OWNER_ONLY: Final = 0o600
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
_NAMELESS: Final = os.O_WRONLY | os.O_TMPFILE


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Write into this; at the end it is at `path`, and after any error nowhere.

    Raises `FileExistsError` where something has that name, and other kinds of `OSError`.
    """
    if path.is_symlink() or path.exists():
        raise FileExistsError(path)
    with _nameless(path) or _hidden(path) as file:
        yield file
    sync_folder(path.parent)


def _nameless(path: Path) -> AbstractContextManager[BinaryIO] | None:
    try:
        return _named_at_the_end(os.open(path.parent, _NAMELESS, _OWNER_ONLY), path)
    except OSError:
        return None


@contextmanager
def _named_at_the_end(descriptor: int, path: Path) -> Iterator[BinaryIO]:
    with os.fdopen(descriptor, "wb") as file:
        yield file
        sync_file(file)
        # Named from the folder of our open files, or else the link itself would get the name.
        files = os.open("/proc/self/fd", os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.link(str(descriptor), path, src_dir_fd=files)
        finally:
            os.close(files)


@contextmanager
def _hidden(path: Path) -> Iterator[BinaryIO]:
    unfinished = path.with_name(f".cleandrop-{secrets.token_hex(8)}")
    with os.fdopen(os.open(unfinished, _NEW, _OWNER_ONLY), "wb") as file:
        try:
            yield file
            sync_file(file)
            os.close(os.open(path, _NEW, _OWNER_ONLY))  # takes the name, if nobody took it meanwhile
            unfinished.rename(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
