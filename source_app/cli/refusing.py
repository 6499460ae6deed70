"""What every verb shares: how it refuses, and how it opens the services.

A refusal is one sentence on standard error and exit status 1; it holds no content, no codename and no
time of day.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Final, NoReturn, ParamSpec

import click

from source_app.clock import legal_date, system_clock
from source_app.errors import SourceAppError, StorageError, sentence
from source_app.settings import load_settings
from source_app.wiring import Services, open_services
from transfer.errors import TransferError

REFUSED: Final = 1

Arguments = ParamSpec("Arguments")


def refusing(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Turns a refusal into its sentence on standard error and exit status 1."""

    @wraps(command)
    def run(*args: Arguments.args, **options: Arguments.kwargs) -> None:
        try:
            command(*args, **options)
        except SourceAppError as error:
            refuse(sentence(error))
        except TransferError as error:
            refuse(str(error))
        except OSError:  # its text names a file
            refuse(sentence(StorageError()))

    return run


def refuse(text: str) -> NoReturn:
    """Say why on standard error, and end with exit status 1."""
    click.echo(text, err=True)
    raise click.exceptions.Exit(REFUSED)


def opened(config: Path) -> Services:
    """The services that the settings describe. Raises `SourceAppError`."""
    return open_services(load_settings(config), system_clock)


def delete_due(services: Services) -> None:
    """Remove the envelopes whose day has come."""
    trust = services.trust.current()
    if trust is not None:
        today = legal_date(services.clock(), trust.descriptor.time_zone)
        services.retention.delete_due(today.isoformat())
