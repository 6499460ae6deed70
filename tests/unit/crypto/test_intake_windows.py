"""Windows: which week it is, what a state can compute, and what it can no longer compute."""

from datetime import UTC, datetime, timedelta

import pytest

from crypto import hybrid, windows
from crypto.envelope import parse_intake_header, unwrap_file_key
from crypto.errors import OpenError, WindowError
from tests.support.sealing import identities, sealed_envelope

STATE = windows.IntakeState(1, 100, 4, b"i" * 32)


@pytest.mark.parametrize(
    ("instant", "window"),
    [
        (datetime(2024, 1, 1, tzinfo=UTC), 0),
        (datetime(2024, 1, 7, 23, 59, 59, 999_999, tzinfo=UTC), 0),
        (datetime(2024, 1, 8, tzinfo=UTC), 1),
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), 150),
        (datetime(2026, 11, 23, tzinfo=UTC), 151),
    ],
)
def test_weeks_begin_on_monday_in_utc(instant: datetime, window: int) -> None:
    assert windows.window_of(instant) == window
    assert windows.window_start(window) <= instant < windows.window_start(window + 1)


def test_before_the_first_week_and_after_the_last_year_there_is_none() -> None:
    with pytest.raises(WindowError):
        windows.window_of(windows.START - timedelta(microseconds=1))
    for window in (2**32 - 1, 2**53 - 1, 500_000):
        with pytest.raises(WindowError):
            windows.window_start(window)


def test_every_window_has_a_key_of_its_own() -> None:
    seeds = dict(STATE.seeds())
    assert list(seeds) == [100, 101, 102, 103]
    assert len(set(seeds.values())) == 4
    assert STATE.state not in seeds.values()


def test_a_step_forgets_the_first_window_and_no_other() -> None:
    stepped = STATE.step()
    assert dict(stepped.seeds()) == {w: seed for w, seed in STATE.seeds() if w != 100}
    assert (stepped.batch_no, stepped.first_window, stepped.windows) == (1, 101, 3)
    assert dict(STATE.seeds())[100] not in dict(stepped.step().seeds()).values()


def test_what_was_stepped_past_does_not_open() -> None:
    data = sealed_envelope(b"text", hybrid.public_key(dict(STATE.seeds())[100]))
    header = parse_intake_header(data)
    assert unwrap_file_key(header, identities(*dict(STATE.seeds()).values()))
    with pytest.raises(OpenError):
        unwrap_file_key(header, identities(*dict(STATE.step().seeds()).values()))


def test_destroying_a_window_takes_it_and_all_before_it_from_every_batch() -> None:
    other = windows.IntakeState(2, 102, 3, b"o" * 32)
    left = windows.destroy_through((STATE, other), 102)
    assert [(s.batch_no, s.first_window, s.last_window) for s in left] == [(1, 103, 103), (2, 103, 104)]
    assert dict(left[0].seeds()) == {103: dict(STATE.seeds())[103]}
    assert dict(left[1].seeds()) == {w: seed for w, seed in other.seeds() if w != 102}
    assert windows.destroy_through(left, 102) == left
    assert windows.destroy_through((STATE, other), 99) == (STATE, other)


def test_a_batch_that_is_used_up_goes_whole() -> None:
    other = windows.IntakeState(2, 102, 3, b"o" * 32)
    assert [s.batch_no for s in windows.destroy_through((STATE, other), 103)] == [2]
    assert windows.destroy_through((STATE, other), 10_000) == ()


def test_an_empty_state_steps_no_further() -> None:
    state = STATE
    for _ in range(4):
        state = state.step()
    assert list(state.seeds()) == []
    with pytest.raises(WindowError):
        state.step()


def test_a_new_state_is_fresh_and_a_year_long() -> None:
    one, other = windows.new_state(1, 150), windows.new_state(1, 150)
    assert one.state != other.state
    assert one.windows == 52
    assert one.state.hex() not in repr(one)
    assert repr(one.state) not in repr(one)
