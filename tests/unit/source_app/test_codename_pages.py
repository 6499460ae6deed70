"""From the codename that is shown to the inbox that it opens."""

import re
from collections.abc import Callable

import pytest

from crypto import codename as codenames
from source_app.errors import BusyError
from tests.support.source_site import Site, Visitor, shown_codename

NEVER_USED = "abacus zoom cone outthink agreement quack uncapped deeply"


def test_no_codename_before_the_first_sending(site: Site, visitor: Visitor) -> None:
    assert visitor.get("/codename").headers["Location"] == "/inbox"
    assert visitor.get("/codename/check").headers["Location"] == "/inbox"
    visitor.get("/report")
    assert not shown_codename(visitor.page)


def test_the_codename_is_shown_until_two_words_were_typed_back(site: Site, visitor: Visitor) -> None:
    visitor.send("text")
    visitor.get("/codename")
    codename = shown_codename(visitor.page)
    assert codenames.parse(codename) == codename
    words = _asked_words(visitor, codename)
    assert visitor.post("/codename/check", {"first": "wrong", "second": words[1]}).status_code == 400
    assert "not the two words" in visitor.page
    answer = visitor.post("/codename/check", {"first": words[0].title(), "second": f" {words[1]}"})
    assert answer.headers["Location"] == "/inbox"
    assert visitor.get("/codename").headers["Location"] == "/inbox"
    assert visitor.get("/inbox").status_code == 200
    assert codename not in visitor.page


def _asked_words(visitor: Visitor, codename: str) -> list[str]:
    visitor.get("/codename/check")
    places = [int(place) for place in re.findall(r"Word number (\d)", visitor.page)]
    assert len(set(places)) == 2
    return [codename.split()[place - 1] for place in places]


def test_the_check_asks_for_the_same_words_again(site: Site, visitor: Visitor) -> None:
    visitor.send("text")
    visitor.get("/codename")
    codename = shown_codename(visitor.page)
    assert _asked_words(visitor, codename) == _asked_words(visitor, codename)


@pytest.mark.parametrize("gap", [" ", "  ", "-", " \n"])
@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title])
def test_a_codename_is_taken_in_any_spelling(site: Site, spell: Callable[[str], str], gap: str) -> None:
    codename = Visitor(site).report()
    answer = Visitor(site).enter(spell(codename).replace(" ", gap))
    assert answer.headers["Location"] == "/inbox"


def test_a_codename_that_was_never_used_opens_an_empty_inbox(site: Site) -> None:
    visitor = Visitor(site)
    assert visitor.enter(NEVER_USED).status_code == 303
    visitor.get("/inbox")
    assert "There is no answer for this codename yet" in visitor.page


def test_mistyped_words_are_named_with_the_nearest(site: Site) -> None:
    visitor = Visitor(site)
    assert visitor.enter(NEVER_USED.replace("abacus", "abakus")).status_code == 400
    assert "<strong><bdi>abakus</bdi></strong>: perhaps abacus" in visitor.page
    assert "zoom</strong>" not in visitor.page


@pytest.mark.parametrize("typed", [NEVER_USED.replace("zoom", "cone"), " ".join(NEVER_USED.split()[::-1])])
def test_a_wrong_codename_gets_no_hint_which_word_it_is(site: Site, typed: str) -> None:
    visitor = Visitor(site)
    assert visitor.enter(typed).status_code == 400
    assert "one of them is mistaken, or their order" in visitor.page
    assert "perhaps" not in visitor.page


