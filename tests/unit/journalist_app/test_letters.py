"""Letters to bodies: the words of the rules, no identity without consent, the question before it goes."""

import re
from pathlib import Path

import pytest

from cases import outlook
from cases.kinds import ReportEvent as E
from cases.packs.schema import CheckItem
from journalist_app.errors import LetterError, NotFoundError
from journalist_app.services.letters import LETTER_MAX, Letter
from tests.support.case_office import CaseOffice
from tests.support.shipped import shipped
from tests.support.station import OfficerBrowser

CHECKS = [item.id for item in shipped("kr").records if isinstance(item, CheckItem)]


@pytest.fixture
def office(tmp_path: Path) -> CaseOffice:
    """An office whose first case was verified."""
    made = CaseOffice(tmp_path)
    made.report(1, text="Secret words of the source.")
    made.assigned()
    made.step("Hanna", E.VERIFIED, checked=CHECKS)
    return made


def send(office: CaseOffice, *attached: str) -> None:
    sent = {"allegation": "A1", "institution": "police", "attached": list(attached)}
    office.step("Hanna", E.TRANSFERRED, "Sven", **sent, lead=True, redacted=True)  # type: ignore[arg-type]


def letter(office: CaseOffice, language: str = "", name: str = "Hanna", referral: str = "R1") -> Letter:
    desk = office.desk(name)
    try:
        return desk.letters().start(1, referral, language)
    finally:
        desk.unlocked.close()


def consent(office: CaseOffice, *fields: str) -> None:
    office.step(
        "Inge",
        E.CONSENT_RECORDED,
        words="In message 1.",
        institution="police",
        identity_fields=list(fields),
        language="en",
    )


def test_a_letter_begins_with_the_words_of_the_rules_and_no_identity(office: CaseOffice) -> None:
    send(office)
    found = letter(office, "en")
    assert found.text.startswith("Office for Integrity\n22 November 2026\n\nTo: Police\n")
    assert f"Our reference: {office.page('Hanna').code} R1" in found.text
    assert "has not agreed that you learn who they are" in found.text
    assert not re.search(r"[{}]", found.text)
    assert "Secret words" not in found.text
    assert (found.attached, found.redacted, found.reidentified) == ((), True, False)
    places = {each.place: each.status for each in found.cited}
    assert {"ACA 59(3)", "PIWPA Decree 11(2)", "ACA Decree 57(3)", "PIWPA Decree 9(3)"} <= set(places)
    assert set(places.values()) == {"draft"}, "no lawyer has looked at it yet, and it says so"


def test_what_the_source_agreed_to_is_named_until_they_take_it_back(office: CaseOffice) -> None:
    consent(office, "name", "contact")
    send(office, "name")
    found = letter(office, "en")
    assert "agreed that you learn of them: name." in found.text
    assert "contact" not in found.text
    consent(office)
    found = letter(office, "en")
    assert found.attached == ()
    assert "has not agreed that you learn who they are" in found.text


def test_a_letter_speaks_the_languages_of_the_rules(office: CaseOffice) -> None:
    send(office)
    korean = letter(office, "ko")
    assert "2026년 11월 22일\n\n받는 기관: 경찰" in korean.text
    assert "동의하지 않았습니다" in korean.text
    assert letter(office, "xx").language == korean.languages[0]


def test_a_letter_is_for_a_body_that_has_the_matter_and_for_who_sees_the_case(office: CaseOffice) -> None:
    with pytest.raises(NotFoundError):
        letter(office)
    send(office)
    for referral in ("R2", "A1", "../x"):
        with pytest.raises(NotFoundError):
            letter(office, referral=referral)
    office.step("Boss", E.RECUSED, person=office.id_of("Henrik"))
    with pytest.raises(NotFoundError):
        letter(office, name="Henrik")


@pytest.mark.parametrize(
    ("text", "read", "why"),
    [("A letter.", False, "then say so"), (" \n", True, "1 to"), ("x" * (LETTER_MAX + 1), True, "1 to")],
)
def test_nothing_goes_out_unread(office: CaseOffice, text: str, read: bool, why: str) -> None:
    with pytest.raises(LetterError, match=why):
        office.desk("Hanna").letters().check(text, read=read)


def test_a_letter_is_no_notice_to_the_source(office: CaseOffice) -> None:
    send(office)
    start = office.desk("Hanna").notices().start(1, 7, "en")
    assert start.kind is E.TRANSFERRED
    assert "To: " not in start.written.text
    assert "Your name and details went with it only if you agreed." in start.written.text
    assert outlook.letters is not outlook.notices


def test_the_page_asks_before_it_prints_and_keeps_what_was_typed(office: CaseOffice) -> None:
    send(office)
    browser = OfficerBrowser(office.live.app())
    who = next(each for each in office.live.born.officers if each.name == "Hanna")
    assert browser.sign_in(office.live, who).status_code == 303
    assert "/cases/1/letters/R1" in browser.get("/cases/1").get_data(as_text=True)
    page = "/cases/1/letters/R1"
    html = browser.get(f"{page}?language=ko").get_data(as_text=True)
    assert "받는 기관" in html
    assert "Does it reveal the source?" in html
    assert "No institution" in html
    typed = {"text": "A letter <b>of mine</b>.", "language": "en", "do": "print"}
    refused = browser.post(page, page=page, **typed)
    assert (
        refused.status_code,
        "A letter &lt;b&gt;of mine&lt;/b&gt;." in refused.get_data(as_text=True),
    ) == (409, True)
    printed = browser.post(page, page=page, **typed, read="1")
    html = printed.get_data(as_text=True)
    assert printed.status_code == 200
    assert "A letter &lt;b&gt;of mine&lt;/b&gt;." in html
    assert "ACA Decree 57(3)" in html
    assert "draft" in html
    unknown = browser.post(page, page=page, text="A letter.", do="seal", to="Nobody", read="1")
    assert unknown.status_code == 409
