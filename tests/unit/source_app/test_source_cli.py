"""The command line: each verb, its exit status, and what it says when it refuses."""

import json
from contextlib import ExitStack
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from source_app import cli
from source_app.cli import commands
from source_app.services.retention import Retention
from source_app.wiring import alone
from tests.support.source_shell import Shell, source_shell
from tests.support.source_site import Site, Visitor


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A virgin server, and a stick with the station's first bundle."""
    return source_shell(tmp_path, monkeypatch)


def test_first_contact_says_what_to_compare_and_what_to_type(shell: Shell) -> None:
    refused = shell.run("import", "--stick", shell.stick)
    assert refused.exit_code == 1
    assert f'--accept-root "{shell.station.root_words}"' in refused.stderr
    wrong = shell.run("import", "--stick", shell.stick, "--accept-root", "some other words")
    assert wrong.exit_code == 1
    assert "are not those" in wrong.stderr
    shell.accept()
    again = shell.run("import", "--stick", shell.stick)
    assert (again.exit_code, "Nothing new" in again.stdout) == (0, True)


def test_status_before_and_after(shell: Shell) -> None:
    before = shell.run("status").stdout
    assert "CLOSED: No instance is known yet" in before
    assert "Renew" not in before
    assert "not confirmed" not in before
    shell.accept()
    said = json.loads(shell.run("status", "--json").stdout)
    assert (said["open"], said["weeks_left"], said["log_index"], said["confirmed"]) == (True, 4, 0, False)
    text = shell.run("status").stdout
    assert text.startswith("open")
    assert "Renew the intake keys" in text


def test_keys_shows_both_keys(shell: Shell) -> None:
    assert "No root is known yet" in shell.run("keys").stdout
    shell.accept()
    said = shell.run("keys").stdout
    assert shell.station.root_words in said
    assert "not yet confirmed" in said
    found = json.loads(shell.run("keys", "--json").stdout)
    assert " ".join(found["root_words"]) == shell.station.root_words
    assert len(found["server_words"]) == 10


def test_export_refuses_before_first_contact_and_says_when_nothing_is_new(shell: Shell) -> None:
    refused = shell.run("export", "--stick", shell.stick)
    assert (refused.exit_code, "Import the first OUT bundle" in refused.stderr) == (1, True)
    shell.accept()
    assert "Exported cleandrop-in-1 with 0" in shell.run("export", "--stick", shell.stick).stdout
    assert "Nothing new" in shell.run("export", "--stick", shell.stick).stdout


def test_an_old_stick_is_said(shell: Shell, tmp_path: Path) -> None:
    shell.accept()
    newer = tmp_path / "newer"
    newer.mkdir()
    shell.station.write_out(newer)
    assert "Imported cleandrop-out-2" in shell.run("import", "--stick", str(newer)).stdout
    said = shell.run("import", "--stick", shell.stick)
    assert (said.exit_code, "an old stick" in said.stdout) == (0, True)


def test_a_refusal_of_a_bundle_is_a_sentence_and_status_one(shell: Shell) -> None:
    shell.accept()
    made = shell.station.write_out(Path(shell.stick))
    part = Path(shell.stick) / made.name / "part-0000.bin"
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    refused = shell.run("import", "--stick", shell.stick)
    assert refused.exit_code == 1
    assert "Export again" in refused.stderr
    assert "Traceback" not in refused.output


@pytest.mark.parametrize(
    "words", [["fly"], ["export"], ["status", "--colour"], ["courier", "--stick", "x", "--every", "0"]]
)
def test_wrong_use_is_status_two(shell: Shell, words: list[str]) -> None:
    assert shell.run(*words).exit_code == 2


def test_a_missing_settings_file_is_status_one(tmp_path: Path) -> None:
    refused = CliRunner().invoke(cli.main, ["--config", str(tmp_path / "none.toml"), "status"])
    assert refused.exit_code == 1
    assert "none.toml: cannot be read" in refused.stderr


def test_every_help_has_an_example(shell: Shell) -> None:
    for name, command in cli.main.commands.items():
        assert "Example: cleandrop-source" in (command.help or ""), name
        assert isinstance(command, click.Command)
        assert shell.run(name, "--help").exit_code == 0
    assert (
        f"{{{','.join(sorted(cli.main.commands))}}}"
        == "{" + ",".join(sorted(commands.VERBS[1:-3].split(","))) + "}"
    )


class Nap:
    """What happens at the stick while the courier sleeps: a new bundle, damage, the end."""

    def __init__(self, shell: Shell) -> None:
        self._stick, self._station = Path(shell.stick), shell.station
        self._turn = 0

    def __call__(self, _seconds: float) -> None:
        self._turn += 1
        if self._turn == 1:
            self._station.write_out(self._stick)
        elif self._turn == 2:
            (self._stick / "cleandrop-out-2" / "manifest.json").write_bytes(b"junk")
        elif self._turn == 4:
            raise KeyboardInterrupt


def test_the_courier_carries_both_ways_and_says_each_trouble_once(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.accept()
    monkeypatch.setattr("time.sleep", Nap(shell))
    done = shell.run("courier", "--stick", shell.stick)
    assert done.stdout.splitlines()[0].startswith("Exported cleandrop-in-1")
    assert done.stdout.count("Imported cleandrop-out-2") == 1
    assert done.stderr.count("cleandrop-out-2") == 1


class BusyNap:
    """Somebody types a verb of their own while the courier works; then the disk fails; then the end."""

    def __init__(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        self._data, self._patch = shell.folder / "data", monkeypatch
        self._others = ExitStack()
        self._turn = 0

    def __call__(self, _seconds: float) -> None:
        self._turn += 1
        if self._turn == 1:
            self._others.enter_context(alone(self._data, "stick"))
        elif self._turn == 2:
            self._others.close()
            self._patch.setattr(Retention, "delete_due", self._fail)
        elif self._turn == 4:
            raise KeyboardInterrupt

    @staticmethod
    def _fail(*_: object) -> int:
        raise OSError("a file of somebody's")


def test_the_courier_goes_on_when_others_are_busy_or_the_disk_fails(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.accept()
    monkeypatch.setattr("time.sleep", BusyNap(shell, monkeypatch))
    done = shell.run("courier", "--stick", shell.stick)
    assert done.stderr.count("Another process") == 1
    assert done.stderr.count("Check its disk") == 1
    assert "somebody" not in done.output


def test_a_failing_disk_is_said_and_not_shown_as_a_traceback(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.accept()
    monkeypatch.setattr(Retention, "delete_due", BusyNap._fail)
    done = shell.run("import", "--stick", shell.stick)
    assert (done.exit_code, "Check its disk" in done.stderr) == (1, True)
    assert "somebody" not in done.output


def test_reports_are_carried_by_the_verbs(shell: Shell) -> None:
    shell.accept()
    site = Site(shell.folder, station=shell.station)
    Visitor(site).report("carried")
    site.close()
    assert "with 1 sealed report or message." in shell.run("export", "--stick", shell.stick).stdout
    key = site.services.trust.server_key
    assert [opened.parcel.text for opened in shell.station.read_in(Path(shell.stick), key)] == ["carried"]
    shell.station.certify(key)
    shell.station.write_out(Path(shell.stick))
    said = shell.run("import", "--stick", shell.stick).stdout
    assert "The station has everything up to number 1." in said
    assert "0 of 1 sealed objects wait" in shell.run("status").stdout
