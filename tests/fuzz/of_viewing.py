"""Targets: what is read of strangers' files outside of the room, and what comes out of it."""

from typing import Final

from crypto import canonical
from journalist_app.errors import DrawingError
from journalist_app.viewing import kinds, pixels, reports, text
from tests.fuzz.target import Target, damaged, documents

ENTRY: Final[canonical.Object] = {"name": "../a", "size": 3, "when": "2026-11-01 09:00:00", "note": "locked"}
LISTING: Final[canonical.Object] = {"entries": [ENTRY], "more": 1}
MAIL: Final[canonical.Object] = {"headers": [["From", "a"]], "text": "Hi", "entries": [ENTRY], "more": 0}
PICTURE: Final = b"P6\n3 2\n255\n" + bytes(range(18))
PDFINFO: Final = b"Title: x\nPages: 7\nJavaScript:      yes\nPages:           12\n"
HEADERS: Final = b"Received: from x\r\n by y\r\nFrom: a@b.example\r\nSubject: hello\r\n\r\nText"
PART: Final = 16


def kind(data: bytes) -> None:
    """Every file is of one kind, and no text of a stranger makes two of it."""
    found = kinds.kind_of(data[: kinds.HEAD_BYTES], data[-kinds.TAIL_BYTES :])
    assert found in {*kinds.KINDS, kinds.EMPTY, kinds.UNKNOWN}
    assert (found is kinds.EMPTY) == (not data)
    assert found not in kinds.also(found, data, data)
    named = data.decode("utf-8", "replace")
    assert found not in kinds.said_otherwise(found, named, named)
    kinds.has_program_marks(found, data.find)


def raw_pixels(data: bytes) -> None:
    """What passes has as many bytes as its sides say, and makes a picture."""
    try:
        found = pixels.parse(data)
    except DrawingError:
        return
    assert len(found.rows) == 3 * found.width * found.height
    assert data.endswith(found.rows)
    assert pixels.png(found).endswith(b"IEND\xaeB`\x82")


def told_by_programs(data: bytes) -> None:
    """Numbers and lines stay within their limits."""
    for count in (reports.pages, reports.frames):
        try:
            assert 1 <= count(data) <= reports.PAGES_MAX
        except DrawingError:
            continue
    reports.has_scripts(data)
    facts = reports.facts(data)
    assert len(facts) <= reports.FACTS_MAX
    assert all(
        len(part) <= reports.VALUE_MAX for fact in facts for part in (fact.group, fact.title, fact.value)
    )
    assert all(isinstance(fact.telling, bool) for fact in facts)


def listing(data: bytes) -> None:
    """A list is either refused or of plain values."""
    try:
        found = reports.listing(data)
    except DrawingError:
        return
    assert all(isinstance(each.name, str) and each.size_bytes >= 0 for each in found.entries)


def mail(data: bytes) -> None:
    """So is a mail."""
    try:
        found = reports.mail(data)
    except DrawingError:
        return
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in found.headers)


def plain_text(data: bytes) -> None:
    """Every part of a text can be read, and UTF-8 that is right comes whole through any cut."""
    before, text.PART_BYTES = text.PART_BYTES, PART  # type: ignore[misc]
    try:
        parts = [
            text.part(_Read(data).read, len(data), number + 1, data).text
            for number in range(text.parts_of(len(data)))
        ]
    finally:
        text.PART_BYTES = before  # type: ignore[misc]
    if text.encoding_of(data) == "utf-8" and b"\r" not in data and _is_whole(data):
        assert "".join(parts) == data.decode().removeprefix("\ufeff")


class _Read:
    """A file of which only what is there may be asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, start: int, length: int) -> bytes:
        assert 0 <= start <= start + length <= len(self._data)
        return self._data[start : start + length]


def _is_whole(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return "\ufeff" not in data.decode()[1:]


STARTS: Final = (
    *(b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a\x01\0", b"II*\0", b"BM\0\0"),
    *(
        b"RIFF\0\0\0\0WEBP",
        b"\0\0\0\x18ftypheic",
        b"{\\rtf1",
        b"\x1f\x8b\x08",
        b"7z\xbc\xaf\x27\x1c",
        b"MZ\0",
    ),
    *(b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text", b"PK\x05\x06"),
    *(b"PK\x03\x04[Content_Types].xml xl/workbook.xml", bytes(257) + b"ustar", b"\xff\xfex\0", b"\x00"),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "HwpSummaryInformation".encode("utf-16-le"),
    b"GIF89a\0%PDF-1.4 PK\x05\x06",
    "부패".encode(),
    "부패".encode("cp949"),
    HEADERS,
    b"",
)
TEXTS: Final = (
    b"",
    "x한é🙂".encode() * 9,
    "부패 신고".encode("cp949") * 9,
    b"\xff\xfe" + b"x\0" * 40,
    b"\x80" * 60,
)

TARGETS = {
    "viewed_kind": Target(kind, STARTS, (*STARTS[:12], b"word/document.xml", b"From: ", b"\nTo: ")),
    "viewed_pixels": Target(raw_pixels, (*damaged(PICTURE), b"P6\n9999 9999\n255\n"), (b"P6\n", b"\n255\n")),
    "viewed_reports": Target(
        told_by_programs,
        (PDFINFO, b"3\n3\n", b"EXIF\tArtist\tJane\tDoe\nno tabs\n\tone\n", b"a\tb\tc\n" * 400, b"\xff\t\t"),
        (b"Pages:           ", b"JavaScript: yes", b"\t", b"GPS"),
    ),
    "viewed_listing": Target(listing, tuple(documents(LISTING)), (b'"entries":', b'"more":')),
    "viewed_mail": Target(mail, tuple(documents(MAIL)), (b'"headers":', b'"text":')),
    "viewed_text": Target(plain_text, TEXTS, ("한".encode(), "🙂".encode(), b"\r\n", b"\xef\xbb\xbf"), 400),
}
