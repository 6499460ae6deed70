"""The order of the checks: settings first, then the machine, the folders, the programs.

Where the settings cannot be read, the machine is looked at all the same.
"""

from collections.abc import Iterator
from pathlib import Path

from journalist_app.clock import Clock
from journalist_app.doctor import machine, places, programs
from journalist_app.doctor.findings import Finding, Grade
from journalist_app.errors import SettingsError
from journalist_app.settings import Settings, load_settings


def examine(config: Path, clock: Clock) -> Iterator[Finding]:
    """Every finding, one after the other."""
    try:
        settings = load_settings(config)
    except SettingsError as error:
        yield Finding(
            "settings", Grade.BAD, str(error), "Mend the file: docs/operators/station.md has all settings."
        )
        yield from machine.examine(clock(), None)
        return
    yield _settings(config, settings)
    yield from machine.examine(clock(), places.newest_file_at(settings.vault_dir))
    yield from places.examine(settings)
    yield from programs.examine()


def _settings(config: Path, settings: Settings) -> Finding:
    if settings.testing:
        said = "testing is on, which is for trials alone: passphrases may be weak."
        return Finding("settings", Grade.BAD, said, f"Take testing out of {config}.")
    return Finding("settings", Grade.OK, str(config))
