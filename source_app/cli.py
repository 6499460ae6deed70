"""What an administrator types: `cleandrop-source`.

Every verb brings the database up to date first. Exit status: 0 done, 1 refused (it says why and
what to do), 2 wrong use. Nothing here prints a content, a codename or a time of day.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import Final, NoReturn, ParamSpec

import click

from crypto import selftest
from crypto.errors import SelfTestError
from source_app import serving
from source_app.clock import legal_date, system_clock
from source_app.errors import SourceAppError, StorageError, UnknownRootError, sentence
from source_app.process import become, keep_to_itself
from source_app.services.gate import WARNING_WEEKS
from source_app.services.keys import key_card
from source_app.services.status import read_status
from source_app.settings import SourceSettings, load_settings
from source_app.wiring import Services, alone, open_services
from transfer.continuity import Verdict, spoken_seqs
from transfer.errors import NoBundleError, TransferError

VERBS: Final = "{serve,status,keys,export,import,courier} …"
REFUSED: Final = 1
_STICK_LOCK: Final = "stick"

Arguments = ParamSpec("Arguments")


def refusing(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Turns a refusal into its sentence on standard error and exit status 1."""

    @wraps(command)
    def run(*args: Arguments.args, **options: Arguments.kwargs) -> None:
        try:
            command(*args, **options)
        except SourceAppError as error:
            _refuse(sentence(error))
        except TransferError as error:
            _refuse(str(error))
        except OSError:  # its text names a file
            _refuse(sentence(StorageError()))

    return run


@click.group(subcommand_metavar=VERBS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    envvar="CLEANDROP_SOURCE_CONFIG",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("/etc/cleandrop/source.toml"),
    show_default=True,
    help="The settings, a TOML file.",
)
@click.version_option(version("cleandrop"), prog_name="cleandrop-source")
@click.pass_context
def main(context: click.Context, config: Path) -> None:
    """The source server: takes reports, seals them, carries them over a stick.

    Example: cleandrop-source --config source.toml serve
    """
    keep_to_itself()
    try:
        selftest.run()
    except SelfTestError as error:
        _refuse(str(error))
    context.obj = config


@main.command()
@click.option("--user", metavar="NAME", help="Started by root: serve as this user, and never as root again.")
@click.pass_obj
@refusing
def serve(config: Path, user: str | None) -> None:
    """Serve the site until it is told to stop.

    Example: cleandrop-source serve --user cleandrop
    """
    settings = load_settings(config)
    if user is not None:
        become(user, (settings.data_dir, settings.run_dir))
    elif os.geteuid() == 0:
        click.echo("WARNING: this serves as root. Give it a user of its own: --user NAME.", err=True)
    if settings.allow_disk_run_dir:
        click.echo(
            "WARNING: allow_disk_run_dir is on. Keys of sessions may reach a disk: never do this for real.",
            err=True,
        )
    with alone(settings.data_dir, "serve"):
        services = open_services(settings, system_clock)
        services.retention.sweep()
        _delete_due(services)
        services.database.close()
        click.echo(f"Serving {settings.allowed_hosts[0]} on {settings.bind}.", err=True)
        serving.run(settings)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For a machine to read.")
@click.pass_obj
@refusing
def status(config: Path, *, as_json: bool) -> None:
    """Say whether the site is open, and what waits to be carried.

    Example: cleandrop-source status --json
    """
    services = _open(config)
    found = read_status(services.database, services.envelopes, services.trust, services.gate)
    if as_json:
        click.echo(json.dumps(found.as_json(), sort_keys=True))
        return
    click.echo("open" if not found.closed_because else f"CLOSED: {found.closed_because}")
    click.echo(f"{found.waiting} of {found.log_index} sealed objects wait for an acknowledgement.")
    click.echo(f"Intake keys last for {found.weeks_left} more weeks.")
    if not found.last_out_seq:
        return  # before first contact, all else waits for it
    if found.weeks_left <= WARNING_WEEKS:
        click.echo("Renew the intake keys on the station, and import its next OUT bundle.")
    if not found.confirmed:
        click.echo("The station has not confirmed this server yet: export, and import its answer.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For a machine to read.")
@click.pass_obj
@refusing
def keys(config: Path, *, as_json: bool) -> None:
    """Show the ten words of this server's key, and of the root that it trusts.

    Example: cleandrop-source keys
    """
    card = key_card(_open(config).trust)
    if as_json:
        names = {"server_words": card.server_words, "server_hex": card.server_hex}
        names |= {"root_words": card.root_words, "root_hex": card.root_hex}
        click.echo(json.dumps({**names, "confirmed": card.confirmed}))
        return
    click.echo(f"this server  {' '.join(card.server_words)}\n             {card.server_hex}")
    if card.root_words:
        click.echo(f"root         {' '.join(card.root_words)}\n             {card.root_hex}")
        click.echo("confirmed by the station" if card.confirmed else "not yet confirmed by the station")
    else:
        click.echo("No root is known yet: import the first OUT bundle of the station.")


