"""The room in which strangers' files are read: a hostile program tries each way out, and finds it shut.

The hostile programs are Python text, run where a viewer would run. After each of them the room still works.
"""

import ctypes
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crypto.sizes import MIB
from journalist_app.errors import DrawingError, RoomError, ViewerMissingError
from journalist_app.viewing import room, syscalls
from journalist_app.viewing.room import Program
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]
TRIED = """
import json, os, sys
given = json.load(sys.stdin)

def tried(what, *arguments):
    try:
        what(*arguments)
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"

"""
SAYS_YES = "print('still here')"


@pytest.fixture(autouse=True)
def room_stands() -> Iterator[None]:
    """Whatever was tried, the next file is read as ever."""
    yield
    assert said(SAYS_YES) == "still here\n"


def hostile(code: str, *, seconds: int = 20, output_max: int = MIB, sees_itself: bool = False) -> Program:
    command = ("/usr/bin/python3", "-I", "-c", code)
    return Program(command, "python3", seconds, output_max, sees_itself=sees_itself)


def said(code: str, given: object = None, **limits: Any) -> str:
    with room.sealed([json.dumps(given).encode()]) as file:
        return room.run(hostile(code, **limits), file).decode()


def told(code: str, given: object = None, **limits: Any) -> Any:
    return json.loads(said(TRIED + code, given, **limits))


def gone(code: str, **limits: Any) -> str:
    """The sentence with which a use of the room is ended."""
    with pytest.raises(DrawingError) as refused:
        said(code, **limits)
    return str(refused.value)


# What is in it


def test_the_room_holds_the_system_and_nothing_of_ours() -> None:
    seen = told(
        """
print(json.dumps({
    "folders": sorted(os.listdir("/")),
    "own": os.listdir("/tmp"),
    "ids": [os.getuid(), os.getgid()],
    "environment": {name: os.environ[name] for name in sorted(os.environ)},
    "session": os.getsid(0) == 0,
    "terminal": tried(os.open, "/dev/tty", os.O_RDWR),
    "open": [fd for fd in range(3, 256) if tried(os.fstat, fd) == "done"],
    "change": [tried(os.write, 0, b"x"), tried(os.ftruncate, 0, 0)],
}))
"""
    )
    assert seen == {
        "folders": ["bin", "dev", "etc", "lib", "lib64", "tmp", "usr", "var"],
        "own": [],
        "ids": [room.OWN_USER, room.OWN_USER],
        "environment": {"HOME": "/tmp", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin", "PWD": "/tmp"},
        "session": False,
        "terminal": "OSError",
        "open": [],
        "change": ["PermissionError", "PermissionError"],
    }


def test_nothing_outside_can_be_read_or_written(tmp_path: Path) -> None:
    vault = tmp_path / "vault.sqlite3"
    vault.write_text("secret")
    places = [
        "/etc/passwd",
        "/etc/shadow",
        "/root",
        "/home",
        "/proc/self/environ",
        "/sys",
        str(ROOT),
        str(vault),
    ]
    targets = ["/x", "/usr/x", "/etc/x", "/etc/fonts/x", "/dev/x", "/dev/shm/../x", str(tmp_path / "x")]
    seen = told(
        """
print(json.dumps({
    "read": [path for path in given[0] if os.path.exists(path)],
    "written": [path for path in given[1] if tried(open, path, "w") == "done"],
    "own": tried(open, "/tmp/x", "w"),
}))
""",
        [places, targets],
    )
    assert seen == {"read": [], "written": [], "own": "done"}
    assert vault.read_text() == "secret"
    assert list(tmp_path.iterdir()) == [vault]


# Network


def test_there_is_no_way_to_this_machine_or_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        seen = told(
            """
import socket
print(json.dumps([
    tried(socket.create_connection, ("127.0.0.1", given), 1),
    tried(socket.create_connection, ("192.0.2.1", 80), 1),
    tried(socket.socket, socket.AF_NETLINK),
    tried(socket.socket, socket.AF_PACKET),
    tried(socket.socket, socket.AF_UNIX),
]))
""",
            listener.getsockname()[1],
        )
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert seen == ["OSError", "OSError", "OSError", "OSError", "done"]


def test_the_second_wall_holds_where_sockets_are_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syscalls, "_AF_UNIX", socket.AF_INET)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        seen = told(
            """
import socket
socket.socket(socket.AF_INET).close()
print(json.dumps(tried(socket.create_connection, ("127.0.0.1", given), 1)))
""",
            listener.getsockname()[1],
        )
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert seen != "done"


