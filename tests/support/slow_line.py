"""A slow line between a browser and a server on this machine: it passes on so many bytes a second, upwards.

For tests in which somebody watches a sending. Each connection is two threads; leaving the context ends all.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Final

_PIECE: Final = 16 * 1024


class SlowLine:
    """The line. `port` is where a browser connects."""

    def __init__(self, bytes_per_second: int) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._pause = _PIECE / bytes_per_second
        self._target = 0
        self._open: list[socket.socket] = [self._listening]
        self.port: int = self._listening.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"

    def lead_to(self, port: int) -> None:
        """Where it leads."""
        self._target = port
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection, and take no more."""
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._open += [near, far]
                threading.Thread(target=_pass_on, args=(near, far, self._pause), daemon=True).start()
                threading.Thread(target=_pass_on, args=(far, near, 0.0), daemon=True).start()


@contextmanager
def slow_line(bytes_per_second: int) -> Iterator[SlowLine]:
    """A line for one test."""
    made = SlowLine(bytes_per_second)
    try:
        yield made
    finally:
        made.cut()


def _pass_on(come: socket.socket, go: socket.socket, pause: float) -> None:
    with closing(go), suppress(OSError):
        while piece := come.recv(_PIECE):
            go.sendall(piece)
            if len(piece) == _PIECE:
                time.sleep(pause)
        go.shutdown(socket.SHUT_WR)