@main.command()
@click.option("--stick", type=click.Path(path_type=Path), required=True, help="The stick's folder.")
@click.pass_obj
@refusing
def export(config: Path, stick: Path) -> None:
    """Write what is new to a stick, sealed as it is.

    Example: cleandrop-source export --stick /media/stick
    """
    services = _open(config)
    with alone(services.settings.data_dir, _STICK_LOCK):
        click.echo(_export(services, stick) or "Nothing new: this stick has everything, or nothing waits.")


@main.command("import")
@click.option("--stick", type=click.Path(path_type=Path), required=True, help="The stick's folder.")
@click.option("--accept-root", metavar='"TEN WORDS"', help="At first contact: the words that you compared.")
@click.pass_obj
@refusing
def import_bundle(config: Path, stick: Path, accept_root: str | None) -> None:
    """Read the station's newest bundle from a stick.

    Example: cleandrop-source import --stick /media/stick
    """
    services = _open(config)
    with alone(services.settings.data_dir, _STICK_LOCK):
        try:
            said = _import(services, stick, accept_root)
        except UnknownRootError as error:
            _refuse(_first_contact(error))
        click.echo(said or "Nothing new on this stick: its newest bundle was imported before.")
        _delete_due(services)


@main.command()
@click.option("--stick", type=click.Path(path_type=Path), required=True, help="The stick's folder.")
@click.option("--every", type=click.FloatRange(min=0.1), default=5.0, show_default=True, metavar="SECONDS")
@click.pass_obj
@refusing
def courier(config: Path, stick: Path, every: float) -> None:
    """Import and export by itself, for a stick that stays plugged in. Says each thing it does.

    Example: cleandrop-source courier --stick /media/stick --every 5
    """
    services = _open(config)
    last_trouble = ""
    while True:
        trouble = _carry(services, stick)
        if trouble and trouble != last_trouble:
            click.echo(trouble, err=True)
        last_trouble = trouble
        sys.stdout.flush()
        time.sleep(every)


def _open(config: Path) -> Services:
    settings: SourceSettings = load_settings(config)
    return open_services(settings, system_clock)


def _carry(services: Services, stick: Path) -> str:
    """One round of the courier; gives what went wrong, or nothing."""
    try:
        with alone(services.settings.data_dir, _STICK_LOCK):
            for said in (_import_if_there(services, stick), _export_if_known(services, stick)):
                if said:
                    click.echo(said)
            _delete_due(services)
    except SourceAppError as error:
        return sentence(error)
    except TransferError as error:
        return str(error)
    except OSError:
        return sentence(StorageError())
    return ""


def _import_if_there(services: Services, stick: Path) -> str:
    try:
        return _import(services, stick, None)
    except NoBundleError:
        return ""


def _export_if_known(services: Services, stick: Path) -> str:
    return _export(services, stick) if services.trust.current() else ""


def _import(services: Services, stick: Path, accept_root: str | None) -> str:
    done = services.importer.run(stick, accept_root)
    if done.verdict is Verdict.SAME:
        return ""
    if done.verdict is Verdict.OLD:
        return f"{done.name} is older than what was imported before: an old stick. Nothing was changed."
    said = [f"Imported {done.name}."]
    if done.missing:
        said.append(f"Made and never brought here: OUT {spoken_seqs(done.missing)}. Nothing is lost by that.")
    if done.acked_index:
        said.append(f"The station has everything up to number {done.acked_index}.")
    if not done.confirmed:
        said.append("The station has not confirmed this server yet: export, and compare its `keys` there.")
    return " ".join(said)


def _export(services: Services, stick: Path) -> str:
    done = services.exporter.export(stick)
    if done.name is None:
        return ""
    more = f" {done.left} more wait for the next." if done.left else ""
    what = "report or message" if done.objects == 1 else "reports and messages"
    return f"Exported {done.name} with {done.objects} sealed {what}.{more}"


def _delete_due(services: Services) -> None:
    trust = services.trust.current()
    if trust is not None:
        today = legal_date(services.clock(), trust.descriptor.time_zone)
        services.retention.delete_due(today.isoformat())


def _first_contact(error: UnknownRootError) -> str:
    words = " ".join(error.words)
    return (
        f"{sentence(error)}\n\n    {words}\n\nOnly if they are the same, run this again with\n"
        f'    --accept-root "{words}"'
    )


def _refuse(text: str) -> NoReturn:
    click.echo(text, err=True)
    raise click.exceptions.Exit(REFUSED)
