"""Brings a shipped pack of rules to the demo's station by the real way: key, signature, trust, installation.

The pack key is made for this demo alone, lies in its folder without a passphrase, and is worth nothing
elsewhere. Each command is typed with the six digits of the thirty seconds before, so that those of now are
still good for the browser.
"""

import shutil
import time
from pathlib import Path
from typing import Final

import pyotp

import cases.jurisdictions
from demo.journey import CODE_SECONDS
from demo.place import Officer, Place
from demo.processes import run, run_module

PACK: Final = "kr"
_SHIPPED: Final = Path(next(iter(cases.jurisdictions.__path__)))
_LEAST_SECONDS: Final = 15
"""How long the digits of the thirty seconds before must still be good when they are typed."""


def bring_pack(place: Place, officers: tuple[Officer, ...]) -> None:
    """Sign the shipped pack with a key of our own; one officer trusts the key, another installs the pack."""
    key, folder = place.folder / "pack-key", place.folder / PACK
    shutil.copytree(_SHIPPED / PACK, folder)
    ten_words = run_module("cases.sign", "new-key", str(key)).split()[-10:]
    run_module("cases.sign", "sign", str(folder), "--key", str(key))
    commands = (("trust", f"{key}.pub", "--words", " ".join(ten_words)), ("install", str(folder)))
    for officer, command in zip(officers, commands, strict=True):
        run("cleandrop-officer", place.officer_settings, "pack", *command, typed=_sign_in(officer))


def _sign_in(officer: Officer) -> str:
    left = CODE_SECONDS - time.time() % CODE_SECONDS
    if left < _LEAST_SECONDS:
        time.sleep(left)
    digits = pyotp.TOTP(officer.totp_secret).at(int(time.time()) - CODE_SECONDS)
    return f"{officer.name}\n{officer.passphrase}\n{digits}\n"
