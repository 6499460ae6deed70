"""What crosses the gap, at a shell: `export`, `import`, and `courier` for a stick that stays plugged in.

Only one of them touches a stick at a time. A refusal has changed nothing.
"""

import sys
import time
from pathlib import Path
from typing import Final

import click

from source_app.cli.refusing import delete_due, opened, refuse, refusing
from source_app.errors import SourceAppError, StorageError, UnknownRootError, sentence
from source_app.wiring import Services, alone
from transfer.continuity import Verdict, spoken_seqs
from transfer.errors import NoBundleError, TransferError

_STICK_LOCK: Final = "stick"


@click.command()
@click.option("--stick", type=click.Path(path_type=Path), required=True, help="The stick's folder.")
@click.pass_obj
@refusing
def export(config: Path, stick: Path) -> None:
    """Write what is new to a stick, sealed as it is.

    Example: cleandrop-source export --stick /media/stick
    """
    services = opened(config)
    with alone(services.settings.data_dir, _STICK_LOCK):
        click.echo(_export(services, stick) or "Nothing new: this stick has everything, or nothing waits.")


@click.command("import")
@click.option("--stick", type=click.Path(path_type=Path), required=True, help="The stick's folder.")
@click.option("--accept-root", metavar='"TEN WORDS"', help="At first contact: the words that you compared.")
@click.pass_obj
@refusing
def import_bundle(config: Path, stick: Path, accept_root: str | None) -> None:
    """Read the station's newest bundle from a stick.

    Example: cleandrop-source import --stick /media/stick
    """
    services = opened(config)
    with alone(services.settings.data_dir, _STICK_LOCK):
        try:
            said = _import(services, stick, accept_root)
        except UnknownRootError as error:
            refuse(_first_contact(error))
        click.echo(said or "Nothing new on this stick: its newest bundle was imported before.")
        delete_due(services)


@click.command()
@click.option("--stick", type=click.Path(path_type=Path), required=True, help="The stick's folder.")
@click.option("--every", type=click.FloatRange(min=0.1), default=5.0, show_default=True, metavar="SECONDS")
@click.pass_obj
@refusing
def courier(config: Path, stick: Path, every: float) -> None:
    """Import and export by itself, for a stick that stays plugged in. Says each thing it does.

    Example: cleandrop-source courier --stick /media/stick --every 5
    """
    services = opened(config)
    last_trouble = ""
    while True:
        trouble = _carry(services, stick)
        if trouble and trouble != last_trouble:
            click.echo(trouble, err=True)
        last_trouble = trouble
        sys.stdout.flush()
        time.sleep(every)


def _carry(services: Services, stick: Path) -> str:
    """One round of the courier; gives what went wrong, or nothing."""
    try:
        with alone(services.settings.data_dir, _STICK_LOCK):
            for said in (_import_if_there(services, stick), _export_if_known(services, stick)):
                if said:
                    click.echo(said)
            delete_due(services)
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


def _first_contact(error: UnknownRootError) -> str:
    words = " ".join(error.words)
    return (
        f"{sentence(error)}\n\n    {words}\n\nOnly if they are the same, run this again with\n"
        f'    --accept-root "{words}"'
    )
