"""The command line: what each verb says, and how it ends: 0 done, 1 refused, 2 asked wrongly."""

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest

from crypto import words
from crypto.source_keys import InstanceId
from crypto.windows import window_of
from journalist_app.cli import main
from tests.support.server_side import SampleServer, SampleSource, read_out

SETTINGS = """
vault_dir = "vault"
key_stick_dir = "key-stick"
stick_dirs = ["stick"]
allowed_hosts = ["localhost:8082"]
testing = true
passphrase_memory_mib = 8
passphrase_passes = 1
"""


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

    def type(self, *arguments: str, sign_in: bool = False) -> tuple[int, str, str]:
        """Exit status, what was said, what was complained of."""
        typed = self._sign_in() if sign_in else ""
        config = str(self.folder / "officer.toml")
        self._monkeypatch.setattr(sys, "argv", ["cleandrop-officer", "--config", config, *arguments])
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    def ceremony(self) -> dict[str, object]:
        """An unattended one, with officers enough for every command of a test."""
        names = [part for number in range(6) for part in ("--officer", f"Officer {number}")]
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


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, monkeypatch, capsys)


def test_the_whole_way_at_a_shell(shell: Shell) -> None:
    made = shell.ceremony()
    instance = InstanceId(bytes.fromhex(str(made["instance_id"])))
    server = SampleServer(instance, read_out(shell.stick).batch, window_of(datetime.now(UTC)))
    server.receive(SampleSource())
    server.export(shell.stick)

    status, _, asked = shell.type("import", sign_in=True)
    shown = " ".join(words.fingerprint(server.key))
    assert status == 1
    assert shown in asked

    status, said, _ = shell.type("import", "--accept-server", shown, sign_in=True)
    assert status == 0
    assert "New reports: 1." in said

    status, said, _ = shell.type("export", "--stick", str(shell.stick), sign_in=True)
    assert (status, "cleandrop-out-2" in said) == (0, True)
    assert read_out(shell.stick).descriptor.servers == {server.key}

    status, said, _ = shell.type("status", sign_in=True)
    assert (status, "Cases: 1, of which without an answer: 1." in said) == (0, True)

    status, said, _ = shell.type("export", sign_in=True)
    assert (status, "Nothing new" in said) == (0, True)

    status, said, _ = shell.type("intake", "renew", sign_in=True)
    assert (status, "Batch 2 is ready" in said) == (0, True)


def test_a_second_ceremony_is_refused(shell: Shell) -> None:
    shell.ceremony()
    status, _, said = shell.type(
        "ceremony", "--unattended", "--access-file", str(shell.folder / "b"), "--stick", str(shell.stick)
    )
    assert (status, "vault here already" in said) == (1, True)
    assert not (shell.folder / "b").exists()


def test_a_wrong_sign_in_is_refused(shell: Shell) -> None:
    shell.ceremony()
    status, _, said = shell.type("export")
    assert (status, "wrong, or the code was used before" in said) == (1, True)


@pytest.mark.parametrize("verb", ["export", "import", "status", "serve"])
def test_without_a_vault_every_verb_says_what_to_do(shell: Shell, verb: str) -> None:
    status, _, said = shell.type(verb)
    assert (status, "ceremony" in said) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("sing",),
        ("import", "--no-such"),
        ("ceremony",),
        ("ceremony", "--unattended", "--stick", "."),
        ("ceremony", "--stick", "."),
    ],
)
def test_asked_wrongly_ends_with_2(shell: Shell, arguments: tuple[str, ...]) -> None:
    assert shell.type(*arguments)[0] == 2


@pytest.mark.parametrize(
    "arguments",
    [(), ("ceremony",), ("serve",), ("import",), ("export",), ("status",), ("intake",), ("intake", "renew")],
)
def test_every_help_has_an_example(shell: Shell, arguments: tuple[str, ...]) -> None:
    status, said, _ = shell.type(*arguments, "--help")
    assert (status, "Example: cleandrop-officer" in said) == (0, True)


def test_the_version_is_told(shell: Shell) -> None:
    assert shell.type("--version")[0] == 0
