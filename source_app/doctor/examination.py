"""The order of the checks, and what is left out when something they rest on is broken.

Settings first, then the machine, the folders, and what is inside; the running site comes last.
"""

from collections.abc import Iterator
from pathlib import Path

from source_app.clock import Clock
from source_app.doctor import folders, machine, records, site, standing
from source_app.doctor.findings import Finding, Grade, bad, ok
from source_app.errors import SettingsError, StorageError, sentence
from source_app.settings import SourceSettings, load_settings
from source_app.store.database import FoundDatabase


def examine(config: Path, clock: Clock) -> Iterator[Finding]:
    """Every finding, one after the other."""
    try:
        settings = load_settings(config)
    except SettingsError as error:
        yield bad(
            "settings", sentence(error), "Mend the file: docs/operators/source-server.md has all settings."
        )
        yield from machine.examine()
        return
    yield _settings(config, settings)
    yield from machine.examine()
    yield from folders.examine(settings)
    if folders.may_look_into(settings.data_dir):
        yield from _inside(settings, clock)


def _settings(config: Path, settings: SourceSettings) -> Finding:
    for trial in ("allow_disk_run_dir", "testing"):
        if getattr(settings, trial):
            said = f"{trial} is on, which is for trials alone: this site protects nobody like that."
            return bad("settings", said, f"Take {trial} out of {config}.")
    return ok("settings", str(config))


def _inside(settings: SourceSettings, clock: Clock) -> Iterator[Finding]:
    serving = site.is_serving(settings.data_dir)
    database = FoundDatabase(settings.data_dir / "source.sqlite3")
    try:
        sound = records.database(database)
        yield sound
        if sound.grade is Grade.OK:
            yield from records.examine(settings.data_dir, database, serving=serving)
            yield from standing.examine(settings.data_dir, database, clock)
    except StorageError as error:
        yield bad("database", "It broke off while it was looked at.", sentence(error))
    finally:
        database.close()
    yield site.examine(settings, serving=serving)
