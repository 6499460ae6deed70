"""The doctor: finds what is wrong, names the mend, and changes nothing."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from source_app.doctor import folders, machine
from source_app.doctor.findings import Grade
from source_app.process import OWNER_ONLY
from source_app.store.space import Disk
from tests.support.source_shell import Shell, source_shell
from tests.support.source_site import Site, Visitor

MIB = 1024 * 1024
PAGE = 4096


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A server that took one report."""
    before = os.umask(OWNER_ONLY)  # as the program has it
    made = source_shell(tmp_path, monkeypatch)
    made.accept()
    reporting = Site(tmp_path, station=made.station, clock=made.clock)
    visitor = Visitor(reporting)
    visitor.get("/report")
    assert visitor.send("a text").status_code == 303
    reporting.close()
    yield made
    os.umask(before)


def found(shell: Shell) -> dict[str, tuple[str, str]]:
    """Grade and words of every check."""
    rows = json.loads(shell.run("doctor", "--json").stdout)["findings"]
    return {row["check"]: (row["grade"], row["said"]) for row in rows}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the two that SQLite lays beside a database for whoever reads it."""
    files = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: data for name, data in files.items() if not name.endswith(("-shm", "-wal"))}


def test_a_sound_server_has_nothing_bad_and_stays_as_it_is(shell: Shell) -> None:
    config = shell.folder / "source.toml"
    config.write_text(
        'data_dir = "data"\nrun_dir = "/dev/shm/cleandrop-none"\nallowed_hosts = ["source.example"]\n'
    )
    before = contents(shell.folder)
    done = shell.run("doctor")
    assert (done.exit_code, "BAD: 0." in done.stdout) == (0, True)
    assert contents(shell.folder) == before
    known = found(shell)
    assert known["envelopes"] == ("OK", "1, all there")
    assert known["intake"] == ("OK", "open")
    assert known["site"][0] == "WARNING"


def test_settings_of_a_trial_are_bad_and_end_with_status_one(shell: Shell) -> None:
    done = shell.run("doctor")
    assert done.exit_code == 1
    assert done.stdout.startswith("BAD     settings     allow_disk_run_dir is on")
    assert "-> Take allow_disk_run_dir out of" in done.stdout


def test_without_settings_the_machine_is_looked_at_alone(shell: Shell) -> None:
    (shell.folder / "source.toml").write_text("data_dir = 1\n")
    known = found(shell)
    assert known["settings"] == ("BAD", f"{shell.folder}/source.toml: data_dir is missing or is not a text.")
    assert {"swap", "clock", "core dumps"} < known.keys()
    assert "database" not in known


def test_a_server_that_was_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    virgin = source_shell(tmp_path, monkeypatch)
    assert found(virgin)["data folder"][0] == "BAD"
    assert not (tmp_path / "data").exists()
    virgin.run("status")
    assert found(virgin)["intake"] == ("BAD", "Closed.")


def _lose(data: Path) -> None:
    next((data / "envelopes").iterdir()).unlink()


def _cut(data: Path) -> None:
    envelope = next((data / "envelopes").iterdir())
    envelope.write_bytes(envelope.read_bytes()[:-1])


def _stray(data: Path) -> None:
    (data / "envelopes" / ("0" * 64)).touch(mode=0o600)


def _unfinished(data: Path) -> None:
    (data / "incoming" / "1-x").touch(mode=0o600)


def _lay_open(data: Path) -> None:
    (data / "server.key").chmod(0o644)


def _lose_key(data: Path) -> None:
    (data / "server.key").unlink()


def _damage(data: Path) -> None:
    database = data / "source.sqlite3"
    with sqlite3.connect(database) as connection:  # the pages that count lie in the file then
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with database.open("r+b") as file:
        file.seek(PAGE)
        file.write(b"\xff" * PAGE)


def _no_database(data: Path) -> None:
    for path in data.glob("source.sqlite3*"):
        path.unlink()


def _later(data: Path) -> None:
    _set_version(data, "9999")


def _earlier(data: Path) -> None:
    _set_version(data, "0001")


def _set_version(data: Path, version: str) -> None:
    with sqlite3.connect(data / "source.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = ?", [version])
    database.close()


@pytest.mark.parametrize(
    ("harm", "check", "grade", "said"),
    [
        (_lose, "envelopes", "BAD", "1 of 1 are missing"),
        (_cut, "envelopes", "BAD", "1 of 1 are missing, or have another length"),
        (_stray, "envelopes", "WARNING", "1 are in no list"),
        (_unfinished, "uploads", "WARNING", "A crash left 1"),
        (_lay_open, "data folder", "BAD", "Others may use"),
        (_lose_key, "server key", "BAD", "missing or damaged"),
        (_damage, "database", "BAD", ""),
        (_no_database, "database", "BAD", "cannot be opened"),
        (_later, "database", "BAD", "later version"),
        (_earlier, "database", "WARNING", "earlier version"),
    ],
)
def test_what_was_harmed_is_found(
    shell: Shell, harm: Callable[[Path], None], check: str, grade: str, said: str
) -> None:
    assert found(shell)[check][0] == "OK"
    harm(shell.folder / "data")
    known = found(shell)[check]
    assert known[0] == grade
    assert said in known[1]


def test_nobody_carries_for_more_than_a_week(shell: Shell) -> None:
    shell.clock.turn(days=8)
    known = found(shell)
    assert known["from station"][0] == "WARNING"
    assert known["to station"] == (
        "WARNING",
        "Something waits for 8 days that the station has not acknowledged.",
    )


def test_a_clock_that_is_behind_closes_and_is_said(shell: Shell) -> None:
    shell.clock.turn(days=-2)
    assert found(shell)["intake"][0] == "BAD"


def test_what_the_station_signed_was_changed(shell: Shell) -> None:
    with sqlite3.connect(shell.folder / "data" / "source.sqlite3") as database:
        database.execute("UPDATE documents SET body = substr(body, 1, length(body) - 1) || x'00'")
    database.close()
    assert found(shell)["database"][0] == "BAD"


@pytest.mark.parametrize(
    ("swaps", "grade"),
    [
        ("Filename Type Size Used Priority\n", Grade.OK),
        ("Filename Type Size Used Priority\n/dev/zram0 partition 1 0 100\n", Grade.OK),
        ("Filename Type Size Used Priority\n/swap.img file 1 0 -2\n", Grade.WARNING),
    ],
)
def test_swap(swaps: str, grade: Grade) -> None:
    assert machine.swap(swaps).grade is grade


def test_the_rest_of_the_machine() -> None:
    assert [machine.dumps(text).grade for text in ("0\n", "1\n")] == [Grade.OK, Grade.WARNING]
    assert [machine.user(uid).grade for uid in (1000, 0)] == [Grade.OK, Grade.WARNING]
    assert [machine.clock(state).grade for state in (0, 5, -1)] == [Grade.OK, Grade.WARNING, Grade.BAD]


@pytest.mark.parametrize(
    ("free", "grade"), [(500 * MIB, Grade.OK), (200 * MIB, Grade.WARNING), (63 * MIB, Grade.BAD)]
)
def test_room(free: int, grade: Grade) -> None:
    assert folders.room(Disk(1000 * MIB, free)).grade is grade


def test_a_folder_of_somebody_else(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: (shell.folder / "data").stat().st_uid + 1)
    known = found(shell)
    assert known["data folder"] == ("BAD", f"{shell.folder}/data is not yours.")
    assert "database" not in known
