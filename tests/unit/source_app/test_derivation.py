"""The slow step: bounded, with places kept for those who report for the first time."""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Semaphore

import pytest

from crypto.source_keys import Cost, InstanceId, Master
from source_app.errors import BusyError
from source_app.services.derivation import Derivation, Queue
from tests.support.waiting import wait_until

INSTANCE = InstanceId(bytes(16))


class Slow:
    """Stands for the derivation; ends when it is let go, and counts who is inside."""

    def __init__(self) -> None:
        self.inside = Semaphore(0)
        self.go = Event()

    def __call__(self, *_: object) -> Master:
        self.inside.release()
        assert self.go.wait(10)
        return Master(bytes(32))


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    """A derivation that the test holds in its hand."""
    made = Slow()
    monkeypatch.setattr("source_app.services.derivation.derive_master", made)
    return made


def start(pool: ThreadPoolExecutor, derivation: Derivation, queue: Queue) -> Future[Master]:
    """Begin a derivation in another thread."""
    return pool.submit(derivation.master, "codename", INSTANCE, queue)


@pytest.mark.parametrize("first", Queue)
@pytest.mark.parametrize("second", Queue)
def test_whoever_waits_too_long_is_asked_to_come_back(slow: Slow, first: Queue, second: Queue) -> None:
    derivation = Derivation(Cost(8, 1), places=1, wait_seconds=0.01)
    with ThreadPoolExecutor(1) as pool:
        running = start(pool, derivation, first)
        assert slow.inside.acquire(timeout=5)
        with pytest.raises(BusyError):
            derivation.master("codename", INSTANCE, second)
        slow.go.set()
        assert running.result()
    assert derivation.master("codename", INSTANCE, second)


def test_returns_leave_half_of_the_places_to_first_reports(slow: Slow) -> None:
    derivation = Derivation(Cost(8, 1), places=2, wait_seconds=0.01)
    with ThreadPoolExecutor(2) as pool:
        start(pool, derivation, Queue.RETURN)
        assert slow.inside.acquire(timeout=5)
        with pytest.raises(BusyError):
            derivation.master("codename", INSTANCE, Queue.RETURN)
        report = start(pool, derivation, Queue.FIRST_REPORT)
        assert slow.inside.acquire(timeout=5)
        slow.go.set()
        assert report.result()


@pytest.mark.parametrize(
    ("many", "one"), [(Queue.RETURN, Queue.FIRST_REPORT), (Queue.FIRST_REPORT, Queue.RETURN)]
)
def test_a_crowd_at_one_door_does_not_shut_the_other(
    monkeypatch: pytest.MonkeyPatch, many: Queue, one: Queue
) -> None:
    served: list[Queue] = []
    slow = Slow()
    derivation = Derivation(Cost(8, 1), places=1)

    def one_of_the_crowd() -> None:
        derivation.master("codename", INSTANCE, many)
        served.append(many)

    def somebody_else() -> None:
        derivation.master("codename", INSTANCE, one)
        served.append(one)

    monkeypatch.setattr("source_app.services.derivation.derive_master", slow)
    with ThreadPoolExecutor(30) as pool:
        pool.submit(one_of_the_crowd)
        assert slow.inside.acquire(timeout=5)
        for _ in range(20):
            pool.submit(one_of_the_crowd)
        wait_until(lambda: derivation._waiting[many] == 20, "the crowd")
        pool.submit(somebody_else)
        wait_until(lambda: derivation._waiting[one] == 1, "somebody else")
        slow.go.set()
    assert served.index(one) <= 2, "after the one that was inside, and perhaps one that had begun"
    assert len(served) == 22


def test_a_failed_derivation_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    derivation = Derivation(Cost(8, 1), places=1, wait_seconds=0.01)
    monkeypatch.setattr("source_app.services.derivation.derive_master", _fail)
    for _ in range(3):
        with pytest.raises(MemoryError):
            derivation.master("codename", INSTANCE, Queue.RETURN)


def _fail(*_: object) -> Master:
    raise MemoryError
