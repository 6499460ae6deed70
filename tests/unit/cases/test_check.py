"""`python -m cases.check`: what is wrong, what the pack says, and an exit status for scripts."""

import json
import runpy
import sys
from pathlib import Path

import pytest

from cases import check
from cases.packs import folder, signature
from crypto import signing
from tests.support import pack_files


class Lawyer:
    """Somebody who types the command."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def type(self, *arguments: str | Path) -> tuple[int, str, str]:
        """Exit status, what was said, what was complained of."""
        self._monkeypatch.setattr(sys, "argv", ["cases.check", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(check.__file__, run_name="__main__")
        said, complaint = self._capsys.readouterr()
        return int(ended.value.code or 0), said, complaint


@pytest.fixture
def lawyer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lawyer:
    return Lawyer(monkeypatch, capsys)


def written(path: Path, files: dict[str, str]) -> Path:
    """A folder of these files."""
    for name, text in files.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def test_a_pack_in_order_is_told(lawyer: Lawyer, tmp_path: Path) -> None:
    status, said, complaint = lawyer.type(written(tmp_path, pack_files.testland()))
    assert (status, complaint) == (0, "")
    assert said.startswith(
        "0 errors, 0 warnings. The pack can be used.\n\nPack testland, edition 1, draft; digest "
    )
    assert "Clocks: 11\n" in said
    assert "handle (draft): handle (en)\n  law       TA 3(1); TA Decree 3\n" in said


def test_an_error_is_told_with_its_line_and_ends_with_1(lawyer: Lawyer, tmp_path: Path) -> None:
    files = pack_files.changed("deadlines.toml", "length = 60", 'length = "sixty"')
    status, said, _ = lawyer.type(written(tmp_path, files))
    assert status == 1
    assert said == (
        "deadlines.toml:30: error: “length” must be a whole number, and “sixty” is a text. "
        "Write it in this form: length = 60.\n"
        "1 error, 0 warnings. Mend the errors first.\n"
    )


def test_a_warning_is_told_and_ends_with_0(lawyer: Lawyer, tmp_path: Path) -> None:
    files = pack_files.changed("words.tl.toml", "[stage.closed]\ntitle", "[stage.closed]\nhelp")
    status, said, _ = lawyer.type(written(tmp_path, files))
    assert status == 0
    assert "0 errors, 1 warning. The pack can be used.\n" in said
    assert "Missing in tl: stage.closed." in said


def test_what_was_changed_after_it_was_signed_is_told(lawyer: Lawyer, tmp_path: Path) -> None:
    path = written(tmp_path, pack_files.testland())
    seed = signing.SigningSeed(bytes(32))
    (path / signature.FILE).write_bytes(signature.sign(seed, "testland", 1, folder.files_of(path)))
    assert lawyer.type(path)[1].startswith("0 errors, 0 warnings.")
    (path / "laws.toml").write_text(pack_files.LAWS + "# a note\n", encoding="utf-8")
    status, said, _ = lawyer.type(path)
    assert status == 0
    assert said.startswith("pack.sig: warning: the pack was changed after it was signed. Sign it again; ")
    (path / "laws.toml").unlink()
    assert lawyer.type(path)[1].startswith("laws.toml: error: this file is missing.")


def test_a_day_shows_what_is_in_force_on_it(lawyer: Lawyer, tmp_path: Path) -> None:
    folder = written(tmp_path, pack_files.testland())
    assert "5 working days" not in lawyer.type(folder, "--day", "2026-11-22")[1]
    assert "5 working days" in lawyer.type(folder, "--day", "2027-11-22")[1]


def test_programs_get_the_same(lawyer: Lawyer, tmp_path: Path) -> None:
    folder = written(tmp_path, pack_files.testland())
    told = json.loads(lawyer.type(folder, "--json", "--day", "2027-11-22")[1])
    assert told["findings"] == []
    assert [clock["law"] for clock in told["summary"]["clocks"] if clock["id"] == "tell_result"] == ["TA 6"]
    (folder / "laws.toml").unlink()
    status, said, _ = lawyer.type(folder, "--json")
    assert (status, json.loads(said)["summary"]) == (1, None)
    assert json.loads(said)["findings"] == [
        {
            "file": "laws.toml",
            "line": 0,
            "weight": "error",
            "wrong": "this file is missing.",
            "right": "Copy it from the worked example in docs/operators/packs.md and change what it says.",
        }
    ]


def test_what_is_no_pack_is_told(lawyer: Lawyer, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    status, said, _ = lawyer.type(tmp_path)
    assert status == 1
    assert said.startswith("folder: error: this is a link, a folder or no plain file.")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "the following arguments are required: FOLDER"),
        (["nowhere"], "nowhere is no folder. Name the folder that holds pack.toml."),
        ([".", "--day", "tomorrow"], "tomorrow is no day. Write it as 2026-11-22."),
    ],
)
def test_wrong_use_ends_with_2(lawyer: Lawyer, arguments: list[str], complaint: str) -> None:
    status, said, complained = lawyer.type(*arguments)
    assert (status, said) == (2, "")
    assert complaint in complained


def test_help_has_an_example(lawyer: Lawyer) -> None:
    status, said, _ = lawyer.type("--help")
    assert status == 0
    assert "python -m cases.check cases/jurisdictions/kr --day 2026-11-22" in said
