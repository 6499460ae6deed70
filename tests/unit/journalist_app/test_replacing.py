"""Replacing the vault key: what the old key still opens, what a cut leaves, what must be here before."""

import json
import shutil
from pathlib import Path

import pytest

from crypto.vault import open_state
from journalist_app.errors import (
    ClosedVaultError,
    DiskError,
    PeopleError,
    SignInError,
    StateFileError,
    VaultDamagedError,
)
from journalist_app.services import copies, key_files
from journalist_app.services.replacing import replace_key
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import vault_keys
from journalist_app.store.officers_file import OfficerRecord, load_roster, save_roster
from journalist_app.store.tables import OfficerRow
from journalist_app.store.vault import Vault
from tests.support.server_side import SampleSource
from tests.support.station import LiveStation, live_station


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    """A station that has opened a report."""
    made = live_station(tmp_path)
    server = made.server()
    server.receive(SampleSource(1), "They took the money.")
    server.export(made.stick)
    desk = made.desk()
    desk.receiving().import_stick(made.stick, accepted_key=server.key.hex())
    desk.unlocked.close()
    return made


class PowerCutError(BaseException):
    """The machine went off."""


def cut(*_: object, **__: object) -> None:
    raise PowerCutError


def texts(live: LiveStation) -> list[str]:
    """What the first officer reads."""
    desk = live.desk()
    try:
        return [parcel.text for parcel in desk.reading().case(1).parcels]
    finally:
        desk.unlocked.close()


def databases(live: LiveStation) -> list[str]:
    return [path.name for path in live.station.folders.databases()]


def old_copy(live: LiveStation, folder: Path) -> Unlocked:
    """The disk as it was, in the hands of somebody who has the old key."""
    shutil.copytree(live.settings.vault_dir, folder)
    old = live.born.unlocked
    name = load_roster(folder / "officers.json", old.vault_id).database
    return Unlocked(old.folders, Vault(folder / name, old.key), old.vault_id, old.key)


def test_everything_is_there_under_another_key(live: LiveStation, tmp_path: Path) -> None:
    old = old_copy(live, tmp_path / "old")
    assert replace_key(live.desk().unlocked, live.clock)
    assert texts(live) == ["They took the money."]
    (name,) = databases(live)
    assert name != "vault.sqlite3"
    with pytest.raises(VaultDamagedError):
        Vault(live.settings.vault_dir / name, old.key).check()
    old.vault.check()
    data = live.station.folders.read_state()
    desk = live.desk()
    assert desk.unlocked.key != old.key
    assert len(open_state(desk.unlocked.key, old.vault_id, data).states) == 1


def test_whoever_is_withdrawn_opens_nothing_that_comes(live: LiveStation) -> None:
    desk = live.desk()
    gone = live.born.officers[1]
    roster = load_roster(live.station.folders.officers, desk.unlocked.vault_id)
    record = roster.officers[1]
    assert record.name == gone.name
    replace_key(desk.unlocked, live.clock, leaving=record.officer_id)
    with pytest.raises(SignInError):
        live.desk_of(gone)
    # with their old record put back, they still hold only the old key
    now = load_roster(live.station.folders.officers, desk.unlocked.vault_id)
    assert [each.name for each in now.officers] == [live.officer.name]
    save_roster(live.station.folders.officers, now.with_officer(record))
    live.clock.turn(hours=1)
    with pytest.raises(VaultDamagedError):
        live.desk_of(gone)


def test_a_second_replacing_works_like_the_first(live: LiveStation) -> None:
    for _ in range(2):
        replace_key(live.desk().unlocked, live.clock)
    assert texts(live) == ["They took the money."]
    with live.desk().unlocked.vault.read() as session:
        assert vault_keys.number(session) == 3
        assert vault_keys.former(session) == {}, "nothing is sealed under them any longer"


def test_who_has_no_key_yet_must_sign_in_first(live: LiveStation) -> None:
    desk = live.desk()
    with desk.unlocked.vault.write() as session:
        other = next(row for row in session.query(OfficerRow) if row.name == live.born.officers[1].name)
        other.key_salt = b"of another time."
    with pytest.raises(PeopleError, match="Boris Chen must sign in once first"):
        replace_key(desk.unlocked, live.clock)
    live.desk_of(live.born.officers[1]).unlocked.close()
    replace_key(desk.unlocked, live.clock)
    live.desk_of(live.born.officers[1])


