"""The web server's worker: gunicorn's threads, with a deadline and with our own page of refusal.

gunicorn waits for ever for the rest of a request line, so that a hundred visitors who send half
of one would hold every thread. Here a whole request, its answer included, has half a minute;
then its connection is cut. Whoever sends files has as long as it takes: `BodyCheck` says so by
`UNHURRIED`. And what gunicorn refuses by itself it refuses in our words, under our headers,
without repeating what was sent.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

from source_app.security.body import UNHURRIED
from source_app.security.headers import HEADERS

REQUEST_SECONDS: Final = 30
_LOOK_SECONDS: Final = 1
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

    def handle(self, conn: TConn) -> Any:
        """Called by gunicorn in a thread, for each request on a connection."""
        self._deadlines.begin(conn.sock, time.monotonic())
        try:
            return super().handle(conn)
        finally:
            self._deadlines.end(conn.sock)

    def _answer(
        self, app: Callable[..., Iterable[bytes]], environ: dict[str, Any], start: Any
    ) -> Iterable[bytes]:
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
