"""The commands `import`, `export`, `status`, `doctor`, `serve`, and how all of them end.

`ceremony`, `intake`, `clock`, `backup`, `openpgp` and `pack` have modules of their own. Each command loads
the settings, lets an officer sign in, calls one service and prints a summary.
"""

import json
import logging
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Final

import click

from cases.errors import CaseError, PackError
from crypto import selftest_station
from crypto.errors import SelfTestError
from journalist_app.cli.backup import backup
from journalist_app.cli.ceremony import ceremony
from journalist_app.cli.intake import clock, intake, print_keys
from journalist_app.cli.openpgp import openpgp
from journalist_app.cli.pack import pack
from journalist_app.cli.station import NAME_SETTINGS, pass_station, signed_in
from journalist_app.clock import utc_now
from journalist_app.doctor import examine
from journalist_app.doctor.findings import Grade
from journalist_app.errors import OfficerError, SettingsError, StickChoiceError, UnknownServerError
from journalist_app.process import keep_to_itself
from journalist_app.services.audit import Action
from journalist_app.services.receiving import ImportSummary
from journalist_app.services.roles import Right
from journalist_app.serving import serve_forever
from journalist_app.wiring import Station
from journalist_app.wording import count
from transfer.errors import TransferError

STICK: Final = click.option(
    "--stick", default="", metavar="DIR", help="The stick; found by itself when it is alone."
)


@click.group(
    subcommand_metavar="{ceremony,serve,import,export,status,doctor,clock,intake,backup,openpgp,pack,verify-audit}",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--config",
    envvar="CLEANDROP_OFFICER_CONFIG",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The settings file (TOML); or CLEANDROP_OFFICER_CONFIG.",
)
@click.version_option(version("cleandrop"), prog_name="cleandrop-officer")
@click.pass_context
def program(context: click.Context, config: Path | None) -> None:
    """The officer station of CleanDrop.

    Example: cleandrop-officer --config officer.toml import
    """
    os.umask(0o077)
    selftest_station.run()
    context.obj = config


program.add_command(ceremony)
program.add_command(openpgp)
program.add_command(pack)
program.add_command(intake)
program.add_command(backup)
program.add_command(clock)


@program.command()
@pass_station
def serve(station: Station) -> None:
    """Serve the officers' pages on this machine until Ctrl-C.

    Example: cleandrop-officer --config officer.toml serve
    """
    station.folders.vault_id()
    station.clock()
    serve_forever(station.settings)


@program.command("import")
@STICK
@click.option(
    "--accept-server", default="", metavar="WORDS", help="Ten words that you compared with the server's."
)
@pass_station
def import_(station: Station, stick: str, accept_server: str) -> None:
    """Import what is new on a stick.

    Example: cleandrop-officer --config officer.toml import --stick /media/stick
    """
    with signed_in(station, Right.CARRY, Action.IMPORT) as desk:
        path = Path(stick) if stick else station.sticks.to_import("")
        _print_import(desk.receiving().import_stick(path, accepted_words=accept_server))


@program.command()
@STICK
@pass_station
def export(station: Station, stick: str) -> None:
    """Write answers and keys to a stick, where there is something new.

    Example: cleandrop-officer --config officer.toml export --stick /media/stick
    """
    with signed_in(station, Right.CARRY, Action.EXPORT) as desk:
        path = Path(stick) if stick else station.sticks.to_export("")
        summary = desk.sending().export(path)
        if summary.nothing_new:
            click.echo("Nothing new: no bundle was made.")
        for name in summary.bundles:
            again = " again, because this stick did not have it" if summary.again else ""
            click.echo(f"Wrote {name} to {path}{again}.")
        if summary.replies:
            click.echo(f"Answers in it: {summary.replies}.")
        if summary.held_back:
            click.echo(
                f"Answers not taken along: {summary.held_back}. The case says why, or there is no room yet."
            )


