"""A source server as a real process, and browsers over real sockets.

For tests of what a kill leaves behind, of broken lines, and of logs. Its station is a sample.
"""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from cases.packs.folder import files_of
from cases.stages import Stage
from crypto.signing import SigningSeed, verifying_key
from tests.support.instance import OpenedParcel, SampleStation
from tests.support.source_site import BOUNDARY, multipart
from tests.support.waiting import wait_until
from transfer.message import Message

COOKIE = "__Host-session"
CHEAP = "testing = true\nkdf_memory_mib = 8\nworkers = 2\nthreads = 8\n"
PROGRAM = "import sys; from source_app.cli import main; main()"


class Server:
    """A source server that knows its station, in one folder."""

    def __init__(
        self,
        folder: Path,
        before: str = "",
        hosts: Sequence[str] = (),
        settings: str = "",
        cost: str = CHEAP,
        pack: Path | None = None,
    ) -> None:
        """`before`: a line of Python that the program runs first. `hosts`: other names that it has.
        `settings`: more lines of its settings. `cost`: those that make it cheap; empty for the real ones.
        `pack`: the folder of a pack that its station publishes, which then speaks English and Korean."""
        self.folder = folder
        self.before = before
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.port = taken.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.log = folder / "log"
        names = json.dumps([self.host, *hosts])
        (folder / "source.toml").write_text(
            f'data_dir = "data"\nrun_dir = "run"\nallowed_hosts = {names}\nbind = "{self.host}"\n{settings}\n'
            f"allow_disk_run_dir = true\n{cost}"
        )
        published: dict[str, Any] = {"pack": files_of(pack), "languages": ("en", "ko")} if pack else {}
        self.station = SampleStation(now=datetime.now(UTC), **published)
        (folder / "stick").mkdir()
        self.station.write_out(folder / "stick")
        self.run("import", "--stick", str(folder / "stick"), "--accept-root", self.station.root_words)

    def command(self, *words: str) -> list[str]:
        """The program with our settings."""
        return [
            sys.executable,
            "-P",
            "-c",
            f"{self.before}\n{PROGRAM}",
            "--config",
            str(self.folder / "source.toml"),
            *words,
        ]

    def run(self, *words: str) -> str:
        """Type a command, and give what it says."""
        return subprocess.run(self.command(*words), check=True, capture_output=True, text=True).stdout

    def start(self) -> None:
        """Serve, and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command("serve"), stdout=log, stderr=log, start_new_session=True
            )
        wait_until(self._answers, "the source server to answer")

    def pids(self) -> list[int]:
        """The process that was started, and its workers."""
        return [self.process.pid, *_children(self.process.pid)]

    def kill(self) -> None:
        """As a power cut would: every process of it at once."""
        for pid in self.pids():
            _signal(pid, signal.SIGKILL)
        self.process.wait()

    def kill_workers(self) -> None:
        """As a lack of memory would: the process that started them starts others."""
        for pid in _children(self.process.pid):
            _signal(pid, signal.SIGKILL)

    def stop(self) -> None:
        """As an administrator would."""
        self.process.terminate()
        self.process.wait(timeout=60)

    def answer(self, count: int) -> None:
        """Carry what was reported to the station and so many answers back, to the newest sender."""
        today = self.station.today
        texts = (f"Answer number {number}. " * 20 for number in range(count))
        self.carry(*(Message(text, "R17", Stage.UNDER_REVIEW, today, None) for text in texts))

    def carry(self, *messages: Message) -> list[OpenedParcel]:
        """Carry what was reported to the station, and `messages` back to the newest sender."""
        stick = str(self.folder / "stick")
        if "Exported" not in self.run("export", "--stick", stick):
            return []
        key = verifying_key(SigningSeed((self.folder / "data" / "server.key").read_bytes()))
        opened = self.station.read_in(self.folder / "stick", key)
        for message in messages:
            self.station.reply(opened[-1].parcel.head, message)
        self.station.write_out(self.folder / "stick")
        self.run("import", "--stick", stick)
        return opened

    def files(self, name: str) -> list[Path]:
        """What lies in a folder of the data folder."""
        return sorted((self.folder / "data" / name).iterdir())

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://{self.host}/").status_code == 200
        except httpx.TransportError:
            return False


@dataclass
class Browser:
    """Keeps the cookie as a browser would on a loopback address."""

    server: Server
    cookie: str = ""
    page: str = ""

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Open a page or send a form."""
        headers = {**options.pop("headers", {}), "Cookie": f"{COOKIE}={self.cookie}"}
        answer = httpx.request(
            method, f"http://{self.server.host}{path}", headers=headers, timeout=60, **options
        )
        self.cookie = answer.cookies.get(COOKIE) or self.cookie
        self.page = answer.text
        return answer

    def filled(self, message: str, content: bytes) -> bytes:
        """The body of the form that is open."""
        main = self.page.partition("<main>")[2]
        hidden = [
            (name, found[1])
            for name in ("csrf_token", "upload_id")
            if (found := re.search(rf'name="{name}"[^>]* value="([^"]*)"', main))
        ]
        return multipart([*hidden, ("message", message), ("files", "a.bin", content)])

    def report(self, message: str, content: bytes = b"1") -> httpx.Response:
        """A first report."""
        self.ask("GET", "/report")
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self.ask("POST", "/report", content=self.filled(message, content), headers=kind)


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def _signal(pid: int, number: int) -> None:
    subprocess.run(["kill", f"-{number}", str(pid)], check=False, capture_output=True)
