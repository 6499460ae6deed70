"""What an open vault remembers of viewing: what was drawn last, and how many may draw at once.

In memory alone, little, and gone when the vault is locked. A page's picture is fetched by the browser right
after the page itself: what was drawn for the one is handed out for the other. `services.viewing` uses it.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Final

from crypto.sizes import MIB
from journalist_app.errors import BusyError

AT_ONCE: Final = 2
WAIT_SECONDS: Final = 30
REMEMBERED_MAX: Final = 128 * MIB

Key = tuple[str | int, ...]
_BUSY: Final = "Others are looking at files that take long to draw. Try again in a moment."


class Viewer:
    """The turns and the memory of one open vault."""

    def __init__(self) -> None:
        self._turns = BoundedSemaphore(AT_ONCE)
        self._lock = Lock()
        self._kept: OrderedDict[Key, bytes] = OrderedDict()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """While it is one's turn to use rooms: a machine has memory for few at once. Raises `BusyError`."""
        if not self._turns.acquire(timeout=WAIT_SECONDS):
            raise BusyError(_BUSY)
        try:
            yield
        finally:
            self._turns.release()

    def keep(self, key: Key, data: bytes) -> None:
        """Remember, and forget the oldest where it gets too much."""
        with self._lock:
            self._kept[key] = data
            self._kept.move_to_end(key)
            while sum(map(len, self._kept.values())) > REMEMBERED_MAX:
                self._kept.popitem(last=False)

    def kept(self, key: Key) -> bytes | None:
        """What was remembered under `key`, where it still is."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def forget(self) -> None:
        """Forget everything: the vault is locked."""
        with self._lock:
            self._kept.clear()
