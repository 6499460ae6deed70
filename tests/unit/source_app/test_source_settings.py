"""The settings: what is unsafe or mistyped is refused with the file, the key and the mend."""

from pathlib import Path

import pytest

from source_app.errors import SettingsError
from source_app.settings import is_memory_backed, load_settings

GOOD = """
data_dir = "data"
run_dir = "run"
allowed_hosts = ["Source.Example"]
allow_disk_run_dir = true
"""
MOUNTS = """/dev/vda / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
/dev/vdb /run/disk ext4 rw 0 0
tmpfs /mnt/my\\040stick ramfs rw 0 0
/dev/vdc /covered ext4 rw 0 0
tmpfs /covered tmpfs rw 0 0
"""


def load(tmp_path: Path, text: str) -> object:
    """The settings of a file with this text."""
    file = tmp_path / "source.toml"
    file.write_text(text, "utf-8")
    return load_settings(file)


def test_defaults_and_paths_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "source.toml").write_text(GOOD)
    settings = load_settings(tmp_path / "source.toml")
    assert settings.data_dir == tmp_path / "data"
    assert settings.allowed_hosts == ("source.example",)
    assert settings.bind == "127.0.0.1:8080"
    assert (settings.kdf_memory_mib, settings.testing) == (64, False)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('bind = "0.0.0.0:8080"', "bind"),
        ('bind = "192.168.1.2:8080"', "bind"),
        ('bind = "127.0.0.1"', "bind"),
        ('bind = "127.0.0.1:99999"', "bind"),
        ('bind = "localhost:8080"', "bind"),
        ("kdf_memory_mib = 63", "kdf_memory_mib"),
        ("kdf_memory_mib = 7\ntesting = true", "kdf_memory_mib"),
        ("max_report_mib = 4096", "max_report_mib"),
        ("max_report_mib = true", "max_report_mib"),
        ("workers = 0", "workers"),
        ("delete_after_days = 31", "delete_after_days"),
        ('testing = "yes"', "testing"),
        ("agency = 7", "agency"),
        ("colour = 1", "colour"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, line: str, key: str) -> None:
    with pytest.raises(SettingsError, match=rf"source\.toml: {key} "):
        load(tmp_path, GOOD + line)


@pytest.mark.parametrize("key", ["data_dir", "run_dir", "allowed_hosts"])
def test_what_must_be_there_is_asked_for(tmp_path: Path, key: str) -> None:
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith(key))
    with pytest.raises(SettingsError, match=key):
        load(tmp_path, text)


@pytest.mark.parametrize("value", ["[]", '"a.example"', "[1]", '[""]'])
def test_allowed_hosts_must_be_a_list_of_addresses(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError, match="allowed_hosts"):
        load(tmp_path, GOOD.replace('["Source.Example"]', value))


@pytest.mark.parametrize("bind", ["127.0.0.1:1", "[::1]:8080", "unix:/run/x.sock"])
def test_loopback_and_sockets_are_good(tmp_path: Path, bind: str) -> None:
    (tmp_path / "source.toml").write_text(GOOD + f'bind = "{bind}"')
    assert load_settings(tmp_path / "source.toml").bind == bind


def test_a_run_folder_on_a_disk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="must lie in memory"):
        load(tmp_path, GOOD.replace('"run"', '"/usr/share/run"').replace("= true", "= false"))


@pytest.mark.parametrize(
    ("path", "in_memory"),
    [
        ("/run/cleandrop", True),
        ("/run", True),
        ("/runner", False),
        ("/run/disk/x", False),
        ("/home", False),
        ("/mnt/my stick/x", True),
        ("/covered/x", True),
    ],
)
def test_memory_is_known_by_the_deepest_mount(path: str, in_memory: bool) -> None:
    assert is_memory_backed(Path(path), MOUNTS) is in_memory


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml: cannot be read"):
        load_settings(tmp_path / "none.toml")
    with pytest.raises(SettingsError, match="is not TOML"):
        load(tmp_path, "a = = b")
