"""Types a command at the demo's station as one of its officers.

It is typed with the six digits of the thirty seconds before, so that those of now are still good for the
browser. Digits are good once: one officer can type one command in thirty seconds.
"""

import time
from typing import Final

import pyotp

from demo.journey import CODE_SECONDS
from demo.place import Officer, Place
from demo.processes import run

_LEAST_SECONDS: Final = 15
"""How long the digits of the thirty seconds before must still be good when they are typed."""


def run_as(officer: Officer, place: Place, *command: str) -> str:
    """Run `cleandrop-officer command` and give what it said. Raises `DemoError` when it refuses."""
    left = CODE_SECONDS - time.time() % CODE_SECONDS
    if left < _LEAST_SECONDS:
        time.sleep(left)
    digits = pyotp.TOTP(officer.totp_secret).at(int(time.time()) - CODE_SECONDS)
    typed = f"{officer.name}\n{officer.passphrase}\n{digits}\n"
    return run("cleandrop-officer", place.officer_settings, *command, typed=typed)
