"""The files of a pack from a folder on a disk, within limits. What they say is `reading`'s to judge.

A pack lies flat in one folder: plain files, no links and no folders inside, so that what is
signed is what is read. The folder may lie on a stranger's stick: each file is opened once and is judged
and read as it was opened, whatever takes its place meanwhile.
"""

import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from cases.errors import PackError
from cases.packs import fields
from cases.packs.findings import Finding
from crypto.sizes import MIB

FILES_MAX: Final = 64
FILE_BYTES_MAX: Final = 1 * MIB
PACK_BYTES_MAX: Final = 4 * MIB

_PLAINLY: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Follow no link, and wait for nobody at the other end of a pipe."""


def files_of(path: Path) -> dict[str, bytes]:
    """The files of the folder `path`, name to contents. Raises `PackError` with findings.

    Refused are: what is no folder, more than 64 files, a file over 1 MiB or all over 4 MiB, a
    link, a folder or anything else that is no plain file.
    """
    name = fields.shown(path.absolute().name)
    try:
        entries = sorted(islice(path.iterdir(), FILES_MAX + 1))
        findings = list(_refused(name, entries))
        if findings:
            raise PackError("The folder holds what a pack cannot hold.", findings)
        return {entry.name: _contents(entry) for entry in entries}
    except OSError as error:
        right = "Name the folder of a pack that you may read."
        finding = Finding(name, 0, f"it cannot be read ({error.strerror}).", right)
        raise PackError("The folder cannot be read.", [finding]) from None


def _contents(entry: Path) -> bytes:
    with os.fdopen(os.open(entry, _PLAINLY), "rb") as file:
        data = file.read(FILE_BYTES_MAX + 1) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
    if data is None or len(data) > FILE_BYTES_MAX:
        finding = Finding(fields.shown(entry.name), 0, "it changed while it was read.", "Copy the pack anew.")
        raise PackError("The folder changed while it was read.", [finding])
    return data


def _refused(name: str, entries: list[Path]) -> Iterator[Finding]:
    if len(entries) > FILES_MAX:
        yield Finding(name, 0, f"it holds more than {FILES_MAX} files.", "Take out what is no part of it.")
        return
    total = 0
    for entry in entries:
        if entry.is_symlink() or not entry.is_file():
            yield Finding(
                fields.shown(entry.name),
                0,
                "this is a link, a folder or no plain file.",
                "Take it out of the pack.",
            )
            continue
        size = entry.stat().st_size
        total += size
        if size > FILE_BYTES_MAX:
            yield Finding(fields.shown(entry.name), 0, "this file is over 1 MiB.", "Make it smaller.")
    if total > PACK_BYTES_MAX:
        yield Finding(name, 0, "its files are over 4 MiB together.", "Make them smaller.")
