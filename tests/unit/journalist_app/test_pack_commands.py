"""`cleandrop-officer pack …`: what each command says, and how it ends."""

from pathlib import Path

import pytest

from tests.support.officer_shell import Shell
from tests.support.signed_pack import TEN_WORDS, pack_folder, public_key


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    found = Shell(tmp_path, monkeypatch, capsys)
    found.ceremony()
    return found


def test_from_the_key_to_the_pack_in_use(shell: Shell, tmp_path: Path) -> None:
    status, said, _ = shell.type("pack", "list", sign_in=True)
    assert (status, said.count("\n")) == (0, 2)
    assert "No pack is installed" in said
    assert "No pack key is trusted" in said

    folder = str(pack_folder(tmp_path))
    status, _, complaint = shell.type("pack", "install", folder, sign_in=True)
    assert (status, "not made with a pack key that is trusted here" in complaint) == (1, True)

    key = str(public_key(tmp_path))
    assert shell.type("pack", "trust", key, "--words", TEN_WORDS, sign_in=True)[0] == 0
    status, said, _ = shell.type("pack", "install", folder, sign_in=True)
    assert status == 0
    assert "testland, edition 1, is installed." in said
    assert "New cases are opened under it." in said
    assert "Its rules are draft: read in its source, not yet checked by a lawyer." in said
    assert "Europe/Rome" in said

    status, said, _ = shell.type("pack", "list", sign_in=True)
    assert status == 0
    assert "testland, edition 1, in use: installed on" in said
    assert f"Pack key {TEN_WORDS}: trusted since" in said


def test_a_check_shows_the_findings_and_installs_nothing(shell: Shell, tmp_path: Path) -> None:
    shell.type("pack", "trust", str(public_key(tmp_path)), "--words", TEN_WORDS, sign_in=True)
    status, said, _ = shell.type("pack", "check", str(pack_folder(tmp_path)), sign_in=True)
    assert (status, "it can be installed" in said) == (0, True)
    broken = str(pack_folder(tmp_path, 2, deadlines="[[deadline]]\nid = 1\n"))
    status, said, _ = shell.type("pack", "check", broken, sign_in=True)
    assert (status, "deadlines.toml:2: error:" in said) == (1, True)
    status, said, complaint = shell.type("pack", "install", broken, sign_in=True)
    assert (status, said, "deadlines.toml:2: error:" in complaint) == (1, "", True)
    status, said, complaint = shell.type("pack", "use", "testland", sign_in=True)
    assert (status, "pack list" in complaint) == (1, True)


def test_another_pack_is_chosen_and_a_key_given_up(shell: Shell, tmp_path: Path) -> None:
    shell.type("pack", "trust", str(public_key(tmp_path)), "--words", TEN_WORDS, sign_in=True)
    shell.type("pack", "install", str(pack_folder(tmp_path)), sign_in=True)
    status, said, _ = shell.type("pack", "use", "testland", sign_in=True)
    assert (status, said) == (0, "New cases are opened under testland, edition 1.\n")
    status, said, _ = shell.type("pack", "show", "testland", sign_in=True)
    assert (status, "TA 3(1); TA Decree 3" in said) == (0, True)
    status, said, _ = shell.type("pack", "distrust", "--words", TEN_WORDS, sign_in=True)
    assert (status, "trusted no longer" in said) == (0, True)
    status, said, complaint = shell.type("pack", "distrust", "--words", TEN_WORDS, sign_in=True)
    assert (status, said, "No pack key" in complaint) == (1, "", True)
