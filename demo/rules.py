"""Brings a shipped pack of rules to the demo's station by the real way: key, signature, trust, installation.

The pack key is made for this demo alone, lies in its folder without a passphrase, and is worth nothing
elsewhere.
"""

import shutil
from pathlib import Path
from typing import Final

import cases.jurisdictions
from demo.place import Officer, Place
from demo.processes import run_module
from demo.signed_in import run_as

PACK: Final = "kr"
_SHIPPED: Final = Path(next(iter(cases.jurisdictions.__path__)))


def bring_pack(place: Place, trusting: Officer, installing: Officer) -> None:
    """Sign the shipped pack with a key of our own; one officer trusts the key, another installs the pack."""
    key, folder = place.folder / "pack-key", place.folder / PACK
    shutil.copytree(_SHIPPED / PACK, folder)
    ten_words = run_module("cases.sign", "new-key", str(key)).split()[-10:]
    run_module("cases.sign", "sign", str(folder), "--key", str(key))
    run_as(trusting, place, "pack", "trust", f"{key}.pub", "--words", " ".join(ten_words))
    run_as(installing, place, "pack", "install", str(folder))
