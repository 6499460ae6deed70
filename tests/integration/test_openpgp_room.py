"""The room in which gpg works: what is in it, what cannot be reached from it, and that nothing is left."""

import hashlib
import io
import json
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from crypto import gpg_room, openpgp, sizes
from crypto.errors import OpenError, OpenPgpError, OpenPgpLimitError, OpenPgpMissingError, OpenPgpRoomError
from crypto.openpgp import AgencyKey
from tests.support.gpg_peer import GpgPeer
from tests.support.waiting import wait_until

PYTHON = "/usr/bin/python3"
ROOT = Path(__file__).parents[2]

LOOK_AROUND = """
import json, os, socket

def tried(what, *arguments):
    try:
        what(*arguments)
    except OSError as error:
        return type(error).__name__
    return "done"

print(json.dumps({
    "folders": sorted(os.listdir("/")),
    "keyring": os.listdir("/keyring"),
    "interfaces": [name for _, name in socket.if_nameindex()],
    "this machine": tried(socket.create_connection, ("127.0.0.1", int(open("/keys/1").read())), 1),
    "others": tried(socket.create_connection, ("192.0.2.1", 80), 1),
    "a process of ours": tried(os.kill, int(open("/keys/2").read()), 0),
    "written": [path for path in ("/x", "/usr/x", "/keys/x", "/dev/x") if tried(open, path, "w") == "done"],
    "in memory": tried(open, "/keyring/x", "w"),
    "too much": tried(os.posix_fallocate, os.open("/keyring/y", os.O_CREAT | os.O_RDWR), 0, 32 << 20),
    "a room within": tried(os.unshare if hasattr(os, "unshare") else unshare, 0x10000000),
    "terminal": tried(os.open, "/dev/tty", os.O_RDWR),
    "a session of its own": os.getsid(0) != 0,
    "environment": sorted(os.environ),
}))
"""
UNSHARE = """
import ctypes

def unshare(what):
    if ctypes.CDLL(None, use_errno=True).unshare(what):
        raise OSError(ctypes.get_errno(), "refused")

"""


@pytest.fixture(scope="module")
def peer() -> Iterator[GpgPeer]:
    with tempfile.TemporaryDirectory() as folder:
        peer = GpgPeer(Path(folder) / "home")
        yield peer
        peer.close()


@pytest.fixture(scope="module")
def agency(peer: GpgPeer) -> AgencyKey:
    key = openpgp.generate("Office for Integrity")
    peer.run("--import", data=key.public)
    return key


@pytest.fixture
def message(peer: GpgPeer, agency: AgencyKey) -> bytes:
    return peer.run("-e", "-r", agency.fingerprint, "-z", "0", data=bytes(sizes.MIB))


