"""The source server as a real process: what survives a kill, what a broken line leaves, what is logged."""

import http.client
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event

import pytest

from source_app.security.headers import HEADERS
from tests.support.source_process import COOKIE, Browser, Server
from tests.support.source_site import BOUNDARY, shown_codename
from tests.support.waiting import wait_until

THREADS_IN_ALL = 2 * 8


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that serves."""
    made = Server(tmp_path)
    made.start()
    yield made
    made.stop()


@contextmanager
def half_an_upload(server: Server) -> Iterator[None]:
    """A report of which the server has a part; at the end its line breaks."""
    browser = Browser(server)
    browser.ask("GET", "/report")
    body = browser.filled("half", b"x" * 5_000_000)
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(_head(browser, len(body)) + body[:3_000_000])
        wait_until(lambda: bool(server.files("incoming")), "the upload to begin")
        yield


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
    with half_an_upload(server):
        pass
    wait_until(lambda: not server.files("incoming"), "the broken upload to be removed")
    assert server.files("envelopes") == []


def test_a_kill_in_the_middle_is_swept_at_the_next_start(server: Server) -> None:
    with half_an_upload(server):
        server.kill()
    assert server.files("incoming")
    server.start()
    assert server.files("incoming") == []


def test_what_a_dead_worker_left_is_swept_by_the_one_in_its_place(server: Server) -> None:
    with half_an_upload(server):
        server.kill_workers()
        wait_until(lambda: not server.files("incoming"), "what is left to be removed")
    assert Browser(server).report("another").status_code == 303


def test_a_body_of_unknown_length_and_one_too_large(server: Server) -> None:
    answer = Browser(server).ask("POST", "/report", content=iter([b"x"]))
    assert answer.status_code == 411
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(_head(Browser(server), 3 * 1024**3))
        assert b" 413 " in line.recv(65_536)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HT",
        b"GET / HTTP/1.1\r\nX: y\r\n",
        b"POST /return HTTP/1.1\r\nHost: {}\r\nContent-Length: 9\r\n\r\nx",
    ],
)
def test_half_requests_hold_no_thread_for_long(tmp_path: Path, sent: bytes) -> None:
    server = Server(tmp_path, before="from source_app import worker; worker.REQUEST_SECONDS = 2")
    server.start()
    try:
        with ExitStack() as lines:
            for _ in range(THREADS_IN_ALL):
                line = lines.enter_context(socket.create_connection(("127.0.0.1", server.port)))
                line.sendall(sent.replace(b"{}", server.host.encode()))
            assert Browser(server).ask("GET", "/").status_code == 200
    finally:
        server.stop()


def test_who_does_not_hang_up_keeps_nobody_out(tmp_path: Path) -> None:
    for_ever = "u.close_graceful = functools.partial(u.close_graceful, timeout=1e6)"
    server = Server(tmp_path, before=f"import functools, gunicorn.util as u; {for_ever}")
    server.start()
    try:
        with ExitStack() as lines:
            for _ in range(THREADS_IN_ALL // 2):
                line = lines.enter_context(socket.create_connection(("127.0.0.1", server.port), 20))
                line.sendall(f"GET / HTTP/1.1\r\nHost: {server.host}\r\nConnection: close\r\n\r\n".encode())
                assert line.recv(65_536).startswith(b"HTTP/1.1 200")
            assert Browser(server).ask("GET", "/").status_code == 200
    finally:
        server.stop()


def test_an_upload_is_not_hurried(tmp_path: Path) -> None:
    server = Server(tmp_path, before="from source_app import worker; worker.REQUEST_SECONDS = 1")
    server.start()
    try:
        browser = Browser(server)
        browser.ask("GET", "/report")
        body = browser.filled("slowly", b"x" * 1_000_000)
        with socket.create_connection(("127.0.0.1", server.port)) as line:
            line.sendall(_head(browser, len(body)) + body[:500_000])
            Event().wait(3)
            line.sendall(body[500_000:])
            assert b" 303 " in line.recv(65_536)
    finally:
        server.stop()


def test_what_is_too_large_is_said_before_it_is_sent(server: Server) -> None:
    """Whoever waits for the answer has it while the rest of the body is still to come."""
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.settimeout(4)  # the rest is waited for longer than this
        line.sendall(_head(Browser(server), 3 * 1024**3))
        assert b" 413 " in line.recv(65_536)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nX: " + b"y" * 9_000 + b"\r\n\r\n",
        b"GET /" + b"somebodys-page" * 500 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nExpect: rabbit\r\n\r\n",
        b"<script> / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_under_our_headers(server: Server, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(sent)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        page = answer.read().decode()
    assert 400 <= answer.status < 500
    assert {name: answer.getheader(name) for name in HEADERS} == HEADERS
    assert "This could not be read" in page
    assert not [word for word in ("rabbit", "script", "somebody", "9.9", "yyy") if word in page]


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


def test_no_image_of_its_memory_may_be_written(server: Server) -> None:
    for pid in server.pids():
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE)


def test_only_one_server_serves_a_folder(server: Server) -> None:
    second = subprocess.run(server.command("serve"), check=False, capture_output=True, text=True)
    assert second.returncode == 1
    assert "Another process" in second.stderr


def _head(browser: Browser, length: int) -> bytes:
    return (
        f"POST /report HTTP/1.1\r\nHost: {browser.server.host}\r\nCookie: {COOKIE}={browser.cookie}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()
