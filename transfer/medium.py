"""A stick: which finished bundles lie on it, read with suspicion.

Folders and files are taken only under the exact names that we write, never through a link,
and only regular files. A folder without a manifest is an export that never finished and is
passed over. The manifest is read once, its size first; nothing here believes what it says.
All manifests together have a limit too: a sparse file of 4 MiB takes no room on a stick.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from crypto import sizes
from transfer.errors import DamagedBundleError, MediumError
from transfer.manifest import MANIFEST_MAX, Direction

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
MANIFESTS_MAX: Final = 256 * sizes.MIB
_NAME: Final = re.compile(r"cleandrop-(in|out)-([1-9][0-9]{0,9})")
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Bundle:
    """One finished bundle on a stick; its manifest and signature are in memory, unverified."""

    def __init__(self, stick: Path, direction: Direction, seq: int) -> None:
        """Raises `FileNotFoundError` where the bundle is unfinished, `DamagedBundleError`."""
        self.direction: Final = direction
        self.seq: Final = seq
        self.name: Final = bundle_name(direction, seq)
        self._folder = stick / self.name
        with self.open_file(MANIFEST) as file:
            self.manifest: Final = self._read_capped(file, MANIFEST, MANIFEST_MAX)
        try:
            with self.open_file(SIGNATURE) as file:
                self.signature: Final = self._read_capped(file, SIGNATURE, sizes.ED25519_SIGNATURE)
        except FileNotFoundError:
            raise _damaged(self.name, SIGNATURE) from None

    @contextmanager
    def open_file(self, name: str) -> Iterator[int]:
        """A file descriptor on a regular file of this bundle, never through a link.

        Raises `FileNotFoundError`, or `DamagedBundleError` for anything else than a file.
        """
        folder = file = -1
        try:
            folder = os.open(self._folder, _READ | os.O_DIRECTORY)
            file = os.open(name, _READ, dir_fd=folder)
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise _damaged(self.name, name)
            yield file
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _damaged(self.name, name) from error
        finally:
            for descriptor in (file, folder):
                if descriptor >= 0:
                    os.close(descriptor)

    def _read_capped(self, file: int, name: str, max_bytes: int) -> bytes:
        """The whole of a file, its announced size first, and never more than `max_bytes`."""
        if os.fstat(file).st_size > max_bytes:
            raise _damaged(self.name, name)
        data = bytearray()
        while chunk := os.read(file, max_bytes + 1 - len(data)):
            data += chunk
            if len(data) > max_bytes:
                raise _damaged(self.name, name)
        return bytes(data)


def bundle_name(direction: Direction, seq: int) -> str:
    """The folder name of a bundle."""
    return f"cleandrop-{direction.value}-{seq}"


def find_bundles(stick: Path, direction: Direction, *, skip_damaged: bool = False) -> list[Bundle]:
    """The finished bundles of one direction on a stick, by rising number.

    `skip_damaged` is for whoever wrote them, and can write another; a reader must hear of each. Raises
    `MediumError` when the stick is not a folder that can be read or holds more than fits into memory, and
    `DamagedBundleError` naming the bundle whose manifest cannot be read.
    """
    try:
        names = [path.name for path in stick.iterdir()]
    except OSError as error:
        raise MediumError(
            "The stick cannot be read. Check that it is plugged in and unlocked, then try again."
        ) from error
    found = (_NAME.fullmatch(name) for name in names)
    seqs = sorted(int(match[2]) for match in found if match and match[1] == direction.value)
    bundles = []
    read_bytes = 0
    for seq in seqs:
        try:
            bundle = Bundle(stick, direction, seq)
        except FileNotFoundError:
            continue  # an export that never finished
        except DamagedBundleError:
            if not skip_damaged:
                raise
            continue
        read_bytes += len(bundle.manifest)
        if read_bytes > MANIFESTS_MAX:
            raise MediumError(
                "There are more bundles on this stick than can be read at once. Nothing was done. "
                "Use an empty stick and export again."
            )
        bundles.append(bundle)
    return bundles


def _damaged(bundle: str, file: str) -> DamagedBundleError:
    return DamagedBundleError(
        f"{bundle} is damaged: its file {file} cannot be used. "
        "Export again, or carry it over on another stick."
    )
