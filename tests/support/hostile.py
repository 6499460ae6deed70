"""Somebody who sends anything at all to a source server, and what must be true afterwards."""

import re
import socket
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from source_app.security.headers import HEADERS
from tests.support.source_process import Browser, Server

MARK = b"m4rk-0f-what-was-typed"
"""Stands in everything that is sent; must be found nowhere on the server."""
ANSWER_SECONDS = 45
"""Longer than the half minute that the server gives a request."""


@dataclass(frozen=True)
class Held:
    """What a server holds: rows of the log, files of both folders."""

    rows: int
    envelopes: frozenset[str]
    incoming: frozenset[str]


def held(server: Server) -> Held:
    """At this moment."""
    with closing(sqlite3.connect(server.folder / "data" / "source.sqlite3")) as database:
        rows = database.execute("SELECT count(*) FROM objects").fetchone()[0]
    names = (frozenset(path.name for path in server.files(name)) for name in ("envelopes", "incoming"))
    return Held(rows, *names)


def send(server: Server, data: bytes, *, half_close: bool = False) -> bytes:
    """Send bytes on a new line, and give all that comes back until the server hangs up.

    A line that is neither answered nor cut in time is an error.
    """
    with socket.create_connection(("127.0.0.1", server.port), ANSWER_SECONDS) as line:
        try:
            line.sendall(data)
            if half_close:
                line.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it answered before everything was sent
        return _all_of(line)


def _all_of(line: socket.socket) -> bytes:
    answer = b""
    try:
        while data := line.recv(65_536):
            answer += data
    except ConnectionError:
        pass  # cut, with something of ours unread
    return answer


def status_of(answer: bytes) -> int:
    """The status of a bare answer."""
    found = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
    assert found, answer[:200]
    return int(found[1])


def check_answer(answer: bytes) -> int:
    """Its status: no fault of ours, no trace of the program, every header."""
    status = status_of(answer)
    assert status not in (500, 502, 504), answer[:500]
    assert b"Traceback" not in answer
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    missing = [name for name in HEADERS if f"\n{name}: " not in head]
    assert missing == [], (status, missing)
    return status


def check_untouched(server: Server, before: Held) -> None:
    """Nothing was stored, nothing typed was written anywhere, and the server goes on."""
    assert held(server) == before
    assert places_with(server, MARK) == []
    assert b"Traceback" not in server.log.read_bytes()
    assert Browser(server).report("a good report").status_code == 303


def places_with(server: Server, needle: bytes) -> list[Path]:
    """The files of a server that hold some bytes: its log, its data, its memory folder."""
    files = [path for name in ("data", "run") for path in (server.folder / name).rglob("*")]
    return [path for path in [server.log, *files] if path.is_file() and needle in path.read_bytes()]
