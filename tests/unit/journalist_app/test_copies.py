"""Copies of the key file: what is refused, what is known again, and that nothing is lost by a copy."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from journalist_app.errors import KeyFileError, NotFoundError, StateFileError
from journalist_app.services.copies import key_stick
from journalist_app.services.renewing import renew_intake
from journalist_app.wiring import Desk
from tests.support.station import LiveStation, live_station


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    return live_station(tmp_path)


@pytest.fixture
def desk(live: LiveStation) -> Desk:
    return live.desk()


@pytest.fixture
def second(tmp_path: Path) -> Path:
    folder = tmp_path / "second"
    folder.mkdir()
    return folder


def test_a_copy_has_the_same_keys_and_an_id_of_its_own(desk: Desk, second: Path) -> None:
    desk.copies().make(second, " Safe,  room 4 ")
    here, there = desk.unlocked.key_file(), desk.unlocked.key_file(second)
    assert here.states == there.states
    assert here.copy_id != there.copy_id
    assert [(line.label, line.in_use) for line in desk.copies().lines()] == [
        ("Key stick", True),
        ("Safe, room 4", False),
    ]
    assert [medium.label for medium in desk.copies().media([second])] == ["Safe, room 4"]


def test_a_copy_that_is_put_in_the_place_of_a_lost_stick_goes_on_with_everything(
    live: LiveStation, desk: Desk, second: Path
) -> None:
    desk.copies().make(second, "Safe")
    live.station.folders.state.unlink()
    assert key_stick(desk.unlocked).trouble
    live.station.folders.state.write_bytes((second / "intake.state").read_bytes())
    assert key_stick(desk.unlocked).standing.lacking == ()
    assert [(line.label, line.in_use) for line in desk.copies().lines()] == [
        ("Key stick", False),
        ("Safe", True),
    ]
    renew_intake(desk.unlocked, live.clock)


@pytest.mark.parametrize("bundle", ["cleandrop-in-1", "cleandrop-out-12"])
def test_no_copy_goes_onto_the_stick_that_travels(desk: Desk, second: Path, bundle: str) -> None:
    (second / bundle).mkdir()
    with pytest.raises(KeyFileError, match="No key file travels"):
        desk.copies().make(second, "Safe")
    assert not (second / "intake.state").exists()


def test_no_copy_lies_beside_the_vault(live: LiveStation, desk: Desk) -> None:
    for place in (live.station.folders.vault_dir, live.station.folders.envelopes):
        with pytest.raises(KeyFileError, match="vault's own disk"):
            desk.copies().make(place, "Safe")
        assert not (place / "intake.state").exists()


def test_what_is_no_second_stick_is_told_apart(live: LiveStation, desk: Desk, second: Path) -> None:
    with pytest.raises(KeyFileError, match="no key file on this medium yet"):
        desk.copies().update(second)
    with pytest.raises(KeyFileError, match="key stick in use itself"):
        desk.copies().update(live.settings.key_stick_dir)
    assert [line.label for line in desk.copies().lines()] == ["Key stick"]


def test_a_copy_with_keys_that_the_stick_in_use_lacks_is_not_overwritten(
    live: LiveStation, desk: Desk, second: Path
) -> None:
    older = live.station.folders.state.read_bytes()
    renew_intake(desk.unlocked, live.clock)
    desk.copies().make(second, "Safe")
    newer = (second / "intake.state").read_bytes()
    with desk.unlocked.vault.write() as session:  # as if the batch had been given up
        session.connection().exec_driver_sql("UPDATE batches SET lost_on = '2026-11-22' WHERE batch_no = 2")
    live.station.folders.state.write_bytes(older)
    with pytest.raises(KeyFileError, match="Put it in as the key stick"):
        desk.copies().update(second)
    assert (second / "intake.state").read_bytes() == newer


def test_an_older_stick_in_use_makes_no_copies(live: LiveStation, desk: Desk, second: Path) -> None:
    older = live.station.folders.state.read_bytes()
    renew_intake(desk.unlocked, live.clock)
    live.station.folders.state.write_bytes(older)
    with pytest.raises(KeyFileError, match="older copy"):
        desk.copies().make(second, "Safe")
    assert list(second.iterdir()) == []


def test_a_foreign_or_damaged_file_is_neither_listed_nor_overwritten(desk: Desk, second: Path) -> None:
    (second / "intake.state").write_bytes(b"x" * 4_096)
    assert desk.copies().media([second])[0].trouble
    with pytest.raises(KeyFileError, match="already"):
        desk.copies().make(second, "Safe")
    with pytest.raises(StateFileError):
        desk.copies().update(second)
    assert (second / "intake.state").read_bytes() == b"x" * 4_096


def test_a_copy_never_goes_beside_a_backup(desk: Desk, second: Path) -> None:
    desk.backups().make(second)
    with pytest.raises(KeyFileError, match="backup lies on this medium"):
        desk.copies().make(second, "Safe")


def test_a_copy_that_could_not_be_written_stands_in_the_list_all_the_same(
    desk: Desk, second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journalist_app.store.folders._write_new", _full)
    with pytest.raises(StateFileError, match=r"cannot be written.*stays in the list all the same"):
        desk.copies().make(second, "Safe")
    assert [line.label for line in desk.copies().lines()] == ["Key stick", "Safe"]


def test_what_does_not_read_back_is_no_copy(
    desk: Desk, second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journalist_app.store.folders._write_new", _write_something_else)
    with pytest.raises(StateFileError):
        desk.copies().make(second, "Safe")


def test_a_copy_whose_renewal_was_cut_off_between_two_names_is_found_again(desk: Desk, second: Path) -> None:
    desk.copies().make(second, "Safe")
    (second / "intake.state").rename(second / "intake.state.old")
    assert [medium.label for medium in desk.copies().media([second])] == ["Safe"]
    with pytest.raises(KeyFileError, match="already"):
        desk.copies().make(second, "Another")
    desk.copies().update(second)
    assert [path.name for path in second.iterdir()] == ["intake.state"]


def test_a_copy_is_marked_once_and_comes_back_when_it_is_seen_again(desk: Desk, second: Path) -> None:
    desk.copies().make(second, "Safe")
    (line,) = [line for line in desk.copies().lines() if not line.in_use]
    for _ in range(2):
        desk.copies().mark_destroyed(line.copy_id)
    with pytest.raises(NotFoundError):
        desk.copies().mark_destroyed("00")
    with pytest.raises(KeyFileError, match="in use"):
        desk.copies().mark_destroyed(desk.unlocked.key_file().copy_id.hex())
    assert [line.destroyed_by for line in desk.copies().lines()] == ["", "Anna Berg"]
    desk.copies().update(second)
    assert [line.destroyed_on for line in desk.copies().lines()] == [None, None]


def test_a_key_file_that_is_full_says_what_to_do(live: LiveStation, desk: Desk) -> None:
    file = desk.unlocked.key_file()
    (state,) = file.states
    with suppress(KeyFileError):
        for count in range(1, 100):
            desk.unlocked.save_key_file(replace(file, states=(state,) * count))
    assert len(desk.unlocked.key_file().states) >= 25
    with pytest.raises(KeyFileError, match="no room for one more batch"):
        renew_intake(desk.unlocked, live.clock)
    assert key_stick(desk.unlocked).standing.lacking == ()


def test_a_key_file_from_before_copies_had_ids_gets_one_and_enters_the_list(
    live: LiveStation, desk: Desk
) -> None:
    file = desk.unlocked.key_file()
    desk.unlocked.save_key_file(type(file)(bytes(8), file.states))
    with desk.unlocked.vault.write() as session:
        session.connection().exec_driver_sql("DELETE FROM key_copies")
    assert desk.copies().lines() == ()
    desk.destroying().finish()
    assert desk.unlocked.key_file().copy_id != bytes(8)
    assert [(line.label, line.in_use) for line in desk.copies().lines()] == [("Key stick", True)]


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def _write_something_else(path: Path, _: bytes) -> None:
    path.write_bytes(b"x" * 4_096)
