"""What this process asks of the system for itself: files for their owner alone, and no image of its memory.

A codename, a session's key or a plaintext stands in memory for a moment. A crash must not write
it to a disk, whatever the machine does with crashed programs, and no other program of the same
user may look at it. Swap is the machine's business: the operators' pages say how. The command
line calls this first; the worker processes inherit it.
"""

import ctypes
import os
import resource
from typing import Final

OWNER_ONLY: Final = 0o077
_PR_SET_DUMPABLE: Final = 4
_M_ARENA_MAX: Final = -8
_ARENAS: Final = 2


def keep_to_itself() -> None:
    """From here on, in this process and in all that it starts by forking."""
    os.umask(OWNER_ONLY)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The limit alone does not hold where crashed programs are piped to a collector.
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def share_heaps() -> None:
    """Let hundreds of threads of this process share two heaps.

    By default threads are given heaps of their own, which keep what a slow upload once needed.
    """
    ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
