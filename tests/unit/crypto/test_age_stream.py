"""STREAM: any push sizes give one payload, and no cut, swap, growth or flip opens."""

from io import BytesIO

import pytest

from crypto import sizes
from crypto.age.stream import StreamReader, StreamWriter, open_chunks, sealed_size
from crypto.errors import EndedError, OpenError
from tests.support.sealing import FILE_KEY, flipped, reading, sealed_stream, stream_reader

CHUNK, SEALED, NONCE = sizes.CHUNK, sizes.SEALED_CHUNK, sizes.STREAM_NONCE
EDGES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1, 3 * CHUNK + 5]


def plain_of(length: int) -> bytes:
    """Bytes in which no two chunks are alike."""
    return b"".join(n.to_bytes(4, "big") for n in range(length // 4 + 1))[:length]


def opened(payload: bytes) -> bytes:
    return b"".join(stream_reader(payload).chunks())


@pytest.mark.parametrize("length", EDGES)
def test_a_payload_comes_back_and_has_its_size(length: int) -> None:
    payload = sealed_stream(plain_of(length))
    assert len(payload) == sealed_size(length)
    assert stream_reader(payload).size_bytes == length
    assert opened(payload) == plain_of(length)


@pytest.mark.parametrize(
    "pieces", [[1, CHUNK], [CHUNK, 1], [CHUNK, CHUNK], [0, 3 * CHUNK, 0, 1], [7] * 20_000]
)
def test_the_sizes_of_pushes_do_not_matter(pieces: list[int]) -> None:
    out = bytearray()
    writer = StreamWriter(FILE_KEY, out.extend)
    plain = plain_of(sum(pieces))
    position = 0
    for length in pieces:
        writer.push(memoryview(plain)[position : position + length])
        position += length
    writer.finish()
    assert len(out) == sealed_size(len(plain))
    assert opened(bytes(out)) == plain


def test_the_writer_holds_back_at_most_one_chunk() -> None:
    out = bytearray()
    writer = StreamWriter(FILE_KEY, out.extend)
    writer.push(bytes(CHUNK))
    assert len(out) == NONCE
    writer.push(b"1")
    assert len(out) == NONCE + SEALED
    writer.push(bytearray(5 * CHUNK))
    assert len(out) == NONCE + 6 * SEALED


@pytest.mark.parametrize("length", [0, 1, CHUNK])
def test_a_payload_ends_once(length: int) -> None:
    out = bytearray()
    writer = StreamWriter(FILE_KEY, out.extend)
    writer.push(plain_of(length))
    writer.finish()
    whole = bytes(out)
    with pytest.raises(EndedError):
        writer.finish()
    for more in (b"", b"1", bytes(3 * CHUNK)):
        with pytest.raises(EndedError):
            writer.push(more)
    assert bytes(out) == whole
    assert opened(whole) == plain_of(length)


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_writer_whose_sink_failed_writes_nothing_more(at: int) -> None:
    """The last of these fails in `finish`, the others in `push`."""
    out: list[bytes] = []

    def sink(data: bytes | memoryview) -> None:
        if len(out) == at:
            raise BrokenPipeError
        out.append(bytes(data))

    writer = StreamWriter(FILE_KEY, sink)
    with pytest.raises(BrokenPipeError):
        push_and_finish(writer, plain_of(2 * CHUNK + 1))
    with pytest.raises(EndedError):
        writer.push(b"1")
    with pytest.raises(EndedError):
        writer.finish()
    assert len(out) == at


def push_and_finish(writer: StreamWriter, plain: bytes) -> None:
    writer.push(plain)
    writer.finish()


def test_one_text_is_never_sealed_twice_alike() -> None:
    assert sealed_stream(b"same") != sealed_stream(b"same")


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("within", [0, 1, CHUNK // 2, CHUNK - 1, CHUNK, SEALED - 1])
def test_a_flipped_byte_is_found_in_its_chunk(number: int, within: int) -> None:
    payload = sealed_stream(plain_of(4 * CHUNK))
    reader = stream_reader(flipped(payload, NONCE + number * SEALED + within))
    with pytest.raises(OpenError):
        reader.chunk(number)
    assert reader.chunk(number + 1) == plain_of(4 * CHUNK)[(number + 1) * CHUNK :][:CHUNK]


@pytest.mark.parametrize("position", [0, 7, NONCE - 1, NONCE + SEALED, -17, -16, -1])
def test_a_flip_in_nonce_or_last_chunk_is_found_at_once(position: int) -> None:
    with pytest.raises(OpenError):
        stream_reader(flipped(sealed_stream(plain_of(CHUNK + 100)), position))


@pytest.mark.parametrize("cut", [0, 1, NONCE - 1, NONCE, NONCE + 1, NONCE + 15, NONCE + 16, NONCE + 100])
@pytest.mark.parametrize("chunks_before", range(3))
def test_every_cut_is_found(cut: int, chunks_before: int) -> None:
    payload = sealed_stream(plain_of(3 * CHUNK))
    with pytest.raises(OpenError):
        stream_reader(payload[: cut + chunks_before * SEALED])


@pytest.mark.parametrize("missing", [1, 15, 16, 17, SEALED - 1, SEALED, 2 * SEALED])
def test_every_cut_from_the_end_is_found(missing: int) -> None:
    with pytest.raises(OpenError):
        stream_reader(sealed_stream(plain_of(3 * CHUNK))[:-missing])


@pytest.mark.parametrize("more", [b"\0", bytes(15), bytes(16), bytes(17), bytes(SEALED)])
@pytest.mark.parametrize("length", [0, 1, CHUNK, 2 * CHUNK])
def test_growth_is_found(more: bytes, length: int) -> None:
    with pytest.raises(OpenError):
        stream_reader(sealed_stream(plain_of(length)) + more)


def test_a_valid_chunk_added_or_repeated_is_found() -> None:
    payload = sealed_stream(plain_of(3 * CHUNK))
    last = payload[-SEALED:]
    first = payload[NONCE : NONCE + SEALED]
    for changed in (payload + last, payload + first, payload[:NONCE] + first + payload[NONCE:]):
        with pytest.raises(OpenError):
            opened(changed)


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2, 1), (0, 0, 2), (0, 2), (1, 2), (2,), (2, 1, 0)])
def test_chunks_swapped_repeated_or_dropped_are_found(order: tuple[int, ...]) -> None:
    payload = sealed_stream(plain_of(3 * CHUNK))
    chunks = [payload[NONCE + n * SEALED : NONCE + (n + 1) * SEALED] for n in range(3)]
    with pytest.raises(OpenError):
        opened(payload[:NONCE] + b"".join(chunks[n] for n in order))


def read_forward(payload: bytes) -> tuple[bytes, bool]:
    """What the forward reader gives, and whether it was content with the end."""
    given = bytearray()
    try:
        for chunk in open_chunks(FILE_KEY, BytesIO(payload).read):
            given += chunk
    except OpenError:
        return bytes(given), False
    return bytes(given), True


@pytest.mark.parametrize("length", EDGES)
def test_a_payload_comes_back_forward_too(length: int) -> None:
    assert read_forward(sealed_stream(plain_of(length))) == (plain_of(length), True)


@pytest.mark.parametrize(
    ("order", "given"),
    [((1, 0, 2), 0), ((0, 2, 1), 1), ((0, 0, 2), 1), ((0, 1), 2), ((2,), 0), ((0, 1, 2, 2), 3), ((), 0)],
)
def test_forward_a_chunk_is_given_while_its_place_and_mark_are_right(
    order: tuple[int, ...], given: int
) -> None:
    """The whole is refused all the same: swapped, repeated, without an end, or going on after it."""
    plain = plain_of(3 * CHUNK)
    payload = sealed_stream(plain)
    chunks = [payload[NONCE + n * SEALED : NONCE + (n + 1) * SEALED] for n in range(3)]
    changed = payload[:NONCE] + b"".join(chunks[n] for n in order)
    assert read_forward(changed) == (plain[: given * CHUNK], False)


@pytest.mark.parametrize("missing", [1, 15, 16, SEALED - 1, SEALED, SEALED + 1, 2 * SEALED + NONCE + 1])
def test_forward_every_cut_from_the_end_is_found(missing: int) -> None:
    assert not read_forward(sealed_stream(plain_of(2 * CHUNK))[:-missing])[1]


@pytest.mark.parametrize("more", [b"\0", bytes(16), bytes(SEALED)])
@pytest.mark.parametrize("length", [0, 1, CHUNK])
def test_forward_growth_is_found(more: bytes, length: int) -> None:
    assert not read_forward(sealed_stream(plain_of(length)) + more)[1]


def test_forward_a_short_chunk_is_the_last_or_nothing() -> None:
    """Rightly sealed and not marked as the last: more should follow, where nothing can."""
    out = bytearray()
    writer = StreamWriter(FILE_KEY, out.extend)
    writer._emit(bytearray(b"short"), last=False)
    assert read_forward(bytes(out)) == (b"", False)


def test_an_empty_last_chunk_after_a_full_one_is_refused() -> None:
    """A writer of ours never makes one; a sealer who does gives one text a second form."""
    out = bytearray()
    writer = StreamWriter(FILE_KEY, out.extend)
    writer.push(bytes(CHUNK) + b"1")
    writer._held.clear()
    writer.finish()
    with pytest.raises(OpenError):
        stream_reader(bytes(out))
    assert read_forward(bytes(out)) == (bytes(CHUNK), False)


@pytest.mark.parametrize(
    ("offset", "length"),
    [
        (0, 0),
        (0, 1),
        (5, CHUNK),
        (CHUNK - 1, 2),
        (CHUNK, CHUNK),
        (0, 3 * CHUNK),
        (3 * CHUNK, 0),
        (3 * CHUNK - 1, 1),
    ],
)
def test_any_stretch_can_be_read(offset: int, length: int) -> None:
    plain = plain_of(3 * CHUNK)
    assert stream_reader(sealed_stream(plain)).read(offset, length) == plain[offset : offset + length]


@pytest.mark.parametrize(("offset", "length"), [(-1, 1), (0, -1), (0, 101), (100, 1), (101, 0), (2**63, 1)])
def test_nothing_is_read_past_the_end(offset: int, length: int) -> None:
    with pytest.raises(OpenError):
        stream_reader(sealed_stream(bytes(100))).read(offset, length)


@pytest.mark.parametrize("number", [-1, -3, 3, 2**88, 2**200])
def test_there_is_no_chunk_outside_the_payload(number: int) -> None:
    stream = stream_reader(sealed_stream(plain_of(2 * CHUNK + 1)))
    with pytest.raises(OpenError):
        stream.chunk(number)


def test_chunks_can_start_later() -> None:
    plain = plain_of(3 * CHUNK)
    assert b"".join(stream_reader(sealed_stream(plain)).chunks(first=2)) == plain[2 * CHUNK :]


def test_another_file_key_opens_nothing() -> None:
    with pytest.raises(OpenError):
        stream_reader(sealed_stream(b"text"), FILE_KEY[::-1])


def test_a_payload_may_stand_anywhere_in_its_file() -> None:
    payload = sealed_stream(b"text")
    file = b"header" + payload + b"after"
    assert StreamReader(FILE_KEY, reading(file), 6, len(payload)).chunk(0) == b"text"


def test_a_file_that_shrank_after_it_was_measured_is_refused() -> None:
    payload = sealed_stream(plain_of(CHUNK + 1))
    with pytest.raises(OpenError):
        StreamReader(FILE_KEY, reading(payload[:-4]), 0, len(payload))
