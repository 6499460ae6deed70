"""`python -m cases.sign`: a key is made once, its words are told, and a sound pack is signed with it."""

import runpy
import sys
from pathlib import Path

import pytest

from cases import sign
from cases.packs import folder, keys, signature
from crypto import words
from tests.support import pack_files


class Keeper:
    """Somebody who types the command."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def type(self, *arguments: str | Path) -> tuple[int, str, str]:
        """Exit status, what was said, what was complained of."""
        self._monkeypatch.setattr(sys, "argv", ["cases.sign", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(sign.__file__, run_name="__main__")
        said, complaint = self._capsys.readouterr()
        return int(ended.value.code or 0), said, complaint


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Keeper:
    return Keeper(monkeypatch, capsys)


def pack_in(path: Path, **changes: str | None) -> Path:
    path.mkdir()
    for name, text in pack_files.testland(**changes).items():
        (path / name).write_text(text)
    return path


def test_a_key_is_made_and_signs_what_its_public_half_checks(keeper: Keeper, tmp_path: Path) -> None:
    file, pack = tmp_path / "agency", pack_in(tmp_path / "pack")
    status, said, _ = keeper.type("new-key", file)
    assert status == 0
    assert file.stat().st_mode & 0o777 == 0o600
    key = keys.parse_public((tmp_path / "agency.pub").read_bytes())
    ten = " ".join(words.fingerprint(key))
    assert ten in said
    status, said, _ = keeper.type("sign", pack, "--key", file)
    assert (status, "testland, edition 1" in said, ten in said) == (0, True, True)
    assert signature.verify(folder.files_of(pack), [key]).ref.id == "testland"
    assert keeper.type("sign", pack, "--key", file)[0] == 0, "signing again is no change"
    assert ten in keeper.type("show-key", file)[1]


def test_a_key_is_never_written_over(keeper: Keeper, tmp_path: Path) -> None:
    (tmp_path / "agency").write_text("mine")
    status, _, complaint = keeper.type("new-key", tmp_path / "agency")
    assert (status, "left alone" in complaint) == (1, True)
    assert (tmp_path / "agency").read_text() == "mine"
    status, _, complaint = keeper.type("new-key", tmp_path / "gone" / "agency")
    assert (status, "Is there such a folder" in complaint) == (1, True)


def test_no_new_key_lies_beside_the_public_half_of_another(keeper: Keeper, tmp_path: Path) -> None:
    (tmp_path / "agency.pub").write_text("of another")
    status, _, complaint = keeper.type("new-key", tmp_path / "agency")
    assert (status, "a file agency.pub already" in complaint) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["agency.pub"]


@pytest.mark.parametrize("half", ["agency.pub", "gone"])
def test_what_is_no_signing_key_signs_nothing(keeper: Keeper, tmp_path: Path, half: str) -> None:
    keeper.type("new-key", tmp_path / "agency")
    pack = pack_in(tmp_path / "pack")
    assert keeper.type("sign", pack, "--key", tmp_path / half)[0] == 1
    assert not (pack / "pack.sig").exists()


def test_a_pack_with_an_error_is_not_signed_and_the_error_is_shown(keeper: Keeper, tmp_path: Path) -> None:
    keeper.type("new-key", tmp_path / "agency")
    pack = pack_in(tmp_path / "pack", words_tl=None)
    status, said, complaint = keeper.type("sign", pack, "--key", tmp_path / "agency")
    assert (status, said) == (1, "")
    assert "words.tl.toml" in complaint
    assert not (pack / "pack.sig").exists()


def test_a_signature_that_cannot_be_written_is_told(
    keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.type("new-key", tmp_path / "agency")
    pack = pack_in(tmp_path / "pack")
    monkeypatch.setattr(signature, "FILE", "gone/pack.sig")
    status, _, complaint = keeper.type("sign", pack, "--key", tmp_path / "agency")
    assert (status, "cannot be written" in complaint) == (1, True)
