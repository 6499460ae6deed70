"""Deadlines of connections, and the page for what is no request. The whole worker: tests/journeys."""

import socket
from typing import cast

import pytest

from source_app.security.headers import HEADERS
from source_app.worker import Deadlines, write_refusal


class Line:
    """A connection that notes how it was ended."""

    def __init__(self, *, gone: bool = False) -> None:
        self.gone = gone
        self.cut = 0

    def shutdown(self, _how: int) -> None:
        self.cut += 1
        if self.gone:
            raise OSError


def as_socket(line: Line) -> socket.socket:
    return cast(socket.socket, line)


def test_only_who_is_overdue_is_cut_and_only_once() -> None:
    deadlines = Deadlines(30)
    early, late, done, gone = Line(), Line(), Line(), Line(gone=True)
    for line in (early, done, gone):
        deadlines.begin(as_socket(line), 0)
    deadlines.begin(as_socket(late), 1)
    deadlines.end(as_socket(done))
    deadlines.end(as_socket(done))
    deadlines.cut(29.9)
    assert [line.cut for line in (early, late, done, gone)] == [0, 0, 0, 0]
    deadlines.cut(30)
    deadlines.cut(30.9)
    assert [line.cut for line in (early, late, done, gone)] == [1, 0, 0, 1]


def test_a_refusal_repeats_nothing_and_carries_the_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    monkeypatch.setattr("gunicorn.util.write_nonblock", lambda _, data: written.append(data))
    write_refusal(as_socket(Line()), 400, "Bad Request", "Invalid Method 'SECRET'")
    head, _, page = written[0].decode().partition("\r\n\r\n")
    lines = head.split("\r\n")
    assert lines[0] == "HTTP/1.1 400 Bad Request"
    assert f"Content-Length: {len(page.encode())}" in lines
    assert {f"{name}: {value}" for name, value in HEADERS.items()} <= set(lines)
    assert "SECRET" not in written[0].decode()
