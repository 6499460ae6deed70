"""The commands `openpgp …`: the agency's key, institutions' keys, messages from and to outside.

A message is opened only because an officer asks for it, here. Plaintext that is put on a disk
stays there for whoever finds the disk: the help says so, and nothing is shown on a terminal,
where a stranger's text could give orders to it.
"""

import sys
from pathlib import Path
from typing import Final

import click

from journalist_app.cli.station import pass_station, signed_in
from journalist_app.services.audit import Action
from journalist_app.services.roles import Right
from journalist_app.wiring import Station

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@click.group(subcommand_metavar="{create, show, import, list, remove, decrypt, encrypt}")
def openpgp() -> None:
    """Messages to and from people who use OpenPGP (GnuPG).

    Example: cleandrop-officer --config officer.toml openpgp show
    """


@openpgp.command()
@pass_station
def create(station: Station) -> None:
    """Make the agency's key, once. It does not expire, and it never leaves the vault.

    Example: cleandrop-officer --config officer.toml openpgp create
    """
    with signed_in(station, Right.KEEP_KEYS, Action.MAKE_OPENPGP_KEY) as desk:
        key = desk.openpgp().create()
        click.echo(f"The agency's OpenPGP key is ready: {grouped(key.fingerprint)}")
        click.echo('Sources need it: publish what "cleandrop-officer openpgp show" prints.')


@openpgp.command()
@pass_station
def show(station: Station) -> None:
    """Print the agency's fingerprint and public key, to be published.

    Example: cleandrop-officer --config officer.toml openpgp show >agency.asc
    """
    with signed_in(station, Right.BE_HERE) as desk:
        key = desk.openpgp().own_key()
        click.echo(f"{grouped(key.fingerprint)}\n\n{key.public.decode('ascii')}", nl=False)


@openpgp.command("import")
@click.argument("file", type=FILE)
@click.option("--name", required=True, metavar="NAME", help="What the institution is called here.")
@click.option(
    "--fingerprint",
    required=True,
    metavar="HEX",
    help="All 40 digits, from a source that you trust: a printed card, a call to a number you know.",
)
@pass_station
def import_(station: Station, file: Path, name: str, fingerprint: str) -> None:
    """Import an institution's public key from FILE, if it has that fingerprint.

    Example: cleandrop-officer --config officer.toml openpgp import court.asc --name "Court of Audit"
    --fingerprint "51F2 …"
    """
    with signed_in(station, Right.KEEP_KEYS, Action.KEEP_INSTITUTION) as desk:
        kept = desk.openpgp().import_key(name, file, fingerprint)
        click.echo(f"The key of {kept.name} is kept: {grouped(kept.fingerprint)}")


@openpgp.command("list")
@pass_station
def list_(station: Station) -> None:
    """List the institutions whose keys are kept.

    Example: cleandrop-officer --config officer.toml openpgp list
    """
    with signed_in(station, Right.BE_HERE) as desk:
        kept = desk.openpgp().institutions()
        for one in kept:
            click.echo(f"{one.name}: {grouped(one.fingerprint)}, imported on {one.imported_on}.")
        if not kept:
            click.echo('No institution yet. Import one with "cleandrop-officer openpgp import".')


@openpgp.command()
@click.argument("name")
@pass_station
def remove(station: Station, name: str) -> None:
    """Forget the key of the institution NAME.

    Example: cleandrop-officer --config officer.toml openpgp remove "Court of Audit"
    """
    with signed_in(station, Right.KEEP_KEYS, Action.FORGET_INSTITUTION) as desk:
        desk.openpgp().remove(name)
        click.echo(f"The key of {name} is forgotten.")


@openpgp.command()
@click.argument("file", type=FILE)
@click.option("--out", type=NEW_FILE, metavar="FILE", help="A new file for the plaintext.")
@click.option("--from", "sender", metavar="NAME", help="The institution that must have signed it.")
@pass_station
def decrypt(station: Station, file: Path, out: Path | None, sender: str | None) -> None:
    """Decrypt FILE, which was encrypted to the agency's key.

    What comes out is a stranger's file in clear. On a disk it stays, also after you delete it:
    give it to a viewer by a pipe, or name a place in memory, such as /dev/shm. By a pipe up to
    64 MiB go, and nothing before all of it was checked. Without --from no signature is looked at.

    Example: cleandrop-officer --config officer.toml openpgp decrypt message.asc | less
    """
    if out is None and sys.stdout.isatty():
        raise click.UsageError(
            "A stranger's text is not shown on a terminal. Pipe it into a viewer, or name a file with --out."
        )
    with signed_in(station, Right.READ_CASES, Action.DECRYPT) as desk:
        if out is None:
            click.echo(desk.openpgp().open_in_memory(file, sender), nl=False)
        else:
            desk.openpgp().open_to_file(file, out, sender)
            click.echo(f"The plaintext stands in {out}. Remove it when you have read it.", err=True)


@openpgp.command()
@click.argument("file", type=FILE)
@click.option("--to", required=True, metavar="NAME", help="The institution that it is for.")
@click.option("--out", required=True, type=NEW_FILE, metavar="FILE", help="A new file for the message.")
@pass_station
def encrypt(station: Station, file: Path, to: str, out: Path) -> None:
    """Sign FILE with the agency's key and encrypt it to an institution.

    Example: cleandrop-officer --config officer.toml openpgp encrypt referral.zip --to "Court of Audit"
    --out /media/stick/referral.gpg
    """
    with signed_in(station, Right.ANSWER, Action.ENCRYPT) as desk:
        desk.openpgp().seal_to_file(file, out, to)
        click.echo(f"Signed, and encrypted to {to}: {out}")


def grouped(fingerprint: str) -> str:
    """A fingerprint as people compare it: in groups of four."""
    return " ".join(fingerprint[i : i + 4] for i in range(0, len(fingerprint), 4))
