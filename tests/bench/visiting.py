"""What many visitors feel: first_page, first_page_bytes, return_20_messages, texts_16_parallel, new_sources,
upload_100mb_durable, and the slow_… rows.

A real server process at its default threads and at the real cost of a codename; its station is a sample.
Peers: `argon2id` is the bare derivation, one for each core; `dd` is `dd conv=fdatasync` of as many bytes on
the same disk. The slow rows: many uploads at once, 20 KB/s each, from another process, while a visitor opens
the first page.
"""

import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from crypto.codename import generate
from crypto.source_keys import CODENAME_COST, InstanceId, derive_master
from tests.bench.rounds import Row, at_most, milliseconds
from tests.bench.slow_uploads import SLOW_BYTES
from tests.support.source_process import COOKIE, Server
from tests.support.source_site import BOUNDARY, multipart

PARALLEL: Final = 16
TEXTS_EACH: Final = 40
NEW_EACH: Final = 4
UPLOAD_BYTES: Final = 100_000_000
SLOW_UPLOADS: Final = 1_000
_KIND: Final = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


class Visitor:
    """A browser on one connection that it keeps."""

    def __init__(self, server: Server) -> None:
        self._connection = HTTPConnection(server.host, timeout=120)
        self._cookie = ""
        self.page = ""

    def ask(self, method: str, path: str, body: bytes | None = None) -> int:
        """A page, or a form; gives the status."""
        headers = {"Cookie": f"{COOKIE}={self._cookie}", **(_KIND if body is not None else {})}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        self.page = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie") or []:
            self._cookie = header.split(";")[0].partition("=")[2]
        return answer.status

    def hidden(self) -> list[tuple[str, str]]:
        """The hidden fields of the form in the middle of the page."""
        main = self.page.partition("<main>")[2]
        names = ("csrf_token", "upload_id")
        return [(n, f[1]) for n in names if (f := re.search(rf'name="{n}"[^>]* value="([^"]*)"', main))]

    def report(self) -> None:
        """A first report. Raises `RuntimeError` when it is not taken."""
        self.ask("GET", "/report")
        if self.ask("POST", "/report", multipart([*self.hidden(), ("message", "a text")])) != 303:
            raise RuntimeError("a report was not taken")

    def come_back(self, token: str, codename: str) -> None:
        """The Return form, and the messages behind it."""
        form = urlencode({"csrf_token": token, "codename": codename})
        headers = {"Cookie": f"{COOKIE}={self._cookie}", "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("POST", "/return", form, headers)
        answer = self._connection.getresponse()
        answer.read()
        self._cookie = (answer.headers["Set-Cookie"] or "").split(";")[0].partition("=")[2]
        self.ask("GET", "/inbox")

    def write_again(self) -> None:
        """A message in an open session. Raises `RuntimeError` when it is not taken."""
        if self.ask("POST", "/inbox", self._message()) != 303:
            raise RuntimeError("a message was not taken")

    def send_file(self, content: bytes) -> None:
        """A message with a file, whose bytes nobody copies on our side. Raises `RuntimeError`."""
        start, end = self._message(("files", "data.bin", b"\0")).split(b"\0")
        connection = self._connection
        connection.putrequest("POST", "/inbox")
        for name, value in {"Cookie": f"{COOKIE}={self._cookie}", **_KIND}.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(start) + len(content) + len(end)))
        connection.endheaders()
        for part in (start, content, end):
            connection.send(part)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 303:
            raise RuntimeError("a file was not taken")

    def _message(self, *files: tuple[str, str, bytes]) -> bytes:
        upload = ("upload_id", secrets.token_hex(16))
        return multipart([self._token, upload, ("message", "text"), *files])

    def open_session(self) -> None:
        """Report once, and open the messages."""
        self.report()
        self.ask("GET", "/inbox")
        self._token = self.hidden()[0]


def measure(rounds: int) -> dict[str, Row]:
    """All rows but the slow ones."""
    with serving() as server:
        rows = _return(server, rounds)  # before there is much for the sample station to read
        rows |= _first_page(server, rounds)
        rows |= _parallel(server)
        rows |= _upload(server, rounds)
    return rows


