"""Somebody who types commands of the officer program at one station, in this process."""

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest

from journalist_app.cli import main

SETTINGS = """
vault_dir = "vault"
key_stick_dir = "key-stick"
stick_dirs = ["stick"]
allowed_hosts = ["localhost:8082"]
testing = true
passphrase_memory_mib = 8
passphrase_passes = 1
"""


class Terminal(io.StringIO):
    """A person at a terminal, who typed all answers before."""

    def isatty(self) -> bool:
        return True


class Shell:
    """Types commands at one station. The station's clock is the machine's own here, so each
    command that signs in comes with the next officer: a code is good once."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self.stick = folder / "stick"
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self._officers: list[dict[str, str]] = []
        self.stick.mkdir()
        (folder / "officer.toml").write_text(SETTINGS)

    def type(
        self, *arguments: str, sign_in: bool = False, answers: str | None = None, settings: bool = True
    ) -> tuple[int, str, str]:
        """Exit status, what was said, what was complained of. `answers` are typed at a terminal."""
        typed = self._sign_in() if sign_in else ""
        named = ["--config", str(self.folder / "officer.toml")] if settings else []
        self._monkeypatch.setattr(sys, "argv", ["cleandrop-officer", *named, *arguments])
        self._monkeypatch.setattr(sys, "stdin", Terminal(answers) if answers else io.StringIO(typed))
        self._monkeypatch.setattr(
            "journalist_app.cli.commands.keep_to_itself", _nothing
        )  # it would hold for all later tests
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    def ceremony(self, *officers: str) -> dict[str, object]:
        """An unattended one, with officers enough for every command of a test; the last signs in first."""
        planned = officers or [f"Officer {number}" for number in range(6)]
        names = [part for officer in planned for part in ("--officer", officer)]
        access = self.folder / "access.json"
        status, said, loud = self.type(
            "ceremony", "--unattended", *names, "--access-file", str(access), "--stick", str(self.stick)
        )
        assert status == 0
        assert "UNATTENDED" in loud
        assert access.stat().st_mode & 0o777 == 0o600
        made: dict[str, object] = json.loads(access.read_text())
        self._officers = made["officers"]  # type: ignore[assignment]
        assert " ".join(made["root_words"]) in said  # type: ignore[arg-type]
        assert "cleandrop-out-1" in said
        return made

    def _sign_in(self) -> str:
        officer = self._officers.pop()
        code = pyotp.TOTP(officer["totp_secret"]).at(datetime.now(UTC))
        return f"{officer['name']}\n{officer['passphrase']}\n{code}\n"


def _nothing() -> None:
    pass
