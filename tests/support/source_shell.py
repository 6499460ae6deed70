"""An administrator who types `cleandrop-source`, at a server that lies in one folder."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from source_app import cli
from source_app.cli import commands, refusing
from tests.support.clock import TurnedClock
from tests.support.instance import NOW, SampleStation

SETTINGS = """
data_dir = "data"
run_dir = "run"
allowed_hosts = ["source.example"]
allow_disk_run_dir = true
testing = true
kdf_memory_mib = 8
"""


@dataclass
class Shell:
    """An administrator at a server that lies in one folder."""

    folder: Path
    station: SampleStation
    clock: TurnedClock

    def run(self, *words: str) -> Result:
        """Type a command."""
        return CliRunner().invoke(cli.main, ["--config", str(self.folder / "source.toml"), *words])

    @property
    def stick(self) -> str:
        """The stick's folder."""
        return str(self.folder / "stick")

    def accept(self) -> None:
        """First contact."""
        done = self.run("import", "--stick", self.stick, "--accept-root", self.station.root_words)
        assert done.exit_code == 0


def source_shell(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A virgin server, and a stick with the station's first bundle; its clock stands at `NOW`."""
    clock = TurnedClock(NOW)
    for room in (commands, refusing):
        monkeypatch.setattr(room, "system_clock", clock)
    monkeypatch.setattr(commands, "keep_to_itself", _nothing)  # it would hold for all later tests
    (folder / "source.toml").write_text(SETTINGS)
    (folder / "stick").mkdir()
    station = SampleStation()
    station.write_out(folder / "stick")
    return Shell(folder, station, clock)


def _nothing() -> None:
    pass
