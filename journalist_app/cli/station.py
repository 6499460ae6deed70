"""The station that a command works on.

It is made from the settings when the command begins and not before, so that `--help` and wrong
use are answered without a settings file. Used by every command.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import click

from journalist_app.clock import utc_now
from journalist_app.errors import SettingsError
from journalist_app.settings import load_settings
from journalist_app.wiring import Station, build_station

Arguments = ParamSpec("Arguments")


def pass_station(command: Callable[Concatenate[Station, Arguments], None]) -> Callable[Arguments, None]:
    """Gives a command its station first. Raises `SettingsError` and what the command raises."""

    @wraps(command)
    def run(*args: Arguments.args, **options: Arguments.kwargs) -> None:
        config = click.get_current_context().obj
        if config is None:
            raise SettingsError("Name the settings file with --config or CLEANDROP_OFFICER_CONFIG.")
        command(build_station(load_settings(config), utc_now), *args, **options)

    return run
