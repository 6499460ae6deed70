"""Languages: which one a page speaks, that a choice goes along without a cookie, that no text is left out."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from cases.packs import folder
from source_app.languages import CATALOGUES
from tests.support.instance import SampleStation
from tests.support.pseudo_locale import BEGIN, END, TAG, write_pseudo_locale
from tests.support.shipped import FOLDER
from tests.support.source_site import Site, Visitor

PAGES = [
    "/",
    "/before",
    "/rights",
    "/report",
    "/return",
    "/key",
    "/lost",
    "/limits",
    "/leave",
    "/nothing-here",
]
SEEN = re.compile(r"<(?:style|head).*?</(?:style|head)>|<[^>]*>", re.DOTALL)
OURS = {"English", "한국어", "العربية", "the sample office", ""}
"""What is no text of ours: names of languages, and what the settings call the agency."""


@pytest.fixture
def korean(tmp_path: Path) -> Iterator[Site]:
    """A site of an instance that speaks Korean first, with the shipped pack."""
    pack = folder.files_of(FOLDER / "kr")
    made = Site(tmp_path, SampleStation(languages=("ko", "en", "fr"), pack=pack))
    made.first_contact()
    yield made
    made.close()


@pytest.fixture
def mirrored(tmp_path: Path) -> Iterator[Site]:
    """A site that speaks a language from right to left, and no pack."""
    catalogues = (CATALOGUES, write_pseudo_locale(tmp_path / "catalogues"))
    made = Site(tmp_path, SampleStation(languages=("en", TAG)), catalogues=catalogues)
    made.first_contact()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/", "", "ko"),
        ("/", "en-US,en;q=0.5", "en"),
        ("/", "ko-KR,ko;q=0.9,en;q=0.5", "ko"),
        ("/", "fr,de;q=0.5", "ko"),
        ("/?l=en", "ko", "en"),
        ("/?l=ko", "en", "ko"),
        ("/?l=fr", "en", "en"),
        ("/?l=../../etc", "en", "en"),
        ("/nothing-here?l=ko", "en", "ko"),
        ("/report?l=ko", "en", "ko"),
    ],
)
def test_the_choice_comes_before_the_browser_and_both_before_the_default(
    korean: Site, path: str, accepted: str, language: str
) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    page = Visitor(korean).get(path, headers=headers).get_data(as_text=True)
    assert f'<html lang="{language}" dir="ltr">' in page


def test_a_choice_goes_along_in_every_link_and_sets_no_cookie(korean: Site) -> None:
    visitor = Visitor(korean)
    answer = visitor.get("/?l=ko", headers={"Accept-Language": "en"})
    assert "Set-Cookie" not in answer.headers
    links = re.findall(r'<a (?!lang=)[^>]*href="([^"]*)"', visitor.page)
    assert links
    assert all(link.endswith("?l=ko") for link in links)
    visitor.get("/report?l=ko", headers={"Accept-Language": "en"})
    assert 'action="/report?l=ko"' in visitor.page
    assert 'formaction="/report?in=frame&amp;l=ko"' in visitor.page


def test_a_language_is_offered_only_with_texts(korean: Site) -> None:
    page = Visitor(korean).get("/").get_data(as_text=True)
    assert re.findall(r'hreflang="(\w+)"', page) == ["ko", "en"]


def test_dates_questions_and_the_language_of_a_report_follow(korean: Site) -> None:
    visitor = Visitor(korean)
    visitor.get("/report?l=ko")
    assert "무슨 일" in visitor.page
    assert visitor.send("돈을 가져갔습니다.", path="/report?l=ko").status_code == 303
    assert korean.stored()[0].parcel.head.language == "ko"
    assert "년" in Visitor(korean).get("/key?l=ko").get_data(as_text=True)


def test_nothing_on_a_page_is_written_past_the_catalogues(mirrored: Site) -> None:
    visitor = Visitor(mirrored)
    for path in PAGES:
        visitor.get(f"{path}?l={TAG}")
        assert f'<html lang="{TAG}" dir="rtl">' in visitor.page, path
        assert stray_texts(visitor.page) == [], path


def test_what_follows_a_report_is_not_written_past_them_either(mirrored: Site) -> None:
    visitor = Visitor(mirrored)
    visitor.get(f"/report?l={TAG}")
    visitor.send("  ", path=f"/report?l={TAG}")
    assert stray_texts(visitor.page) == []
    assert visitor.send("text", path=f"/report?l={TAG}").status_code == 303
    for path in ("/codename", "/codename/check", "/inbox", "/withdraw"):
        visitor.get(f"{path}?l={TAG}")
        assert stray_texts(visitor.page) == [], path


def stray_texts(page: str) -> list[str]:
    """What a person reads on a page that no catalogue gave, but codenames, days and numbers."""
    page = re.sub(r'<(p|ol|code)[^>]* dir="ltr".*?</\1>', "", page, flags=re.DOTALL)
    text = unescape(SEEN.sub("\n", page))
    text = re.sub(f"{BEGIN}[^{BEGIN}{END}]*{END}", "", text)
    text = re.sub(f"[{BEGIN}{END}]", "", text)
    return [
        line.strip() for line in text.splitlines() if line.strip() not in OURS and re.search("[A-Za-z]", line)
    ]
