"""The pages on which files are looked at: what they show, what they let a browser do, what the log says."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from journalist_app.security.headers import HEADERS
from tests.support import documents
from tests.support.case_office import CaseOffice
from tests.support.station import OfficerBrowser

NAME = "photo\u202egpj.<b>exe"
HOSTILE = "<script>alert(1)</script> \u202ehidden\u202c & \x1b[31mred"
FILES = (
    (NAME, documents.jpeg()),
    ("two.pdf", documents.pdf("One", "Two")),
    ("note.txt", HOSTILE.encode()),
    ("a.zip", documents.zipped({"../<i>\u202e": b"x"})),
    ("a.eml", f"From: <b>@x\nSubject: \u202ehello\nX-Mailer: y\n\n{HOSTILE}".encode()),
    ("program.bin", b"MZ\x90\0" + bytes(20)),
    ("tagged.pdf", documents.pdf("x", author="<script>alert(2)</script>")),
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> CaseOffice:
    office = CaseOffice(tmp_path_factory.mktemp("office"))
    office.report(1, files=FILES)
    return office


@pytest.fixture(scope="module")
def browser(office: CaseOffice) -> Iterator[OfficerBrowser]:
    """An officer of the desk, signed in."""
    browser = OfficerBrowser(office.live.app())
    inge = next(each for each in office.live.born.officers if each.name == "Inge")
    assert browser.sign_in(office.live, inge).status_code == 303
    yield browser
    browser.post("/sign-out", page="/")


def text(browser: OfficerBrowser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_case_leads_to_each_file(browser: OfficerBrowser) -> None:
    html = text(browser, "/cases/1")
    assert [f'href="/files/{number}/view"' in html for number in range(1, 9)] == [True] * 7 + [False]


def test_a_page_shows_its_picture_and_leads_to_the_others(browser: OfficerBrowser) -> None:
    html = text(browser, "/files/2/view")
    assert re.findall(r'<img src="([^"]+)" alt="([^"]+)"', html) == [
        ("/files/2/page.png?page=1", "Page 1, drawn as a picture")
    ]
    assert "Page 1 of 2" in html
    assert 'href="/files/2/view?page=2#page" rel="next"' in html
    assert 'rel="prev"' not in html
    second = text(browser, "/files/2/view?page=2")
    assert 'href="/files/2/view?page=1#page" rel="prev"' in second
    assert 'rel="next"' not in second
    picture = browser.get("/files/2/page.png?page=2")
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.data.startswith(b"\x89PNG\r\n\x1a\n")
    assert HEADERS.items() <= dict(picture.headers).items()


def test_pictures_show_on_that_page_alone(browser: OfficerBrowser) -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert browser.get("/files/2/view").headers["Content-Security-Policy"] == f"{policy}; img-src 'self'"
    for path in ("/cases/1", "/", "/files/99/view/x", "/files/2/page.png?page=1"):
        assert browser.get(path).headers["Content-Security-Policy"] == policy


def test_a_picture_that_nobody_drew_is_not_there(browser: OfficerBrowser) -> None:
    for path in ("/files/2/page.png?page=7", "/files/3/page.png", "/files/99/page.png", "/files/99/view"):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1&page=2", "99999999999999999999999"])
def test_an_odd_number_of_a_page_harms_nothing(browser: OfficerBrowser, page: str) -> None:
    assert browser.get(f"/files/2/view?page={page}").status_code == 200


def test_what_a_stranger_wrote_is_shown_as_it_is_and_does_nothing(browser: OfficerBrowser) -> None:
    for number in range(1, len(FILES) + 1):
        html = text(browser, f"/files/{number}/view")
        assert not re.search(r"<script|<b>|<i>|\son[a-z]+=|https?://|style=|\u202e|\x1b", html)
    assert "photo‹U+202E›gpj.<b>exe" in unescape(text(browser, "/files/1/view"))
    seen = "<script>alert(1)</script> ‹U+202E›hidden‹U+202C› & ‹U+001B›[31mred"
    assert seen in unescape(text(browser, "/files/3/view"))
    archive = unescape(text(browser, "/files/4/view"))
    assert "../<i>‹U+202E›" in archive
    assert re.search(r"<td>\d+ [A-Z][a-z]+ 20\d\d, \d\d:\d\d:\d\d</td>", archive)
    mail = unescape(text(browser, "/files/5/view"))
    assert all(said in mail for said in ("‹U+202E›hello", seen))
    assert "<script>alert(2)</script>" in unescape(text(browser, "/files/7/view"))


def test_what_it_is_stands_against_what_was_said(browser: OfficerBrowser) -> None:
    html = unescape(text(browser, "/files/1/view"))
    assert "By its name or type it says to be a PDF document. By its bytes it is a JPEG picture." in html
    assert "GPS Latitude" in html
    assert documents.AUTHOR in html
    unknown = unescape(text(browser, "/files/6/view"))
    assert "Files of this kind cannot be shown here." in unknown
    assert "4d 5a 90 00" in unknown


def test_a_clean_copy_is_made_shown_and_saved(browser: OfficerBrowser) -> None:
    answer = browser.post("/files/1/clean", page="/files/1/view")
    html = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert re.search(
        r"GPS Latitude</th>\s*<td[^>]*><bdi>37 deg.*?</td>\s*<td[^>]*><strong>gone</strong>", html
    )
    assert not re.search(r"<b>|\u202e", answer.get_data(as_text=True))
    saved = browser.post("/files/1/clean/save", page="/files/1/view")
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert 'filename="file-1-clean.jpg"' in saved.headers["Content-Disposition"]
    assert saved.headers["Content-Length"] == str(len(saved.data))
    assert documents.AUTHOR.encode() not in saved.data


def test_what_cannot_be_cleaned_says_why(browser: OfficerBrowser) -> None:
    assert 'action="/files/6/clean"' not in text(browser, "/files/6/view")
    answer = browser.post("/files/6/clean", page="/files/6/view")
    assert answer.status_code == 409
    assert "mat2 cannot clean files of this kind" in answer.get_data(as_text=True)


def test_nothing_is_cleaned_by_a_link_or_without_a_token(browser: OfficerBrowser) -> None:
    for path in ("/files/1/clean", "/files/1/clean/save"):
        assert browser.get(path).status_code == 405
        assert browser.post(path).status_code == 400


def test_every_look_stands_in_the_log(office: CaseOffice, browser: OfficerBrowser) -> None:
    browser.get("/files/2/view?page=2")
    browser.get("/files/2/page.png?page=2")
    browser.post("/files/1/clean", page="/cases/1")
    browser.post("/files/1/clean/save", page="/cases/1")
    desk = office.desk("Admin")
    lines = [(line.officer, line.action, line.subject) for line in desk.audit().lines(desk.officer)][:6]
    assert [line for line in lines if line[1] not in {"read", "signed in"}][:3] == [
        ("Inge", "saved a clean copy of", "file 1"),
        ("Inge", "made a clean copy of", "file 1"),
        ("Inge", "looked at", "file 2"),
    ]
    desk.unlocked.close()