def test_a_socket_of_ours_without_a_file_is_not_heard() -> None:
    name = f"\0cleandrop-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(name)
        listener.listen()
        code = "import socket\nprint(json.dumps(tried(socket.socket(socket.AF_UNIX).connect, given)))"
        assert told(code, name) == "ConnectionRefusedError"


# Other processes


def test_no_process_outside_can_be_seen_or_ended() -> None:
    code = "import signal\nprint(json.dumps([tried(os.kill, pid, 9) for pid in given] + [os.getppid()]))"
    seen = told(code, [os.getpid(), os.getppid()])
    assert seen == ["ProcessLookupError", "ProcessLookupError", 1]


def test_a_program_that_sees_itself_sees_the_room_alone_and_dies_first() -> None:
    code = """
print(json.dumps([
    len([name for name in os.listdir("/proc") if name.isdigit()]) < 5,
    open("/proc/self/oom_score_adj").read().strip(),
    tried(open, "/proc/sys/kernel/core_pattern", "w"),
    tried(open, "/proc/1/mem", "r+b"),
]))
"""
    assert told(code, sees_itself=True)[:3] == [True, "1000", "PermissionError"]


FORKS = """
born = 0
try:
    while born < 10_000:
        if os.fork() == 0:
            import time
            time.sleep(60)
            os._exit(0)
        born += 1
except BlockingIOError:
    pass
print(json.dumps(born))
"""


def test_a_fork_bomb_ends_at_the_limit() -> None:
    assert 10 < told(FORKS) < room.PROCESSES
    wait_until(lambda: processes_of_the_room() == [], "the end of the room")


AS_A_USER = """
import os, sys
from journalist_app.viewing import room
os.setgroups([]); os.setgid(65534); os.setuid(65534)
with room.sealed([b"null"]) as file:
    program = room.Program(("/usr/bin/python3", "-I", "-c", sys.argv[1]), "python3", 30, 1000)
    sys.stdout.buffer.write(room.run(program, file))
"""


def test_it_holds_as_well_for_an_app_that_is_not_root() -> None:
    if os.geteuid() != 0:
        assert 10 < told(FORKS) < room.PROCESSES
        return
    command = [sys.executable, "-P", "-c", AS_A_USER, TRIED + FORKS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert 10 < json.loads(done.stdout) < room.PROCESSES


def processes_of_the_room() -> list[str]:
    """The numbers of the room's processes, where the tests are root; else nothing is told."""
    return [
        path.name for path in Path("/proc").iterdir() if path.name.isdigit() and _owner(path) == room.OWN_USER
    ]


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except FileNotFoundError:
        return None


# Memory, disk, time, output


def test_more_memory_than_is_given_is_refused() -> None:
    assert told("print(json.dumps(tried(bytearray, 3 << 30)))") == "MemoryError"


def test_the_folder_in_memory_ends() -> None:
    code = """
def fill():
    for number in range(1000):
        with open(f"/tmp/{number}", "wb") as file:
            for _ in range(16):
                file.write(bytes(4 << 20))

what = tried(fill)
used = os.statvfs("/tmp")
print(json.dumps([what, used.f_bavail, tried(os.posix_fallocate, os.open("/dev/shm/x", 66), 0, 2 << 20)]))
"""
    assert told(code) == ["OSError", 0, "OSError"]


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import time; time.sleep(3600)",
        "import os, time; os.close(1); time.sleep(3600)",
        "import signal\nfor n in (15, 2, 1): signal.signal(n, signal.SIG_IGN)\nwhile True: pass",
    ],
)
def test_what_never_ends_is_ended(code: str) -> None:
    assert gone(code, seconds=1) == "This file was not done within 1 seconds, and was stopped."
    wait_until(lambda: processes_of_the_room() == [], "the end of the room")


def test_what_is_left_behind_ends_with_the_room() -> None:
    assert said("import os, time\nif os.fork() == 0: os.setsid(); time.sleep(3600)\nprint(1)") == "1\n"
    wait_until(lambda: processes_of_the_room() == [], "the end of the room")


def test_endless_output_is_cut() -> None:
    assert "larger than what is shown" in gone("while True: print('x' * 65536)")


def test_output_may_be_as_long_as_is_said_and_not_a_byte_longer() -> None:
    assert said("print('x' * 9)", output_max=10) == "x" * 9 + "\n"
    assert "larger than what is shown" in gone("print('x' * 10)", output_max=10)


