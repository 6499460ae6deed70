"""The programs beside our own that the station runs, and whether they work.

Each is tried in the room where it would run, not only looked for.
"""

from collections.abc import Iterator

from crypto import openpgp
from crypto.errors import OpenPgpError
from journalist_app.doctor.findings import Finding, Grade


def examine() -> Iterator[Finding]:
    """Every finding on the programs."""
    yield gpg()


def gpg() -> Finding:
    """GnuPG, for messages of the world outside."""
    try:
        openpgp.require()
    except OpenPgpError as error:
        return Finding(
            "OpenPGP", Grade.WARNING, str(error), "Install gnupg; everything else works without it."
        )
    return Finding("OpenPGP", Grade.OK, "gpg is there")
