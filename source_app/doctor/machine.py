"""The system that this server runs on: its clock, its swap, what becomes of crashed programs.

Each check judges what the system says, which `examine` reads.
"""

import ctypes
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from source_app.doctor.findings import Finding, bad, ok, warning

_SWAPS: Final = Path("/proc/swaps")
_SUID_DUMPABLE: Final = Path("/proc/sys/fs/suid_dumpable")
_IN_MEMORY: Final = "/dev/zram"
_TIMEX_BYTES: Final = 1_024
"""More than the structure that the system fills; its first field, 0, asks it to change nothing."""
_UNSYNCHRONISED: Final = 5


def examine() -> Iterator[Finding]:
    """Every finding on the machine."""
    yield user(os.geteuid())
    yield swap(_SWAPS.read_text("utf-8"))
    yield dumps(_SUID_DUMPABLE.read_text("utf-8"))
    yield clock(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)))


def user(uid: int) -> Finding:
    """Who looks."""
    if uid == 0:
        return warning(
            "user", "Root looks, who may read everything.", "Look as the user that serves: sudo -u NAME …"
        )
    return ok("user", "not root")


def swap(swaps: str) -> Finding:
    """By the text of /proc/swaps."""
    used = [line.split()[0] for line in swaps.splitlines()[1:] if line.strip()]
    if all(name.startswith(_IN_MEMORY) for name in used):
        return ok("swap", "none on a disk")
    return warning(
        "swap",
        "What stands in memory, codenames among it, may be written to a disk.",
        "swapoff -a, and take swap out of /etc/fstab; or be sure that it is encrypted with a key of its own.",
    )


def dumps(suid_dumpable: str) -> Finding:
    """By the text of /proc/sys/fs/suid_dumpable. Our own processes forbid images of themselves."""
    if suid_dumpable.strip() == "1":
        return warning(
            "core dumps",
            "This system writes images of programs that have changed their user.",
            "sysctl fs.suid_dumpable=0",
        )
    return ok("core dumps", "our processes leave none")


def clock(state: int) -> Finding:
    """By what adjtimex(2) answers."""
    if state == _UNSYNCHRONISED:
        return warning(
            "clock",
            "Nothing keeps this machine's clock right; keys are chosen by it.",
            "Let a time service run (systemd-timesyncd, chrony), and compare the date with your own.",
        )
    if state < 0:
        return bad("clock", "The system does not say how its clock stands.", "Look at `date` yourself.")
    return ok("clock", "kept right by the system")
