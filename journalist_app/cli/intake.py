"""The commands `intake …` and `clock`: keys of the weeks, copies of the key file, the station's clock.

The same services as the page "Intake keys". What cannot be undone names first what it costs, and
asks for the number that it named.
"""

from pathlib import Path

import click

from journalist_app.cli.station import pass_station, second_officer, signed_in
from journalist_app.errors import DestructionError, OfficerError
from journalist_app.services import clock_check
from journalist_app.services.audit import Action
from journalist_app.services.keys_glance import KeysGlance
from journalist_app.services.renewing import declare_lost, renew_intake
from journalist_app.services.roles import Right
from journalist_app.services.window_rules import Wanted, WindowLine, ready_through
from journalist_app.wiring import Desk, Station
from journalist_app.wording import CONDITION_TITLES, spell_advice, spell_condition

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(subcommand_metavar="{status,renew,destroy,finish,copy,lost}")
def intake() -> None:
    """The keys that reports are sealed to, one for each week.

    Example: cleandrop-officer --config officer.toml intake status
    """


@intake.command()
@pass_station
def status(station: Station) -> None:
    """Say how many weeks of keys are left, which may be destroyed, and which copies exist.

    Example: cleandrop-officer --config officer.toml intake status
    """
    with signed_in(station, Right.KEEP_KEYS) as desk:
        print_keys(desk.overview().keys)
        lines = desk.destroying().lines()
        first_waiting = next((line for line in lines if not line.ready), None)
        for line in lines:
            _print_line(line, advise=line is first_waiting)
        _print_copies(desk)


@intake.command()
@pass_station
def renew(station: Station) -> None:
    """Make the next batch of 52 weekly keys; the next export carries it.

    Example: cleandrop-officer --config officer.toml intake renew
    """
    with signed_in(station, Right.KEEP_KEYS, Action.RENEW_KEYS) as desk:
        _print_batch(*renew_intake(desk.unlocked, desk.clock))


@intake.command()
@click.option(
    "--through", type=int, metavar="WEEK", help="The last week to destroy; else all that are ready."
)
@click.option("--lose", type=int, metavar="NUMBER", help="So many reports are lost by it; two officers.")
@pass_station
def destroy(station: Station, through: int | None, lose: int | None) -> None:
    """Destroy the keys of weeks that are over, for ever.

    Where a condition is not met it takes two officers, and --lose with the number that was named.

    Example: cleandrop-officer --config officer.toml intake destroy --through 152
    """
    with signed_in(station, Right.KEEP_KEYS, Action.DESTROY_KEYS) as desk:
        destroying = desk.destroying()
        chosen = ready_through(destroying.lines()) if through is None else through
        if chosen is None:
            raise DestructionError('No week is ready to be destroyed: see "intake status".')
        line = destroying.line(chosen)
        if not line.ready and lose is None:
            _print_line(line)
            raise DestructionError(_what_it_takes(line))
        second = None if line.ready else second_officer(station)
        done = destroying.destroy(chosen, named_lost=lose or 0, second=second)
        click.echo(
            f"The keys of all weeks up to {done.last_day.isoformat()} are destroyed on this key stick."
        )
        _print_copies(desk)


@intake.command()
@pass_station
def finish(station: Station) -> None:
    """Go on with a destruction that was cut off, or bring an older key stick up to date.

    Example: cleandrop-officer --config officer.toml intake finish
    """
    with signed_in(station, Right.KEEP_KEYS, Action.FINISH_DESTRUCTION) as desk:
        desk.destroying().finish()
        click.echo("The key stick holds no key that was destroyed.")


@intake.command()
@click.option("--to", "folder", required=True, type=FOLDER, metavar="DIR", help="The other stick.")
@click.option(
    "--label", default="", metavar="TEXT", help="For a new copy: which stick, and where it is kept."
)
@pass_station
def copy(station: Station, folder: Path, label: str) -> None:
    """Copy the key file to another stick, or bring the copy on it up to date.

    Example: cleandrop-officer --config officer.toml intake copy --to /media/second --label "Safe, room 4"
    """
    with signed_in(station, Right.KEEP_KEYS, Action.COPY_KEYS) as desk:
        if label:
            desk.copies().make(folder, label)
        else:
            desk.copies().update(folder)
        click.echo("The copy was written and read back.")
        _print_copies(desk)


