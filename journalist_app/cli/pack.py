"""The commands `pack …`: the rules of a country, signed by the agency and brought here on a stick.

An officer trusts a pack key once, after comparing its ten words, and then brings in packs that it signed.
The rules themselves are read and judged by `cases.packs`; making and signing a pack is not done at a
station.
"""

from pathlib import Path
from typing import Final

import click

from cases.kinds import Status
from cases.packs import summary
from journalist_app.cli.station import pass_station, signed_in
from journalist_app.services.audit import Action
from journalist_app.services.packs import Edition, Installed
from journalist_app.services.roles import Right
from journalist_app.wiring import Station
from journalist_app.wording import STATUS_NOTES, spell_day

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
TEN_WORDS: Final = "Its ten words, from a source that you trust: a printed card, a call to a number you know."


@click.group(subcommand_metavar="{trust,distrust,check,install,use,list,show}")
def pack() -> None:
    """The rules by which cases are handled: signed packs, one for each country.

    Example: cleandrop-officer --config officer.toml pack list
    """


@pack.command()
@click.argument("file", type=FILE)
@click.option("--words", required=True, metavar="WORDS", help=TEN_WORDS)
@pass_station
def trust(station: Station, file: Path, words: str) -> None:
    """Believe packs that are signed with the key in FILE, which ends in ".pub".

    Example: cleandrop-officer --config officer.toml pack trust /media/stick/agency.pub --words "ten words"
    """
    with signed_in(station, Right.SET_RULES, Action.TRUST_PACK_KEY) as desk:
        desk.packs().trust(file, words)
        click.echo('Packs that are signed with this key can be installed now: "pack install".')


@pack.command()
@click.option(
    "--words", required=True, metavar="WORDS", help='The ten words of the key; "pack list" shows them.'
)
@pass_station
def distrust(station: Station, words: str) -> None:
    """Believe a pack key no longer. Packs that it signed and that are installed stay.

    Example: cleandrop-officer --config officer.toml pack distrust --words "ten words"
    """
    with signed_in(station, Right.SET_RULES, Action.DISTRUST_PACK_KEY) as desk:
        desk.packs().distrust(words)
        click.echo("This key is trusted no longer. What it signed and is installed stays.")


@pack.command()
@click.argument("folder", type=FOLDER)
@pass_station
def check(station: Station, folder: Path) -> None:
    """Say whether the pack in FOLDER would be installed, and what there is to know about it.

    Example: cleandrop-officer --config officer.toml pack check /media/stick/kr
    """
    with signed_in(station, Right.BE_HERE) as desk:
        checked = desk.packs().check(folder)
        for finding in checked.findings:
            click.echo(str(finding))
        click.echo(checked.refusal or "This pack is in order: it can be installed.")
        if checked.refusal:
            click.get_current_context().exit(1)


@pack.command()
@click.argument("folder", type=FOLDER)
@pass_station
def install(station: Station, folder: Path) -> None:
    """Install the pack in FOLDER, if a trusted key signed it and it is no older one.

    The first pack is in use at once. New cases are opened under the newest edition of the pack in use;
    cases that are open keep the edition that they have.

    Example: cleandrop-officer --config officer.toml pack install /media/stick/kr
    """
    with signed_in(station, Right.SET_RULES, Action.INSTALL_PACK) as desk:
        _print_installed(desk.packs().install(folder))


@pack.command()
@click.argument("pack_id", metavar="ID")
@pass_station
def use(station: Station, pack_id: str) -> None:
    """Open new cases under the pack ID from now on.

    Example: cleandrop-officer --config officer.toml pack use kr
    """
    with signed_in(station, Right.SET_RULES, Action.USE_PACK) as desk:
        edition = desk.packs().use(pack_id)
        click.echo(f"New cases are opened under {edition.ref.id}, edition {edition.ref.version}.")


@pack.command("list")
@pass_station
def list_(station: Station) -> None:
    """List the packs that are installed and the keys that may sign them.

    Example: cleandrop-officer --config officer.toml pack list
    """
    with signed_in(station, Right.BE_HERE) as desk:
        editions, keys = desk.packs().editions(), desk.packs().trusted()
        for edition in editions:
            _print_edition(edition)
        if not editions:
            click.echo('No pack is installed. Cases have no clocks until one is: "pack install".')
        for key in keys:
            said = f"trusted since {spell_day(key.trusted_on)} by {key.trusted_by}"
            click.echo(f"Pack key {' '.join(key.words)}: {said}.")
        if not keys:
            click.echo('No pack key is trusted yet. Trust the agency\'s with "pack trust".')


@pack.command()
@click.argument("pack_id", metavar="ID")
@click.option("--edition", type=int, metavar="NUMBER", help="Another edition than the newest.")
@pass_station
def show(station: Station, pack_id: str, edition: int | None) -> None:
    """Print what the pack ID says: every clock with its law, and what is unverified.

    Example: cleandrop-officer --config officer.toml pack show kr
    """
    with signed_in(station, Right.BE_HERE) as desk:
        click.echo(summary.text(summary.of(desk.packs().show(pack_id, edition))), nl=False)


def _print_installed(done: Installed) -> None:
    ref = done.ref
    click.echo(f"{ref.id}, edition {ref.version}, {'is installed' if done.is_new else 'was here already'}.")
    if done.status is not Status.VERIFIED:
        click.echo(f"Its rules are {done.status}: {STATUS_NOTES[done.status]}.")
    if done.in_use:
        click.echo("New cases are opened under it. Open cases keep the edition that they have.")
    else:
        click.echo(f'Another pack is in use. To open new cases under this one: "pack use {ref.id}".')
    if done.other_time_zone:
        click.echo(
            f"Its country counts days in {done.other_time_zone}, and this station in another time zone: "
            "what comes in around midnight may count from the day before or after."
        )


def _print_edition(edition: Edition) -> None:
    state = ", in use" if edition.in_use else ""
    said = f"installed on {spell_day(edition.installed_on)} by {edition.installed_by}"
    click.echo(f"{edition.ref.id}, edition {edition.ref.version}{state}: {said}.")
