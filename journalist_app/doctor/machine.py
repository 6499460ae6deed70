"""The system that the station runs on: no network, no swap on a disk, a clock that can be right.

Each check judges what the system says, which `examine` reads.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from journalist_app.doctor.findings import Finding, Grade

_INTERFACES: Final = Path("/sys/class/net")
_SWAPS: Final = Path("/proc/swaps")
_SUID_DUMPABLE: Final = Path("/proc/sys/fs/suid_dumpable")
_IN_MEMORY: Final = "/dev/zram"
_LOOPBACK: Final = "lo"


def examine(now: datetime, newest_file_at: datetime | None) -> Iterator[Finding]:
    """Every finding on the machine. `newest_file_at`: when something was last written into the vault."""
    yield user(os.geteuid())
    yield network({path.name: _read(path / "operstate") for path in _INTERFACES.iterdir()})
    yield swap(_read(_SWAPS))
    yield dumps(_read(_SUID_DUMPABLE))
    yield clock(now, newest_file_at)


def user(uid: int) -> Finding:
    """Who looks."""
    if uid == 0:
        said = "Root looks, and may run the station: then what a hostile file does wrong, it does as root."
        return Finding("user", Grade.WARNING, said, "Run the station as a user of its own.")
    return Finding("user", Grade.OK, "not root")


def network(interfaces: Mapping[str, str]) -> Finding:
    """By the state of each network interface, as the system names it."""
    live = sorted(name for name, state in interfaces.items() if name != _LOOPBACK and state != "down")
    if live:
        said = f"This machine can reach a network, or be reached: {', '.join(live)}."
        return Finding(
            "network",
            Grade.BAD,
            said,
            "The station never meets one: take its cards and drivers out.",
        )
    return Finding("network", Grade.OK, "none")


def swap(swaps: str) -> Finding:
    """By the text of /proc/swaps."""
    used = [line.split()[0] for line in swaps.splitlines()[1:] if line.strip()]
    if all(name.startswith(_IN_MEMORY) for name in used):
        return Finding("swap", Grade.OK, "none on a disk")
    return Finding(
        "swap",
        Grade.BAD,
        "What stands in memory, keys and reports among it, may be written to a disk in clear.",
        "swapoff -a, and take swap out of /etc/fstab.",
    )


def dumps(suid_dumpable: str) -> Finding:
    """By the text of /proc/sys/fs/suid_dumpable. Our own processes forbid images of themselves."""
    if suid_dumpable.strip() == "1":
        said = "This system writes images of programs that have changed their user."
        return Finding("core dumps", Grade.WARNING, said, "sysctl fs.suid_dumpable=0")
    return Finding("core dumps", Grade.OK, "our processes leave none")


def clock(now: datetime, newest_file_at: datetime | None) -> Finding:
    """Against what was last written here: nothing else on this machine knows the day."""
    if newest_file_at is not None and newest_file_at > now:
        return Finding(
            "clock",
            Grade.BAD,
            f"It shows {now:%Y-%m-%d}, and something was written here on {newest_file_at:%Y-%m-%d}.",
            "Look at another clock and set this one: `cleandrop-officer clock --help`.",
        )
    return Finding("clock", Grade.OK, f"shows {now:%Y-%m-%d}; compare it with another one")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError:
        return ""
