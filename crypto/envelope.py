"""The envelope: a parcel in an age v1 file with exactly eight hybrid stanzas.

One stanza is for the station's key of the week, seven are for keys that nobody keeps, in
random order: nobody can tell how many readers there are, and room stays for more (protocol 1,
section 3). Sealing is one pass over pushed bytes with constant memory.

Checks, numbered as in docs/protocol/envelope.md: 1 the header is one of age; 2 it has exactly
eight stanzas and the one length; 3 each is a hybrid one, well formed; 4 a seed opens one; 5 the
MAC fits the file key; 6 the size is legal; 7 header and MAC are still right under a file key
that was kept; 8 the last chunk opens as the last.
"""

import hashlib
import secrets
from collections.abc import Sequence
from functools import cache
from typing import Final, NewType

from crypto import hybrid, padding, sizes
from crypto.age import hybrid_stanza
from crypto.age.file import FileWriter
from crypto.age.header import UntrustedHeader, parse_header, verify_header
from crypto.age.keys import HybridIdentity, HybridRecipient, unwrap_first
from crypto.age.stream import ReadAt, Sink, StreamReader
from crypto.errors import HeaderError, OpenError, RecipientError, SizeError

FileKey = NewType("FileKey", bytes)
ObjectId = NewType("ObjectId", bytes)

_ZEROS: Final = bytes(sizes.CHUNK)


class EnvelopeWriter:
    """Seals pushed bytes into an envelope, padded, and names it by its hash."""

    def __init__(self, recipients: tuple[hybrid.PublicKey, ...], sink: Sink) -> None:
        """Writes the header at once. `recipients`: one to eight keys.

        Raises `RecipientError` for a key that cannot be sealed to, for none and for over eight.
        """
        if not 0 < len(recipients) <= sizes.ENVELOPE_STANZAS:
            raise RecipientError
        self._sink = sink
        self._hash = hashlib.sha256()
        self._pushed_bytes = 0
        self.size_bytes = 0
        everyone = [HybridRecipient(key) for key in _with_throw_away(recipients)]
        secrets.SystemRandom().shuffle(everyone)
        self._file = FileWriter(everyone, self._write)

    @property
    def pushed_bytes(self) -> int:
        """Plaintext bytes so far."""
        return self._pushed_bytes

    def push(self, data: bytes | bytearray | memoryview) -> None:
        """Add plaintext. Raises `SizeError` when it gets more than any envelope may hold, and
        `EndedError` after the end."""
        view = memoryview(data).cast("B")
        if self._pushed_bytes + len(view) > sizes.PADDED_MAX:
            raise SizeError
        self._pushed_bytes += len(view)
        self._file.push(view)

    def finish(self) -> ObjectId:
        """Pad with zeros to a legal size, seal the last chunk, and give the envelope's name.

        Raises `EndedError` after the end, and after the sink has raised.
        """
        missing = padding.padded_size(self._pushed_bytes) - self._pushed_bytes
        while missing:
            zeros = min(missing, sizes.CHUNK)
            self._file.push(_ZEROS[:zeros])
            missing -= zeros
        self._file.finish()
        return ObjectId(self._hash.digest())

    def _write(self, data: bytes) -> None:
        self._hash.update(data)
        self.size_bytes += len(data)
        self._sink(data)


def parse_intake_header(data: bytes) -> UntrustedHeader:
    """The header of an envelope, `data` being its first 12,526 bytes or more.

    Raises `HeaderError` for all but eight hybrid stanzas in the one length that they have.
    """
    header = parse_header(data)  # 1
    if len(header.stanzas) != sizes.ENVELOPE_STANZAS or header.length != sizes.ENVELOPE_HEADER:  # 2
        raise HeaderError("not exactly eight hybrid stanzas")
    for stanza in header.stanzas:
        hybrid_stanza.check_form(stanza)  # 3
    return header


def unwrap_file_key(header: UntrustedHeader, identities: Sequence[HybridIdentity]) -> FileKey:
    """The file key that any of `identities` finds, with the header's MAC checked, or `OpenError`."""
    try:
        file_key = unwrap_first(identities, header.stanzas)  # 4
        verify_header(header, file_key)  # 5
    except HeaderError:
        raise OpenError from None
    return FileKey(file_key)


def open_payload(file_key: FileKey, read_at: ReadAt, size_bytes: int) -> StreamReader:
    """The padded parcel of an envelope of `size_bytes` whose file key is known.

    Checks size, header and MAC again: what is on a disk today need not be what came.
    Raises `SizeError`, `HeaderError`, `OpenError`.
    """
    padding.check_envelope_size(size_bytes)  # 6
    check_header(file_key, bytes(read_at(0, sizes.ENVELOPE_HEADER)))  # 7
    start = sizes.ENVELOPE_HEADER
    return StreamReader(file_key, read_at, start, size_bytes - start)  # 8


def check_header(file_key: FileKey, data: bytes) -> None:
    """Raise `HeaderError` or `OpenError` unless `data`, the start of an envelope, is a header that
    this file key made."""
    verify_header(parse_intake_header(data), file_key)


def _with_throw_away(recipients: tuple[hybrid.PublicKey, ...]) -> list[hybrid.PublicKey]:
    return [*recipients, *_throw_away_keys()[: sizes.ENVELOPE_STANZAS - len(recipients)]]


@cache
def _throw_away_keys() -> tuple[hybrid.PublicKey, ...]:
    """Made once in a process, their seeds forgotten at once: a stanza does not show whom it is for, so
    the next envelope may have the same."""
    return tuple(hybrid.public_key(hybrid.generate_seed()) for _ in range(sizes.ENVELOPE_STANZAS - 1))
