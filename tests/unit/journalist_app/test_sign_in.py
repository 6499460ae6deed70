"""Signing in: one refusal for whatever is wrong, codes good once, waits for one officer alone."""

from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from journalist_app.errors import SignInError, ThrottledError
from journalist_app.services.throttle import FREE_TRIES, Throttle
from journalist_app.store.throttle_file import STRANGERS_MAX, load_failures
from tests.support.station import LiveStation, live_station


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    return live_station(tmp_path)


def attempt(live: LiveStation, name: str, passphrase: str, code: str) -> str:
    """Who is let in."""
    officer, unlocked = live.station.sign_in.sign_in(name, passphrase, code)
    unlocked.close()
    return officer.name


def test_name_and_passphrase_may_be_typed_loosely(live: LiveStation) -> None:
    typed = "  ".join(live.officer.passphrase.upper().split())
    assert attempt(live, "  anna   BERG", typed, live.code()) == "Anna Berg"


@pytest.mark.parametrize("wrong", ["name", "passphrase", "code", "letters", "empty"])
def test_whatever_is_wrong_the_sentence_is_the_same(live: LiveStation, wrong: str) -> None:
    code = live.code()
    values = {
        "name": ("Nobody", live.officer.passphrase, code),
        "passphrase": (live.officer.name, live.born.officers[1].passphrase, code),
        "code": (live.officer.name, live.officer.passphrase, f"{(int(code) + 1) % 10**6:06}"),
        "letters": (live.officer.name, live.officer.passphrase, "abcdef"),
        "empty": (live.officer.name, "", ""),
    }[wrong]
    with pytest.raises(SignInError) as refused:
        attempt(live, *values)
    assert str(refused.value) == str(SignInError())


def test_a_code_is_good_once_also_with_gaps(live: LiveStation) -> None:
    code = live.code()
    assert attempt(live, live.officer.name, live.officer.passphrase, f"{code[:3]} {code[3:]}")
    for again in (code, f" {code[:3]} {code[3:]} "):
        with pytest.raises(SignInError):
            attempt(live, live.officer.name, live.officer.passphrase, again)


def test_an_older_code_is_refused_after_a_newer_one(live: LiveStation) -> None:
    older = live.code()
    newer = live.code()
    attempt(live, live.officer.name, live.officer.passphrase, newer)
    with pytest.raises(SignInError):
        attempt(live, live.officer.name, live.officer.passphrase, older)


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_of_leeway(live: LiveStation, steps: int, good: bool) -> None:
    live.clock.turn(hours=1)
    code = pyotp.TOTP(live.officer.totp_secret).at(live.clock.now + timedelta(seconds=30 * steps))
    if good:
        assert attempt(live, live.officer.name, live.officer.passphrase, code)
    else:
        with pytest.raises(SignInError):
            attempt(live, live.officer.name, live.officer.passphrase, code)


def test_wrong_tries_hold_up_that_officer_alone(live: LiveStation) -> None:
    for _ in range(FREE_TRIES):
        with pytest.raises(SignInError):
            attempt(live, live.officer.name, "wrong", "000000")
    right = pyotp.TOTP(live.officer.totp_secret).at(live.clock.now)
    with pytest.raises(ThrottledError):
        attempt(live, f" {live.officer.name.upper()}", live.officer.passphrase, right)
    other = live.born.officers[1]
    assert attempt(live, other.name, other.passphrase, live.code(other)) == other.name


def test_the_wait_grows_and_ends_and_a_good_sign_in_forgets(live: LiveStation) -> None:
    waits = []
    for _ in range(FREE_TRIES + 3):
        try:
            attempt(live, live.officer.name, "wrong", "000000")
        except ThrottledError as error:
            waits.append(error.wait_seconds)
            live.clock.turn(seconds=error.wait_seconds)
            with pytest.raises(SignInError):
                attempt(live, live.officer.name, "wrong", "000000")
        except SignInError:
            continue
    assert waits == [15, 30, 60]
    live.clock.turn(minutes=15)
    assert attempt(live, live.officer.name, live.officer.passphrase, live.code())
    with pytest.raises(SignInError):
        attempt(live, live.officer.name, "wrong", "000000")


def test_waits_outlive_the_process_and_also_hold_for_names_of_nobody(live: LiveStation) -> None:
    for _ in range(FREE_TRIES):
        with pytest.raises(SignInError):
            attempt(live, "Nobody", "wrong", "000000")
    again = type(live.station.sign_in)(live.station.folders, live.settings.passphrase_cost, live.clock)
    with pytest.raises(ThrottledError):
        again.sign_in("nobody", "wrong", "000000")


def test_what_was_typed_as_a_name_is_not_kept(live: LiveStation) -> None:
    """In a hurry one types the passphrase where the name belongs."""
    for typed in (live.officer.passphrase, live.officer.passphrase.upper(), "\udc80 odd"):
        with pytest.raises(SignInError):
            attempt(live, typed, "", "")
    kept = live.station.folders.throttle.read_text("utf-8").casefold()
    assert "count" in kept
    assert not [word for word in live.officer.passphrase.split() if word in kept]


def test_trying_many_names_gives_no_fresh_tries(live: LiveStation) -> None:
    officers = [officer.name for officer in live.born.officers]
    throttle = Throttle(live.station.folders.throttle)
    for _ in range(FREE_TRIES):
        throttle.failed(live.officer.name, live.clock.now, officers)
    for number in range(STRANGERS_MAX + 5):
        live.clock.turn(seconds=1)
        throttle.failed(f"nobody {number}", live.clock.now, officers)
    live.clock.turn(seconds=-STRANGERS_MAX)
    with pytest.raises(ThrottledError):
        throttle.check(live.officer.name, live.clock.now)
    assert len(load_failures(live.station.folders.throttle)) == STRANGERS_MAX + 1
