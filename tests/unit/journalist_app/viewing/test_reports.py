"""What programs in the room told is believed only in its own narrow form."""

import pytest

from crypto import canonical
from journalist_app.errors import DrawingError
from journalist_app.viewing import reports
from journalist_app.viewing.reports import Entry, Fact

ENTRY: canonical.Object = {
    "name": "../a\u202e.txt",
    "size": 3,
    "when": "2026-11-01 09:00:00",
    "note": "locked",
}
LISTING: canonical.Object = {"entries": [ENTRY], "more": 1}
MAIL: canonical.Object = {"headers": [["From", "a@b.example"]], "text": "Hi", "entries": [ENTRY], "more": 0}
PDFINFO = b"Title: x\nPages: 7\nAuthor: y\nJavaScript:      %b\nPages:           12\nEncrypted: no\n"


def test_pages_are_counted_by_the_line_of_the_program_not_of_the_author() -> None:
    assert reports.pages(PDFINFO % b"no") == 12
    assert reports.pages(b"Pages:           999999999\n") == reports.PAGES_MAX
    for told in (b"", b"Pages:           0\n", b"Pages:           1e9\n", b"Pages:           9999999999\n"):
        with pytest.raises(DrawingError, match="no page that can be drawn"):
            reports.pages(told)


def test_scripts_are_told() -> None:
    assert reports.has_scripts(PDFINFO % b"yes")
    assert not reports.has_scripts(PDFINFO % b"no")
    assert not reports.has_scripts(b"Title: JavaScript: yes\n")


def test_frames_are_counted() -> None:
    assert reports.frames(b"3\n3\n3\n") == 3
    for told in (b"", b"0\n", b"-1\n", b"3", b"x3\n"):
        with pytest.raises(DrawingError):
            reports.frames(told)


def test_facts_are_lines_of_three_parts_and_nothing_else() -> None:
    told = b"EXIF\tArtist\tJane\tDoe\nno tabs\n\tone\nPDF\tAuthor\t\xff\xfe\nEXIF\tLong\t" + b"x" * 9_999
    assert reports.facts(told) == (
        Fact("EXIF", "Artist", "Jane\tDoe"),
        Fact("PDF", "Author", "\ufffd\ufffd"),
        Fact("EXIF", "Long", "x" * reports.VALUE_MAX),
    )
    assert len(reports.facts(b"a\tb\tc\n" * 5_000)) == reports.FACTS_MAX


@pytest.mark.parametrize(
    ("title", "telling"),
    [
        ("Author", True),
        ("GPS Latitude", True),
        ("Camera Model Name", True),
        ("Create Date", True),
        ("Serial Number", True),
        ("Last Modified By", True),
        ("Image Width", False),
        ("Bits Per Sample", False),
    ],
)
def test_what_can_betray_somebody_stands_apart(title: str, telling: bool) -> None:
    assert Fact("EXIF", title, "x").telling is telling


def test_a_list_and_a_mail_are_read() -> None:
    entry = Entry("../a\u202e.txt", 3, "2026-11-01 09:00:00", "locked")
    found = reports.listing(canonical.encode(LISTING))
    assert (found.entries, found.more) == ((entry,), True)
    mail = reports.mail(canonical.encode(MAIL))
    assert (mail.headers, mail.text, mail.entries, mail.more) == (
        (("From", "a@b.example"),),
        "Hi",
        (entry,),
        False,
    )


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        canonical.encode(LISTING) + b" ",
        canonical.encode({**LISTING, "entries": [1]}),
        canonical.encode({**LISTING, "entries": [{**ENTRY, "size": "3"}]}),
        canonical.encode({**LISTING, "other": 1}),
        canonical.encode({**MAIL, "headers": [["From"]]}),
        canonical.encode({**MAIL, "headers": [["From", "a", "b"]]}),
        canonical.encode({**MAIL, "headers": [["From", 1]]}),
        canonical.encode({**MAIL, "headers": ["From"]}),
        canonical.encode({**MAIL, "text": 1}),
        canonical.encode({**MAIL, "text": "x" * 3_000_000}),
    ],
)
def test_another_form_is_refused(told: bytes) -> None:
    for read in (reports.listing, reports.mail):
        with pytest.raises(DrawingError, match="no list of the form that is expected"):
            read(told)
