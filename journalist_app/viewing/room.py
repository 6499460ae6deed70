"""The closed room in which a stranger's file is read: a bubblewrap sandbox that lives for one use.

In the room there is the system under /usr, read-only, and a small folder in memory. There is no network, no
home, no vault, no environment, no process but its own. The file comes in as standard input, a sealed file in
memory; what comes out is counted, timed, and judged by others (`pixels`, `reports`). No name or word of a
stranger is an argument. When the room ends, or our own process does, the kernel ends all that is in it.

Where bubblewrap is missing, or the system does not let it build its walls, nothing runs: no setting and no
argument turns the room off. docs/adr/0011-safe-viewing.md says what each wall and number is for.
"""

import fcntl
import os
import select
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from typing import Any, Final, NewType

from crypto.sizes import GIB, MIB
from journalist_app.errors import DrawingError, RoomError, ViewerMissingError
from journalist_app.viewing import syscalls

Sealed = NewType("Sealed", int)
"""An open file in memory that nobody can change any more."""

BWRAP: Final = "/usr/bin/bwrap"
OWN_USER: Final = 61_103
"""Who runs the room where the app is root: a number that no account has (systemd leaves 60578 to 61183 free).
The limits of processes do not hold for root."""

FOLDER_BYTES: Final = 512 * MIB
PROCESS_BYTES: Final = 2 * GIB
PROCESSES: Final = 64
OPEN_FILES: Final = 256
PROBE_SECONDS: Final = 10

_PIECE: Final = 64 * 1024
_OWN: Final = "/tmp"  # noqa: S108 - the room's own, in memory; LibreOffice insists on the name
_SHARED: Final = "/dev/shm"  # noqa: S108 - likewise
_SEALS: Final = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
_READ_ONLY: Final = (
    *("/etc/ld.so.cache", "/etc/alternatives", "/etc/mime.types"),
    *("/etc/fonts", "/var/cache/fontconfig", "/etc/ImageMagick-6", "/etc/ImageMagick-7", "/etc/libreoffice"),
)
_FIRST_KILLED: Final = ("/usr/bin/choom", "-n", "1000", "--")  # when memory gets short, and nobody before
_WALLS: Final = (
    *("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"),
    *("--uid", str(OWN_USER), "--gid", str(OWN_USER), "--cap-drop", "ALL", "--hostname", "room"),
    *(
        "--clearenv",
        "--setenv",
        "PATH",
        "/usr/bin",
        "--setenv",
        "LC_ALL",
        "C.UTF-8",
        "--setenv",
        "HOME",
        _OWN,
    ),
    *("--ro-bind", "/usr", "/usr"),
    *("--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"),
    *(part for path in _READ_ONLY for part in ("--ro-bind-try", path, path)),
    *("--dev", "/dev", "--size", str(MIB), "--tmpfs", _SHARED, "--remount-ro", "/dev"),
    *("--perms", "0700", "--size", str(FOLDER_BYTES), "--tmpfs", _OWN),
)
_LIMITS: Final = (
    *("/usr/bin/prlimit", "--core=0", f"--as={PROCESS_BYTES}", f"--fsize={FOLDER_BYTES}"),
    *(f"--nofile={OPEN_FILES}", f"--nproc={PROCESSES}"),
)


@dataclass(frozen=True)
class Program:
    """What runs in a room: its command, which holds our own words alone, and Debian's packages with it.

    `needs` is the program's own file, where the command begins with a shell.
    `seconds` on the clock, and as many of a processor for each process; `output_max` in bytes. `sees_itself`:
    it asks the system about its own process, and gets a /proc with the room's processes.
    """

    command: tuple[str, ...]
    packages: str
    seconds: int
    output_max: int
    sees_itself: bool = False
    needs: str = ""

    @property
    def installed(self) -> bool:
        """Whether the program is there."""
        return Path(self.needs or self.command[0]).exists()


_PROBE: Final = Program(("/usr/bin/true",), "coreutils", PROBE_SECONDS, 0)


@contextmanager
def sealed(pieces: Iterable[bytes]) -> Iterator[Sealed]:
    """A file in memory that holds `pieces` and cannot be changed. Raises what `pieces` raise."""
    file = os.memfd_create("file", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        with os.fdopen(file, "wb", closefd=False) as writer:
            writer.writelines(pieces)
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, _SEALS)
        yield Sealed(file)
    finally:
        os.close(file)


def run(program: Program, file: Sealed) -> bytes:
    """What the program says of the file on standard output.

    Raises `ViewerMissingError` where the program is not installed, `RoomError` where there can be no room,
    and `DrawingError` where the program fails, takes too long or says too much.
    """
    if not program.installed:
        raise ViewerMissingError(program.packages)
    status, output = _outcome(program, file)
    if status != 0:
        check()  # was it the file, or the room?
        raise DrawingError("The program that draws such files gave up on this one: it is damaged or locked.")
    return output


def check() -> None:
    """Raise `RoomError` unless a room can be built on this machine now."""
    try:
        with sealed(()) as nothing:
            status, _ = _outcome(_PROBE, nothing)
    except DrawingError as error:
        raise RoomError from error
    if status != 0:
        raise RoomError


def _outcome(program: Program, file: Sealed) -> tuple[int, bytes]:
    """The exit status of one use of a room, and its output."""
    until = time.monotonic() + program.seconds
    os.lseek(file, 0, os.SEEK_SET)
    with syscalls.filter_file() as doors:
        try:
            process = Popen(  # noqa: S603 - our own words
                _line(program, doors),
                stdin=file,
                stdout=PIPE,
                stderr=DEVNULL,
                env={},
                cwd="/",
                pass_fds=(doors,),
                **_somebody_else(),
            )
        except OSError as error:
            raise RoomError from error
    with process:
        try:
            output = _take(process, program.output_max, until)
            return process.wait(max(until - time.monotonic(), 1)), output
        except TimeoutExpired:
            raise DrawingError(_too_long(program)) from None
        finally:
            process.kill()


def _line(program: Program, doors: int) -> list[str]:
    own_processes = ("--proc", "/proc") if program.sees_itself else ()
    walls = (*_WALLS, *own_processes, "--seccomp", str(doors), "--remount-ro", "/", "--chdir", _OWN)
    limits = (*_LIMITS, f"--cpu={program.seconds}")
    return [*_FIRST_KILLED, BWRAP, *walls, "--", *limits, "--", *program.command]


def _somebody_else() -> dict[str, Any]:
    """Root becomes a user that owns nothing; everybody else stays who they are, and is nobody inside."""
    return {"user": OWN_USER, "group": OWN_USER, "extra_groups": []} if os.geteuid() == 0 else {}


def _take(process: "Popen[bytes]", most: int, until: float) -> bytes:
    """All that the process says until it ends. Raises `DrawingError` past `most` bytes, `TimeoutExpired`."""
    if process.stdout is None:
        raise RoomError
    output = bytearray()
    waiting = select.poll()
    waiting.register(process.stdout, select.POLLIN)
    while True:
        left = until - time.monotonic()
        if left <= 0 or not waiting.poll(left * 1000):
            raise TimeoutExpired(process.args, 0)
        piece = os.read(process.stdout.fileno(), _PIECE)
        if not piece:
            return bytes(output)
        output += piece
        if len(output) > most:
            raise DrawingError("What this file unpacks to is larger than what is shown here.")


def _too_long(program: Program) -> str:
    return f"This file was not done within {program.seconds} seconds, and was stopped."
