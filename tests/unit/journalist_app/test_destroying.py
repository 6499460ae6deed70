"""Destroying the keys of weeks, on a real vault and key file: offered, forced, cut off, and too late."""

import os
import pkgutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from journalist_app.errors import (
    BackupPlaceError,
    ClockQuestionError,
    ClockStatementError,
    DestructionError,
    KeyFileError,
    StateFileError,
)
from journalist_app.services import clock_check, copies
from journalist_app.services.destroying import ALL_MET
from journalist_app.services.renewing import renew_intake
from journalist_app.services.sign_in import Officer
from journalist_app.services.window_rules import Wanted, ready_through
from journalist_app.store.officers_file import FIRST_DATABASE
from journalist_app.wiring import Desk
from tests.support.server_side import SampleServer, SampleSource, read_out
from tests.support.station import LiveStation, live_station

FIRST = 150
"""The week of the ceremony."""


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    return live_station(tmp_path)


@pytest.fixture
def server(live: LiveStation) -> SampleServer:
    return live.server()


@pytest.fixture
def later(live: LiveStation, server: SampleServer) -> Desk:
    """A desk three weeks later: nothing was reported in week 150, and the server said so."""
    live.clock.turn(weeks=3)
    server.made_on = live.clock.now.date().isoformat()
    server.export(live.stick)
    desk = live.desk()
    desk.receiving().import_stick(live.stick, accepted_key=server.key.hex())
    return desk


def second(live: LiveStation) -> Officer:
    other = live.born.officers[1]
    found, unlocked = live.station.sign_in.sign_in(other.name, other.passphrase, live.code(other))
    unlocked.close()
    return found


def opens(desk: Desk) -> list[int]:
    return sorted({window for state in desk.unlocked.key_file().states for window, _ in state.seeds()})


def test_a_week_is_destroyed_on_the_stick_and_in_what_the_world_is_told(
    live: LiveStation, later: Desk
) -> None:
    assert ready_through(later.destroying().lines()) == FIRST
    later.destroying().destroy(FIRST)
    assert opens(later)[0] == FIRST + 1
    assert later.destroying().lines()[0].window == FIRST + 1
    (done,) = later.destroying().history()
    assert (done.officer, done.second, done.lost, done.why) == ("Anna Berg", "", 0, ALL_MET)
    assert done.finished
    later.sending().export(live.stick)
    assert read_out(live.stick).descriptor.descriptor.oldest_window == FIRST + 1


def test_a_window_that_two_batches_cover_goes_from_both(live: LiveStation, later: Desk) -> None:
    renew_intake(later.unlocked, live.clock)
    live.clock.turn(weeks=20)
    live.confirm_clock()
    later.destroying().destroy(FIRST + 10, named_lost=0, second=second(live))
    states = later.unlocked.key_file().states
    assert [(state.batch_no, state.first_window) for state in states] == [(1, FIRST + 11), (2, FIRST + 11)]


def test_what_is_outstanding_is_not_offered_and_six_weeks_later_takes_two_who_know_the_number(
    live: LiveStation, server: SampleServer
) -> None:
    server.receive(SampleSource())
    live.clock.turn(weeks=3)
    server.made_on = live.clock.now.date().isoformat()
    server.outstanding = {FIRST: 2}
    server.export(live.stick)
    desk = live.desk()
    desk.receiving().import_stick(live.stick, accepted_key=server.key.hex())
    line = desk.destroying().line(FIRST)
    assert line.unmet == {Wanted.NONE_OUTSTANDING, Wanted.BACKED_UP}
    assert (line.outstanding, line.lost) == (2, 1), "one is here, though the server cannot know"
    with pytest.raises(DestructionError):
        desk.destroying().destroy(FIRST, named_lost=1, second=second(live))
    live.clock.turn(weeks=4)
    with pytest.raises(DestructionError, match="two officers"):
        desk.destroying().destroy(FIRST, named_lost=1)
    with pytest.raises(DestructionError, match="two officers"):
        desk.destroying().destroy(FIRST, named_lost=1, second=desk.officer)
    with pytest.raises(DestructionError, match="changed in the meantime"):
        desk.destroying().destroy(FIRST, named_lost=0, second=second(live))
    assert opens(desk)[0] == FIRST
    desk.destroying().destroy(FIRST, named_lost=1, second=second(live))
    (done,) = desk.destroying().history()
    assert (done.officer, done.second, done.lost) == ("Anna Berg", "Boris Chen", 1)
    assert "2 outstanding" in done.why
    assert "1 in no verified backup" in done.why


