"""A whole age file, sealed or opened: header and payload together (C2SP age.md).

`FileWriter` seals pushed bytes. `open_file` reads at any place, `open_forward` from the first
byte to the last. `envelope` adds the policy of intake: eight stanzas, legal sizes.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from crypto import sizes
from crypto.age.header import HEADER_MAX, STANZAS_MAX, encode_header, parse_header, verify_header
from crypto.age.keys import Identity, PassphraseRecipient, Recipient, unwrap_first
from crypto.age.stream import Read, ReadAt, Sink, StreamReader, StreamWriter, open_chunks
from crypto.errors import CryptoError, HeaderError, OpenError, RecipientError

_START_MAX: Final = HEADER_MAX + sizes.STREAM_NONCE


@dataclass(frozen=True)
class OpenedFile:
    """The key of a file, and its payload."""

    file_key: bytes = field(repr=False)
    stream: StreamReader


class FileWriter:
    """Seals pushed bytes to recipients."""

    def __init__(self, recipients: Sequence[Recipient], sink: Sink) -> None:
        """Writes header and nonce at once. Raises `RecipientError` before a byte was written."""
        file_key = secrets.token_bytes(sizes.FILE_KEY)
        _check_company(recipients)
        header = encode_header(tuple(recipient.wrap(file_key) for recipient in recipients), file_key)
        if len(header) > HEADER_MAX:
            raise RecipientError
        sink(header)
        self._stream = StreamWriter(file_key, sink)

    def push(self, data: bytes | bytearray | memoryview) -> None:
        """Add plaintext."""
        self._stream.push(data)

    def finish(self) -> None:
        """Seal the end. Nothing may be pushed afterwards."""
        self._stream.finish()


def open_file(identities: Sequence[Identity], read_at: ReadAt, size_bytes: int) -> OpenedFile:
    """The file of `size_bytes` behind `read_at`, with its last chunk checked. Raises `OpenError`."""
    try:
        file_key, length = open_header(identities, read_at(0, min(size_bytes, _START_MAX)))
        return OpenedFile(file_key, StreamReader(file_key, read_at, length, size_bytes - length))
    except CryptoError:
        raise OpenError from None


def open_forward(identities: Sequence[Identity], read: Read) -> Iterator[bytes]:
    """The plaintext, chunk by chunk, of a file that is read once from its start.

    `read` may give fewer bytes than asked for at any time, and none at the end alone. Each chunk
    is authentic when it comes; that it was the whole file is known only when the iterator ends
    without `OpenError`.
    """
    source = _Forward(read)
    try:
        start = source.read(_START_MAX)
        file_key, length = open_header(identities, start)
        source.put_back(start[length:])
        yield from open_chunks(file_key, source.read)
    except CryptoError:
        raise OpenError from None


def open_header(identities: Sequence[Identity], data: bytes) -> tuple[bytes, int]:
    """The file key, and the length of the header that `data` begins with.

    Raises `HeaderError` for a header that is not well formed, `OpenError` for one that is for
    others or was changed.
    """
    header = parse_header(data)
    file_key = unwrap_first(identities, header.stanzas)
    verify_header(header, file_key)
    if len(data) < header.length + sizes.STREAM_NONCE:
        raise HeaderError("a file that ends before its nonce does")
    return file_key, header.length


def _check_company(recipients: Sequence[Recipient]) -> None:
    """Raise `RecipientError` unless these recipients may stand in one header."""
    if not 0 < len(recipients) <= STANZAS_MAX:
        raise RecipientError
    kinds = {type(recipient) for recipient in recipients}
    if len(kinds) > 1 or (PassphraseRecipient in kinds and len(recipients) > 1):
        raise RecipientError


class _Forward:
    """Reads on until it has as much as asked for, or the end has come."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._held = bytearray()

    def read(self, length: int) -> bytes:
        while len(self._held) < length:
            if not (piece := self._read(length - len(self._held))):
                break
            self._held += piece
        taken = bytes(self._held[:length])
        del self._held[:length]
        return taken

    def put_back(self, data: bytes) -> None:
        self._held += data
