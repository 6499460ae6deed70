"""The settings of the station: read once from a TOML file, frozen, and safe or refused.

`load_settings` is called by the command line alone; tests build `Settings` directly, which
checks the same. There is no setting that opens the app to a network or weakens a passphrase
outside of tests.
"""

import ipaddress
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from crypto import sizes
from crypto.source_keys import Cost
from crypto.vault import PASSPHRASE_COST
from journalist_app.errors import SettingsError

_LISTS: Final = ("stick_dirs", "allowed_hosts")
_OPTIONAL_LISTS: Final = ("key_copy_dirs", "backup_dirs", "archive_dirs")
_MEDIA: Final = ("stick_dirs", *_OPTIONAL_LISTS)
_FOLDERS: Final = ("vault_dir", "key_stick_dir")


@dataclass(frozen=True)
class Settings:
    """What an operator sets. Raises `SettingsError` for an unsafe or impossible combination."""

    vault_dir: Path
    key_stick_dir: Path
    stick_dirs: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    key_copy_dirs: tuple[str, ...] = ()
    backup_dirs: tuple[str, ...] = ()
    archive_dirs: tuple[str, ...] = ()
    bind: str = "127.0.0.1:8082"
    idle_minutes: int = 15
    passphrase_memory_mib: int = PASSPHRASE_COST.memory_bytes // sizes.MIB
    passphrase_passes: int = PASSPHRASE_COST.passes
    testing: bool = False

    def __post_init__(self) -> None:
        vault, key_stick = self.vault_dir.resolve(), self.key_stick_dir.resolve()
        if vault == key_stick or vault in key_stick.parents:
            raise SettingsError(
                "key_stick_dir lies in vault_dir. Put the intake state on a medium of its own: "
                "a copy of the vault must not hold it."
            )
        if not self.allowed_hosts or not self.stick_dirs:
            raise SettingsError("allowed_hosts and stick_dirs must each name at least one.")
        if not 1 <= self.idle_minutes <= 120:
            raise SettingsError("idle_minutes must be from 1 to 120.")
        _check_bind(self.bind)
        self._check_cost()

    @property
    def passphrase_cost(self) -> Cost:
        """The work of one try of a passphrase, for officers that are made from now on."""
        return Cost(self.passphrase_memory_mib * sizes.MIB, self.passphrase_passes)

    def _check_cost(self) -> None:
        least = PASSPHRASE_COST
        weak = self.passphrase_cost.memory_bytes < least.memory_bytes or self.passphrase_passes < least.passes
        if weak and not self.testing:
            raise SettingsError(
                f"passphrase_memory_mib and passphrase_passes must be at least "
                f"{least.memory_bytes // sizes.MIB} and {least.passes}; only tests may lower them."
            )


def load_settings(path: Path) -> Settings:
    """The settings in the TOML file at `path`. Folders are relative to it. Raises `SettingsError`."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(
            f"The settings file {path} cannot be read. Name another with --config or "
            "CLEANDROP_OFFICER_CONFIG, or give this user the right to read it."
        ) from error
    except ValueError as error:
        raise SettingsError(f"The settings file {path} is not TOML: {error}.") from error
    known = {field.name for field in fields(Settings)}
    if table.keys() - known:
        raise SettingsError(f"Unknown settings: {', '.join(sorted(table.keys() - known))}.")
    for name in (*_LISTS, *_OPTIONAL_LISTS):
        value = table.get(name, [] if name in _OPTIONAL_LISTS else None)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise SettingsError(f"{name} must be a list of texts.")
        table[name] = tuple(value)
    for name in _FOLDERS:
        if not isinstance(table.get(name), str):
            raise SettingsError(f"{name} must be the path of a folder.")
        table[name] = path.parent / table[name]
    _check_types(table)
    for name in _MEDIA:
        table[name] = tuple(str(path.parent / item) for item in table[name])
    return Settings(**table)


def _check_types(table: dict[str, object]) -> None:
    wanted = {
        "bind": str,
        "idle_minutes": int,
        "passphrase_memory_mib": int,
        "passphrase_passes": int,
        "testing": bool,
    }
    for name, kind in wanted.items():
        if name in table and type(table[name]) is not kind:
            raise SettingsError(f"{name} must be of type {kind.__name__}.")


def _check_bind(bind: str) -> None:
    host, _, port = bind.rpartition(":")
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        loopback = False
    if not loopback or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise SettingsError("bind must be an address of this machine alone, as 127.0.0.1:8082.")
