"""Deadlines of connections, and the page for what is no request. The whole worker: tests/journeys."""

import errno
import os
import socket
from collections.abc import Iterator
from typing import cast

import pytest
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.unreader import SocketUnreader

from source_app.security.headers import HEADERS
from source_app.worker import Arriving, Deadlines, HurryingWorker, write_refusal


class Line:
    """A connection that notes how it was ended."""

    def __init__(self, *, gone: bool = False) -> None:
        self.gone = gone
        self.cut = 0

    def shutdown(self, _how: int) -> None:
        self.cut += 1
        if self.gone:
            raise OSError


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A visitor's end of a connection and the server's."""
    visitor, server = socket.socketpair()
    for end in (visitor, server):
        end.settimeout(10)
    with visitor, server:
        yield visitor, server


def arriving(server: socket.socket, length: int) -> tuple[Arriving, Body]:
    """A body of so many bytes that arrives at the server's end."""
    body = Body(LengthReader(SocketUnreader(server), length))
    return Arriving(body), body


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


def test_a_body_gives_what_has_come_and_waits_for_no_more(ends: tuple[socket.socket, socket.socket]) -> None:
    visitor, server = ends
    body, _ = arriving(server, 10)
    visitor.sendall(b"one")
    assert body.read(8) == b"one"
    visitor.sendall(b"two")
    assert body.read(2) == b"tw"
    assert body.read(8) == b"o"


def test_a_body_ends_where_its_length_says_and_leaves_the_next_request(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    visitor, server = ends
    body, inner = arriving(server, 5)
    inner.reader.unreader.unread(b"wholeGET / HTTP/1.1")
    assert [body.read(64), body.read(64)] == [b"whole", b""]
    assert inner.reader.unreader.take_buffered() == b"GET / HTTP/1.1"
    visitor.sendall(b"more")
    assert body.read(64) == b""


def test_a_body_that_broke_off_is_told_from_its_end(ends: tuple[socket.socket, socket.socket]) -> None:
    visitor, server = ends
    body, inner = arriving(server, 5)
    visitor.sendall(b"wh")
    visitor.close()
    assert [body.read(64), body.read(64)] == [b"wh", b""]
    assert inner.reader.length == 3, "what is missing is still missing"
    server.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        body.read(64)
    assert inner.failed, "nobody looks for another request on this line"


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_too_many_open_files_end_no_worker(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    class Full:
        def accept(self) -> None:
            raise OSError(number, os.strerror(number))

    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    worker = HurryingWorker.__new__(HurryingWorker)
    worker.nr_conns = 0
    worker.accept(cast(socket.socket, Full()))
    assert waits == [0, 0.1]


def test_another_error_of_the_listener_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def accept(self) -> None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    worker = HurryingWorker.__new__(HurryingWorker)
    worker.nr_conns = 0
    with pytest.raises(OSError, match=os.strerror(errno.EBADF)):
        worker.accept(cast(socket.socket, Broken()))
