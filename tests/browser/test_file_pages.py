"""Files looked at in a real Firefox with scripts off: pages turned, warnings read, a clean copy saved.

Pictures under build/screens/.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.browser import Upload
from demo.journey import Source
from demo.place import Access
from tests.browser.officer_pages import Codes, sign_in
from tests.support import documents
from tests.support.firefox import Firefox, firefox
from tests.support.running import live_instance
from tests.support.waiting import wait_until

SCREENS = Path("build/screens")
TEXT = "order,date,amount\n4471,2026-05-04,19800\n\u202eevil\u202c 부패 <b>x</b>\n".encode()
FILES = {
    "minutes.pdf": documents.pdf("Minutes of the fourth of May", "Second page", box="0 0 420 595"),
    "Rechnung 부패.odt": documents.odt("They paid twice.", "부패 신고 국민권익위원회", macro=True),
    "photo of the bridge.jpg": documents.jpeg(1200, 800),
    "orders.csv": TEXT,
    "old\u202egpj.zip": documents.zipped({"../../etc/passwd": b"x", "zeros.bin": bytes(9_000_000)}),
    "letter.eml": b"From: J <j@x.example>\nSubject: The bridge\n\nPlease look at the bridge.\n",
    "not a photo.jpg": b"MZ\x90\0" + bytes(range(256)),
}


@pytest.fixture
def access(tmp_path: Path) -> Iterator[Access]:
    """A running instance of its own."""
    with live_instance(tmp_path) as live:
        yield live.access


def test_files_are_looked_at(access: Access, tmp_path: Path) -> None:
    Source(access.source_url).report("They paid twice for the bridge.", _uploads(tmp_path))
    with firefox(SCREENS) as page:
        page.open(access.officer_url + "/sign-in")
        sign_in(page, access.officers[0], Codes(access.officers))
        _imported(page, access)
        page.screenshot("officer-case-files")
        _turn_pages(page)
        for at, (name, said) in enumerate(
            {
                "document": "It brings programs of its own",
                "photo": "GPS Latitude",
                "text": "‹U+202E›evil‹U+202C› 부패 <b>x</b>",
                "archive": "../../etc/passwd",
                "mail": "Please look at the bridge.",
                "odd": "By its name or type it says to be a JPEG picture.",
            }.items(),
            2,
        ):
            page.open(f"{access.officer_url}/files/{at}/view")
            assert said in page.text
            assert [int(each.get_property("naturalWidth")) > 0 for each in page.elements("img")] == (
                [True] if name in {"document", "photo"} else []
            )
            page.screenshot(f"officer-file-{name}")
        _clean(page, access)


def _uploads(folder: Path) -> list[Upload]:
    places = [folder / str(number) for number in range(len(FILES))]
    for place, data in zip(places, FILES.values(), strict=True):
        place.write_bytes(data)
    return [Upload(name, place) for name, place in zip(FILES, places, strict=True)]


def _imported(page: Firefox, access: Access) -> None:
    def there() -> bool:
        page.open(access.officer_url + "/import")
        page.click("form[action='/import'] button")
        page.open(access.officer_url + "/cases")
        return bool(page.elements("a[href^='/cases/']"))

    wait_until(there, "the report at the station")
    page.click("a[href^='/cases/']")


def _turn_pages(page: Firefox) -> None:
    page.click("a[href$='/files/1/view']")
    assert "Page 1 of 2" in page.text
    assert int(page.element("img").get_property("naturalHeight")) == 2000
    page.screenshot("officer-file-pdf")
    page.click("a[rel=next]")
    assert "Page 2 of 2" in page.text
    assert page.url.endswith("?page=2#page")
    page.click("a[rel=prev]")
    assert "Page 1 of 2" in page.text


def _clean(page: Firefox, access: Access) -> None:
    page.open(access.officer_url + "/files/3/view")
    page.click("form[action$='/clean'] button")
    assert "GPS Latitude" in page.text
    assert "gone" in page.text
    page.screenshot("officer-file-clean")
    page.click("form[action$='/clean/save'] button")
    saved = page.downloads / "file-3-clean.jpg"
    wait_until(lambda: saved.exists() and saved.stat().st_size > 0, "the copy on the disk")
    assert saved.read_bytes().startswith(b"\xff\xd8\xff")
    assert documents.AUTHOR.encode() not in saved.read_bytes()
