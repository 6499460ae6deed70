"""The programs beside our own that the station runs, and whether they work.

Each is tried in the room where it would run, not only looked for.
"""

from collections.abc import Iterator, Sequence

from crypto import openpgp
from crypto.errors import OpenPgpError
from journalist_app.doctor.findings import Finding, Grade
from journalist_app.viewing import readiness
from journalist_app.viewing.readiness import Readiness


def examine() -> Iterator[Finding]:
    """Every finding on the programs."""
    yield gpg()
    yield viewer(readiness.examine())


def gpg() -> Finding:
    """GnuPG, for messages of the world outside."""
    try:
        openpgp.require()
    except OpenPgpError as error:
        return Finding(
            "OpenPGP", Grade.WARNING, str(error), "Install gnupg; everything else works without it."
        )
    return Finding("OpenPGP", Grade.OK, "gpg is there")


def viewer(parts: Sequence[Readiness]) -> Finding:
    """What looks at files of sources: its sandbox first, then each program."""
    wrong = [part.sentence for part in parts if not part.works]
    if wrong:
        mend = (
            "Install what is named: docs/operators/station.md. Until then such files are listed, not shown."
        )
        return Finding("viewer", Grade.WARNING, " ".join(wrong), mend)
    return Finding("viewer", Grade.OK, "its sandbox works, and all its programs are installed")