class Paused(io.BytesIO):
    """A message whose second half comes when it is let: so that we can look at gpg at work."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._halves = [data[: len(data) // 2], data[len(data) // 2 :]]
        self.go_on = threading.Event()

    def read(self, size: int | None = -1) -> bytes:
        if len(self._halves) == 1:
            self.go_on.wait(60)
        return self._halves.pop(0) if self._halves else b""


def descendants(pid: int) -> set[int]:
    """Every process below one, the agent of gpg among them: a room keeps its orphans."""
    found: set[int] = set()
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, listed.read_text().split()):
            found |= {child} | descendants(child)
    return found


def names(pids: set[int]) -> list[str]:
    """What those that still live are called."""
    comms = [Path(f"/proc/{pid}/comm") for pid in pids]
    return sorted(comm.read_text().strip() for comm in comms if comm.exists())


def in_room(script: str, *keys: bytes) -> str:
    """Run something else than gpg in a room."""
    with openpgp._open_files(keys) as files:
        line = gpg_room.command((), (), (), files)
        done = subprocess.run(
            [*line[:-1], script], pass_fds=files, env={}, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


# What is in the room


def test_there_is_nothing_in_the_room_but_the_system_and_a_keyring() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1]).encode()
        script = (UNSHARE + LOOK_AROUND).encode()
        seen = json.loads(in_room(f"exec {PYTHON} -I /keys/0", script, port, str(os.getpid()).encode()))
    assert seen == {
        "folders": ["bin", "dev", "keyring", "keys", "lib", "lib64", "usr"],
        "keyring": [],
        "interfaces": ["lo"],
        "this machine": "ConnectionRefusedError",
        "others": "OSError",  # no route
        "a process of ours": "ProcessLookupError",
        "written": [],
        "in memory": "done",
        "too much": "OSError",  # no room
        "a room within": "OSError",
        "terminal": "OSError",  # none
        "a session of its own": True,
        "environment": ["LC_ALL", "PATH", "PWD"],
    }


def test_the_limits_hold_in_the_room() -> None:
    said = in_room(f"{gpg_room._LIMITS}; ulimit -c; ulimit -t; ulimit -v; ulimit -n")
    assert said.split() == ["0", "600", str(sizes.GPG_MEMORY_MAX // sizes.KIB), "64"]


def test_gpg_looks_up_nothing_and_asks_nobody() -> None:
    line = gpg_room.command((), ("--decrypt",), (), ())
    for option in ("--no-options", "--disable-dirmngr", "--no-auto-key-retrieve", "--no-auto-key-locate"):
        assert f" {option} " in line[-1]
    assert not re.search(r"(?<!no-)auto-key|recv|refresh|passphrase", line[-1].replace("--no-", "--no-"))


def test_what_gpg_says_to_people_goes_nowhere() -> None:
    line = gpg_room.command((), ("--decrypt",), (), ())
    done = subprocess.run(line, input=b"no message", env={}, capture_output=True, check=False)
    told = done.stderr.splitlines()
    assert told
    assert [text for text in told if not text.startswith(b"[GNUPG:] ")] == []


# Nothing of ours is touched


def test_a_hostile_home_and_environment_change_nothing(
    agency: AgencyKey, message: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / ".gnupg"
    home.mkdir()
    (home / "gpg.conf").write_text("no-such-option\n")
    for name, value in {
        "HOME": tmp_path,
        "GNUPGHOME": home,
        "LC_ALL": "ko_KR",
        "LD_PRELOAD": "/x.so",
    }.items():
        monkeypatch.setenv(name, str(value))
    before = home.stat().st_mtime_ns
    assert opened(agency, message) == bytes(sizes.MIB)
    assert [file.name for file in home.iterdir()] == ["gpg.conf"]
    assert home.stat().st_mtime_ns == before


def test_no_file_is_left_and_none_is_made(
    agency: AgencyKey, message: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    source = Paused(message)
    with working(agency, source) as pids:
        held = {str(link.readlink()) for pid in pids for link in readable_links(pid)}
        assert not [name for name in held if name.startswith(("/tmp", "/dev/shm", "/root", str(ROOT)))]
    assert list(tmp_path.iterdir()) == []
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


def readable_links(pid: int) -> list[Path]:
    """What a process holds open, where it stands and what it runs."""
    try:
        return [*Path(f"/proc/{pid}/fd").iterdir(), Path(f"/proc/{pid}/cwd"), Path(f"/proc/{pid}/exe")]
    except OSError:
        return []


# Secrets stay where they are


def test_no_secret_stands_in_a_command_line_or_an_environment(agency: AgencyKey, message: bytes) -> None:
    secrets = {agency.secret[i : i + 8] for i in range(len(agency.secret) - 8)} - set(public_windows(agency))
    written = {form for secret in secrets for form in (secret, secret.hex().encode())}
    with working(agency, Paused(message)) as pids:
        shown = b""
        for pid in pids:
            for name in ("cmdline", "environ"):
                shown += Path(f"/proc/{pid}/{name}").read_bytes()
    assert b"--decrypt" in shown
    assert not [form for form in written if form in shown or form in shown.lower()]


def public_windows(agency: AgencyKey) -> Iterator[bytes]:
    """Eight bytes anywhere in what everybody may know."""
    known = openpgp.import_key(agency.public, agency.fingerprint).data
    return (known[i : i + 8] for i in range(len(known) - 8))


def test_nothing_is_logged(
    agency: AgencyKey, message: bytes, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(0)
    assert opened(agency, message) == bytes(sizes.MIB)
    with pytest.raises(OpenError):
        opened(agency, message[:-1])
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


# Nothing is left behind


def test_every_process_ends_with_the_use(agency: AgencyKey, message: bytes) -> None:
    with working(agency, Paused(message)) as pids:
        assert names(pids).count("gpg-agent") == 1
    assert names(pids) == []


def test_every_process_ends_when_the_message_is_too_large(agency: AgencyKey, message: bytes) -> None:
    source = Paused(message)
    worker = threading.Thread(target=refused, args=(agency, source, 600_000))
    with at_work(worker, source) as pids:
        pass
    wait_until(lambda: names(pids) == [], "the end of the room")


def test_every_process_ends_when_our_own_is_killed(agency: AgencyKey, message: bytes, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    script = (
        "import sys; from crypto.openpgp import AgencyKey, decrypt\n"
        "own = AgencyKey(sys.argv[1], b'', sys.stdin.buffer.read())\n"
        "decrypt(own, open(sys.argv[2], 'rb'), len, 1 << 30)"
    )
    child = subprocess.Popen(
        [sys.executable, "-P", "-c", script, agency.fingerprint, str(fifo)], stdin=subprocess.PIPE, cwd=ROOT
    )
    assert child.stdin is not None
    child.stdin.write(agency.secret)
    child.stdin.close()
    with fifo.open("wb", buffering=0) as writer:
        writer.write(message[: len(message) // 2])
        wait_until(lambda: "gpg-agent" in names(descendants(child.pid)), "gpg at work")
        pids = descendants(child.pid)
        child.kill()
        child.wait()
        wait_until(lambda: names(pids) == [], "the end of the room")


def test_the_room_ends_with_its_owner_though_more_input_could_come() -> None:
    owner = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    line = [sys.executable, "-c", owner, *gpg_room.command((), ("--decrypt",), (), ())]
    child = subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    assert child.stdin is not None
    with child.stdin:
        wait_until(lambda: "gpg" in names(descendants(child.pid)), "gpg at work")
        pids = descendants(child.pid)
        child.kill()
        child.wait()
        wait_until(lambda: names(pids) == [], "the end of the room")


def test_what_takes_too_long_is_killed(
    agency: AgencyKey, message: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openpgp, "MESSAGE_SECONDS", 0.3)
    source = Paused(message)
    with pytest.raises(OpenPgpLimitError):
        openpgp.decrypt(agency, source, len, sizes.GIB)
    source.go_on.set()


@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyError("x")])
def test_where_the_plaintext_cannot_be_kept_all_ends(
    agency: AgencyKey, message: bytes, error: Exception
) -> None:
    disk = FullDisk(error)
    with pytest.raises(type(error)):
        openpgp.decrypt(agency, io.BytesIO(message), disk.take, sizes.GIB)
    assert disk.calls == 1


def test_where_the_message_cannot_be_read_all_ends(agency: AgencyKey) -> None:
    with pytest.raises(OSError, match="worn out"):
        openpgp.decrypt(agency, Unreadable(), len, sizes.GIB)
    assert "gpg" not in names(descendants(os.getpid()))


class FullDisk:
    """A disk that takes nothing."""

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.calls = 0

    def take(self, data: bytes) -> None:
        self.calls += 1
        raise self._error


class Unreadable(io.BytesIO):
    """A worn-out stick."""

    def read(self, size: int | None = -1) -> bytes:
        raise OSError(5, "worn out")


# Never without the room


@pytest.mark.parametrize("program", ["BWRAP", "GPG"])
def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(gpg_room, program, "/usr/bin/not-here")
    with pytest.raises(OpenPgpMissingError, match="apt-get install gnupg bubblewrap"):
        openpgp.generate("Office")


@pytest.mark.parametrize("walls", [("--no-such-wall",), ("--ro-bind", "/nowhere", "/usr")])
def test_without_walls_gpg_does_not_run(monkeypatch: pytest.MonkeyPatch, walls: tuple[str, ...]) -> None:
    monkeypatch.setattr(gpg_room, "_WALLS", (*gpg_room._WALLS, *walls))
    with pytest.raises(OpenPgpRoomError, match="never run without the sandbox"):
        openpgp.generate("Office")


def test_a_sandbox_that_cannot_be_run_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bwrap").write_text("not a program")
    monkeypatch.setattr(gpg_room, "BWRAP", str(tmp_path / "bwrap"))
    with pytest.raises(OpenPgpRoomError):
        openpgp.generate("Office")


@pytest.mark.parametrize("said", ["cfg:version:2.2.39", "cfg:version:1.4.23", "cfg:nothing"])
def test_an_old_gpg_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str) -> None:
    wrapper = tmp_path / "bwrap"
    wrapper.write_text(f"#!/bin/sh\necho {said}\n")
    wrapper.chmod(0o700)
    monkeypatch.setattr(gpg_room, "BWRAP", str(wrapper))
    with pytest.raises(OpenPgpRoomError, match=re.escape("2.2.40")):
        openpgp.generate("Office")


FAKE = """#!/bin/sh
case "$*" in
*list-config*) echo cfg:version:2.2.40 ;;
*)
    for said in "DECRYPTION_KEY - {own}" BEGIN_DECRYPTION DECRYPTION_INFO PLAINTEXT \\
            DECRYPTION_OKAY GOODMDC; do
        echo "[GNUPG:] $said" >&2
    done
    head -c {noise} /dev/zero >&2
    echo "[GNUPG:] END_DECRYPTION" >&2
    exit {status}
    ;;
