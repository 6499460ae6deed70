"""One report from end to end in a real Firefox with scripts off, pictures under build/screens/.

The two apps run as processes, as installed; the browser is used as a person uses it: it clicks,
types and chooses files. What stands on the pages decides whether the test passes.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.journey import code_now
from demo.place import Access
from tests.support.firefox import Firefox, firefox
from tests.support.running import live_instance
from tests.support.waiting import wait_until

SCREENS = Path("build/screens")
MESSAGE = "The bridge was paid for twice. 다리 공사비가 두 번 지급되었습니다."
ANSWER = "Which month was it? 몇 월이었습니까?"


@pytest.fixture
def access(tmp_path: Path) -> Iterator[Access]:
    """A running instance of its own."""
    with live_instance(tmp_path) as live:
        yield live.access


def test_a_report_goes_over_the_gap_and_an_answer_comes_back(access: Access, tmp_path: Path) -> None:
    files = [_file(tmp_path / "one", b"%PDF-1.7 first"), _file(tmp_path / "two", b"%PDF-1.7 second")]
    with firefox(SCREENS) as source:
        codename = _report(source, access.source_url, files)
        with firefox(SCREENS) as officer:
            _sign_in(officer, access)
            _answer(officer, access.officer_url, files)
        _read_answer(source, access.source_url, codename)


def _file(folder: Path, start: bytes) -> Path:
    folder.mkdir()
    path = folder / "invoice.pdf"
    path.write_bytes(start + secrets.token_bytes(100_000))
    return path


def _report(source: Firefox, url: str, files: list[Path]) -> str:
    source.open(url + "/")
    source.screenshot("source-1-first-page")
    source.open(url + "/key")
    source.screenshot("source-key")
    source.open(url + "/report")
    source.click("form[action='/report'] button")
    with source.frame("iframe[name=answer]"):
        wait_until(lambda: "There is nothing in it yet" in source.text, "the refusal in the frame")
    source.screenshot("source-2-empty-report-refused")
    source.type("textarea[name=message]", MESSAGE)
    for path in files:
        source.type("input[name=files]", str(path))
    source.screenshot("source-2-report-filled")
    source.click("form[action='/report'] button")
    with source.frame("iframe[name=answer]"):
        wait_until(lambda: bool(source.elements("a[href='/codename']")), "the receipt in the frame")
    source.screenshot("source-2-report-sent")
    assert source.element("textarea[name=message]").get_property("value") == MESSAGE
    with source.frame("iframe[name=answer]"):
        source.follow("a[href='/codename']")
    wait_until(lambda: source.url.endswith("/codename"), "the codename")
    codename = str(source.element("#codename").text)
    assert len(codename.split()) == 8
    source.screenshot("source-3-codename")
    assert all(codename not in str(cookie["value"]) for cookie in source.cookies())
    return codename


def _sign_in(officer: Firefox, access: Access) -> None:
    who = access.officers[0]
    officer.open(access.officer_url + "/sign-in")
    officer.screenshot("officer-1-sign-in")
    officer.type("[name=officer]", who.name)
    officer.type("[name=passphrase]", who.passphrase)
    officer.type("[name=code]", code_now(who))
    officer.click("form[action='/sign-in'] button")
    assert "/sign-in" not in officer.url
    officer.screenshot("officer-2-home")


def _answer(officer: Firefox, url: str, files: list[Path]) -> None:
    wait_until(lambda: _imported(officer, url), "the report at the station")
    officer.screenshot("officer-4-cases")
    officer.click("a[href^='/cases/']")
    assert MESSAGE in officer.text
    officer.screenshot("officer-5-case")
    for button in range(len(files)):
        officer.elements("form[action^='/files/'] button")[button].click()
    wait_until(lambda: _contents(officer.downloads) == {p.read_bytes() for p in files}, "the saved files")
    officer.click("a[href$='/reply']")
    officer.type("#text", ANSWER)
    officer.click("button[value=look]")
    assert "What they will see" in officer.text
    officer.screenshot("officer-6-answer-seen")
    officer.click("button[value=keep]")
    assert ANSWER in officer.text
    officer.screenshot("officer-7-answered")
    officer.open(url + "/export")
    officer.click("form[action='/export'] button")
    officer.screenshot("officer-8-exported")


def _imported(officer: Firefox, url: str) -> bool:
    officer.open(url + "/import")
    officer.click("form[action='/import'] button")
    officer.screenshot("officer-3-import")
    officer.open(url + "/cases")
    return bool(officer.elements("a[href^='/cases/']"))


def _contents(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.iterdir() if path.suffix != ".part"}


def _read_answer(source: Firefox, url: str, codename: str) -> None:
    source.open(url + "/leave")
    source.click("form[action='/leave'] button")
    assert "Your codename has not been checked yet." in source.text
    source.screenshot("source-4-leaving-unchecked")
    source.click("main form[action='/leave'] button")
    source.screenshot("source-4-left")
    source.open(url + "/inbox")
    assert source.url.startswith(url + "/return")
    source.type("[name=codename]", codename.title().replace(" ", "-"))
    source.screenshot("source-5-return")
    source.click("form[action='/return'] button")
    wait_until(lambda: _shown(source, url), "the answer in the inbox")
    source.screenshot("source-6-inbox")


def _shown(source: Firefox, url: str) -> bool:
    source.open(url + "/inbox")
    return ANSWER in source.text
