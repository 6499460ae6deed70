"""Backups: what is in one, that a trial restore finds every change, and what counts for destruction."""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crypto.envelope import ObjectId
from journalist_app.errors import (
    BackupError,
    BackupPlaceError,
    ClockQuestionError,
    DiskError,
    NotFoundError,
)
from journalist_app.services.backups import find_backup
from journalist_app.services.window_rules import Wanted
from journalist_app.store.backup_files import LIST_MAX
from journalist_app.store.vault import Vault
from journalist_app.wiring import Desk
from tests.support.server_side import SampleServer, SampleSource
from tests.support.station import LiveStation, live_station

SECRET = "The clerk of the harbour keeps two books."


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    return live_station(tmp_path)


@pytest.fixture
def server(live: LiveStation) -> SampleServer:
    return live.server()


@pytest.fixture
def desk(live: LiveStation, server: SampleServer) -> Desk:
    """With two reports and one object in quarantine."""
    server.receive(SampleSource(1), SECRET, (("a.pdf", b"x" * 200_000),))
    server.receive(SampleSource(2), "Another.")
    junk = b"y" * 78_094
    server.accept(ObjectId(hashlib.sha256(junk).digest()), junk)
    server.export(live.stick)
    found = live.desk()
    found.receiving().import_stick(live.stick, accepted_key=server.key.hex())
    return found


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    folder = tmp_path / "backup-disk"
    folder.mkdir()
    return folder


def test_a_backup_holds_everything_but_the_key_file_and_reads_back(
    live: LiveStation, desk: Desk, medium: Path
) -> None:
    made = desk.backups().make(medium)
    folder = medium / made.name
    assert made.damaged == ()
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    kept = {f"envelopes/{path.name}" for path in live.station.folders.envelopes.iterdir()}
    assert len(kept) == 3
    assert files == {"database", "officers.json", "vault.json", "files", *kept}
    (line,) = desk.backups().lines()
    assert (line.verified_on, line.lacks, line.size_bytes) == (None, 2, made.size_bytes)
    done = desk.backups().verify(folder)
    assert (done.name, done.lacks, done.size_bytes) == (made.name, 0, made.size_bytes)
    assert desk.backups().lines() == (done,)
    assert not (live.station.folders.vault_dir / "trial").exists()


def test_nothing_in_a_backup_is_plain_and_no_intake_key_is_in_it(
    live: LiveStation, desk: Desk, medium: Path
) -> None:
    folder = medium / desk.backups().make(medium).name
    state = live.station.folders.state.read_bytes()
    (batch,) = desk.unlocked.key_file().states
    secrets = [SECRET.encode(), b"a.pdf", state, batch.state, batch.state.hex().encode()]
    secrets += [seed for _, seed in batch.seeds()]
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [secret for secret in secrets if secret in data], path.name
    assert b"SQLite format" not in (folder / "database").read_bytes()


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def fill_a_page(folder: Path) -> None:
    """Changes the database and mends the list's hash, without the key for its MAC."""
    database, listed = folder / "database", folder / "files"
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    flip(database)
    after = hashlib.sha256(database.read_bytes()).hexdigest()
    listed.write_bytes(listed.read_bytes().replace(before.encode(), after.encode()))


def swap_two_envelopes(folder: Path) -> None:
    one, other, *_ = sorted((folder / "envelopes").iterdir())
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)


def link_out(folder: Path) -> None:
    (folder / "officers.json").rename(folder.parent / "officers.json")
    (folder / "officers.json").symlink_to(folder.parent / "officers.json")


def link_the_envelopes_of_the_station(folder: Path) -> None:
    shutil.rmtree(folder / "envelopes")
    (folder / "envelopes").symlink_to(folder.parents[1] / "vault" / "envelopes")


def link_the_backup(folder: Path) -> None:
    folder.rename(folder.parents[1] / "elsewhere")
    folder.symlink_to(folder.parents[1] / "elsewhere")


def put_a_pipe(folder: Path) -> None:
    (folder / "vault.json").unlink()
    os.mkfifo(folder / "vault.json")


def put_a_folder(folder: Path) -> None:
    (folder / "vault.json").unlink()
    (folder / "vault.json").mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a flipped bit in the database": lambda folder: flip(folder / "database"),
    "a database and its hash changed": fill_a_page,
    "a flipped bit in an envelope": lambda folder: flip(next((folder / "envelopes").iterdir())),
    "two envelopes swapped": swap_two_envelopes,
    "an envelope gone": lambda folder: next((folder / "envelopes").iterdir()).unlink(),
    "a byte behind": lambda folder: os.truncate(folder / "officers.json", 4_000),
    "a byte less": lambda folder: os.truncate(folder / "officers.json", 10),
    "a flipped bit in the list": lambda folder: flip(folder / "files"),
    "a line taken out of the list": lambda folder: (folder / "files").write_bytes(
        b"".join((folder / "files").read_bytes().splitlines(keepends=True)[:-2])
    ),
    "an empty list": lambda folder: (folder / "files").write_bytes(b""),
    "no list": lambda folder: (folder / "files").unlink(),
    "a link": link_out,
    "the station's own envelopes": link_the_envelopes_of_the_station,
    "a link to a backup": link_the_backup,
    "a folder": put_a_folder,
    "a pipe": put_a_pipe,
    "nothing": shutil.rmtree,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_trial_restore_finds_every_change(desk: Desk, medium: Path, damage: str) -> None:
    folder = medium / desk.backups().make(medium).name
    DAMAGES[damage](folder)
    with pytest.raises(BackupError):
        desk.backups().verify(folder)
    assert [line.verified_on for line in desk.backups().lines()] == [None]
    assert not (desk.unlocked.folders.vault_dir / "trial").exists()


