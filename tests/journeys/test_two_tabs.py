"""One browser, two tabs: an answer that comes late, after its session was left or another was opened."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.codename import generate
from tests.support.source_process import COOKIE, Browser, Server
from tests.support.source_site import BOUNDARY, shown_codename
from tests.support.waiting import wait_until

SIZE = 3_000_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that serves."""
    made = Server(tmp_path)
    made.start()
    yield made
    made.stop()


class Sending:
    """The first tab, which sends the form that is open; the rest of it follows on `finish`."""

    def __init__(self, browser: Browser, path: str) -> None:
        body = browser.filled("sent slowly", b"x" * SIZE)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {browser.server.host}\r\nCookie: {COOKIE}={browser.cookie}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._server = browser.server
        self._rest = body[SIZE // 2 :]
        self._line = socket.create_connection(("127.0.0.1", browser.server.port), 60)
        self._line.sendall(head.encode() + body[: SIZE // 2])
        wait_until(lambda: bool(self._server.files("incoming")), "the sending to begin")

    def finish(self) -> tuple[str, str]:
        """The page it leads to, and the cookie it brings, if any."""
        with self._line as line:
            line.sendall(self._rest)
            answer = line.recv(65_536).decode()
        assert answer.startswith("HTTP/1.1 303 "), "it was stored"
        cookie = re.search(f"{COOKIE}=([^;]*)", answer)
        return re.findall(r"Location: (\S+)", answer)[0], cookie[1] if cookie else ""


def press(browser: Browser, path: str, **fields: str) -> int:
    """The second tab: open a small form, fill it, send it."""
    browser.ask("GET", path)
    token = re.findall(r'name="csrf_token"[^>]* value="([^"]*)"', browser.page.partition("<main>")[2])[0]
    return browser.ask("POST", path, data={"csrf_token": token, **fields}).status_code


def test_a_codename_that_was_not_seen_yet_is_shown_though_another_was_entered_meanwhile(
    server: Server,
) -> None:
    browser = Browser(server)
    browser.ask("GET", "/report")
    sending = Sending(browser, "/report")
    assert press(browser, "/return", codename=generate()) == 303
    assert browser.ask("GET", "/inbox").status_code == 200
    page, browser.cookie = sending.finish()
    assert page == "/codename"
    browser.ask("GET", page)
    assert len(shown_codename(browser.page).split()) == 8


def test_a_late_message_does_not_close_the_inbox_that_was_opened_meanwhile(server: Server) -> None:
    browser = Browser(server)
    codenames = [generate(), generate()]
    assert press(browser, "/return", codename=codenames[0]) == 303
    browser.ask("GET", "/inbox")
    first = browser.cookie
    sending = Sending(browser, "/inbox")
    assert press(browser, "/return", codename=codenames[1]) == 303
    second = browser.cookie
    assert sending.finish() == ("/return?arrived=1", "")
    browser.cookie = second
    assert browser.ask("GET", "/inbox").status_code == 200
    assert "It has arrived" not in browser.page, "it lies in the other inbox"
    browser.ask("GET", "/return?arrived=1")
    assert "It has arrived." in browser.page
    browser.cookie = first
    assert browser.ask("GET", "/inbox").headers["Location"] == "/return?ended=1", "whoever has a copy"


@pytest.mark.parametrize("opened", [False, True])
def test_a_late_answer_does_not_bring_back_a_session_that_was_left(server: Server, opened: bool) -> None:
    browser, path = Browser(server), "/report"
    if opened:
        path = "/inbox"
        press(browser, "/return", codename=generate())
    browser.ask("GET", path)
    sending, copy = Sending(browser, path), browser.cookie
    assert press(browser, "/leave") == 200
    assert sending.finish() == ("/return?arrived=1", "")
    browser.cookie = copy
    assert browser.ask("GET", "/inbox").headers["Location"] == "/return?ended=1"
    assert len(server.files("envelopes")) == 1, "and nothing of it is lost"