def test_an_object_that_is_damaged_here_keeps_its_week(live: LiveStation, server: SampleServer) -> None:
    server.receive(SampleSource())
    server.outstanding = {}
    live.clock.turn(weeks=3)
    server.made_on = live.clock.now.date().isoformat()
    part = live.stick / server.export(live.stick).name / "part-0000.bin"
    part.write_bytes(bytes([part.read_bytes()[0] ^ 1]) + part.read_bytes()[1:])
    desk = live.desk()
    assert desk.receiving().import_stick(live.stick, accepted_key=server.key.hex()).damaged
    assert desk.destroying().line(FIRST).unmet == {Wanted.HELD}


def test_a_day_in_the_future_that_a_server_wrote_counts_as_the_day_on_which_it_came(
    live: LiveStation, server: SampleServer
) -> None:
    server.made_on = "9999-12-31"
    server.export(live.stick)
    desk = live.desk()
    desk.receiving().import_stick(live.stick, accepted_key=server.key.hex())
    today = live.clock.now.date()
    live.clock.turn(weeks=3)
    line = desk.destroying().line(FIRST)
    assert line.unmet == {Wanted.HEARD}
    assert line.heard_on == today
    server.export(live.stick)
    desk.receiving().import_stick(live.stick)
    assert desk.destroying().line(FIRST).ready


def test_what_comes_too_late_is_quarantined_with_the_reason(
    live: LiveStation, server: SampleServer, later: Desk
) -> None:
    later.destroying().destroy(FIRST)
    server.receive(SampleSource())
    server.export(live.stick)
    ((_, why),) = later.receiving().import_stick(live.stick).quarantined
    assert why.startswith("It came too late: its label names the week of 2026-11-16")


def test_a_key_that_was_destroyed_is_not_used_though_an_older_key_file_brings_it_back(
    live: LiveStation, server: SampleServer, later: Desk
) -> None:
    older = live.station.folders.state.read_bytes()
    later.destroying().destroy(FIRST)
    live.station.folders.state.write_bytes(older)
    server.receive(SampleSource())
    server.export(live.stick)
    found = later.receiving().import_stick(live.stick)
    assert (found.reports, len(found.quarantined)) == (0, 1)


def test_weeks_that_are_not_over_and_numbers_from_nowhere_are_refused(later: Desk) -> None:
    for through in (FIRST + 1, FIRST + 3, FIRST - 1, 0, 10_000):
        with pytest.raises(DestructionError):
            later.destroying().destroy(through)
    assert opens(later)[0] == FIRST


def test_without_the_key_stick_nothing_is_decided(live: LiveStation, later: Desk) -> None:
    live.station.folders.state.rename(live.station.folders.state.with_name("elsewhere"))
    with pytest.raises(StateFileError):
        later.destroying().destroy(FIRST)
    assert later.destroying().history() == ()
    assert later.destroying().lines()[0].window == FIRST


class Cut(BaseException):
    """The power goes."""


class CutAfter:
    """Lets a call through so many times, then cuts it off."""

    def __init__(self, real: Callable[..., object], calls: int) -> None:
        self._real = real
        self._calls = calls

    def __call__(self, *arguments: object, **named: object) -> object:
        self._calls -= 1
        if self._calls < 0:
            raise Cut
        return self._real(*arguments, **named)

    def __get__(self, instance: object, _: type) -> Callable[..., object]:
        return partial(self, instance)


