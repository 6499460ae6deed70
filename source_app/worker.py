"""The web server's worker: gunicorn's threads, with a deadline and with our own page of refusal.

gunicorn waits for ever for the rest of a request line, so that a hundred visitors who send half
of one would hold every thread. Here a whole request, its answer included, has half a minute;
then its connection is cut. Whoever sends files has as long as it takes: `BodyCheck` says so by
`UNHURRIED`. After an answer gunicorn waits up to two seconds in its main thread for the visitor to
hang up, and nobody else is let in meanwhile; here the visitor's own thread waits. And what gunicorn
refuses by itself it refuses in our words, under our headers, without repeating what was sent.
"""

import contextlib
import errno
import socket
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from typing import Any, Final

from gunicorn import util
from gunicorn.http.body import Body, LengthReader
from gunicorn.workers.gthread import TConn, ThreadWorker

from source_app.security.body import UNHURRIED
from source_app.security.headers import HEADERS

REQUEST_SECONDS: Final = 30
_LOOK_SECONDS: Final = 1
_HESITATION_SECONDS: Final = 0.0001
"""For each visitor that a process already has."""
_LONGEST_HESITATION_SECONDS: Final = 0.002
_NO_ROOM: Final = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
"""As many files are open as this process, or the machine, may have."""
_NO_ROOM_SECONDS: Final = 0.1
_INPUT: Final = "wsgi.input"
_PAGE: Final = (
    '<!doctype html><html lang="en" dir="ltr"><meta charset="utf-8"><title>This could not be read</title>'
    "<h1>This could not be read</h1>"
    "<p>Your program sent something that this site does not understand. Nothing was stored.</p></html>"
)


class Deadlines:
    """When each connection that holds a thread has to be done. Times are those of `time.monotonic`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._due: dict[socket.socket, float] = {}
        self._lock = threading.Lock()

    def begin(self, connection: socket.socket, now: float) -> None:
        """A request begins to arrive."""
        with self._lock:
            self._due[connection] = now + self._seconds

    def end(self, connection: socket.socket) -> None:
        """It is done, or has as long as it takes. May be called twice."""
        with self._lock:
            self._due.pop(connection, None)

    def cut(self, now: float) -> None:
        """Cut the connections that are overdue: whoever waits for their next byte gets an end."""
        with self._lock:
            for connection in [late for late, due in self._due.items() if due <= now]:
                del self._due[connection]
                with contextlib.suppress(OSError):  # gone by itself
                    connection.shutdown(socket.SHUT_RDWR)


class Arriving:
    """The body of a request: gives what has come, where gunicorn waits for as much as was asked for.

    Waiting means that it copies everything three times, and that each slow upload holds what it collects.
    """

    def __init__(self, body: Body) -> None:
        self._body = body

    def read(self, size: int) -> bytes:
        """At most `size` bytes, at least one; none at the end."""
        reader = self._body.reader
        wanted = min(size, reader.length)
        if not wanted:
            return b""
        try:
            data: bytes = reader.unreader.read(None, read_ahead=wanted)
        except OSError:
            self._body.failed = True  # gunicorn must not look for another request on this line
            raise
        if len(data) > wanted:  # some of the next request came along
            reader.unreader.unread(data[wanted:])
            data = data[:wanted]
        reader.length -= len(data)
        return data


class HurryingWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker of threads, which does not wait for ever."""

    wsgi: Any

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadlines = Deadlines(REQUEST_SECONDS)

    def init_process(self) -> None:
        """Called by gunicorn in the new process; ends with it."""
        threading.Thread(target=_watch, args=(self._deadlines,), daemon=True).start()
        super().init_process()

    def load_wsgi(self) -> None:
        """Called by gunicorn: makes the app."""
        super().load_wsgi()
        self.wsgi = partial(self._answer, self.wsgi)

    def accept(self, listener: socket.socket) -> None:
        """Called by gunicorn when a visitor comes, in every process: the one that has fewest takes them."""
        time.sleep(min(self.nr_conns * _HESITATION_SECONDS, _LONGEST_HESITATION_SECONDS))
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            time.sleep(_NO_ROOM_SECONDS)  # they wait in the system's queue until somebody has gone

    def handle(self, conn: TConn) -> Any:
        """Called by gunicorn in a thread, for each request on a connection."""
        self._deadlines.begin(conn.sock, time.monotonic())
        try:
            stays = super().handle(conn)
        finally:
            self._deadlines.end(conn.sock)
        if not stays:
            util.close_graceful(conn.sock)
        return stays

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """Called by gunicorn in its main thread, which must never wait for a visitor to hang up."""
        if not fs.cancelled() and fs.exception() is None and not fs.result():
            self.nr_conns -= 1  # `handle` has closed it
        else:
            super().finish_request(conn, fs)

    def _answer(
        self, app: Callable[..., Iterable[bytes]], environ: dict[str, Any], start: Any
    ) -> Iterable[bytes]:
        if isinstance(environ[_INPUT].reader, LengthReader):  # no other body is ever read
            environ[_INPUT] = Arriving(environ[_INPUT])
        environ[UNHURRIED] = partial(self._deadlines.end, environ["gunicorn.socket"])
        return app(environ, start)


def write_refusal(connection: socket.socket, status: int, reason: str, _said: str) -> None:
    """In place of gunicorn's page, which repeats what was sent and has none of our headers."""
    page = _PAGE.encode()
    lines = [f"HTTP/1.1 {status} {reason}", "Connection: close", "Content-Type: text/html; charset=utf-8"]
    lines += [f"Content-Length: {len(page)}", *(f"{name}: {value}" for name, value in HEADERS.items())]
    util.write_nonblock(connection, "\r\n".join(lines).encode() + b"\r\n\r\n" + page)


def _watch(deadlines: Deadlines) -> None:
    while True:
        time.sleep(_LOOK_SECONDS)
        deadlines.cut(time.monotonic())
