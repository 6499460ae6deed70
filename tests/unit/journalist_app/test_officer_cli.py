"""The command line: what each verb says, and how it ends: 0 done, 1 refused, 2 asked wrongly."""

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from crypto import words
from crypto.envelope import ObjectId
from crypto.signing import SigningSeed, verifying_key
from crypto.source_keys import InstanceId
from crypto.windows import window_of
from journalist_app.cli.ceremony import CLEAR
from journalist_app.cli.commands import program
from tests.support.officer_shell import Shell
from tests.support.server_side import SampleServer, SampleSource, read_out
from tests.support.station import live_station


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


def test_keys_copies_backups_and_the_clock_at_a_shell(shell: Shell) -> None:
    shell.ceremony()
    second, disk = shell.folder / "second", shell.folder / "disk"
    second.mkdir()
    disk.mkdir()

    status, said, _ = shell.type(
        "intake", "copy", "--to", str(second), "--label", "Safe, room 4", sign_in=True
    )
    assert (status, "Copy “Safe, room 4”, up to date on" in said) == (0, True)
    assert "the one in use" in said

    status, said, _ = shell.type("backup", "make", "--to", str(disk), sign_in=True)
    assert (status, "Until then it does not count." in said) == (0, True)

    status, said, _ = shell.type("backup", "verify", "--from", str(disk), sign_in=True)
    assert (status, "holds every report of today" in said) == (0, True)

    status, said, _ = shell.type("intake", "status", sign_in=True)
    assert (status, "Weeks of intake keys left: 52." in said) == (0, True)

    status, _, why = shell.type("intake", "destroy", sign_in=True)
    assert (status, "No week is ready" in why) == (1, True)

    status, said, _ = shell.type("clock", "--confirm", "2001-01-01", sign_in=True)
    assert (status, "The clock shows" in said) == (0, True)


def test_what_needs_two_officers_asks_for_the_second_at_a_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    live = live_station(tmp_path)
    live.clock.turn(weeks=7)
    live.confirm_clock()
    runner = CliRunner()
    monkeypatch.setattr("journalist_app.cli.station.build_station", _Always(live.station))
    monkeypatch.setattr("journalist_app.cli.station.load_settings", _Always(live.settings))

    def run(*arguments: str, officers: tuple[int, ...] = (0,)) -> tuple[int, str]:
        typed = ""
        for number in officers:
            live.clock.turn(seconds=30)
            who = live.born.officers[number]
            typed += f"{who.name}\n{who.passphrase}\n{live.code(who)}\n"
            live.clock.turn(seconds=-30)
        done = runner.invoke(program, ["--config", "x", *arguments], input=typed)
        return done.exit_code, done.output + str(done.exception or "")

    status, said = run("intake", "status")
    assert (status, "Week 150, 2026-11-16 to 2026-11-22: OVERDUE." in said) == (0, True)
    assert "OVERDUE, weeks whose keys should be destroyed: 1." in said
    assert "Server heard of since: not from every server." in said
    status, said = run("intake", "destroy", "--through", "150")
    assert (status, "add --lose 0" in said) == (1, True)
    status, said = run("intake", "destroy", "--through", "153")
    assert (status, "Look at the page" in said) == (1, True)
    status, said = run("intake", "destroy", "--through", "150", "--lose", "0", officers=(0, 1))
    assert (status, "up to 2026-11-22 are destroyed" in said) == (0, True)
    assert run("intake", "finish")[0] == 0
    status, said = run("intake", "lost", officers=(0, 1))
    assert (status, "Nothing is lost" in said) == (1, True)
    live.station.folders.state.unlink()
    assert "The file intake.state is missing" in run("status")[1]
    status, said = run("intake", "lost", officers=(0, 1))
    assert (status, "Batch 2 is ready" in said) == (0, True)
    live.clock.turn(days=31)
    status, said = run("clock")
    assert (status, "When it was last used it showed" in said) == (1, True)
    assert run("export", "--stick", str(live.stick))[0] == 1
    assert "The clock went back or jumped" in run("status")[1]
    today = live.clock.now.date().isoformat()
    assert run("clock", "--confirm", "1999-01-01")[0] == 1
    assert run("clock", "--confirm", today)[0] == 0
    status, said = run("backup", "list")
    assert (status, "No backup was made yet." in said) == (0, True)
    older = live.station.folders.state.read_bytes()
    assert run("intake", "renew")[0] == 0
    live.station.folders.state.write_bytes(older)
    assert "lacks the newest keys" in run("intake", "status")[1]


class _Always:
    """Gives one thing, whatever it is asked with."""

    def __init__(self, given: object) -> None:
        self._given = given

    def __call__(self, *_: object) -> object:
        return self._given


