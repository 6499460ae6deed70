"""The reader of forms: the same parts however the bytes arrive, and no end to what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_app.errors import BusyError, FormError, SourceAppError, TextTooLongError
from source_app.multipart import (
    FIELDS_MAX,
    READ_BYTES,
    SMALL_FORM_BYTES,
    FieldPart,
    FieldRoom,
    FormReader,
)
from tests.support.source_site import BOUNDARY, FileField, multipart
from tests.support.source_site import Field as SentField

TYPE = f"multipart/form-data; boundary={BOUNDARY}"
WANTED = frozenset({"a", "message"})


class Drip:
    """Gives a body in pieces of at most `size` bytes."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size = data, size
        self.given_bytes = 0

    def read(self, size: int) -> bytes:
        """The next piece."""
        taken, self._data = self._data[: min(size, self._size)], self._data[min(size, self._size) :]
        self.given_bytes += len(taken)
        return taken


def read_all(
    body: bytes, piece: int = 65_536, kind: str = TYPE
) -> list[tuple[str, ...] | tuple[object, ...]]:
    """The parts as plain values."""
    found: list[tuple[object, ...]] = []
    for part in FormReader(kind, Drip(body, piece).read, WANTED, FieldRoom()).parts():
        if isinstance(part, FieldPart):
            found.append((part.name, part.value))
        else:
            found.append((part.name, part.file_name, b"".join(part.chunks)))
    return found


PARTS: list[SentField | FileField] = [
    ("a", "one"),
    ("message", "two\nlines --\n--" + BOUNDARY + "x"),
    ("files", "x.bin", b"\r\n--" + BOUNDARY.encode()[:-1] + b"\r\r\n\n--" + b"\0" * 70_000),
    ("files", "", b""),
]


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 63, 64, 65, 1_000, 65_536])
def test_the_parts_do_not_depend_on_how_they_arrive(piece: int) -> None:
    expected = [PARTS[0], ("message", "two\r\nlines --\r\n--" + BOUNDARY + "x"), *PARTS[2:]]
    assert read_all(multipart(PARTS), piece) == expected


@given(st.binary(max_size=400), st.integers(1, 50))
def test_any_file_arrives_whole(data: bytes, piece: int) -> None:
    assert read_all(multipart([("files", "f", data)]), piece) == [("files", "f", data)]


@given(st.binary(max_size=300))
def test_junk_is_refused_and_nothing_worse(junk: bytes) -> None:
    for body in (junk, b"--" + BOUNDARY.encode() + b"\r\n" + junk):
        try:
            read_all(body)
        except SourceAppError:
            continue


def test_a_file_that_the_caller_leaves_is_passed_over() -> None:
    body = multipart([("files", "big", b"x" * 200_000), ("a", "after")])
    parts = FormReader(TYPE, Drip(body, 65_536).read, WANTED, FieldRoom()).parts()
    next(parts)
    assert next(parts) == FieldPart("a", "after")


def test_a_field_has_a_limit() -> None:
    with pytest.raises(TextTooLongError):
        read_all(multipart([("message", "x" * (FIELDS_MAX + 1))]))


def test_a_field_that_nobody_asked_for_is_passed_over_whatever_its_size() -> None:
    assert read_all(multipart([("other", "x" * (FIELDS_MAX + 1)), ("a", "1")])) == [("a", "1")]


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        f"multipart/form-data; boundary={'x' * 201}",
    ],
)
def test_another_type_is_refused(kind: str) -> None:
    with pytest.raises(FormError):
        read_all(multipart(PARTS), kind=kind)


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(FormError):
        read_all(multipart([("other", "1")] * 1_101))


def test_a_body_without_its_end_is_refused() -> None:
    with pytest.raises(FormError):
        read_all(multipart(PARTS)[:-20])


@pytest.mark.parametrize("start", ["", f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="])
def test_headers_and_preambles_cannot_grow_without_end(start: str) -> None:
    endless = Drip(start.encode() + b"x" * 5_000_000, READ_BYTES)
    with pytest.raises(FormError):
        list(FormReader(TYPE, endless.read, WANTED, FieldRoom()).parts())
    assert endless.given_bytes <= 3 * READ_BYTES


def test_a_field_that_is_repeated_may_not_fill_the_memory() -> None:
    parts = [("message", "x" * (FIELDS_MAX // 4))] * 5
    with pytest.raises(TextTooLongError):
        read_all(multipart(parts))


def test_many_long_forms_at_once_leave_room_for_small_ones_and_give_theirs_back() -> None:
    room = FieldRoom(3 * SMALL_FORM_BYTES)
    long, small = (multipart([("message", "k" * size)]) for size in (3 * SMALL_FORM_BYTES, 1_000))

    def opened(body: bytes) -> FormReader:
        return FormReader(TYPE, Drip(body, 4_096).read, WANTED, room)

    first, second = opened(long), opened(long)
    list(first.parts())
    with pytest.raises(BusyError):
        list(second.parts())
    assert list(opened(small).parts()) == [FieldPart("message", "k" * 1_000)]
    for reader in (first, first, second):
        reader.close()
    list(opened(long).parts())