def measure_slow(_rounds: int) -> dict[str, Row]:
    """Many slow uploads at once."""
    with serving() as server:
        idle_kb = _rss_kb(server)
        command = [sys.executable, "-m", "tests.bench.slow_uploads", server.host, str(SLOW_UPLOADS)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as uploading:
            seconds, rss = [], idle_kb
            visitor = Visitor(server)
            while uploading.poll() is None:
                began = time.perf_counter()
                visitor.ask("GET", "/")
                seconds.append(time.perf_counter() - began)
                rss = max(rss, _rss_kb(server))
                time.sleep(0.1)
            assert uploading.stdout is not None
            failed = int(uploading.stdout.read())
    p99 = 1_000 * statistics.quantiles(seconds, n=100)[98]
    also = {"uploads": float(SLOW_UPLOADS), "bytes each": float(SLOW_BYTES)}
    return {
        "slow_uploads_failed": at_most(failed, "uploads", 0, also=also),
        "slow_first_page_p99": at_most(round(p99, 1), "ms", 500, also=also),
        "slow_rss": at_most(round(rss / 1000, 1), "MB in all", 700, also={**also, "idle": idle_kb / 1000}),
    }


def _first_page(server: Server, rounds: int) -> dict[str, Row]:
    visitor = Visitor(server)
    visitor.ask("GET", "/")
    n_bytes = len(visitor.page.encode())
    links = re.findall(r'(?:src|rel="stylesheet" href)="([^"]+)"', visitor.page)
    for link in links:
        visitor.ask("GET", link)
        n_bytes += len(visitor.page.encode())
    took = milliseconds({"ours": lambda: visitor.ask("GET", "/")}, rounds)
    return {
        "first_page_bytes": at_most(n_bytes, "bytes", 15_360, also={"requests": 1.0 + len(links)}),
        "first_page": at_most(took["ours"], "ms", 3),
    }


def _parallel(server: Server) -> dict[str, Row]:
    visitors = [Visitor(server) for _ in range(PARALLEL)]
    for visitor in visitors:
        visitor.open_session()
    texts = _rate([visitor.write_again for visitor in visitors], TEXTS_EACH)
    new = _rate([partial(_report_anew, server)] * PARALLEL, NEW_EACH)
    bare = _rate([_derive] * (os.cpu_count() or 1), 2 * NEW_EACH)
    wanted = round(0.8 * bare, 1)
    return {
        "texts_16_parallel": Row(texts, "a second", "at least 150", texts >= 150, limit=150),
        "new_sources": Row(new, "a second", f"at least {wanted:g}", new >= wanted, {"argon2id": bare}),
    }


def _rate(works: Sequence[Callable[[], object]], each: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(len(works)) as people:
        list(people.map(partial(_again, each), works))
    return round(len(works) * each / (time.perf_counter() - began), 1)


def _again(times: int, work: Callable[[], object]) -> None:
    for _ in range(times):
        work()


def _report_anew(server: Server) -> None:
    Visitor(server).report()


def _derive() -> None:
    derive_master(generate(), InstanceId(bytes(16)), CODENAME_COST)


def _upload(server: Server, rounds: int) -> dict[str, Row]:
    data = secrets.token_bytes(UPLOAD_BYTES)
    visitor = Visitor(server)
    visitor.open_session()
    took = milliseconds(
        {"ours": lambda: visitor.send_file(data), "dd": lambda: _dd(server.folder)}, min(rounds, 3)
    )
    rate = {name: round(UPLOAD_BYTES / 1_000 / ms, 1) for name, ms in took.items()}
    wanted = round(0.45 * rate["dd"], 1)
    ours = rate["ours"]
    goal = f"at least {wanted:g}"
    return {"upload_100mb_durable": Row(ours, "MB/s", goal, ours >= wanted, {"dd": rate["dd"]})}


def _dd(folder: Path) -> None:
    out = folder / "dd.out"
    subprocess.run(
        ["dd", "if=/dev/zero", f"of={out}", "bs=1000000", "count=100", "conv=fdatasync", "status=none"],
        check=True,
    )
    out.unlink()


def _return(server: Server, rounds: int) -> dict[str, Row]:
    visitor = Visitor(server)
    visitor.report()
    visitor.ask("GET", "/codename")
    codename = visitor.page.partition('id="codename">')[2].partition("<")[0]
    server.answer(20)
    took = milliseconds({"ours": partial(_come_back, server, codename), "argon2id": _derive}, rounds)
    peer = took.pop("argon2id")
    return {"return_20_messages": at_most(took["ours"], "ms", round(peer + 30, 1), peers={"argon2id": peer})}


def _come_back(server: Server, codename: str) -> None:
    visitor = Visitor(server)
    visitor.ask("GET", "/return")
    token = visitor.hidden()[0][1]
    visitor.come_back(token, codename)
    if visitor.page.count('<article class="answer">') != 20:
        raise RuntimeError("not all messages were shown")


def _rss_kb(server: Server) -> int:
    total = 0
    for pid in server.pids():
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
    return total


@contextmanager
def serving() -> Iterator[Server]:
    """A server process at its own settings."""
    with tempfile.TemporaryDirectory(dir="build") as name:
        server = Server(Path(name).resolve(), cost="")
        server.start()
        try:
            yield server
        finally:
            server.stop()
