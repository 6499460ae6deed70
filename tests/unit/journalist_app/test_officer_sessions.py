"""Sessions: they end by leaving, idling and a clock that goes back; strangers are few."""

from datetime import timedelta
from pathlib import Path

import pytest

from journalist_app.errors import ClosedVaultError
from journalist_app.services.sessions import Sessions, Visit
from tests.support.station import LiveStation, live_station


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    return live_station(tmp_path)


@pytest.fixture
def sessions(live: LiveStation) -> Sessions:
    return Sessions(live.clock, timedelta(minutes=15))


def enter(live: LiveStation, sessions: Sessions) -> Visit:
    officer, unlocked = live.station.sign_in.sign_in(live.officer.name, live.officer.passphrase, live.code())
    return sessions.sign_in(officer, unlocked, None)


def test_being_seen_keeps_a_visit_and_idling_ends_it(live: LiveStation, sessions: Sessions) -> None:
    visit = enter(live, sessions)
    for _ in range(3):
        live.clock.turn(minutes=14)
        assert sessions.find(visit.visit_id) is visit
    live.clock.turn(minutes=15)
    sessions.end_idle()
    with pytest.raises(ClosedVaultError):
        sessions.unlocked(visit)


def test_a_clock_that_went_back_ends_a_visit(live: LiveStation, sessions: Sessions) -> None:
    visit = enter(live, sessions)
    live.clock.turn(seconds=-1)
    assert sessions.find(visit.visit_id) is None


def test_two_officers_share_a_vault_until_the_last_one_leaves(live: LiveStation, sessions: Sessions) -> None:
    first, second = enter(live, sessions), enter(live, sessions)
    assert sessions.unlocked(first) is sessions.unlocked(second)
    sessions.end(first.visit_id)
    with pytest.raises(ClosedVaultError):
        sessions.unlocked(first)
    assert sessions.unlocked(second).vault_id == live.born.unlocked.vault_id
    sessions.end(second.visit_id)
    with pytest.raises(ClosedVaultError):
        sessions.unlocked(second)


def test_a_visit_of_nobody_reaches_no_vault(live: LiveStation, sessions: Sessions) -> None:
    enter(live, sessions)
    with pytest.raises(ClosedVaultError):
        sessions.unlocked(sessions.begin({}))


def test_strangers_are_few_and_push_out_no_officer(live: LiveStation, sessions: Sessions) -> None:
    officer = enter(live, sessions)
    strangers = []
    for _ in range(70):
        live.clock.turn(seconds=1)
        strangers.append(sessions.begin({}))
    assert sessions.find(officer.visit_id) is officer
    assert [sessions.find(v.visit_id) is v for v in strangers] == [False] * 6 + [True] * 64


def test_no_secret_is_printed(live: LiveStation, sessions: Sessions) -> None:
    visit = enter(live, sessions)
    visit.notes["csrf_token"] = "do not print"
    printed = repr(visit) + repr(sessions.unlocked(visit)) + repr(live.born)
    assert "do not print" not in printed
    for secret in (live.born.unlocked.key, live.born.root_seed):
        assert repr(bytes(secret)) not in printed
    assert live.officer.passphrase not in printed