def test_a_backup_of_another_vault_is_refused(desk: Desk, medium: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = live_station(tmp_path / "other").desk()
    folder = medium / other.backups().make(medium).name
    with pytest.raises(BackupError):
        desk.backups().verify(folder)


def test_a_well_signed_list_that_breaks_the_form_is_refused(
    desk: Desk, medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journalist_app.store.backup_files.DATABASE", "data base")
    folder = medium / desk.backups().make(medium).name
    with pytest.raises(BackupError):
        desk.backups().verify(folder)


def test_a_database_that_does_not_hold_together_is_refused_though_its_hash_is_right(
    desk: Desk, medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Vault.copy_to

    def copy_and_flip(vault: Vault, path: Path) -> None:
        real(vault, path)
        flip(path)

    monkeypatch.setattr(Vault, "copy_to", copy_and_flip)
    folder = medium / desk.backups().make(medium).name
    with pytest.raises(BackupError):
        desk.backups().verify(folder)


def test_a_file_key_that_does_not_fit_its_envelope_is_found(desk: Desk, medium: Path) -> None:
    with desk.unlocked.vault.write() as session:
        session.connection().exec_driver_sql("UPDATE parcels SET file_key = zeroblob(16) WHERE id = 2")
    folder = medium / desk.backups().make(medium).name
    with pytest.raises(BackupError):
        desk.backups().verify(folder)


def test_what_is_damaged_here_is_told_and_does_not_count_as_backed_up(
    live: LiveStation, desk: Desk, medium: Path
) -> None:
    first, second = (live.station.folders.envelope(ObjectId(row)) for row in _parcels(desk))
    flip(first)
    made = desk.backups().make(medium)
    assert made.damaged == (first.name[:16],)
    assert desk.backups().verify(medium / made.name).lacks == 2, "nothing behind the first damaged one counts"
    second.unlink()
    desk.backups().mark_destroyed(desk.backups().lines()[0].backup_id)
    assert set(desk.backups().make(medium).damaged) == {first.name[:16], second.name[:16]}


def test_only_a_verified_backup_that_exists_and_is_younger_than_the_report_counts(
    live: LiveStation, server: SampleServer, desk: Desk, medium: Path
) -> None:
    made = desk.backups().make(medium)
    live.clock.turn(weeks=3)
    desk = live.desk()
    assert Wanted.BACKED_UP in desk.destroying().line(150).unmet
    desk.backups().verify(medium / made.name)
    assert Wanted.BACKED_UP not in desk.destroying().line(150).unmet
    server.receive(SampleSource(3))
    server.export(live.stick, from_index=3)
    desk.receiving().import_stick(live.stick)
    assert Wanted.BACKED_UP in desk.destroying().line(150).unmet
    assert desk.destroying().line(150).not_backed_up == 1
    again = desk.backups().make(medium)
    desk.backups().verify(medium / again.name)
    assert Wanted.BACKED_UP not in desk.destroying().line(150).unmet
    desk.backups().mark_destroyed(desk.backups().lines()[0].backup_id)
    assert Wanted.BACKED_UP in desk.destroying().line(150).unmet


def test_the_backup_on_a_medium_is_found_where_it_is_the_only_one(
    live: LiveStation, desk: Desk, medium: Path
) -> None:
    for name in ("2026-11-22-0123abcd\x1b[2J", "2026-11-22-0123abcd\n", "2026-11-22-0123abcd.unfinished"):
        (medium / f"cleandrop-backup-{name}").mkdir()
    with pytest.raises(BackupError, match="no backup on this medium"):
        find_backup(medium)
    made = desk.backups().make(medium)
    assert find_backup(medium) == find_backup(medium / made.name) == medium / made.name
    desk.backups().make(medium)
    with pytest.raises(BackupError, match="More than one"):
        find_backup(medium)


def test_at_most_two_exist_and_who_destroyed_one_is_kept(live: LiveStation, desk: Desk, medium: Path) -> None:
    for _ in range(2):
        desk.backups().make(medium)
        live.clock.turn(minutes=1)
    with pytest.raises(BackupPlaceError, match="Two backups exist"):
        desk.backups().make(medium)
    with pytest.raises(NotFoundError):
        desk.backups().mark_destroyed("00" * 16)
    desk.backups().mark_destroyed(desk.backups().lines()[-1].backup_id)
    desk.backups().mark_destroyed(desk.backups().lines()[-1].backup_id)
    assert desk.backups().lines()[-1].destroyed_by == "Anna Berg"
    desk.backups().make(medium)
    assert len(desk.backups().lines()) == 3


def test_a_backup_goes_to_no_place_where_it_would_be_lost_or_open_everything(
    live: LiveStation, desk: Desk
) -> None:
    inside = live.station.folders.vault_dir / "backups"
    inside.mkdir()
    for place in (live.station.folders.vault_dir, inside, live.settings.key_stick_dir, live.stick):
        with pytest.raises(BackupPlaceError):
            desk.backups().make(place)
    assert desk.backups().lines() == ()


def test_a_backup_that_was_cut_off_is_none_and_goes_with_the_next(
    desk: Desk, medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("journalist_app.store.backup_files.BackupWriter.finish", _full)
        with pytest.raises(BackupPlaceError, match="could not be written"):
            desk.backups().make(medium)
    assert [path.name.endswith(".unfinished") for path in medium.iterdir()] == [True]
    assert desk.backups().media([medium])[0].names == ()
    assert desk.backups().lines() == ()
    made = desk.backups().make(medium)
    assert [path.name for path in medium.iterdir()] == [made.name]


def test_a_kill_before_a_backup_has_its_name_or_after_leaves_none_that_is_not_in_the_list(
    desk: Desk, medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("journalist_app.store.backup_files.BackupWriter.finish", _cut)
        with pytest.raises(KeyboardInterrupt):
            desk.backups().make(medium)
    assert [line.verified_on for line in desk.backups().lines()] == [None]
    with monkeypatch.context() as patched:
        patched.setattr("journalist_app.services.backups.Made", _full)
        with pytest.raises(BackupPlaceError):
            desk.backups().make(medium)
    assert len(desk.backups().lines()) == 2, "it has its name, so it is known"


def test_what_bears_the_name_of_an_unfinished_backup_is_not_followed(
    desk: Desk, medium: Path, tmp_path: Path
) -> None:
    (tmp_path / "of somebody else").mkdir()
    (medium / "cleandrop-backup-x.unfinished").symlink_to(tmp_path / "of somebody else")
    with pytest.raises(BackupPlaceError, match="could not be written"):
        desk.backups().make(medium)
    assert (tmp_path / "of somebody else").exists()


def test_an_endless_list_is_refused_before_it_fills_our_disk(
    desk: Desk, medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = medium / desk.backups().make(medium).name
    os.truncate(folder / "files", LIST_MAX + 1)
    monkeypatch.setattr("journalist_app.store.backup_files.BackupReader._lines", _cut)
    monkeypatch.setattr("journalist_app.store.backup_files.backup_mac", _Unfed)
    with pytest.raises(BackupError):
        desk.backups().verify(folder)


def test_a_full_disk_of_ours_is_not_said_of_the_backup(
    live: LiveStation, desk: Desk, medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = medium / desk.backups().make(medium).name
    with monkeypatch.context() as patched:
        patched.setattr("journalist_app.services.backups._Start.take", _full)
        with pytest.raises(DiskError):
            desk.backups().verify(folder)
    assert not (live.station.folders.vault_dir / "trial").exists()
    assert desk.backups().verify(folder).verified_on is not None


def test_a_medium_that_is_gone_is_said(desk: Desk, medium: Path) -> None:
    medium.rmdir()
    medium.write_bytes(b"")
    with pytest.raises(BackupPlaceError, match="could not be written"):
        desk.backups().make(medium)


def test_a_backup_that_was_made_and_not_noted_is_learned_by_its_verification(
    live: LiveStation, desk: Desk, medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desk.backups().make(medium)
    with desk.unlocked.vault.write() as session:
        session.connection().exec_driver_sql("DELETE FROM backups")
    assert desk.backups().verify(medium / made.name).name == made.name
    assert len(desk.backups().lines()) == 1


def test_a_doubtful_clock_makes_no_backup(live: LiveStation, desk: Desk, medium: Path) -> None:
    live.clock.turn(days=31)
    with pytest.raises(ClockQuestionError):
        desk.backups().make(medium)


def _full(*_: object) -> None:
    raise OSError("no space left on device")


def _cut(*_: object) -> None:
    raise KeyboardInterrupt


class _Unfed:
    """A MAC that is not to see a byte."""

    def __init__(self, key: object) -> None:
        pass

    def update(self, line: bytes) -> None:
        assert not line


def _parcels(desk: Desk) -> list[bytes]:
    with desk.unlocked.vault.read() as session:
        rows = session.connection().exec_driver_sql("SELECT object_id FROM parcels ORDER BY id")
        return list(rows.scalars())
