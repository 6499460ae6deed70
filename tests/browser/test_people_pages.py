"""People in a real Firefox with scripts off: an officer comes, makes their secrets their own, and one leaves.

Pictures under build/screens/. Codes are good once in thirty seconds, so each step waits for a fresh one.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from demo.place import Access, Officer
from tests.browser.officer_pages import Codes, sign_in
from tests.support.firefox import Firefox, firefox
from tests.support.running import live_instance

SCREENS = Path("build/screens")


@pytest.fixture
def access(tmp_path: Path) -> Iterator[Access]:
    """A running instance of its own."""
    with live_instance(tmp_path) as live:
        yield live.access


def test_an_officer_comes_makes_a_passphrase_of_their_own_and_another_leaves(access: Access) -> None:
    codes = Codes(access.officers)
    first, second, leaving = access.officers[:3]
    with firefox(SCREENS) as page:
        page.open(access.officer_url + "/sign-in")
        sign_in(page, first, codes)
        page.open(access.officer_url + "/people")
        page.screenshot("officer-people")
        nina = _add(page, access, second, codes)
        _withdraw(page, access, leaving, second, codes)
        assert page.url.endswith("/sign-in")
        assert "the vault has another key" in page.text
        page.screenshot("officer-people-after-withdrawal")
        sign_in(page, nina, codes)
        nina = _renew(page, access, nina, codes)
        page.click("form[action='/sign-out'] button")
        sign_in(page, nina, codes)
        page.open(access.officer_url + "/people")
        assert f"{leaving.name}, withdrawn on" in page.text
        page.screenshot("officer-people-who-was")


def _add(page: Firefox, access: Access, second: Officer, codes: Codes) -> Officer:
    page.open(access.officer_url + "/people/add")
    page.screenshot("officer-people-add")
    page.type("[name=name]", "Nina Vogel")
    for role in ("intake", "handler"):
        page.click(f"input[value={role}]")
    sign_in(page, second, codes)
    assert "This page is shown once" in page.text
    words = r"(?:[a-z]+ ){6}[a-z]+"
    assert not re.search(f"^{words}$", page.text, re.MULTILINE), "folded away"
    page.screenshot("officer-people-secrets-folded")
    for summary in page.elements("summary"):
        summary.click()
    page.screenshot("officer-people-secrets")
    passphrase = re.findall(f"^({words})$", page.text, re.MULTILINE)[0]
    secret = re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.text)[0].replace(" ", "")
    assert page.elements("svg[role=img], .qr svg"), "a picture for the phone"
    return Officer("Nina Vogel", passphrase, secret)


def _withdraw(page: Firefox, access: Access, leaving: Officer, second: Officer, codes: Codes) -> None:
    page.open(access.officer_url + "/people")
    next(link for link in page.elements("th a") if link.text == leaving.name).click()
    page.screenshot("officer-person")
    page.click("a[href$='/roles']")
    page.screenshot("officer-person-roles")
    page.click("main p a")
    page.click("a[href$='/reset']")
    page.screenshot("officer-person-reset")
    page.open(page.url.replace("/reset", "/withdraw"))
    page.type("[name=officer]", leaving.name)
    page.type("[name=passphrase]", leaving.passphrase)
    page.type("[name=code]", codes.of(leaving))
    page.click("main form button")
    assert f"{leaving.name} cannot be one of the two" in page.text
    page.screenshot("officer-person-withdraw")
    sign_in(page, second, codes)


def _renew(page: Firefox, access: Access, officer: Officer, codes: Codes) -> Officer:
    page.open(access.officer_url + "/access")
    assert "somebody else may have seen it" in page.text
    page.screenshot("officer-own-access")
    page.click("a[href='/access/passphrase']")
    page.type("[name=passphrase]", officer.passphrase)
    page.type("[name=code]", codes.of(officer))
    page.screenshot("officer-own-passphrase")
    page.click("main form button")
    page.screenshot("officer-own-passphrase-shown")
    return replace(officer, passphrase=page.element("main strong").text)