@pytest.mark.parametrize("place", ["Vault.copy_under", "save_roster", "sync_folder"])
def test_a_cut_before_the_step_leaves_all_as_it_was(
    live: LiveStation, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    desk = live.desk()
    with monkeypatch.context() as patched:
        patched.setattr(f"journalist_app.services.replacing.{place}", cut)
        if place == "sync_folder":
            patched.setattr("journalist_app.services.replacing.remove_leftovers", lambda *_: None)
        with pytest.raises(PowerCutError):
            replace_key(desk.unlocked, live.clock)
    desk.unlocked.close()
    assert texts(live) == ["They took the money."]
    assert [name for name in databases(live) if not name.startswith("vault.sqlite3")] == []
    assert live.desk().unlocked.key == live.born.unlocked.key


def test_a_cut_after_the_step_is_finished_at_the_next_sign_in(
    live: LiveStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = live.desk()
    with monkeypatch.context() as patched:
        patched.setattr("journalist_app.services.replacing.remove_leftovers", lambda *_: None)
        patched.setattr("journalist_app.services.replacing._seal_key_file", cut)
        with pytest.raises(PowerCutError):
            replace_key(desk.unlocked, live.clock)
    assert "vault.sqlite3" in databases(live)
    assert texts(live) == ["They took the money."]
    assert "vault.sqlite3" not in databases(live)
    again = live.desk().unlocked
    assert not again.is_sealed_anew()
    assert len(again.key_file().states) == 1, "the old key is kept for it"
    key_files.settle(again, live.clock())
    assert again.is_sealed_anew()


def test_a_full_disk_is_said_and_changes_nothing(live: LiveStation, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    desk = live.desk()
    with monkeypatch.context() as patched:
        patched.setattr("journalist_app.services.replacing.Vault.copy_under", full)
        with pytest.raises(DiskError):
            replace_key(desk.unlocked, live.clock)
    desk.unlocked.close()
    assert texts(live) == ["They took the money."]


def test_without_its_key_stick_the_key_file_waits_under_the_old_key(live: LiveStation) -> None:
    away = live.settings.key_stick_dir.with_name("pocket")
    desk = live.desk()
    live.settings.key_stick_dir.rename(away)
    live.settings.key_stick_dir.mkdir()
    assert not replace_key(desk.unlocked, live.clock)
    later = live.desk()
    with pytest.raises(StateFileError):
        later.unlocked.key_file()
    live.settings.key_stick_dir.rmdir()
    away.rename(live.settings.key_stick_dir)
    assert copies.key_stick(later.unlocked).sealed_before
    later.destroying().finish()
    assert not copies.key_stick(later.unlocked).sealed_before
    with later.unlocked.vault.read() as session:
        assert vault_keys.former(session) == {}


def test_the_old_key_is_kept_while_a_copy_or_backup_needs_it(live: LiveStation, tmp_path: Path) -> None:
    other, medium = tmp_path / "other", tmp_path / "medium"
    other.mkdir()
    medium.mkdir()
    desk = live.desk()
    desk.copies().make(other, "Safe")
    made = desk.backups().make(medium)
    replace_key(desk.unlocked, live.clock)
    later = live.desk()
    with later.unlocked.vault.read() as session:
        assert list(vault_keys.former(session).values()) == [live.born.unlocked.key]
        assert vault_keys.count_sealed_before(session) == 2
    line = later.backups().verify(medium / made.name)
    assert line.lacks == 0
    later.copies().update(other)
    with later.unlocked.vault.read() as session:
        assert vault_keys.count_sealed_before(session) == 1
        assert vault_keys.former(session)
    later.backups().mark_destroyed(line.backup_id)
    with later.unlocked.vault.read() as session:
        assert vault_keys.former(session) == {}


def test_nothing_is_written_to_the_old_database_any_longer(live: LiveStation) -> None:
    waiting = live.desk_of(live.born.officers[1])
    with waiting.unlocked.vault.read() as session:
        assert session.query(OfficerRow).count() == 2
    replace_key(live.desk().unlocked, live.clock)
    with pytest.raises(ClosedVaultError), waiting.unlocked.vault.write():
        raise AssertionError
    waiting.unlocked.close()
    with pytest.raises(ClosedVaultError), waiting.unlocked.vault.read() as session:
        session.query(OfficerRow).count()
    assert len(databases(live)) == 1, "and none is made anew"


# Records from before officers had keys of their own


def _as_before(live: LiveStation) -> None:
    """Put the first officer's record into the form of version 1."""
    old = live.born.unlocked
    path = live.station.folders.officers
    wrapped = _wrapped_vault_key(live)
    roster = load_roster(path, old.vault_id)
    rows = json.loads(path.read_bytes())["officers"]
    for row in rows:
        del row["sealed"]
    rows[0]["salt"], rows[0]["wrapped"] = wrapped.key.salt.hex(), wrapped.key.wrapped.hex()
    path.write_bytes(json.dumps({"officers": rows, "v": 1}, sort_keys=True, separators=(",", ":")).encode())
    assert roster.database == "vault.sqlite3"


def _wrapped_vault_key(live: LiveStation) -> OfficerRecord:
    from crypto import vault  # noqa: PLC0415
    from crypto.hybrid import Seed  # noqa: PLC0415

    old = live.born.unlocked
    record = load_roster(live.station.folders.officers, old.vault_id).officers[0]
    cost = record.key.cost
    key = vault.wrap_key(live.officer.passphrase, Seed(old.key), old.vault_id, record.officer_id, cost)
    return OfficerRecord(record.name, key, b"")


def test_a_record_from_before_lets_in_and_gets_a_key_of_its_own(live: LiveStation) -> None:
    _as_before(live)
    assert texts(live) == ["They took the money."]
    record = load_roster(live.station.folders.officers, live.born.unlocked.vault_id).officers[0]
    assert record.sealed
    assert texts(live) == ["They took the money."]
