"""The settings: what is safe or refused, and what a file may say."""

from pathlib import Path

import pytest

from journalist_app.errors import SettingsError
from journalist_app.settings import Settings, load_settings

GOOD = """
vault_dir = "vault"
key_stick_dir = "key-stick"
stick_dirs = ["/media/*"]
allowed_hosts = ["localhost:8082"]
"""


def load(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "officer.toml").write_text(text)
    return load_settings(tmp_path / "officer.toml")


def test_folders_are_beside_the_file_and_defaults_are_safe(tmp_path: Path) -> None:
    settings = load(tmp_path, GOOD)
    assert settings.vault_dir == tmp_path / "vault"
    assert settings.stick_dirs == ("/media/*",)
    assert (settings.bind, settings.idle_minutes) == ("127.0.0.1:8082", 15)
    assert (settings.passphrase_cost.memory_bytes, settings.passphrase_cost.passes) == (256 * 2**20, 3)


def test_media_for_copies_and_backups_are_none_unless_they_are_named(tmp_path: Path) -> None:
    bare = load(tmp_path, GOOD)
    assert (bare.key_copy_dirs, bare.backup_dirs, bare.archive_dirs) == ((), (), ())
    named = load(tmp_path, GOOD + 'key_copy_dirs = ["second"]\nbackup_dirs = ["/media/backup/*"]\n')
    assert named.key_copy_dirs == (str(tmp_path / "second"),)
    assert named.backup_dirs == ("/media/backup/*",)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('bind = "0.0.0.0:8082"', "this machine alone"),
        ('bind = "192.168.1.5:8082"', "this machine alone"),
        ('bind = "127.0.0.1"', "this machine alone"),
        ('bind = "example.org:80"', "this machine alone"),
        ("passphrase_memory_mib = 255", "only tests"),
        ("passphrase_passes = 2", "only tests"),
        ("idle_minutes = 0", "idle_minutes"),
        ('key_copy_dirs = "second"', "list of texts"),
        ("backup_dirs = [1]", "list of texts"),
        ("idle_minutes = true", "idle_minutes"),
        ('idle_minutes = "15"', "idle_minutes"),
        ("network = true", "Unknown settings: network"),
        ("= broken", "is not TOML: .*line 6"),
    ],
)
def test_what_is_unsafe_or_unknown_is_refused(tmp_path: Path, line: str, word: str) -> None:
    with pytest.raises(SettingsError, match=word):
        load(tmp_path, GOOD + line)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"key-stick"', '"vault"'),
        ('"key-stick"', '"vault/keys"'),
        ('["localhost:8082"]', "[]"),
        ('["/media/*"]', "[]"),
        ('["/media/*"]', "[1]"),
        ('allowed_hosts = ["localhost:8082"]', ""),
        ('vault_dir = "vault"', "vault_dir = 1"),
    ],
)
def test_what_is_missing_or_impossible_is_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(SettingsError):
        load(tmp_path, GOOD.replace(old, new))


def test_tests_may_lower_the_work(tmp_path: Path) -> None:
    settings = load(tmp_path, GOOD + "testing = true\npassphrase_memory_mib = 8\npassphrase_passes = 1\n")
    assert settings.passphrase_cost.memory_bytes == 8 * 2**20


def test_no_file_is_a_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--config"):
        load_settings(tmp_path / "none.toml")