@program.command()
@pass_station
def status(station: Station) -> None:
    """Say what waits and what was carried last.

    Example: cleandrop-officer --config officer.toml status
    """
    with signed_in(station, Right.BE_HERE) as desk:
        seen = desk.overview()
        click.echo(
            f"{seen.instance_name}. Cases: {seen.cases}, of which without an answer: {seen.unanswered}."
        )
        click.echo(f"Answers that wait for the next export: {seen.waiting_replies}.")
        click.echo(f"Objects in quarantine: {len(seen.refused)}.")
        print_keys(seen.keys)
        for line in (*seen.alarms, *seen.bundles_in[:1], *seen.bundles_out[:1]):
            click.echo(f"{line.name}, made on {line.made_on.isoformat()}. {line.trouble}".rstrip())


@program.command()
@click.option("--json", "as_json", is_flag=True, help="For a machine to read.")
@click.pass_obj
def doctor(config: Path | None, *, as_json: bool) -> None:
    """Look at the settings, the machine, the folders and the programs; signs nobody in, changes nothing.

    Exit status 1 when something is BAD: what sources wrote, or who they are, is in danger.

    Example: cleandrop-officer --config officer.toml doctor
    """
    if config is None:
        raise SettingsError(NAME_SETTINGS)
    findings = list(examine(config, utc_now))
    bad = sum(each.grade is Grade.BAD for each in findings)
    warnings = sum(each.grade is Grade.WARNING for each in findings)
    if as_json:
        rows = [each.as_json() for each in findings]
        click.echo(json.dumps({"bad": bad, "warnings": warnings, "findings": rows}))
    else:
        for each in findings:
            click.echo(each.as_text())
        click.echo(f"Looked at {len(findings)} things. BAD: {bad}. WARNING: {warnings}.")
    if bad:
        sys.exit(1)


@program.command("verify-audit")
@click.option("--json", "as_json", is_flag=True, help="For a machine to read.")
@pass_station
def verify_audit(station: Station, *, as_json: bool) -> None:
    """Look at every line of the audit log, and name the first that is broken.

    Example: cleandrop-officer --config officer.toml verify-audit
    """
    with signed_in(station, Right.BE_HERE, Action.VERIFY_AUDIT) as desk:
        seen = desk.audit().verify()
        if as_json:
            click.echo(json.dumps(dict(vars(seen), head=seen.head.hex())))
            return
        lines = count(seen.lines, "line", "lines")
        click.echo(f"The audit log is whole: {lines}, sealed up to line {seen.sealed_lines}.")
        click.echo(f"The head after the last, to be noted on paper: {seen.head.hex()}")


def main() -> None:
    """Run the program and end with its exit status."""
    keep_to_itself()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
    # Alembic tells of every start of a migration; that is no news.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        program.main(prog_name="cleandrop-officer", standalone_mode=True)
    except UnknownServerError as error:
        click.echo(f"{error}\n\n    {' '.join(error.words)}\n", err=True)
        click.echo(
            'Only if they are the same, run this again with --accept-server "the ten words".', err=True
        )
        sys.exit(1)
    except StickChoiceError as error:
        click.echo(f"{error}\n  " + "\n  ".join(error.sticks) + "\nName it with --stick.", err=True)
        sys.exit(1)
    except PackError as error:
        click.echo("".join(f"{finding}\n" for finding in error.findings) + str(error), err=True)
        sys.exit(1)
    except (OfficerError, TransferError, CaseError, SelfTestError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _print_import(summary: ImportSummary) -> None:
    if summary.accepted_server:
        click.echo("The server was accepted. The next export tells it so.")
    if summary.nothing_new:
        click.echo("Nothing new on this stick.")
    if summary.bundles:
        click.echo(f"Imported: {', '.join(summary.bundles)}.")
    click.echo(f"New reports: {summary.reports}. New messages: {summary.messages}.")
    for seqs in summary.missing:
        click.echo(f"Made and never brought here: IN {seqs}. The log shows that no object is missing.")
    for name, why in summary.quarantined:
        click.echo(f"Refused and kept in quarantine: {name}. {why}")
    for said in (*summary.damaged, *summary.flagged):
        click.echo(said)
    if summary.old_bundles:
        click.echo(f"Imported before, left alone: {', '.join(summary.old_bundles)}.")
