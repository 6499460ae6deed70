"""The closed room in which gpg works: a bubblewrap sandbox that lives for one use.

Not a runner: this makes the command line, `crypto.openpgp` starts it. In the room there is the
system under /usr, read-only, and a keyring folder in memory that belongs to this use alone. There
is no network, no home folder, no settings file, no environment, and no other process. Keys come
in over open files and never stand in a command line. When gpg ends, or when our own process
does, even killed, the kernel ends its agent with it and forgets the keyring: nothing is left to
clear away. The shell that sets the limits is the room's first process, with which all others end.

gpg writes its machine-readable answers where we read; what it writes for people goes nowhere.
"""

import shlex
from collections.abc import Sequence
from typing import Final

from crypto import sizes

BWRAP: Final = "/usr/bin/bwrap"
GPG: Final = "/usr/bin/gpg"

CPU_SECONDS: Final = 600
OPEN_FILES: Final = 64

_BLOCK: Final = 512  # bytes: the unit in which a shell counts the size of files

Step = Sequence[str]
"""The arguments of one run of gpg: options and file names in the room, never a secret."""

_WALLS: Final = (
    *("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"),
    "--as-pid-1",  # so that bwrap ends after everything in the room, and not a moment before
    *("--cap-drop", "ALL", "--hostname", "room", "--clearenv"),
    *("--setenv", "LC_ALL", "C.UTF-8", "--setenv", "PATH", "/usr/bin"),
    *("--ro-bind", "/usr", "/usr"),
    *("--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"),
    *("--dev", "/dev", "--remount-ro", "/dev"),
    *("--perms", "0700", "--size", str(sizes.GPG_KEYRING_MAX), "--tmpfs", "/keyring"),
    *("--dir", "/keys"),
)
_OPTIONS: Final = (
    *("--homedir", "/keyring", "--no-options", "--no-random-seed-file", "--no-permission-warning"),
    *("--batch", "--no-tty", "--quiet", "--no-verbose", "--no-greeting", "--pinentry-mode", "error"),
    *("--disable-dirmngr", "--no-auto-key-retrieve", "--no-auto-key-locate", "--no-auto-check-trustdb"),
    *("--trust-model", "always", "--weak-digest", "SHA1", "--weak-digest", "RIPEMD160"),
    *("--display-charset", "utf-8", "--fixed-list-mode", "--with-colons", "--no-symkey-cache"),
)
_LIMITS: Final = "; ".join(
    (
        "ulimit -c 0",
        f"ulimit -t {CPU_SECONDS}",
        f"ulimit -v {sizes.GPG_MEMORY_MAX // sizes.KIB}",
        f"ulimit -f {sizes.GPG_KEYRING_MAX // _BLOCK}",
        f"ulimit -n {OPEN_FILES}",
    )
)


def command(before: Sequence[Step], step: Step, after: Sequence[Step], keys: Sequence[int]) -> list[str]:
    """The command line that runs gpg's steps in a new room.

    `step` gets standard input and tells its status; the steps before and after it get none and
    tell nothing, and the first that fails ends the room. `keys` are open files, which stand in
    the room as /keys/0, /keys/1 … All arguments are our own words or checked fingerprints.
    """
    files = [part for number, fd in enumerate(keys) for part in ("--file", str(fd), f"/keys/{number}")]
    lines = [
        *(_line(one) + " </dev/null" for one in before),
        _line(("--status-fd", "3", *step)),
        *(_line(one) + " </dev/null 3>&-" for one in after),
    ]
    script = f"{_LIMITS}; exec 3>&2 2>/dev/null; " + " && ".join(lines) + "; exit $?"
    return [BWRAP, *_WALLS, *files, "--remount-ro", "/", "--chdir", "/keyring", "--", "/bin/sh", "-c", script]


def _line(step: Step) -> str:
    return shlex.join((GPG, *_OPTIONS, *step))
