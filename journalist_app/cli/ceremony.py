"""`cleandrop-officer ceremony`: makes the station, step by step or unattended.

At a terminal it asks, shows each secret once and waits until it was written down. Unattended it
is for a demonstration alone: it writes all secrets to a file and says so loudly.
"""

import os
import sys
from pathlib import Path
from typing import Final

import click
import segno

from crypto import canonical
from journalist_app.cli.station import pass_station
from journalist_app.errors import OfficerError, VaultExistsError
from journalist_app.services.ceremony import Born, CeremonyPlan, PlannedOfficer
from journalist_app.services.new_officer import NewOfficer
from journalist_app.services.roles import USUAL_ROLES, parse_roles, spell_roles
from journalist_app.wiring import Station
from transfer.errors import TransferError

LOUD: Final = (
    "*** UNATTENDED CEREMONY: root key, passphrases and one-time-password secrets stand in clear in\n"
    "*** {file}. This station is for demonstration only. Never use it for real reports."
)

WELCOME: Final = (
    "This makes a new station. You need: pen and paper, and for each officer a phone with an app for\n"
    "one-time passwords. Ctrl-C leaves; then nothing of it counts, and you can start again."
)
CUT_OFF: Final = (
    "The ceremony was cut off, and no station was made. What was written down opens nothing: destroy it, "
    "and start again."
)
CLEAR: Final = "\x1b[2J\x1b[3J\x1b[H"
"""Empties a terminal's screen, and what it keeps above it to scroll back to."""


@click.command()
@click.option(
    "--stick",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where the first OUT bundle goes.",
)
@click.option(
    "--officer",
    "officers",
    multiple=True,
    metavar="NAME[:ROLES]",
    help="An officer, may be repeated; roles with commas, else the usual ones.",
)
@click.option("--instance-name", default="", metavar="NAME", help="What this instance is called.")
@click.option("--languages", default="en", show_default=True, metavar="CODES", help="Languages, with commas.")
@click.option("--time-zone", default="UTC", show_default=True, metavar="ZONE", help="The legal time zone.")
@click.option("--unattended", is_flag=True, help="Ask nothing. For a demonstration only.")
@click.option(
    "--access-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="With --unattended: where all secrets are written in clear.",
)
@pass_station
def ceremony(
    station: Station,
    stick: Path,
    officers: tuple[str, ...],
    instance_name: str,
    languages: str,
    time_zone: str,
    *,
    unattended: bool,
    access_file: Path | None,
) -> None:
    """Make the station: root key, vault, officers, first keys, first bundle.

    Example: cleandrop-officer --config officer.toml ceremony --stick /media/stick
    """
    if unattended != (access_file is not None):
        raise click.UsageError("--unattended and --access-file belong together.")
    if station.folders.marker.exists():
        raise VaultExistsError
    if not unattended and not sys.stdin.isatty():
        raise click.UsageError("A ceremony asks at a terminal. Use --unattended for a demonstration only.")
    if not unattended:
        click.echo(WELCOME)
        click.echo(f"Languages: {languages} (--languages). Time zone: {time_zone} (--time-zone).\n")
        instance_name, officers = _ask(instance_name, officers)
    plan = CeremonyPlan(
        instance_name or "CleanDrop",
        time_zone,
        tuple(languages.replace(",", " ").split()),
        tuple(_planned(officer) for officer in officers),
    )
    station.ceremony().check(plan)
    born = station.ceremony().perform(plan)
    try:
        if access_file is not None:
            _write_access(access_file, born)
        else:
            _show(born)
        station.ceremony().finish(born)
        _first_bundle(station, born, stick)
    finally:
        born.unlocked.close()


def _ask(instance_name: str, officers: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    instance_name = instance_name or click.prompt("Name of this instance")
    named = list(officers)
    while not named or click.confirm("One more officer?", default=False):
        name = click.prompt("Name of an officer")
        roles = click.prompt(f"Roles of {name}, with commas", default=spell_roles(USUAL_ROLES))
        named.append(f"{name}:{roles}")
    return instance_name, tuple(named)


def _planned(text: str) -> PlannedOfficer:
    """ "Anna Berg" or "Anna Berg: intake, handler". Raises `SettingsError`."""
    name, colon, roles = text.partition(":")
    return PlannedOfficer(name, parse_roles(roles)) if colon else PlannedOfficer(name)


def _show(born: Born) -> None:
    try:
        click.echo(
            "\nThe root key. Write it on two papers and keep them in two places. It is stored nowhere."
        )
        _shown_once(_grouped(born.root_seed.hex()))
        for officer in born.officers:
            click.echo(f"\nOnly {officer.name} looks at the screen now. Roles: {spell_roles(officer.roles)}.")
            click.prompt("Press Enter when you are ready", default="", show_default=False)
            _show_officer(officer)
    except click.Abort as error:
        click.echo(CLEAR, nl=False, color=True)
        raise OfficerError(CUT_OFF) from error


def _first_bundle(station: Station, born: Born, stick: Path) -> None:
    try:
        summary = station.ceremony().first_bundle(born, stick)
    except (OfficerError, TransferError) as error:
        _tell(born, [])
        raise OfficerError(
            f'{error} The station is ready all the same: run "cleandrop-officer export" for the first bundle.'
        ) from error
    _tell(born, [str(stick / name) for name in summary.bundles])


def _show_officer(officer: NewOfficer) -> None:
    segno.make(officer.totp_uri).terminal(compact=True)
    _shown_once(
        f"Passphrase: {officer.passphrase}\n    One-time-password secret: {_grouped(officer.totp_secret)}"
    )
    click.echo(
        "Recovery codes: each lets you in once without the phone. Keep them apart from the passphrase."
    )
    _shown_once("\n    ".join(_grouped(code) for code in officer.recovery_codes))


def _shown_once(secret: str) -> None:
    click.echo(f"\n    {secret}\n")
    while click.prompt('Type "written" when it is written down').strip().casefold() != "written":
        pass
    click.echo(CLEAR, nl=False, color=True)


def _grouped(text: str) -> str:
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def _write_access(path: Path, born: Born) -> None:
    rows: list[canonical.Value] = [
        {"name": o.name, "passphrase": o.passphrase, "totp_secret": o.totp_secret} for o in born.officers
    ]
    data = canonical.encode(
        {
            "instance_id": born.instance.hex(),
            "officers": rows,
            "root_seed": born.root_seed.hex(),
            "root_words": list(born.root_words),
        }
    )
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(data)
    except OSError as error:
        raise OfficerError(
            f"The file {path} cannot be written. The officers' secrets are lost: start again."
        ) from error
    click.echo(LOUD.format(file=path), err=True)


def _tell(born: Born, bundles: list[str]) -> None:
    click.echo("The station is ready. This was written:")
    for written in (*map(str, born.written), *bundles):
        click.echo(f"  {written}")
    click.echo("\nFor the trust card, the ten words of this instance:")
    click.echo(f"  {' '.join(born.root_words)}")
    if bundles:
        click.echo(
            "\nCarry the stick to the server: the administrator compares these words and accepts them."
        )
