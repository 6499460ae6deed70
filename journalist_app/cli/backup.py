"""The commands `backup …`: make one, read one back whole, list them.

The same services as the page "Intake keys". Restoring a station from a backup is not built yet.
"""

from pathlib import Path

import click

from journalist_app.cli.station import pass_station, signed_in
from journalist_app.services.audit import Action
from journalist_app.services.backups import BackupLine, find_backup
from journalist_app.services.roles import Right
from journalist_app.wiring import Station

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(subcommand_metavar="{make,verify,list}")
def backup() -> None:
    """Encrypted copies of the vault, without the keys of intake.

    Example: cleandrop-officer --config officer.toml backup list
    """


@backup.command()
@click.option("--to", "folder", required=True, type=FOLDER, metavar="DIR", help="The medium for the backup.")
@pass_station
def make(station: Station, folder: Path) -> None:
    """Write a backup, whole or not at all.

    Example: cleandrop-officer --config officer.toml backup make --to /media/backup
    """
    with signed_in(station, Right.KEEP_KEYS, Action.MAKE_BACKUP) as desk:
        made = desk.backups().make(folder)
        click.echo(f"Wrote {made.name}, {made.size_bytes:,} bytes.")
        for name in made.damaged:
            click.echo(f"Damaged on this station, so not whole in the backup: {name}.")
        click.echo("Now read it back: backup verify. Until then it does not count.")


@backup.command()
@click.option(
    "--from", "folder", required=True, type=FOLDER, metavar="DIR", help="The medium, or the backup's folder."
)
@pass_station
def verify(station: Station, folder: Path) -> None:
    """Read a backup back as a restore would: every byte, every page, every envelope.

    Example: cleandrop-officer --config officer.toml backup verify --from /media/backup
    """
    with signed_in(station, Right.KEEP_KEYS, Action.VERIFY_BACKUP) as desk:
        _print_line(desk.backups().verify(find_backup(folder)))


@backup.command("list")
@pass_station
def list_(station: Station) -> None:
    """List the backups that this vault knows, and what they lack.

    Example: cleandrop-officer --config officer.toml backup list
    """
    with signed_in(station, Right.KEEP_KEYS) as desk:
        lines = desk.backups().lines()
        if not lines:
            click.echo("No backup was made yet.")
        for line in lines:
            _print_line(line)


def _print_line(line: BackupLine) -> None:
    if line.destroyed_on is not None:
        state = f"destroyed on {line.destroyed_on.isoformat()} by {line.destroyed_by}"
    elif line.verified_on is None:
        state = "never verified"
    else:
        held = f"{line.lacks} newer reports are not in it" if line.lacks else "holds every report of today"
        state = f"verified on {line.verified_on.isoformat()}, {held}"
    click.echo(f"{line.name}: {state}.")