@pytest.mark.parametrize(
    ("where", "calls"),
    [
        pytest.param("journalist_app.services.unlocked.seal_state", 0, id="before the key file is written"),
        pytest.param("journalist_app.store.folders.os.fsync", 0, id="before it is on the stick"),
        pytest.param("journalist_app.store.folders.sync_folder", 0, id="after it took the other's place"),
        pytest.param("journalist_app.store.folders.os.pwrite", 0, id="before the old one is overwritten"),
        pytest.param("journalist_app.services.unlocked.open_state", 2, id="before it is read back"),
        pytest.param("journalist_app.store.keys.finish_destructions", 0, id="before the vault notes it"),
        pytest.param("journalist_app.services.key_files.note_copy", 0, id="in the last transaction"),
    ],
)
def test_a_cut_at_any_step_leaves_what_is_true_and_is_gone_on_from(
    live: LiveStation, later: Desk, monkeypatch: pytest.MonkeyPatch, where: str, calls: int
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(where, CutAfter(pkgutil.resolve_name(where), calls))
        with pytest.raises(Cut):
            later.destroying().destroy(FIRST)
    again = live.desk()
    (decided,) = again.destroying().history()
    assert not decided.finished
    assert opens(again)[0] in (FIRST, FIRST + 1), "the key file is whole, old or new"
    assert again.destroying().lines()[0].window == FIRST + 1, "nobody is told to seal to it any longer"
    assert copies.key_stick(again.unlocked).trouble == ""
    again.receiving().import_stick(live.stick)
    again.destroying().finish()
    assert opens(again)[0] == FIRST + 1
    assert [line.holds_destroyed for line in again.copies().lines()] == [False]
    assert again.destroying().history()[0].finished
    assert again.destroying().history()[1:] == ()


@pytest.mark.parametrize(
    ("where", "calls"),
    [
        pytest.param("journalist_app.store.folders.Path.rename", 1, id="between the two renames"),
        pytest.param("journalist_app.store.folders.sync_folder", 0, id="after it took the other's place"),
        pytest.param("journalist_app.store.folders.os.pwrite", 0, id="before the old one is overwritten"),
        pytest.param("journalist_app.store.folders.Path.unlink", 0, id="after the old one was overwritten"),
    ],
)
def test_after_a_cut_the_old_key_file_is_overwritten_where_it_stood(
    live: LiveStation, later: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str, calls: int
) -> None:
    state, blocks = live.station.folders.state, tmp_path / "blocks of the old file"
    os.link(state, blocks)
    before = blocks.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(where, CutAfter(pkgutil.resolve_name(where), calls))
        with pytest.raises(Cut):
            later.destroying().destroy(FIRST)
    assert copies.key_stick(later.unlocked).trouble == ""
    assert later.unlocked.folders.has_state()
    later.destroying().finish()
    assert blocks.read_bytes() == bytes(len(before))
    assert [path.name for path in state.parent.iterdir()] == ["intake.state"]
    assert opens(later)[0] == FIRST + 1


def test_what_a_cut_left_of_a_new_key_file_is_overwritten_before_the_next(
    live: LiveStation, later: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("journalist_app.store.folders.Path.rename", CutAfter(Path.rename, 0))
        with pytest.raises(Cut):
            renew_intake(later.unlocked, live.clock)
    left = live.station.folders.state.with_name("intake.state.tmp")
    blocks = tmp_path / "blocks of what was left"
    os.link(left, blocks)
    with pytest.raises(BackupPlaceError, match="key file"):
        later.backups().make(left.parent)
    later.destroying().destroy(FIRST)
    assert blocks.read_bytes() == bytes(4_096)
    assert not left.exists()


@pytest.mark.parametrize("kind", ["pipe", "folder", "link", "huge"])
def test_a_key_file_that_is_no_file_is_refused_at_once(
    live: LiveStation, later: Desk, tmp_path: Path, kind: str
) -> None:
    state = live.station.folders.state
    state.rename(tmp_path / "elsewhere")
    if kind == "pipe":
        os.mkfifo(state)
    elif kind == "folder":
        state.mkdir()
    elif kind == "link":
        state.symlink_to(tmp_path / "elsewhere")
    else:
        state.touch()
        os.truncate(state, 4 << 30)
    assert copies.key_stick(later.unlocked).trouble
    with pytest.raises(StateFileError):
        later.destroying().destroy(FIRST)
    assert later.destroying().history() == ()


def test_what_stands_in_the_way_of_overwriting_is_told(live: LiveStation, later: Desk) -> None:
    live.station.folders.state.with_name("intake.state.old").mkdir()
    with pytest.raises(StateFileError, match="cannot be overwritten"):
        later.destroying().finish()


def test_a_cut_before_the_decision_is_kept_changes_nothing(
    live: LiveStation, later: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("journalist_app.services.statements.issue_descriptor", CutAfter(print, 0))
        with pytest.raises(Cut):
            later.destroying().destroy(FIRST)
    again = live.desk()
    assert again.destroying().history() == ()
    assert opens(again)[0] == FIRST
    assert ready_through(again.destroying().lines()) == FIRST


def test_the_next_destruction_finishes_one_that_was_cut_off(
    live: LiveStation, later: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("journalist_app.services.unlocked.seal_state", CutAfter(print, 0))
        with pytest.raises(Cut):
            later.destroying().destroy(FIRST)
    live.clock.turn(weeks=5)
    live.confirm_clock()
    later.destroying().destroy(FIRST + 1, second=second(live))
    assert [done.finished for done in later.destroying().history()] == [True, True]
    assert opens(later)[0] == FIRST + 2


def test_the_old_key_file_is_overwritten_where_it_stood(live: LiveStation, later: Desk) -> None:
    path = live.station.folders.state
    kept = path.with_name("what-the-old-sectors-hold")
    kept.hardlink_to(path)
    later.destroying().destroy(FIRST)
    assert kept.read_bytes() == bytes(4_096)


# The clock


@pytest.mark.parametrize("amount", [{"days": 30}, {"days": -1}, {"days": 3652}, {"days": -365}])
def test_a_clock_that_jumped_or_went_back_is_asked_about(
    live: LiveStation, later: Desk, amount: dict[str, float]
) -> None:
    desk = later
    live.clock.turn(**amount)
    for action in (
        lambda: desk.destroying().destroy(FIRST),
        lambda: desk.receiving().import_stick(live.stick),
        lambda: desk.sending().export(live.stick),
        lambda: renew_intake(desk.unlocked, live.clock),
    ):
        with pytest.raises(ClockQuestionError):
            action()
    asked = clock_check.question(desk.unlocked, live.clock.now)
    assert asked is not None
    assert asked.went_back == (amount["days"] < 0)
    with pytest.raises(ClockStatementError):
        clock_check.confirm(desk.unlocked, "Anna Berg", live.clock.now, "2026-12-13")
    clock_check.confirm(desk.unlocked, "Anna Berg", live.clock.now, live.clock.now.date().isoformat())
    assert clock_check.question(desk.unlocked, live.clock.now) is None
    desk.sending().export(live.stick)


def test_a_little_drift_is_no_question_and_the_latest_time_is_kept(live: LiveStation, later: Desk) -> None:
    live.clock.turn(minutes=-9)
    later.sending().export(live.stick)
    live.clock.turn(minutes=-9)
    with pytest.raises(ClockQuestionError):
        later.sending().export(live.stick)


def test_ten_years_ahead_the_newest_bundle_still_decides(live: LiveStation, later: Desk) -> None:
    live.clock.turn(days=3652)
    live.confirm_clock()
    desk = live.desk()
    lines = desk.destroying().lines()
    assert ready_through(lines) == FIRST, "the server's word reaches no further"
    assert [line.window for line in lines] == list(range(FIRST, FIRST + 52))


# Key files that are not as the vault knows them


def test_an_older_key_file_put_in_place_is_noticed_and_brought_up_to_date(
    live: LiveStation, later: Desk
) -> None:
    older = live.station.folders.state.read_bytes()
    later.destroying().destroy(FIRST)
    live.station.folders.state.write_bytes(older)
    stick = copies.key_stick(later.unlocked)
    assert stick.standing.destroyed_from == FIRST
    assert stick.needs_finishing
    later.destroying().finish()
    assert opens(later)[0] == FIRST + 1
    assert not copies.key_stick(later.unlocked).needs_finishing


def test_a_key_file_from_before_a_renewal_imports_nothing(live: LiveStation, later: Desk) -> None:
    older = live.station.folders.state.read_bytes()
    renew_intake(later.unlocked, live.clock)
    live.station.folders.state.write_bytes(older)
    assert copies.key_stick(later.unlocked).standing.lacking == (2,)
    with pytest.raises(KeyFileError, match="older copy"):
        later.receiving().import_stick(live.stick)
    with pytest.raises(KeyFileError, match="older copy"):
        renew_intake(later.unlocked, live.clock)


def test_a_vault_from_before_a_destruction_learns_of_it_from_the_key_file(
    live: LiveStation, later: Desk
) -> None:
    database = live.station.folders.vault_dir / FIRST_DATABASE
    later.unlocked.close()
    before = {path: path.read_bytes() for path in database.parent.glob(database.name + "*")}
    desk = live.desk()
    desk.destroying().destroy(FIRST)
    desk.unlocked.close()
    for path in database.parent.glob(database.name + "*"):
        path.unlink()
    for path, data in before.items():
        path.write_bytes(data)
    restored = live.desk()
    assert copies.key_stick(restored.unlocked).standing.gone_through == FIRST
    restored.destroying().finish()
    assert restored.destroying().lines()[0].window == FIRST + 1
    restored.sending().export(live.stick)
    assert read_out(live.stick).descriptor.descriptor.oldest_window == FIRST + 1
