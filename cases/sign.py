"""`python -m cases.sign`: the agency's pack key, and signatures made with it.

For whoever keeps the agency's packs, at their own machine; a station only ever has the public key. The
key file has no passphrase yet: it is readable by its owner alone, and belongs on a medium that is
locked away. A pack with an error in it is not signed. Exit status 0 done, 1 refused, 2 asked wrongly.
"""

import argparse
import os
import sys
from pathlib import Path

from cases.errors import CaseError, PackError, PackKeyError
from cases.packs import folder, keys, reading, signature
from crypto import signing, words


def main() -> int:
    """Run the command that was typed and give its exit status."""
    asked = _parser().parse_args()
    try:
        said: str = asked.run(asked)
    except CaseError as error:
        found = error.findings if isinstance(error, PackError) else ()
        sys.stderr.write("".join(f"{finding}\n" for finding in found) + f"{error}\n")
        return 1
    sys.stdout.write(said)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cases.sign", description="Sign packs with the pack key.")
    commands = parser.add_subparsers(required=True, metavar="{new-key,show-key,sign}")
    new_key = commands.add_parser("new-key", help="make a pack key: FILE, and FILE.pub for the station")
    new_key.set_defaults(run=_new_key)
    show_key = commands.add_parser("show-key", help="say the ten words of a pack key")
    show_key.set_defaults(run=_show_key)
    for command in (new_key, show_key):
        command.add_argument("file", type=Path, metavar="FILE")
    sign = commands.add_parser("sign", help="check the pack in FOLDER and write its pack.sig")
    sign.add_argument("folder", type=Path, metavar="FOLDER")
    sign.add_argument("--key", type=Path, required=True, metavar="FILE", help="the file that new-key made")
    sign.set_defaults(run=_sign)
    return parser


def _new_key(asked: argparse.Namespace) -> str:
    seed = signing.generate_seed()
    public: Path = asked.file.with_name(f"{asked.file.name}.pub")
    if public.exists():  # else a new key would lie beside the public half of another
        raise PackKeyError(
            f"There is a file {public.name} already. Both were left alone: choose another name."
        )
    _write_new(asked.file, keys.secret_text(seed), 0o600)
    _write_new(public, keys.public_text(signing.verifying_key(seed)), 0o644)
    return (
        f"The pack key is in {asked.file}, without a passphrase: lock it away, and keep a second copy.\n"
        f"Its public half is in {public}: carry that to the station.\n{_spoken(seed)}"
    )


def _show_key(asked: argparse.Namespace) -> str:
    return _spoken(_read_key(asked.file))


def _sign(asked: argparse.Namespace) -> str:
    seed = _read_key(asked.key)
    files = folder.files_of(asked.folder)
    head = reading.load(files).head
    try:
        (asked.folder / signature.FILE).write_bytes(signature.sign(seed, head.id, head.version, files))
    except OSError:
        raise PackError(
            "Its pack.sig cannot be written. Is the folder on a medium that is read-only or full?"
        ) from None
    return f"Signed: {head.id}, edition {head.version}.\n{_spoken(seed)}"


def _spoken(seed: signing.SigningSeed) -> str:
    ten = " ".join(words.fingerprint(signing.verifying_key(seed)))
    return f"The ten words of this pack key, to be compared at the station:\n\n    {ten}\n\n"


def _read_key(path: Path) -> signing.SigningSeed:
    try:
        with path.open("rb") as file:
            return keys.parse_secret(file.read(keys.TEXT_MAX))
    except OSError:
        raise PackKeyError("The file of the pack key cannot be read. Check its name.") from None


def _write_new(path: Path, text: str, mode: int) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
            file.write(text)
    except FileExistsError:
        raise PackKeyError(
            "There is a file of that name already. It was left alone: choose another."
        ) from None
    except OSError:
        raise PackKeyError(
            "The file of the pack key cannot be written. Is there such a folder, and may you write in it?"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
