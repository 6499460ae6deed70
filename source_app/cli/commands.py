"""The verbs that stay on this machine, and the group that all verbs belong to.

Every verb but `doctor` brings the database up to date first. Exit status: 0 done, 1 refused (it says why and
what to do), 2 wrong use. Nothing here prints a content, a codename or a time of day.
"""

import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import Final

import click

from crypto import selftest
from crypto.errors import SelfTestError
from source_app import serving
from source_app.cli.exchange import courier, export, import_bundle
from source_app.cli.refusing import REFUSED, delete_due, opened, refuse, refusing
from source_app.clock import system_clock
from source_app.doctor import examine
from source_app.doctor.findings import Grade
from source_app.process import become, keep_to_itself
from source_app.services.gate import WARNING_WEEKS
from source_app.services.keys import key_card
from source_app.services.status import read_status
from source_app.settings import load_settings
from source_app.wiring import alone, open_services

VERBS: Final = "{serve,status,keys,doctor,export,import,courier} …"


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
        refuse(str(error))
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
        delete_due(services)
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
    services = opened(config)
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
    card = key_card(opened(config).trust)
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
@click.option("--json", "as_json", is_flag=True, help="For a machine to read.")
@click.pass_obj
@refusing
def doctor(config: Path, *, as_json: bool) -> None:
    """Look at the settings, the folders, the database, the keys and the machine; changes nothing.

    Exit status 1 when something is BAD: reports, or the people who send them, are in danger.

    Example: cleandrop-source doctor
    """
    findings = list(examine(config, system_clock))
    bad = sum(finding.grade is Grade.BAD for finding in findings)
    warnings = sum(finding.grade is Grade.WARNING for finding in findings)
    if as_json:
        rows = [finding.as_json() for finding in findings]
        click.echo(json.dumps({"bad": bad, "warnings": warnings, "findings": rows}))
    else:
        for finding in findings:
            click.echo(finding.as_text())
        click.echo(f"Looked at {len(findings)} things. BAD: {bad}. WARNING: {warnings}.")
    if bad:
        raise click.exceptions.Exit(REFUSED)


for verb in (export, import_bundle, courier):
    main.add_command(verb)