def test_the_room_ends_with_our_own_process() -> None:
    script = (
        "import sys; from journalist_app.viewing import room\n"
        "with room.sealed([]) as file:\n"
        "    room.run(room.Program(('/usr/bin/sleep', '3600'), 'coreutils', 3600, 0), file)"
    )
    child = subprocess.Popen([sys.executable, "-P", "-c", script], cwd=ROOT)
    wait_until(lambda: "sleep" in names_below(child.pid), "the room")
    child.kill()
    child.wait()
    wait_until(lambda: processes_of_the_room() == [], "the end of the room")


def names_below(pid: int) -> list[str]:
    """What the processes below one are called."""
    found, names = [pid], []
    while found:
        at = found.pop()
        try:
            names.append(Path(f"/proc/{at}/comm").read_text().strip())
            found += [int(each) for each in Path(f"/proc/{at}/task/{at}/children").read_text().split()]
        except FileNotFoundError:
            continue
    return names


# The kernel's doors


def test_every_door_that_is_named_is_shut() -> None:
    library = ctypes.CDLL(syscalls.LIBRARY)
    numbers = {name: library.seccomp_syscall_resolve_name(name.encode()) for name in syscalls.REFUSED}
    known = {name: number for name, number in numbers.items() if number >= 0}
    assert {"unshare", "ptrace", "bpf", "io_uring_setup", "keyctl", "mount"} <= known.keys()
    code = """
import ctypes
call = ctypes.CDLL(None, use_errno=True).syscall
answers = {}
for name, number in given.items():
    ctypes.set_errno(0)
    answers[name] = [call(number, 0, 0, 0, 0, 0), ctypes.get_errno()]
print(json.dumps(answers))
"""
    assert told(code, known) == {name: [-1, 1] for name in known}


def test_no_room_is_made_within_the_room() -> None:
    code = """
import subprocess
line = ["/usr/bin/bwrap", "--unshare-user", "--ro-bind", "/usr", "/usr", "/usr/bin/true"]
print(json.dumps(subprocess.run(line, capture_output=True).returncode != 0))
"""
    assert told(code) is True


# Never without the room


def refused(error: type[Exception]) -> str:
    with pytest.raises(error) as raised:
        said(SAYS_YES)
    return str(raised.value)


def no_bwrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "BWRAP", "/usr/bin/not-here")


def no_such_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_WALLS", (*room._WALLS, "--no-such-wall"))


def no_ground(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_WALLS", (*room._WALLS, "--ro-bind", "/nowhere", "/usr"))


def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syscalls, "LIBRARY", "libnothere.so.2")


def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_LIMITS", ("/usr/bin/prlimit", "--no-such-limit"))


def no_order_of_dying(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_FIRST_KILLED", ("/usr/bin/not-here",))


@pytest.mark.parametrize(
    "broken", [no_bwrap, no_such_wall, no_ground, no_library, no_limits, no_order_of_dying]
)
def test_without_a_wall_nothing_runs(
    monkeypatch: pytest.MonkeyPatch, broken: Callable[[pytest.MonkeyPatch], None]
) -> None:
    with monkeypatch.context() as patched:
        broken(patched)
        assert "does not work on this machine, so nothing is drawn" in refused(RoomError)


def test_a_program_that_is_missing_is_named() -> None:
    program = Program(("/usr/bin/not-here",), "poppler-utils", 1, 1)
    with (
        room.sealed([]) as file,
        pytest.raises(ViewerMissingError, match=r"apt-get install .* poppler-utils$"),
    ):
        room.run(program, file)


def test_a_program_that_fails_is_told_from_a_room_that_fails() -> None:
    assert "gave up on this one" in gone("import sys; sys.exit(3)")
    assert "gave up on this one" in gone("import sys; print('bwrap: a lie', file=sys.stderr); sys.exit(1)")


def test_a_sealed_file_cannot_be_changed_by_us_either() -> None:
    with room.sealed([b"one", b"two"]) as file:
        assert os.pread(file, 100, 0) == b"onetwo"
        for change in (lambda: os.pwrite(file, b"x", 0), lambda: os.ftruncate(file, 1)):
            with pytest.raises(PermissionError):
                change()


def test_nothing_is_left_open() -> None:
    before = sorted(Path("/proc/self/fd").iterdir())
    said(SAYS_YES)
    gone("while True: pass", seconds=1)
    assert sorted(Path("/proc/self/fd").iterdir()) == before
