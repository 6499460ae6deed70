"""The source server as a real process: what survives a kill, what a broken line leaves, what is logged."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.instance import SampleStation
from tests.support.source_site import BOUNDARY, multipart, shown_codename
from tests.support.waiting import wait_until

COOKIE = "__Host-session"
PROGRAM = "import sys; from source_app.cli import main; main()"


class Server:
    """A source server that knows its station, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.port = taken.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.log = folder / "log"
        (folder / "source.toml").write_text(
            f'data_dir = "data"\nrun_dir = "run"\nallowed_hosts = ["{self.host}"]\nbind = "{self.host}"\n'
            "allow_disk_run_dir = true\ntesting = true\nkdf_memory_mib = 8\nworkers = 2\nthreads = 8\n"
        )
        self.station = SampleStation(now=datetime.now(UTC))
        (folder / "stick").mkdir()
        self.station.write_out(folder / "stick")
        self.run("import", "--stick", str(folder / "stick"), "--accept-root", self.station.root_words)

    def command(self, *words: str) -> list[str]:
        """The program with our settings."""
        return [sys.executable, "-P", "-c", PROGRAM, "--config", str(self.folder / "source.toml"), *words]

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

    def kill(self) -> None:
        """As a power cut would: every process of it at once."""
        for pid in (self.process.pid, *_children(self.process.pid)):
            _signal(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As an administrator would."""
        self.process.terminate()
        self.process.wait(timeout=60)

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


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that serves."""
    made = Server(tmp_path)
    made.start()
    yield made
    made.stop()


def test_a_kill_right_after_the_receipt_loses_nothing(server: Server) -> None:
    content = bytes(range(256)) * 8_000
    browser = Browser(server)
    assert browser.report("the text", content).status_code == 303
    server.kill()
    server.start()
    assert "with 1 sealed" in server.run("export", "--stick", str(server.folder / "stick"))
    key = bytes.fromhex(re.findall(r"\b[0-9a-f]{64}\b", server.run("keys"))[0])
    (opened,) = server.station.read_in(server.folder / "stick", key)  # type: ignore[arg-type]
    assert (opened.parcel.text, opened.files) == ("the text", (content,))
    assert browser.ask("GET", "/codename").status_code == 200, "the session outlives the process"
    assert len(shown_codename(browser.page).split()) == 8


def test_a_line_that_breaks_leaves_nothing(server: Server) -> None:
    browser = Browser(server)
    browser.ask("GET", "/report")
    body = browser.filled("half", b"x" * 5_000_000)
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(_head(browser, len(body)) + body[:3_000_000])
        wait_until(lambda: bool(server.files("incoming")), "the upload to begin")
    wait_until(lambda: not server.files("incoming"), "the broken upload to be removed")
    assert server.files("envelopes") == []


def test_a_kill_in_the_middle_is_swept_at_the_next_start(server: Server) -> None:
    browser = Browser(server)
    browser.ask("GET", "/report")
    body = browser.filled("half", b"x" * 5_000_000)
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(_head(browser, len(body)) + body[:3_000_000])
        wait_until(lambda: bool(server.files("incoming")), "the upload to begin")
        server.kill()
    assert server.files("incoming")
    server.start()
    assert server.files("incoming") == []


def test_a_body_of_unknown_length_and_one_too_large(server: Server) -> None:
    answer = Browser(server).ask("POST", "/report", content=iter([b"x"]))
    assert answer.status_code == 411
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(_head(Browser(server), 3 * 1024**3))
        assert b" 413 " in line.recv(65_536)


def test_nothing_of_a_visitor_is_logged_and_no_banner_shown(server: Server) -> None:
    browser = Browser(server)
    answer = browser.report("a text")
    assert "gunicorn" not in answer.headers["Server"].casefold()
    browser.ask("GET", "/no-such-page?and=a-query")
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(b"NOT HTTP AT ALL\r\n\r\n")
        line.recv(1_000)
    said = server.log.read_text()
    assert said.splitlines()[-1] == f"Serving {server.host} on {server.host}."


def test_only_one_server_serves_a_folder(server: Server) -> None:
    second = subprocess.run(server.command("serve"), check=False, capture_output=True, text=True)
    assert second.returncode == 1
    assert "Another process" in second.stderr


def _head(browser: Browser, length: int) -> bytes:
    return (
        f"POST /report HTTP/1.1\r\nHost: {browser.server.host}\r\nCookie: {COOKIE}={browser.cookie}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def _signal(pid: int, number: int) -> None:
    subprocess.run(["kill", f"-{number}", str(pid)], check=False, capture_output=True)
