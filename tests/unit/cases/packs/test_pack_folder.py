"""A folder is a pack's when it holds plain files within the limits, and nothing else."""

import os
from pathlib import Path

import pytest

from cases.errors import PackError
from cases.packs import folder


def refusal(path: Path) -> list[str]:
    with pytest.raises(PackError) as refused:
        folder.files_of(path)
    return [str(finding) for finding in refused.value.findings]


def test_files_come_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_bytes(b"a\r\n\xff")
    (tmp_path / "laws.toml").write_bytes(b"")
    assert folder.files_of(tmp_path) == {"laws.toml": b"", "pack.toml": b"a\r\n\xff"}


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text("x = 1")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "pack.toml")
    (tmp_path / "lost").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    wrong = "error: this is a link, a folder or no plain file. Take it out of the pack."
    assert refusal(tmp_path) == [f"{name}: {wrong}" for name in ("folder", "link", "lost", "pipe")]


def test_limits_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "large").write_bytes(bytes(folder.FILE_BYTES_MAX))
    assert len(folder.files_of(tmp_path)["large"]) == folder.FILE_BYTES_MAX
    (tmp_path / "large").write_bytes(bytes(folder.FILE_BYTES_MAX + 1))
    assert refusal(tmp_path) == ["large: error: this file is over 1 MiB. Make it smaller."]
    for number in range(4):
        (tmp_path / f"{number}").write_bytes(bytes(folder.FILE_BYTES_MAX))
    assert (
        refusal(tmp_path)[1]
        == f"{tmp_path.name}: error: its files are over 4 MiB together. Make them smaller."
    )
    for number in range(folder.FILES_MAX):
        (tmp_path / f"{number}").write_bytes(b"")
    wrong = f"error: it holds more than {folder.FILES_MAX} files. Take out what is no part of it."
    assert refusal(tmp_path) == [f"{tmp_path.name}: {wrong}"]


def test_the_folder_in_which_somebody_stands_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(folder.FILES_MAX + 1):
        (tmp_path / f"{number}").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    assert refusal(Path())[0].startswith(f"{tmp_path.name}: error: it holds more than")


def test_no_folder_is_told(tmp_path: Path) -> None:
    [said] = refusal(tmp_path / "nowhere")
    assert said == (
        "nowhere: error: it cannot be read (No such file or directory). "
        "Name the folder of a pack that you may read."
    )
