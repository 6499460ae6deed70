"""The settings of a source server: one TOML file, read once, refused when unsafe.

`load_settings` checks everything that can be checked before anything is opened; a
`SettingsError` names the file, the key and the mend. The command line and wiring call it;
nothing else reads the file or the environment.
"""

import ipaddress
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from source_app.errors import SettingsError

MEMORY_FILE_SYSTEMS: Final = ("tmpfs", "ramfs")
KDF_MEMORY_MIB: Final = 64
REPORT_MIB_MAX: Final = 2048
DELETE_AFTER_DAYS_MAX: Final = 30
_MOUNTS: Final = Path("/proc/mounts")


@dataclass(frozen=True)
class SourceSettings:
    """What an administrator decides. Paths are absolute; a relative one counts from the file."""

    data_dir: Path
    run_dir: Path
    allowed_hosts: tuple[str, ...]
    bind: str = "127.0.0.1:8080"
    agency: str = ""
    """What the pages call the agency, in every language; empty: as the pack does."""
    max_report_mib: int = REPORT_MIB_MAX
    workers: int = 2
    threads: int = 1_100
    delete_after_days: int = 14
    kdf_memory_mib: int = KDF_MEMORY_MIB
    allow_disk_run_dir: bool = False
    testing: bool = False


def load_settings(path: Path) -> SourceSettings:
    """The settings in a TOML file. Raises `SettingsError`."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read. Give the settings with --config FILE.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is not TOML: {error}.") from error
    return _Reader(path, values).settings(_MOUNTS.read_text("utf-8"))


def is_memory_backed(path: Path, mounts: str) -> bool:
    """Whether `path` lies in memory alone, by the text of /proc/mounts."""
    deepest, kind = 0, ""
    for line in mounts.splitlines():
        _, where, found, *_ = line.split(" ")
        point = Path(where.replace("\\040", " "))
        # a later mount on the same point hides the earlier one
        if (path == point or point in path.parents) and len(point.parts) >= deepest:
            deepest, kind = len(point.parts), found
    return kind in MEMORY_FILE_SYSTEMS


class _Reader:
    """One settings file while it is read."""

    def __init__(self, path: Path, values: Mapping[str, Any]) -> None:
        self._path = path
        self._values = values

    def settings(self, mounts: str) -> SourceSettings:
        self._refuse_unknown(self._values, (field.name for field in fields(SourceSettings)))
        settings = SourceSettings(
            data_dir=self._folder("data_dir"),
            run_dir=self._folder("run_dir"),
            allowed_hosts=self._hosts(),
            bind=self._bind(),
            agency=self._text("agency") if "agency" in self._values else SourceSettings.agency,
            max_report_mib=self._number("max_report_mib", SourceSettings.max_report_mib, 1, REPORT_MIB_MAX),
            workers=self._number("workers", SourceSettings.workers, 1, 64),
            threads=self._number("threads", SourceSettings.threads, 2, 2_000),
            delete_after_days=self._number(
                "delete_after_days", SourceSettings.delete_after_days, 0, DELETE_AFTER_DAYS_MAX
            ),
            kdf_memory_mib=self._number("kdf_memory_mib", KDF_MEMORY_MIB, 8, KDF_MEMORY_MIB),
            allow_disk_run_dir=self._flag("allow_disk_run_dir"),
            testing=self._flag("testing"),
        )
        self._check(settings, mounts)
        return settings

    def _check(self, settings: SourceSettings, mounts: str) -> None:
        if settings.kdf_memory_mib < KDF_MEMORY_MIB and not settings.testing:
            raise self._error(
                "kdf_memory_mib", f"must be {KDF_MEMORY_MIB}; only a test (testing = true) may lower it"
            )
        if not settings.allow_disk_run_dir and not is_memory_backed(settings.run_dir, mounts):
            raise self._error(
                "run_dir",
                "must lie in memory (tmpfs), because it holds the keys of sessions; use a folder under "
                "/run or /dev/shm. For a trial alone, allow_disk_run_dir = true takes a disk",
            )

    def _refuse_unknown(self, values: Iterable[str], known: Iterable[str]) -> None:
        unknown = sorted(set(values) - set(known))
        if unknown:
            raise self._error(unknown[0], "is not a setting")

    def _folder(self, key: str) -> Path:
        return (self._path.parent / self._text(key)).resolve()

    def _text(self, key: str, default: str | None = None) -> str:
        value = self._values.get(key, default)
        if not isinstance(value, str) or not value.strip():
            raise self._error(key, "is missing or is not a text")
        return value.strip()

    def _number(self, key: str, default: int, least: int, most: int) -> int:
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self._error(key, f"must be a whole number from {least} to {most}")
        return value

    def _flag(self, key: str) -> bool:
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            raise self._error(key, "must be true or false")
        return value

    def _hosts(self) -> tuple[str, ...]:
        hosts = self._values.get("allowed_hosts")
        good = isinstance(hosts, list) and hosts and all(isinstance(host, str) and host for host in hosts)
        if not good or not isinstance(hosts, list):
            raise self._error(
                "allowed_hosts", 'must list the addresses of this site, such as ["example.onion"]'
            )
        return tuple(host.casefold() for host in hosts)

    def _bind(self) -> str:
        bind = self._text("bind", SourceSettings.bind)
        if bind.startswith("unix:"):
            return bind
        host, _, port = bind.rpartition(":")
        try:
            loopback = ipaddress.ip_address(host.strip("[]")).is_loopback
        except ValueError:
            loopback = False
        if not loopback or not port.isdecimal() or not 0 < int(port) < 65_536:
            raise self._error(
                "bind", 'must be a loopback address with a port, such as "127.0.0.1:8080", or "unix:/path"'
            )
        return bind

    def _error(self, key: str, what: str) -> SettingsError:
        return SettingsError(f"{self._path}: {key} {what}.")
