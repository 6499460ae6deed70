"""What this process asks of the system for itself: files for their owner alone, and no image of its memory.

A codename, a session's key or a plaintext stands in memory for a moment. A crash must not write
it to a disk, whatever the machine does with crashed programs, and no other program of the same
user may look at it. Swap is the machine's business: the operators' pages say how. The command
line calls this first; the worker processes inherit it.
"""

import ctypes
import os
import pwd
import resource
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from source_app.errors import UserError

OWNER_ONLY: Final = 0o077
_PR_SET_DUMPABLE: Final = 4
_M_ARENA_MAX: Final = -8
_ARENAS: Final = 2
_FILES_MAX: Final = 65_536


def keep_to_itself() -> None:
    """From here on, in this process and in all that it starts by forking."""
    os.umask(OWNER_ONLY)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The limit alone does not hold where crashed programs are piped to a collector.
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def open_many_files() -> int:
    """Let this process have as many open files as it may, and give that number.

    Each visitor is one, each upload another; the usual limit of 1,024 is for programs of another kind.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = _FILES_MAX if most == resource.RLIM_INFINITY else min(most, _FILES_MAX)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, most))
    return limit


def share_heaps() -> None:
    """Let hundreds of threads of this process share two heaps.

    By default threads are given heaps of their own, which keep what a slow upload once needed.
    """
    ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)


def become(user: str, folders: Iterable[Path]) -> None:
    """Be this user from here on, for good; the folders are made where they are missing, and given to it.

    For a process that root started. Raises `UserError`: nobody else may become somebody, there is no such
    user, or a folder belongs to another.
    """
    try:
        account = pwd.getpwnam(user)
    except KeyError as error:
        raise UserError(f"There is no user {user} on this machine. Make one first.") from error
    if os.geteuid() == account.pw_uid:
        return
    if os.geteuid() != 0:
        raise UserError("Only root can serve as another user. Leave --user out, or start this as root.")
    for folder in folders:
        _give(folder, account)
    os.setgroups([])
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
    keep_to_itself()  # another user means that the system asks anew


def _give(folder: Path, account: pwd.struct_passwd) -> None:
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
        os.chown(folder, account.pw_uid, account.pw_gid)
    elif folder.stat().st_uid != account.pw_uid:
        raise UserError(f"{folder} belongs to another user. Give it to {account.pw_name}, then start again.")
