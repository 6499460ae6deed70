"""Work on a case in a real Firefox with scripts off: steps with a second officer, a note, a recusal.

Pictures under build/screens/.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.journey import Source
from demo.place import Access, Officer
from tests.browser.officer_pages import Codes, sign_in
from tests.support.firefox import Firefox, firefox
from tests.support.running import live_instance
from tests.support.waiting import wait_until

SCREENS = Path("build/screens")


@pytest.fixture
def access(tmp_path: Path) -> Iterator[Access]:
    """A running instance of its own."""
    with live_instance(tmp_path) as live:
        yield live.access


def test_a_case_is_worked_on(access: Access) -> None:
    codes = Codes(access.officers)
    first, second = access.officers[:2]
    Source(access.source_url).report("They paid twice for the bridge.", [])
    with firefox(SCREENS) as page:
        page.open(access.officer_url + "/sign-in")
        sign_in(page, first, codes)
        case = _imported(page, access)
        _step(page, case, "acknowledged")
        assert "Tell the source: acknowledgement." in page.text
        _triage(page, case, second, codes)
        _step(page, case, "allegation_added", category="bribery")
        _assign(page, case, first)
        page.open(case)
        assert f"Handler: {first.name}." in page.text
        for summary in page.elements("summary"):
            summary.click()
        page.screenshot("officer-case-worked-on")
        page.type("#note", "Ask the bank first.")
        page.click("form[action$='/notes'] button")
        assert "Ask the bank first." in page.text
        page.open(access.officer_url + "/cases")
        assert "with its handler" in page.text
        page.screenshot("officer-cases")


def _imported(page: Firefox, access: Access) -> str:
    def there() -> bool:
        page.open(access.officer_url + "/import")
        page.click("form[action='/import'] button")
        page.open(access.officer_url + "/cases")
        return bool(page.elements("a[href^='/cases/']"))

    wait_until(there, "the report at the station")
    page.click("a[href^='/cases/']")
    return page.url


def _step(page: Firefox, case: str, kind: str, **chosen: str) -> None:
    page.open(f"{case}/steps/{kind}")
    for name, value in chosen.items():
        page.click(f"[name={name}] option[value={value}]")
    page.click("main form button")
    assert page.url == case


def _triage(page: Firefox, case: str, second: Officer, codes: Codes) -> None:
    page.open(f"{case}/steps/triaged")
    page.click("[name=risk] option[value=high]")
    page.click("#in_scope")
    page.type("[name=officer]", second.name)
    page.type("[name=passphrase]", secrets.token_hex(8))
    page.type("[name=code]", "000000")
    page.click("main form button")
    assert "Name, passphrase or code is wrong" in page.text
    assert page.element("#in_scope").get_property("checked"), "what was typed is still there"
    page.screenshot("officer-step-refused")
    sign_in(page, second, codes)
    assert page.url == case


def _assign(page: Firefox, case: str, handler: Officer) -> None:
    page.open(f"{case}/steps/assigned")
    page.screenshot("officer-step-assign")
    next(each for each in page.elements("[name=handler] option") if each.text == handler.name).click()
    page.click("main form button")
    assert "must first declare to be free of conflicts" in page.text
    page.click("#no_conflict_declared")
    page.click("main form button")
    assert page.url == case
