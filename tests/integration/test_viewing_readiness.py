"""Whether files can be looked at here is said in plain sentences, with the mend."""

from dataclasses import replace

import pytest

from journalist_app.viewing import readiness, room


def test_here_everything_works() -> None:
    found = readiness.examine()
    assert [each.works for each in found] == [True] * (1 + len(readiness.PARTS))
    assert found[0].sentence == "The sandbox in which files are looked at works."
    assert found[2].sentence == "Pages of office documents: the program for it is installed."


def test_what_is_missing_is_named_with_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = tuple((title, replace(program, needs="/usr/bin/not-here")) for title, program in readiness.PARTS)
    monkeypatch.setattr(readiness, "PARTS", parts)
    monkeypatch.setattr(room, "BWRAP", "/usr/bin/not-here")
    found = readiness.examine()
    assert not any(each.works for each in found)
    assert "bubblewrap" in found[0].sentence
    for each, packages in zip(
        found[1:],
        ("poppler-utils", "libreoffice-writer-nogui", "imagemagick", "exiftool", "python3", "mat2"),
        strict=True,
    ):
        assert "sudo apt-get install" in each.sentence
        assert packages in each.sentence