def test_a_ceremony_at_a_terminal_shows_each_secret_and_waits(shell: Shell) -> None:
    answers = (
        "Office\nAnna\n\ny\nBoris\nintake, auditor\nn\n" + "no\n Written\n" + "\nno\nwritten\nwritten\n" * 2
    )
    status, said, _ = shell.type("ceremony", "--stick", str(shell.stick), answers=answers)
    assert status == 0
    assert said.count("Passphrase: ") == 2
    assert "Only Boris looks at the screen now. Roles: intake, auditor." in said
    assert said.count('Type "written"') == 8
    assert len(re.findall(r"^ {4}[0-9]{4} [0-9]{4}$", said, re.MULTILINE)) == 2 * 8, "recovery codes"
    root = re.search(r"\n    ((?:[0-9a-f]{4} ){15}[0-9a-f]{4})\n", said)
    assert root is not None
    seed = SigningSeed(bytes.fromhex(root[1]))
    assert read_out(shell.stick).descriptor.descriptor.root == verifying_key(seed)


@pytest.mark.parametrize("answers", ["Office\nAnna\n\nn\nno\n", "Office\nAnna\n\nn\nwritten\n"])
def test_a_ceremony_that_is_left_makes_no_vault(shell: Shell, answers: str) -> None:
    status, said, why = shell.type("ceremony", "--stick", str(shell.stick), answers=answers)
    assert status == 1
    assert "What was written down opens nothing" in why
    assert said.endswith(CLEAR)
    assert "Passphrase" not in said
    assert not (shell.folder / "vault" / "vault.json").exists()
    assert list(shell.stick.iterdir()) == []


def test_a_ceremony_whose_stick_fails_has_made_a_station(shell: Shell) -> None:
    options = ("--unattended", "--access-file", str(shell.folder / "access.json"), "--officer", "Anna")
    (shell.stick / "cleandrop-out-1").write_text("in the way")
    status, said, why = shell.type("ceremony", *options, "--stick", str(shell.stick))
    assert status == 1
    assert 'The station is ready all the same: run "cleandrop-officer export"' in why
    assert "the ten words of this instance" in said
    assert (shell.folder / "vault" / "vault.json").exists()


def test_languages_that_are_none_are_refused(shell: Shell) -> None:
    options = ("--unattended", "--access-file", str(shell.folder / "access.json"), "--officer", "Anna")
    status, _, why = shell.type("ceremony", *options, "--languages", "en,k o!", "--stick", str(shell.stick))
    assert (status, "en,ko,pt-BR" in why) == (1, True)
    assert not (shell.folder / "vault").exists()


def test_two_sticks_are_a_question(shell: Shell) -> None:
    shell.ceremony()
    (shell.folder / "second").mkdir()
    settings = shell.folder / "officer.toml"
    settings.write_text(settings.read_text().replace('["stick"]', '["stick", "second"]'))
    status, _, said = shell.type("export", sign_in=True)
    assert (status, "Name it with --stick" in said) == (1, True)


def test_what_went_wrong_is_told(shell: Shell) -> None:
    made = shell.ceremony()
    instance = InstanceId(bytes.fromhex(str(made["instance_id"])))
    server = SampleServer(instance, read_out(shell.stick).batch, window_of(datetime.now(UTC)))
    server.accept(ObjectId(hashlib.sha256(b"noise").digest()), b"noise")
    server.receive(SampleSource(), window=server.window + 1)
    server.seq = 4
    server.export(shell.stick)
    shown = " ".join(words.fingerprint(server.key))
    _, said, _ = shell.type("import", "--accept-server", shown, sign_in=True)
    for sentence in (
        "Refused and kept in quarantine",
        "It was opened all the same",
        "never brought here: IN 1 to 4.",
    ):
        assert sentence in said


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
    status, asked, said = shell.type(verb, answers="Anna\nwords\n123456\n")
    assert (status, "ceremony" in said) == (1, True)
    assert "Officer" not in asked


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
    [
        *((), ("ceremony",), ("serve",), ("import",), ("export",), ("status",), ("clock",), ("intake",)),
        *(("intake", verb) for verb in ("status", "renew", "destroy", "finish", "copy", "lost")),
        *(("backup",), *(("backup", verb) for verb in ("make", "verify", "list"))),
    ],
)
def test_every_help_has_an_example_and_needs_no_settings(shell: Shell, arguments: tuple[str, ...]) -> None:
    status, said, _ = shell.type(*arguments, "--help", settings=False)
    assert (status, "Example: cleandrop-officer" in said) == (0, True)


def test_without_settings_a_command_asks_for_them(shell: Shell) -> None:
    status, _, said = shell.type("status", settings=False)
    assert (status, "--config" in said) == (1, True)


def test_the_version_is_told(shell: Shell) -> None:
    assert shell.type("--version")[0] == 0
