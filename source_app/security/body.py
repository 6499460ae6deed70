"""What arrives in a request's body: how much may come, when it broke off, how a rest is drained.

A request that changes something must say its length (no chunked bodies); more than the limit is
refused before a byte is read. A body that ends early, or stands still for ten minutes, is a
broken connection. After an answer at most 1 MiB or 5 seconds of the rest are drained, so that a
client that is still sending has a chance to read it; whoever listens has it at once. Sendings hold
their threads as long as they take, so some threads of each process are kept for everything else.
"""

import time
from collections.abc import Callable, Iterable
from socket import socket
from threading import BoundedSemaphore
from typing import Any, BinaryIO, Final, cast

from flask import Flask, Response, abort, request

from crypto import sizes
from source_app.errors import BrokenUploadError, BusyError, TooSlowError

SMALL_FORM_BYTES: Final = 64 * sizes.KIB
IDLE_SECONDS: Final = 600
LIFE_SECONDS: Final = 2 * 24 * 3600
"""Of a body, whatever it holds: what comes drop by drop must not keep an envelope open for ever."""
DRAIN_BYTES: Final = 1 * sizes.MIB
DRAIN_SECONDS: Final = 5
UNHURRIED: Final = "cleandrop.unhurried"
"""In the environment of a request: call it, and the request has as long as it takes."""
_INPUT: Final = "wsgi.input"
_PLACE: Final = "cleandrop.place"
_CHANGING: Final = ("POST", "PUT", "PATCH", "DELETE")


class CountedBody:
    """The body of one request, which knows how much of it is still to come."""

    def __init__(self, raw: BinaryIO, length: int, connection: socket | None) -> None:
        self._raw = raw
        self._connection = connection
        self._ends_at = time.monotonic() + LIFE_SECONDS
        self.length = length
        self.remaining = length

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end. Raises `BrokenUploadError`, `TooSlowError`."""
        if time.monotonic() > self._ends_at:
            raise TooSlowError
        wanted = self.remaining if size < 0 else min(size, self.remaining)
        if not wanted:
            return b""
        try:
            data = self._raw.read(wanted)
        except (OSError, EOFError) as error:
            self.remaining = 0
            raise BrokenUploadError from error
        if not data:
            self.remaining = 0
            raise BrokenUploadError
        self.remaining -= len(data)
        return data

    def drain(self) -> None:
        """Read on for a short while, so that the answer can be read."""
        deadline = time.monotonic() + DRAIN_SECONDS
        left = DRAIN_BYTES
        try:
            while self.remaining and left > 0 and (seconds := deadline - time.monotonic()) > 0:
                if self._connection is not None:
                    self._connection.settimeout(seconds)
                left -= len(self.read(sizes.CHUNK))
        except (BrokenUploadError, TooSlowError):
            return
        finally:
            if self._connection is not None:
                self._connection.settimeout(IDLE_SECONDS)


class BodyCheck:
    """The check of lengths, and the counting."""

    def __init__(self, large_bytes: int, large_endpoints: frozenset[str], places: int) -> None:
        """`large_endpoints`: the views that take files; all others take small forms. `places`: how many
        requests to those may be under way at once in this process."""
        self._large_bytes = large_bytes
        self._large_endpoints = large_endpoints
        self._places = BoundedSemaphore(places)

    def install(self, app: Flask) -> None:
        """Count every body; check lengths after the host, before anything is read."""
        app.wsgi_app = _Counting(app.wsgi_app)  # type: ignore[method-assign]
        app.before_request(self.check)
        app.after_request(drain_rest)
        app.teardown_request(self.give_back)

    def check(self) -> None:
        """Answer 411 to a body of unknown length, 413 to a small form that is too large."""
        if request.method not in _CHANGING:
            return
        if "Transfer-Encoding" in request.headers or request.content_length is None:
            abort(411)
        if request.endpoint not in self._large_endpoints:
            if request.content_length > SMALL_FORM_BYTES:
                abort(413)
        elif not self.is_too_large():
            self._take_place()
            if UNHURRIED in request.environ:
                request.environ[UNHURRIED]()

    def give_back(self, _error: BaseException | None) -> None:
        """Called by Flask when a request has ended."""
        if request.environ.pop(_PLACE, False):
            self._places.release()

    def _take_place(self) -> None:
        """Raises `BusyError` where as many are sending as may: the other threads are for pages."""
        if not self._places.acquire(blocking=False):
            raise BusyError
        request.environ[_PLACE] = True

    def is_too_large(self) -> bool:
        """Whether this request announces more than the site takes at once.

        A view that takes files asks this itself: a browser shows no answer while it sends, so the refusal
        must first be noted for the sending that the first fields name.
        """
        return (request.content_length or 0) > self._large_bytes


class _Counting:
    """WSGI: puts a `CountedBody` in place of the server's own."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        text = environ.get("CONTENT_LENGTH") or "0"
        connection = environ.get("gunicorn.socket")
        if connection is not None:
            connection.settimeout(IDLE_SECONDS)
        length = int(text) if text.isdecimal() else 0
        environ[_INPUT] = CountedBody(environ[_INPUT], length, connection)
        environ["wsgi.input_terminated"] = True  # it ends by itself where the body ends
        return self._inner(environ, start_response)


def counted_body() -> CountedBody:
    """The body of this request."""
    return cast(CountedBody, request.environ[_INPUT])


def drain_rest(response: Response) -> Response:
    """Once an answer went out: what is left of the body, within bounds."""
    response.call_on_close(counted_body().drain)
    return response