esac
"""


def fake_gpg(monkeypatch: pytest.MonkeyPatch, folder: Path, own: AgencyKey, status: int, noise: int) -> None:
    """Instead of a room: somebody who tells the right story, and then `noise` zeros before its last line."""
    wrapper = folder / "bwrap"
    wrapper.write_text(FAKE.format(own=own.fingerprint, status=status, noise=noise))
    wrapper.chmod(0o700)
    monkeypatch.setattr(gpg_room, "BWRAP", str(wrapper))


def test_gpg_is_believed_only_when_it_ends_well(
    agency: AgencyKey, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake_gpg(monkeypatch, tmp_path, agency, status=0, noise=0)
    assert opened(agency, b"") == b""
    fake_gpg(monkeypatch, tmp_path, agency, status=2, noise=0)
    with pytest.raises(OpenError):
        opened(agency, b"")


def test_a_line_without_end_is_not_cut_into_lines(
    agency: AgencyKey, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake_gpg(monkeypatch, tmp_path, agency, status=0, noise=sizes.GPG_STATUS_LINE_MAX)
    with pytest.raises(OpenPgpLimitError):
        opened(agency, b"")


def test_a_step_that_fails_ends_the_use(agency: AgencyKey) -> None:
    broken = AgencyKey(agency.fingerprint, agency.public, agency.secret[:50])
    with pytest.raises(OpenError):
        opened(broken, b"")
    with pytest.raises(OpenPgpError):
        openpgp._run(openpgp._Job(("--export",), keyring=(b"no key",)), io.BytesIO())


# Memory


def test_a_large_message_takes_no_memory_of_ours(peer: GpgPeer, agency: AgencyKey, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    with plain.open("wb") as file:
        for _ in range(50):
            file.write(os.urandom(sizes.MIB))
    peer.run("-e", "-r", agency.fingerprint, "-z", "0", "-o", str(tmp_path / "message"), str(plain))
    digest = hashlib.sha256()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with (tmp_path / "message").open("rb") as source:
        openpgp.decrypt(agency, source, digest.update, 50 * sizes.MIB)
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert digest.digest() == hashlib.sha256(plain.read_bytes()).digest()
    assert grown_kib < 10 * 1024


def opened(own: AgencyKey, message: bytes) -> bytes:
    plain = bytearray()
    openpgp.decrypt(own, io.BytesIO(message), plain.extend, sizes.GIB)
    return bytes(plain)


def refused(own: AgencyKey, source: BinaryIO, most: int) -> None:
    """Opens what is too large."""
    with pytest.raises(OpenPgpLimitError):
        openpgp.decrypt(own, source, len, most)


def working(own: AgencyKey, source: Paused) -> AbstractContextManager[set[int]]:
    """The processes of a room in which a message is half opened; at the end, it was opened whole."""
    return at_work(threading.Thread(target=openpgp.decrypt, args=(own, source, len, sizes.GIB)), source)


@contextmanager
def at_work(worker: threading.Thread, source: Paused) -> Iterator[set[int]]:
    """The processes of a room while `worker` uses one, until the source goes on."""
    worker.start()
    try:
        wait_until(lambda: "gpg-agent" in names(descendants(os.getpid())), "gpg at work")
        yield descendants(os.getpid())
    finally:
        source.go_on.set()
        worker.join()
