"""The slow step, bounded: a codename becomes a master, at most one per core at a time.

Two queues (protocol 1, section 2): half of the places are kept for first reports, so that
people who try codenames at the Return page cannot shut out somebody who reports. Where both wait
for a place, they have it in turns. Whoever waits over ten seconds is asked to come back.

The bound holds within one process. With several workers each gets its share of the cores, and
at least one place; more workers than cores overdo it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from threading import Condition
from typing import Final

from crypto.codename import Codename
from crypto.source_keys import Cost, InstanceId, Master, derive_master
from source_app.errors import BusyError

WAIT_SECONDS: Final = 10.0


class Queue(Enum):
    """Who waits."""

    FIRST_REPORT = "first report"
    RETURN = "return"


class Derivation:
    """Derives masters, a bounded number at a time."""

    def __init__(self, cost: Cost, places: int, wait_seconds: float = WAIT_SECONDS) -> None:
        self._cost = cost
        self._places = places
        self._places_for_returns = max(1, places - places // 2)
        self._wait_seconds = wait_seconds
        self._running = dict.fromkeys(Queue, 0)
        self._waiting = dict.fromkeys(Queue, 0)
        self._last = Queue.RETURN
        self._changed = Condition()

    def master(self, codename: str, instance: InstanceId, queue: Queue) -> Master:
        """The master of a codename. Raises `BusyError` after too long a wait."""
        with self._place(queue):
            return derive_master(Codename(codename), instance, self._cost)

    @contextmanager
    def _place(self, queue: Queue) -> Iterator[None]:
        is_free = self._free_for_reports if queue is Queue.FIRST_REPORT else self._free_for_returns
        self._take(queue, is_free)
        try:
            yield
        finally:
            with self._changed:
                self._running[queue] -= 1
                self._changed.notify_all()

    def _take(self, queue: Queue, is_free: Callable[[], bool]) -> None:
        with self._changed:
            self._waiting[queue] += 1
            try:
                if not self._changed.wait_for(is_free, timeout=self._wait_seconds):
                    raise BusyError
            finally:
                self._waiting[queue] -= 1
                self._changed.notify_all()
            self._running[queue] += 1
            self._last = queue

    def _free_for_reports(self) -> bool:
        return self._is_free() and not (self._last is Queue.FIRST_REPORT and self._return_may_begin())

    def _free_for_returns(self) -> bool:
        others_turn = self._last is Queue.RETURN and self._waiting[Queue.FIRST_REPORT]
        return self._is_free() and self._share_is_left() and not others_turn

    def _is_free(self) -> bool:
        return sum(self._running.values()) < self._places

    def _share_is_left(self) -> bool:
        return self._running[Queue.RETURN] < self._places_for_returns

    def _return_may_begin(self) -> bool:
        return bool(self._waiting[Queue.RETURN]) and self._share_is_left()
