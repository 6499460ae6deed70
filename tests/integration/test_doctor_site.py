"""What the doctor says of a site by how it answers, over TCP and over a socket that is a file."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from source_app.doctor import site
from source_app.doctor.findings import Finding, Grade
from source_app.settings import SourceSettings

NAME = "source.example"


class Site(socketserver.BaseRequestHandler):
    """Answers what the test says to whoever asks for the first page under the site's name."""

    answer = b""

    def handle(self) -> None:
        asked = self.request.recv(4096)
        if asked.startswith(b"GET / HTTP/1.1\r\n") and f"Host: {NAME}\r\n".encode() in asked:
            self.request.sendall(self.answer)


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def seen(folder: Path, bind: str) -> Finding:
    settings = SourceSettings(data_dir=folder, run_dir=folder, allowed_hosts=(NAME,), bind=bind)
    return site.examine(settings, serving=True)


@pytest.mark.parametrize(
    ("answer", "grade", "said"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Grade.OK, "answers"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", Grade.BAD, "answers with 503"),
        (b"220 mail.example ESMTP\r\n", Grade.BAD, "does not answer"),
        (b"", Grade.BAD, "does not answer"),
    ],
)
def test_an_answer_over_tcp(tmp_path: Path, answer: bytes, grade: Grade, said: str) -> None:
    handler = type("Handler", (Site,), {"answer": answer})
    with socketserver.TCPServer(("127.0.0.1", 0), handler) as server, running(server):
        found = seen(tmp_path, f"127.0.0.1:{server.server_address[1]}")
    assert found.grade is grade
    assert said in found.said


def test_an_answer_over_a_file_and_none_once_nobody_listens(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    handler = type("Handler", (Site,), {"answer": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"})
    with socketserver.UnixStreamServer(str(path), handler) as server, running(server):
        assert seen(tmp_path, f"unix:{path}").grade is Grade.OK
    assert seen(tmp_path, f"unix:{path}").grade is Grade.BAD
