"""What an open vault remembers of viewing: little, the newest, and nothing after the lock."""

import threading

import pytest

from journalist_app.errors import BusyError
from journalist_app.viewing import viewer
from journalist_app.viewing.viewer import Viewer


def test_the_oldest_is_forgotten_where_it_gets_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewer, "REMEMBERED_MAX", 10)
    kept = Viewer()
    kept.keep(("a",), bytes(4))
    kept.keep(("b",), bytes(4))
    assert kept.kept(("a",)) == bytes(4)  # and is the newest now
    kept.keep(("c",), bytes(4))
    assert [kept.kept((name,)) is not None for name in "abc"] == [True, False, True]
    kept.keep(("huge",), bytes(11))
    assert [kept.kept((name,)) for name in ("a", "c", "huge")] == [None, None, None]


def test_what_is_kept_again_is_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewer, "REMEMBERED_MAX", 10)
    kept = Viewer()
    for _ in range(5):
        kept.keep(("a",), bytes(8))
    assert kept.kept(("a",)) == bytes(8)


def test_nothing_is_left_after_the_lock() -> None:
    kept = Viewer()
    kept.keep(("a", 1), b"x")
    kept.forget()
    assert kept.kept(("a", 1)) is None


def test_few_draw_at_once_and_the_next_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewer, "WAIT_SECONDS", 0.05)
    turns, go_on, inside = Viewer(), threading.Event(), threading.Barrier(viewer.AT_ONCE + 1)
    drawing = [threading.Thread(target=_draw, args=(turns, inside, go_on)) for _ in range(viewer.AT_ONCE)]
    for each in drawing:
        each.start()
    inside.wait(60)
    with pytest.raises(BusyError, match="Try again in a moment"), turns.turn():
        pass
    go_on.set()
    for each in drawing:
        each.join()
    with turns.turn():
        pass


def _draw(turns: Viewer, inside: threading.Barrier, go_on: threading.Event) -> None:
    with turns.turn():
        inside.wait(60)
        go_on.wait(60)
