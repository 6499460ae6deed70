"""A whole age file, sealed or opened: header and payload together (C2SP age.md).

`FileWriter` seals pushed bytes; `open_file` reads at any place, `open_forward` from the first
byte to the last. What an envelope is beyond that (eight stanzas, legal sizes, a name) is the
business of `envelope`.

Checks, numbered as in docs/protocol/age.md: 14 the payload's nonce is there, whole.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crypto import sizes
from crypto.age.header import STANZAS_MAX, encode_header, parse_header, verify_header
from crypto.age.keys import Identity, PassphraseRecipient, Recipient, unwrap_first
from crypto.age.stream import Read, ReadAt, Sink, StreamReader, StreamWriter, open_chunks
from crypto.errors import CryptoError, HeaderError, OpenError, RecipientError


@dataclass(frozen=True)
class OpenedFile:
    """The key of a file, and its payload."""

    file_key: bytes = field(repr=False)
    stream: StreamReader


class FileWriter:
    """Seals pushed bytes to recipients, under a key of its own."""

    def __init__(self, recipients: Sequence[Recipient], sink: Sink) -> None:
        """Writes header and nonce at once: as many stanzas as `recipients`, in their order.

        Raises `RecipientError` before a byte is written: for none, for more than a header may
        hold, for types that may not stand together (what one of them promises, the other would
        break), and for an unusable key.
        """
        if not 0 < len(recipients) <= STANZAS_MAX:
            raise RecipientError
        if len({type(recipient) for recipient in recipients}) > 1:
            raise RecipientError
        if isinstance(recipients[0], PassphraseRecipient) and len(recipients) > 1:
            raise RecipientError
        file_key = secrets.token_bytes(sizes.FILE_KEY)
        header = encode_header(tuple(recipient.wrap(file_key) for recipient in recipients), file_key)
        if len(header) > sizes.AGE_HEADER_MAX:
            raise RecipientError
        sink(header)
        self._stream = StreamWriter(file_key, sink)

    def push(self, data: bytes | bytearray | memoryview) -> None:
        """Add `data`, of any length, to the plaintext. Raises `EndedError` after the end."""
        self._stream.push(data)

    def finish(self) -> None:
        """Seal the end. Raises `EndedError` after it, and after the sink has raised."""
        self._stream.finish()


def open_file(identities: Sequence[Identity], read_at: ReadAt, size_bytes: int) -> OpenedFile:
    """The file of `size_bytes` behind `read_at`, its last chunk checked. Raises `OpenError`."""
    try:
        begin = bytes(read_at(0, sizes.AGE_HEADER_MAX + sizes.STREAM_NONCE))
        file_key, start = open_header(identities, begin)
        return OpenedFile(file_key, StreamReader(file_key, read_at, start, size_bytes - start))
    except CryptoError:
        raise OpenError from None


def open_forward(identities: Sequence[Identity], read: Read) -> Iterator[bytes]:
    """The plaintext, chunk by chunk, of a file that is read once, from its start.

    `read` may give fewer bytes than asked for at any time, and none at the end alone. Each chunk
    is authentic when it comes; that it was the whole file is known only when the iterator ends
    without `OpenError`.
    """
    source = _Forward(read)
    try:
        begin = source.read(sizes.AGE_HEADER_MAX + sizes.STREAM_NONCE)
        file_key, start = open_header(identities, begin)
        source.put_back(begin[start:])
        yield from open_chunks(file_key, source.read)
    except CryptoError:
        raise OpenError from None


def open_header(identities: Sequence[Identity], begin: bytes) -> tuple[bytes, int]:
    """The file key, and where the payload starts, of a file that begins with these bytes.

    Raises `HeaderError` for a header that is not well formed, `OpenError` for one that is for
    others or was changed.
    """
    header = parse_header(begin)
    file_key = unwrap_first(identities, header.stanzas)
    verify_header(header, file_key)
    if len(begin) < header.length + sizes.STREAM_NONCE:  # 14
        raise HeaderError("a file that ends before its payload begins")
    return file_key, header.length


class _Forward:
    """Reads on until it has what was asked for, or the end has come."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._held = bytearray()

    def read(self, length: int) -> bytes:
        while len(self._held) < length and (piece := self._read(length - len(self._held))):
            self._held += piece
        taken = bytes(self._held[:length])
        del self._held[:length]
        return taken

    def put_back(self, data: bytes) -> None:
        self._held += data
