"""The page of an archive: who may, which media, what is shown once, what is kept of what was chosen."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from journalist_app.app import create_app
from tests.support.case_office import CaseOffice
from tests.support.station import OfficerBrowser


@pytest.fixture
def office(tmp_path: Path) -> CaseOffice:
    made = CaseOffice(tmp_path)
    made.report(1, text="Secret words.")
    return made


def browser(office: CaseOffice, media: Path | None, name: str = "Boss") -> OfficerBrowser:
    found = (str(media / "*"),) if media else ()
    app = create_app(replace(office.live.settings, archive_dirs=found), office.live.clock)
    made = OfficerBrowser(app)
    who = next(each for each in office.live.born.officers if each.name == name)
    assert made.sign_in(office.live, who).status_code == 303
    return made


def test_an_archive_is_made_and_its_words_are_shown_once(office: CaseOffice, tmp_path: Path) -> None:
    disk = tmp_path / "media" / "court"
    disk.mkdir(parents=True)
    boss = browser(office, tmp_path / "media")
    assert "/cases/1/archive" in boss.get("/cases/1").get_data(as_text=True)
    chosen = {"medium": str(disk), "seal": "passphrase", "proof": "1"}
    html = boss.post("/cases/1/archive", page="/cases/1/archive", **chosen).get_data(as_text=True)
    assert "archive-2026-11-22-1.age" in html
    assert len(re.findall(r"<li>[a-z]+</li>", html)) == 8
    assert [path.name for path in disk.iterdir()] == ["archive-2026-11-22-1.age"]
    assert "Secret words" not in html


def test_what_was_chosen_is_there_after_a_refusal(office: CaseOffice, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / "media" / name).mkdir(parents=True)
    boss = browser(office, tmp_path / "media")
    second = str(tmp_path / "media" / "two")
    chosen = {"medium": second, "seal": "recipient", "recipient": "age1nonsense", "notes": "1"}
    answer = boss.post("/cases/1/archive", page="/cases/1/archive", **chosen)
    html = answer.get_data(as_text=True)
    assert (answer.status_code, "no recipient of age" in html) == (409, True)
    assert "age1nonsense</textarea>" in html
    assert f'value="{second}" selected' in html
    assert re.search(r'id="notes"[^>]* checked', html)
    assert not re.search(r'id="proof"[^>]* checked', html)
    assert re.search(r'value="recipient" checked', html)


@pytest.mark.parametrize("path", ["/etc", "../vault", ""])
def test_a_path_of_the_browsers_own_is_refused(office: CaseOffice, tmp_path: Path, path: str) -> None:
    for name in ("one", "two"):
        (tmp_path / "media" / name).mkdir(parents=True)
    boss = browser(office, tmp_path / "media")
    answer = boss.post("/cases/1/archive", page="/cases/1/archive", medium=path, seal="passphrase")
    assert answer.status_code == 409
    assert not [each for each in (tmp_path / "media").rglob("*") if each.is_file()]


def test_without_a_medium_the_page_says_so(office: CaseOffice) -> None:
    html = browser(office, None).get("/cases/1/archive").get_data(as_text=True)
    assert "No medium for archives was found." in html
    assert "<button>Make" not in html


def test_who_only_works_on_cases_makes_no_archive(office: CaseOffice) -> None:
    inge = browser(office, None, "Inge")
    assert "/archive" not in inge.get("/cases/1").get_data(as_text=True)
    assert inge.get("/cases/1/archive").status_code == 403
