"""STREAM: the payload of an age file, 64 KiB chunks under ChaCha20-Poly1305.

The writer takes pushed bytes of unknown length and holds back at most one chunk, because the
last one is marked as last. The reader opens chunks by number, so that a file inside a parcel
of gigabytes is reached by arithmetic (C2SP age.md, "Payload").

Safe because each payload key is used for one payload, a chunk's number is its nonce, and the
mark on the last chunk makes any cut, swap or growth fail to open.

Checks, numbered as in docs/protocol/age.md: 14 the nonce is there, whole; 15 each chunk opens
at its place, and the last one, and no other, is marked as last; 16 only the one chunk of an
empty payload is empty; 17 nothing follows the last chunk.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto import labels, sizes
from crypto.errors import EndedError, OpenError

Sink = Callable[[bytes], object]
"""Takes sealed bytes."""

ReadAt = Callable[[int, int], bytes | memoryview]
"""Gives the bytes of a sealed file at an offset, or a view of them; fewer than asked for only at its end."""

Read = Callable[[int], bytes]
"""Gives the next bytes of a sealed file; fewer than asked for only at its end."""


def sealed_size(plain_bytes: int) -> int:
    """Bytes of a payload, nonce included, that holds `plain_bytes`."""
    chunks = max(1, -(-plain_bytes // sizes.CHUNK))
    return sizes.STREAM_NONCE + plain_bytes + chunks * sizes.AEAD_TAG


class StreamWriter:
    """Seals what is pushed into it and gives the sealed bytes to a sink, nonce first.

    It ends once: with `finish`, or when the sink raises, after which nobody knows how much of
    the chunk was kept. From then on it refuses, so that no payload has two last chunks or a gap.
    """

    def __init__(self, file_key: bytes, sink: Sink) -> None:
        nonce = secrets.token_bytes(sizes.STREAM_NONCE)
        self._aead = _payload_cipher(file_key, nonce)
        self._sink = sink
        self._number = 0
        self._held = bytearray()
        self._ended = False
        sink(nonce)

    def push(self, data: bytes | bytearray | memoryview) -> None:
        """Add `data`, of any length, to the payload. Raises `EndedError` after the end."""
        self._check_not_ended()
        rest = memoryview(data).cast("B")
        while rest:
            if len(self._held) == sizes.CHUNK:
                self._emit(self._held, last=False)
                self._held.clear()
            if not self._held and len(rest) > sizes.CHUNK:
                self._emit(rest[: sizes.CHUNK], last=False)
                rest = rest[sizes.CHUNK :]
            else:
                room = sizes.CHUNK - len(self._held)
                self._held += rest[:room]
                rest = rest[room:]

    def finish(self) -> None:
        """Seal the last chunk. Raises `EndedError` after the end."""
        self._check_not_ended()
        self._emit(self._held, last=True)
        self._held.clear()

    def _check_not_ended(self) -> None:
        if self._ended:
            raise EndedError

    def _emit(self, plain: bytearray | memoryview, *, last: bool) -> None:
        out = self._aead.encrypt(_chunk_nonce(self._number, last=last), plain, None)
        self._number += 1
        self._ended = True  # and it stays so when the sink raises
        self._sink(out)
        self._ended = last


class StreamReader:
    """Opens the chunks of one payload, in any order."""

    def __init__(self, file_key: bytes, read_at: ReadAt, start: int, sealed_bytes: int) -> None:
        """`start` is where the payload's nonce stands, `sealed_bytes` its length from there.

        Opens the last chunk at once, so that a length is never believed before the sender's
        mark on it was checked. Raises `OpenError`.
        """
        nonce = bytes(read_at(start, sizes.STREAM_NONCE))
        body = sealed_bytes - sizes.STREAM_NONCE
        self._chunks = -(-body // sizes.SEALED_CHUNK)
        last = body - (self._chunks - 1) * sizes.SEALED_CHUNK
        if len(nonce) != sizes.STREAM_NONCE or self._chunks < 1:  # 14
            raise OpenError
        if last < sizes.AEAD_TAG + (self._chunks > 1):  # 16
            raise OpenError
        self._aead = _payload_cipher(file_key, nonce)
        self._read_at = read_at
        self._start = start + sizes.STREAM_NONCE
        self._last_sealed = last
        self.size_bytes: Final = body - self._chunks * sizes.AEAD_TAG
        self.chunk(self._chunks - 1)

    def chunk(self, number: int) -> bytes:
        """The plaintext of one chunk, counted from 0. Raises `OpenError`, also where there is none."""
        if not 0 <= number < self._chunks:
            raise OpenError
        is_last = number == self._chunks - 1
        length = self._last_sealed if is_last else sizes.SEALED_CHUNK
        sealed = self._read_at(self._start + number * sizes.SEALED_CHUNK, length)
        return _open_chunk(self._aead, number, sealed, last=is_last)

    def chunks(self, first: int = 0) -> Iterator[bytes]:
        """The plaintext from chunk `first` to the end, chunk by chunk. Raises `OpenError`."""
        for number in range(first, self._chunks):
            yield self.chunk(number)

    def read(self, offset: int, length: int) -> bytes:
        """Exactly `length` bytes of the plaintext at `offset`. Raises `OpenError` past the end."""
        if offset < 0 or length < 0 or offset + length > self.size_bytes:
            raise OpenError
        first, skip = divmod(offset, sizes.CHUNK)
        last = (offset + max(length, 1) - 1) // sizes.CHUNK
        opened = b"".join(self.chunk(n) for n in range(first, last + 1)) if length else b""
        return opened[skip : skip + length]


def open_chunks(file_key: bytes, read: Read) -> Iterator[bytes]:
    """The plaintext of a payload that is read once, from its nonce on, chunk by chunk.

    Each chunk is authentic when it comes; that none is missing is known only when the iterator
    ends without `OpenError`.
    """
    aead = _payload_cipher(file_key, read(sizes.STREAM_NONCE))
    number = 0
    is_last = False
    while not is_last:
        plain, is_last = _open_any(aead, number, read(sizes.SEALED_CHUNK))
        if number and not plain:  # 16
            raise OpenError
        yield plain
        number += 1
    if read(1):  # 17
        raise OpenError


def _open_any(aead: ChaCha20Poly1305, number: int, sealed: bytes) -> tuple[bytes, bool]:
    """A chunk whose place is not known: a full one may be the last, a shorter one must be."""
    if len(sealed) == sizes.SEALED_CHUNK:
        with suppress(OpenError):
            return _open_chunk(aead, number, sealed, last=False), False
    return _open_chunk(aead, number, sealed, last=True), True


def _open_chunk(aead: ChaCha20Poly1305, number: int, sealed: bytes | memoryview, *, last: bool) -> bytes:
    try:
        return aead.decrypt(_chunk_nonce(number, last=last), sealed, None)
    except (InvalidTag, ValueError):  # 15
        raise OpenError from None


def _payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(
        HKDF(algorithm=SHA256(), length=sizes.SEED, salt=nonce, info=labels.AGE_PAYLOAD_INFO).derive(file_key)
    )


def _chunk_nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(sizes.STREAM_COUNTER, "big") + (b"\x01" if last else b"\x00")