@intake.command()
@pass_station
def lost(station: Station) -> None:
    """Two officers say that keys are lost with their stick; new keys take over.

    Example: cleandrop-officer --config officer.toml intake lost
    """
    with signed_in(station, Right.KEEP_KEYS, Action.LOSE_KEYS) as desk:
        second = second_officer(station)
        _print_batch(*declare_lost(desk.unlocked, desk.clock, desk.officer, second))


@click.command()
@click.option("--confirm", default="", metavar="DATE", help="The day that it is, as 2026-11-22.")
@pass_station
def clock(station: Station, confirm: str) -> None:
    """Say what the station's clock shows, and confirm it after it went back or jumped.

    Example: cleandrop-officer --config officer.toml clock --confirm 2026-11-22
    """
    with signed_in(station, Right.BE_HERE, Action.CONFIRM_CLOCK) as desk:
        now = desk.clock()
        if confirm:
            clock_check.confirm(desk.unlocked, desk.officer.name, now, confirm)
        asked = clock_check.question(desk.unlocked, now)
        click.echo(f"The clock shows {now:%Y-%m-%d %H:%M} UTC.")
        if asked is not None:
            raise OfficerError(
                f"When it was last used it showed {asked.seen_before:%Y-%m-%d %H:%M} UTC. Compare it with "
                "another clock. If it is wrong, set it. If it is right: "
                f"clock --confirm {asked.today.isoformat()}"
            )


def print_keys(keys: KeysGlance) -> None:
    """What has to be known of the intake keys, each thing on its line."""
    click.echo(f"Weeks of intake keys left: {keys.weeks_left}.")
    if keys.ready:
        click.echo(f"Weeks whose keys may be destroyed: {len(keys.ready)}.")
    if keys.overdue:
        click.echo(f"OVERDUE, weeks whose keys should be destroyed: {len(keys.overdue)}.")
    if keys.clock is not None:
        click.echo('The clock went back or jumped: see "cleandrop-officer clock".')
    if keys.stick.trouble:
        click.echo(keys.stick.trouble)
    if keys.stick.standing.lacking:
        click.echo("The key stick that is in is an older copy, and lacks the newest keys.")
    if keys.unfinished or keys.stick.needs_finishing:
        click.echo('Key stick and vault do not agree on what is destroyed: "intake finish" mends it.')


def _what_it_takes(line: WindowLine) -> str:
    if not line.forcible:
        return ""
    return (
        f"It takes two officers. As far as the servers said, {line.lost} reports would be lost for ever. "
        f"If there is no other way, add --lose {line.lost}."
    )


def _print_batch(number: int, last_window: int) -> None:
    click.echo(f"Batch {number} is ready; its last week is {last_window}.")
    click.echo("Bring the copies of the key file up to date. Then export, and import it on the server.")


def _print_line(line: WindowLine, *, advise: bool = True) -> None:
    state = "may be destroyed" if line.ready else "OVERDUE" if line.overdue else "waits"
    if not (line.ready or advise):
        lacks = [CONDITION_TITLES[wanted] for wanted in Wanted if wanted in line.unmet]
        state += f"; not yet: {', '.join(lacks)}"
    click.echo(f"Week {line.window}, {line.first_day.isoformat()} to {line.last_day.isoformat()}: {state}.")
    for wanted in Wanted:
        if advise and wanted in line.unmet:
            said = f"{CONDITION_TITLES[wanted]}: {spell_condition(line, wanted)}."
            click.echo(f"  {said} {spell_advice(line, wanted)}")


def _print_copies(desk: Desk) -> None:
    for copy in desk.copies().lines():
        if copy.destroyed_on is not None:
            continue
        notes = [
            "the one in use" if copy.in_use else "",
            "still holds destroyed keys" if copy.holds_destroyed else "",
            "lacks the newest keys" if copy.lacks_newest else "",
            "sealed under a former vault key" if copy.sealed_before else "",
        ]
        said = "; ".join(note for note in notes if note)
        click.echo(
            f"Copy “{copy.label}”, up to date on {copy.updated_on.isoformat()}, opens what was sealed since "
            f"{copy.opens_from.isoformat()}{'; ' if said else ''}{said}."
        )
