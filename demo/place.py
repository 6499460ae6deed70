"""Where the demo keeps what: one folder, two ports, two settings files (`DEMO_DIR`).

DEMO_DIR/source/    the source server's data and its source.toml
DEMO_DIR/officer/   the station's vault, two key sticks, backup disk and officer.toml
DEMO_DIR/stick/     the folder that plays the stick
DEMO_DIR/access.json  addresses, stick, and each officer's sign-in: for the demo only
"""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from demo.errors import DemoError

SOURCE_HOST: Final = "127.0.0.1"
OFFICER_HOST: Final = "localhost"
"""Two names for one machine: cookies ignore ports, so the two apps must not share a host."""

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a private folder is made in it


@dataclass(frozen=True)
class Officer:
    """One officer's sign-in."""

    name: str
    passphrase: str
    totp_secret: str


@dataclass(frozen=True)
class Access:
    """How to reach a running demo."""

    source_url: str
    officer_url: str
    stick: Path
    officers: tuple[Officer, ...]


@dataclass(frozen=True)
class Place:
    """One demo: its folder and its two ports."""

    folder: Path
    source_port: int
    officer_port: int

    @property
    def source_url(self) -> str:
        """The address that a source opens."""
        return f"http://{SOURCE_HOST}:{self.source_port}"

    @property
    def officer_url(self) -> str:
        """The address that an officer opens."""
        return f"http://{OFFICER_HOST}:{self.officer_port}"

    @property
    def stick(self) -> Path:
        """The folder that plays the stick."""
        return self.folder / "stick"

    @property
    def second_key_stick(self) -> Path:
        """The folder that plays the officers' second key stick."""
        return self.folder / "officer" / "second-key-stick"

    @property
    def backup_disk(self) -> Path:
        """The folder that plays the medium for backups."""
        return self.folder / "officer" / "backup-disk"

    @property
    def archive_disk(self) -> Path:
        """The folder that plays the medium for archives of cases."""
        return self.folder / "officer" / "archive-disk"

    @property
    def source_settings(self) -> Path:
        """The settings file of the source server."""
        return self.folder / "source" / "source.toml"

    @property
    def officer_settings(self) -> Path:
        """The settings file of the station."""
        return self.folder / "officer" / "officer.toml"

    @property
    def access_file(self) -> Path:
        """Addresses and sign-ins."""
        return self.folder / "access.json"

    @property
    def mark(self) -> Path:
        """Exists in every folder that a demo made."""
        return self.folder / "this-is-a-cleandrop-demo"

    @property
    def finished_mark(self) -> Path:
        """Exists once the sample instance was made whole."""
        return self.folder / "finished"

    @property
    def run_dir(self) -> Path:
        """The source server's folder in memory; on disk only where the machine has none."""
        if not os.access(_MEMORY, os.W_OK):
            return self.folder / "source" / "run"
        name = hashlib.sha256(str(self.folder.resolve()).encode()).hexdigest()[:16]
        return _MEMORY / f"cleandrop-demo-{os.getuid()}-{name}"

    def claim(self) -> None:
        """Make the folder empty and ours. Raises `DemoError` when it holds what is not a demo."""
        if self.folder.exists() and not self.mark.exists() and any(self.folder.iterdir()):
            raise DemoError(
                f"{self.folder} is not empty and is no demo. Nothing was touched: choose another DEMO_DIR."
            )
        self.clear()
        self.folder.mkdir(parents=True)
        self.mark.write_text("Made by CleanDrop's demo, which may remove this folder.\n")

    def write_settings(self) -> None:
        """The folders and both settings files, for the ports of this run."""
        for folder in (
            self.stick,
            self.source_settings.parent,
            self.officer_settings.parent,
            self.second_key_stick,
            self.backup_disk,
            self.archive_disk,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        on_disk = self.run_dir.is_relative_to(self.folder)
        self.source_settings.write_text(
            _toml(
                data_dir=str(self.source_settings.parent / "data"),
                run_dir=str(self.run_dir),
                allow_disk_run_dir=on_disk,
                bind=f"{SOURCE_HOST}:{self.source_port}",
                allowed_hosts=[f"{SOURCE_HOST}:{self.source_port}"],
            )
        )
        self.officer_settings.write_text(
            _toml(
                vault_dir=str(self.officer_settings.parent / "vault"),
                key_stick_dir=str(self.officer_settings.parent / "key-stick"),
                stick_dirs=[str(self.stick)],
                key_copy_dirs=[str(self.second_key_stick)],
                backup_dirs=[str(self.backup_disk)],
                archive_dirs=[str(self.archive_disk)],
                bind=f"{OFFICER_HOST}:{self.officer_port}",
                allowed_hosts=[f"{OFFICER_HOST}:{self.officer_port}"],
            )
        )

    def write_access(self, officers: tuple[Officer, ...]) -> None:
        """`access.json`, for this run's ports."""
        value = {
            "source_url": self.source_url,
            "officer_url": self.officer_url,
            "stick": str(self.stick.resolve()),
            "officers": [vars(officer) for officer in officers],
        }
        self.access_file.touch(mode=0o600)
        self.access_file.write_text(json.dumps(value, indent=2) + "\n")

    def clear(self) -> None:
        """Remove everything of this demo."""
        for folder in (self.folder, self.run_dir):
            shutil.rmtree(folder, ignore_errors=True)


def from_environment() -> Place:
    """The demo that `DEMO_DIR`, `SOURCE_PORT` and `OFFICER_PORT` name, or the usual one."""
    return Place(
        folder=Path(os.environ.get("DEMO_DIR") or "build/demo").resolve(),
        source_port=_port("SOURCE_PORT", 8070),
        officer_port=_port("OFFICER_PORT", 8071),
    )


def read_access(file: Path) -> Access:
    """What an `access.json` says. Raises `DemoError`."""
    try:
        value = json.loads(file.read_text())
        officers = tuple(
            Officer(row["name"], row["passphrase"], row["totp_secret"]) for row in value["officers"]
        )
        return Access(value["source_url"], value["officer_url"], Path(value["stick"]), officers)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DemoError(f"No demo is set up at {file.parent}. Start one with: make demo") from error


def _port(name: str, usual: int) -> int:
    text = os.environ.get(name) or str(usual)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise DemoError(f"{name} is {text!r}, which is not a port: give a number from 1 to 65535")
    return int(text)


def _toml(**values: str | bool | list[str]) -> str:
    """Strings, flags and lists of strings are spelled the same in JSON and TOML."""
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
