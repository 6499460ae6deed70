"""The tar of a case archive: a stream of entries with plain names, a check list of their SHA-256 at the end.

Nothing is held but the entry that is being written: what a file holds comes in pieces. Names of entries are
ours; of what a source called a file, letters and figures are kept behind a number of ours, so that no name
leads out of the folder, hides, or means something to a system. Entries carry no owner and one moment.
"""

import hashlib
import io
import re
import tarfile
import unicodedata
from collections.abc import Callable, Iterator
from typing import IO, Final, Protocol, cast

CHECK_LIST: Final = "SHA256SUMS"
NAME_BYTES: Final = 80
"""Of what is kept of a sender's name."""
_KEPT: Final = frozenset("._-")
_RUNS: Final = re.compile(r"_+")
_MODE: Final = 0o600

Sink = Callable[[bytes], object]


class Content(Protocol):
    """Bytes in pieces."""

    def read(self, size: int = ..., /) -> bytes:
        """At most `size` of them; nothing at the end."""


class ArchiveTar:
    """Writes entries under one folder into a sink."""

    def __init__(self, folder: str, made_at: int, sink: Sink) -> None:
        """`folder` is the name that everything lies under, `made_at` the moment of all entries in seconds."""
        self._folder = folder
        self._made_at = made_at
        self._lines: list[str] = []
        self._writing = _Writing(sink)
        written = cast(IO[bytes], self._writing)  # nothing but `write` is asked of it
        self._tar = tarfile.open(fileobj=written, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def add(self, name: str, data: bytes) -> None:
        """An entry that is in memory."""
        self.add_streamed(name, len(data), iter([data]))

    def add_streamed(self, name: str, size_bytes: int, pieces: Iterator[bytes]) -> bytes:
        """An entry that comes in pieces; its SHA-256. Raises `OSError` when they end too early."""
        reading = _Reading(pieces)
        self._put(name, size_bytes, reading)
        self._lines.append(f"{reading.sha256.hexdigest()}  {name}\n")
        return reading.sha256.digest()

    def finish(self) -> int:
        """Write the check list, and the end; how many entries it lists."""
        data = "".join(self._lines).encode()
        self._put(CHECK_LIST, len(data), io.BytesIO(data))
        self._tar.close()
        return len(self._lines)

    def abandon(self) -> None:
        """Write nothing any longer; what tarfile still holds goes nowhere."""
        self._writing.ended = True

    def _put(self, name: str, size_bytes: int, content: Content) -> None:
        entry = tarfile.TarInfo(f"{self._folder}/{name}")
        entry.size, entry.mtime, entry.mode = size_bytes, self._made_at, _MODE
        self._tar.addfile(entry, content)


def safe_name(number: int, name: str) -> str:
    """What a file is called in the archive: a number of ours, and what can be kept of the sender's name."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(c if c.isalnum() or c in _KEPT else "_" for c in last)
    kept = _RUNS.sub("_", plain).strip("._-")
    while len(kept.encode()) > NAME_BYTES:
        kept = kept[1:]  # the end says which kind of file it is
    return f"{number:03d}-{kept.lstrip('._-') or 'file'}"


class _Writing:
    """What tarfile takes for a file that is written from its start to its end."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.ended = False

    def write(self, data: bytes) -> int:
        """Hand on."""
        if not self.ended:
            self._sink(data)
        return len(data)


class _Reading:
    """Pieces, as something that is read; hashed while it is."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""
        self.sha256 = hashlib.sha256()

    def read(self, size: int = 0, /) -> bytes:
        """The next bytes, exactly as many as asked for but at the end."""
        parts, wanted = [], size
        while wanted and self._fill():
            part, self._held = self._held[:wanted], self._held[wanted:]
            parts.append(part)
            wanted -= len(part)
        data = b"".join(parts)
        self.sha256.update(data)
        return data

    def _fill(self) -> bool:
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                return False
            self._held = piece
        return True
