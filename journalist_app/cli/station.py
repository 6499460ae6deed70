"""The station that a command works on, and the officer who signs in at it.

It is made from the settings when the command begins and not before, so that `--help` and wrong
use are answered without a settings file. Used by every command.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, Final, ParamSpec

import click

from journalist_app.clock import utc_now
from journalist_app.errors import SettingsError
from journalist_app.services.audit import Action
from journalist_app.services.roles import Right, require
from journalist_app.services.sign_in import Officer
from journalist_app.settings import load_settings
from journalist_app.wiring import Desk, Station, build_station

NAME_SETTINGS: Final = "Name the settings file with --config or CLEANDROP_OFFICER_CONFIG."
Arguments = ParamSpec("Arguments")


def pass_station(command: Callable[Concatenate[Station, Arguments], None]) -> Callable[Arguments, None]:
    """Gives a command its station first. Raises `SettingsError` and what the command raises."""

    @wraps(command)
    def run(*args: Arguments.args, **options: Arguments.kwargs) -> None:
        config = click.get_current_context().obj
        if config is None:
            raise SettingsError(NAME_SETTINGS)
        command(build_station(load_settings(config), utc_now), *args, **options)

    return run


@contextmanager
def signed_in(station: Station, right: Right, action: Action | None = None) -> Iterator[Desk]:
    """An officer signs in who has this right, and what they ask for stands in the audit log.

    Asked at a terminal, else name, passphrase and code on three lines. Questions go where errors go: standard
    output is for what a command gives. Raises `RoleError` and what a sign-in raises.
    """
    station.folders.vault_id()  # nobody is asked for secrets where there is no vault to open
    officer, unlocked = station.sign_in.sign_in(*_asked())
    try:
        require(officer.roles, right)
        desk = station.desk(officer, unlocked)
        desk.audit().note(officer, action or Action.SIGN_IN)
        yield desk
    finally:
        unlocked.close()


def second_officer(station: Station) -> Officer:
    """Another officer agrees by signing in, asked in the same way. Raises `SignInError`."""
    click.echo("A second officer signs in now.", err=True)
    officer, unlocked = station.sign_in.sign_in(*_asked())
    try:
        station.desk(officer, unlocked).audit().note(officer, Action.AGREE)
    finally:
        unlocked.close()
    return officer


def _asked() -> tuple[str, str, str]:
    if sys.stdin.isatty():
        name = click.prompt("Officer", err=True)
        passphrase = click.prompt("Passphrase", hide_input=True, err=True)
        return name, passphrase, click.prompt("Six-digit code", err=True)
    name, passphrase, code = (sys.stdin.readline().rstrip("\n") for _ in range(3))
    return name, passphrase, code
