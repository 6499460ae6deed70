"""The station's doctor: what it looks at, what it says of harm, and that it changes nothing."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from journalist_app.cli.commands import program
from journalist_app.doctor import examine, machine, programs
from journalist_app.doctor.findings import Finding, Grade
from journalist_app.viewing.readiness import Readiness
from tests.support.station import LiveStation, live_station

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SWAPS = "Filename Type Size Used Priority\n"


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    live = live_station(tmp_path)
    lines = [
        f'vault_dir = "{live.settings.vault_dir}"',
        f'key_stick_dir = "{live.settings.key_stick_dir}"',
        f'stick_dirs = ["{live.stick}"]',
        'allowed_hosts = ["localhost"]',
        f'backup_dirs = ["{tmp_path}/backups-*"]',
    ]
    (tmp_path / "officer.toml").write_text("\n".join(lines))
    return live


def found(live: LiveStation, now: datetime | None = None) -> dict[str, Finding]:
    config = live.stick.parent / "officer.toml"
    return {each.check: each for each in examine(config, lambda: now or datetime.now(UTC))}


def listed(folder: Path) -> list[tuple[str, int, float]]:
    paths = sorted(folder.rglob("*"))
    return [(str(path), path.lstat().st_size, path.lstat().st_mtime) for path in paths]


def test_a_sound_station_has_nothing_bad_in_its_folders_and_stays_as_it_is(live: LiveStation) -> None:
    before = listed(live.stick.parent)
    seen = found(live)
    assert {name for name, each in seen.items() if each.grade is Grade.OK} >= {
        "settings",
        "vault",
        "rights",
        "sticks",
        "OpenPGP",
        "clock",
    }
    assert listed(live.stick.parent) == before


def _no_roster(live: LiveStation) -> None:
    live.station.folders.officers.unlink()


def _no_database(live: LiveStation) -> None:
    for path in live.settings.vault_dir.glob("vault*.sqlite3*"):
        path.unlink()


def _lay_open(live: LiveStation) -> None:
    live.station.folders.officers.chmod(0o644)


def _no_key_file(live: LiveStation) -> None:
    live.station.folders.state.unlink()


def _cut_key_file(live: LiveStation) -> None:
    live.station.folders.state.write_bytes(b"short")


@pytest.mark.parametrize(
    ("harm", "check", "grade", "said"),
    [
        (_no_roster, "vault", Grade.BAD, ""),
        (_no_database, "vault", Grade.BAD, "missing or empty"),
        (_lay_open, "rights", Grade.BAD, "others may use"),
        (_no_key_file, "key stick", Grade.WARNING, "nothing can be imported"),
        (_cut_key_file, "key stick", Grade.BAD, "another length"),
    ],
)
def test_what_was_harmed_is_found(
    live: LiveStation, harm: Callable[[LiveStation], None], check: str, grade: Grade, said: str
) -> None:
    harm(live)
    finding = found(live)[check]
    assert finding.grade is grade
    assert said in finding.said
    assert finding.mend


def test_a_clock_behind_what_was_written_here_is_bad(live: LiveStation) -> None:
    assert found(live, datetime.now(UTC) - timedelta(days=1))["clock"].grade is Grade.BAD


def test_what_is_wrong_in_the_settings_does_not_hide_the_machine(tmp_path: Path) -> None:
    (tmp_path / "officer.toml").write_text("vault_dir = 1")
    seen = {each.check: each for each in examine(tmp_path / "officer.toml", lambda: NOW)}
    assert seen["settings"].grade is Grade.BAD
    assert {"network", "swap", "clock"} <= seen.keys()


@pytest.mark.parametrize(
    ("interfaces", "grade"),
    [
        ({"lo": "unknown"}, Grade.OK),
        ({"lo": "unknown", "eth0": "down"}, Grade.OK),
        ({"lo": "unknown", "eth0": "up"}, Grade.BAD),
        ({"lo": "unknown", "wlan0": "dormant"}, Grade.BAD),
        ({"lo": "unknown", "tun0": "unknown"}, Grade.BAD),
    ],
)
def test_the_station_has_no_network(interfaces: dict[str, str], grade: Grade) -> None:
    assert machine.network(interfaces).grade is grade


@pytest.mark.parametrize(
    ("swaps", "grade"),
    [
        ("", Grade.OK),
        ("/dev/zram0 partition 1 0 -2\n", Grade.OK),
        ("/dev/sda2 partition 1 0 -2\n", Grade.BAD),
    ],
)
def test_the_station_has_no_swap_on_a_disk(swaps: str, grade: Grade) -> None:
    assert machine.swap(SWAPS + swaps).grade is grade


def test_a_viewer_that_lacks_something_is_named() -> None:
    parts = (Readiness(works=True, sentence="One."), Readiness(works=False, sentence="Install poppler."))
    assert programs.viewer(parts).grade is Grade.WARNING
    assert "Install poppler." in programs.viewer(parts).said
    assert programs.viewer(parts[:1]).grade is Grade.OK


def test_the_rest_of_the_machine() -> None:
    assert machine.user(0).grade is Grade.WARNING
    assert machine.user(1000).grade is Grade.OK
    assert machine.dumps("1\n").grade is Grade.WARNING
    assert machine.dumps("2\n").grade is Grade.OK
    assert machine.clock(NOW, None).grade is Grade.OK


def test_the_command_says_it_in_words_and_for_machines(live: LiveStation) -> None:
    config = str(live.stick.parent / "officer.toml")
    (live.stick.parent / "officer.toml").chmod(0o600)
    umask = os.umask(0o077)
    try:
        words = CliRunner().invoke(program, ["--config", config, "doctor"])
        machines = CliRunner().invoke(program, ["--config", config, "doctor", "--json"])
    finally:
        os.umask(umask)
    assert "Looked at" in words.output
    rows = json.loads(machines.output)
    assert {row["check"] for row in rows["findings"]} >= {"vault", "network"}
    assert machines.exit_code == (1 if rows["bad"] else 0) == words.exit_code