@pytest.mark.parametrize("typed", ["", "abacus", NEVER_USED + " zoom", "x" * 5_000])
def test_odd_input_is_refused_before_any_slow_work(
    site: Site, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr("source_app.services.derivation.derive_master", _must_not_run)
    visitor = Visitor(site)
    assert visitor.enter(typed).status_code == 400
    assert "A codename has eight words; here are more or fewer." in visitor.page


def test_a_wrong_count_names_it_and_the_slips(site: Site) -> None:
    visitor = Visitor(site)
    visitor.enter(NEVER_USED.replace("zoom", "zoon").rpartition(" ")[0])
    assert "You typed 7 words." in visitor.page
    assert "<strong><bdi>zoon</bdi></strong>: perhaps" in visitor.page


def test_whoever_is_in_finds_the_way_to_the_messages_on_every_page(site: Site, visitor: Visitor) -> None:
    link = '<a href="/inbox">Messages</a>'
    for path in ("/", "/key", "/report"):
        visitor.get(path)
        assert link not in visitor.page
    visitor.send("text")
    for path in ("/", "/key", "/limits", "/lost", "/report", "/return", "/codename", "/no-such-page"):
        visitor.get(path)
        assert link in visitor.page, path
    visitor.get("/return")
    assert "Your new codename waits for its check" in visitor.page
    visitor.get("/codename")
    visitor.enter(shown_codename(visitor.page))
    visitor.get("/return")
    assert "You are in already" in visitor.page


def _must_not_run(*_: object) -> bytes:
    raise AssertionError("derived")


def test_a_missing_token_at_return_brings_the_form_again(site: Site) -> None:
    visitor = Visitor(site)
    visitor.get("/return")
    assert visitor.post("/return", {"csrf_token": "", "codename": NEVER_USED}).status_code == 400
    assert "open for too long" in visitor.page
    assert visitor.get("/inbox").status_code == 303


def test_writing_after_the_session_ended_shows_the_text_to_copy(site: Site) -> None:
    visitor = Visitor(site)
    visitor.enter(NEVER_USED)
    visitor.get("/inbox")
    site.clock.turn(hours=2)
    assert visitor.send("typed for an hour", path="/inbox").status_code == 400
    assert "typed for an hour" in visitor.page
    assert "return with your codename" in visitor.page
    assert site.holds_nothing()


def test_writing_first_from_the_inbox_shows_the_codename_too(site: Site, visitor: Visitor) -> None:
    assert visitor.send("text", path="/inbox").status_code == 303
    visitor.get("/inbox")
    assert "Have you written down your codename?" in visitor.page
    visitor.get("/codename")
    assert shown_codename(visitor.page)


def test_a_report_of_somebody_who_came_back_joins_the_earlier_one(site: Site) -> None:
    codename = Visitor(site).report()
    visitor = Visitor(site)
    visitor.enter(codename)
    visitor.get("/report")
    assert "this report joins what you sent before" in visitor.page
    assert visitor.send("second").headers["Location"] == "/inbox?sent=message"
    assert len({opened.parcel.head.author for opened in site.stored()}) == 1


def test_a_closed_site_still_opens_the_inbox(site: Site) -> None:
    codename = Visitor(site).report()
    site.clock.turn(weeks=6)
    visitor = Visitor(site)
    assert visitor.enter(codename).status_code == 303
    assert visitor.get("/inbox").status_code == 200


def test_before_first_contact_both_doors_are_closed(virgin: Site) -> None:
    visitor = Visitor(virgin)
    assert visitor.get("/").status_code == 200
    assert visitor.get("/report").status_code == 503
    assert visitor.enter(NEVER_USED).status_code == 503
    visitor.get("/key")
    assert "This site has no key yet" in visitor.page


def test_the_key_page_shows_the_words_of_the_trust_card(site: Site) -> None:
    visitor = Visitor(site)
    visitor.get("/key")
    assert re.findall(r"<li>(\w+)</li>", visitor.page) == site.station.root_words.split()
    assert "not yet confirmed" in visitor.page
    site.station.certify(site.services.trust.server_key)
    site.carry_back()
    visitor.get("/key")
    assert "has confirmed this server" in visitor.page


def test_too_many_at_once_are_asked_to_come_back_soon(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("source_app.services.derivation.Derivation.master", _busy)
    visitor = Visitor(site)
    assert visitor.enter(NEVER_USED).status_code == 503
    assert "Please try again soon" in visitor.page
    assert "a day or two" not in visitor.page
    visitor.get("/report")
    assert visitor.send("kept text").status_code == 503
    assert "kept text" in visitor.page
    assert site.holds_nothing()


def _busy(*_: object) -> bytes:
    raise BusyError
