"""What a source does about a case: read, consent, object, withdraw; each is one sealed form."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cases.packs import folder
from cases.stages import Stage
from crypto.parcel import Head, Kind
from tests.support.instance import OpenedParcel, SampleStation
from tests.support.shipped import FOLDER
from tests.support.source_site import Site, Visitor
from transfer.message import ConsentAsked, May, Message

CONSENT = ConsentAsked("The prosecutor <of> Seoul", ("name", "workplace"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An open site with the shipped pack of Korea, in English first."""
    pack = folder.files_of(FOLDER / "kr")
    made = Site(tmp_path, SampleStation(languages=("en", "ko"), pack=pack))
    made.first_contact()
    yield made
    made.close()


def message(text: str = "There is a result.", code: str = "R17", **asks: Any) -> Message:
    return Message(text, code, Stage.RESULT, "2026-11-19", None, **asks)


def answered(site: Site, *messages: Message) -> Visitor:
    """Somebody who reported, was answered, and is back."""
    codename = Visitor(site).report()
    site.services.exporter.export(site.stick)
    head: Head = site.station.read_in(site.stick, site.services.trust.server_key)[-1].parcel.head
    for each in messages:
        site.station.reply(head, each)
    site.carry_back()
    visitor = Visitor(site)
    visitor.enter(codename)
    visitor.get("/inbox")
    return visitor


def act_links(visitor: Visitor, act: str) -> list[str]:
    return [
        part.split('"')[0] for part in visitor.page.split('href="') if part.split('"')[0].endswith(f"/{act}")
    ]


def forms(parcel: OpenedParcel) -> list[dict[str, Any]]:
    return [json.loads(form) for form in parcel.parcel.forms]


def answers(form: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["id"], each["value"]) for each in form["answers"]]


def test_i_have_read_this_names_the_message_and_the_case(site: Site) -> None:
    visitor = answered(site, message(may=(May.READ,)))
    (link,) = act_links(visitor, "read")
    assert "There is a result." in visitor.get(link).get_data(as_text=True)
    answer = visitor.send(path=link)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/inbox?sent=read")
    sent = site.stored()[-1]
    assert sent.parcel.head.kind is Kind.MESSAGE
    assert (sent.parcel.text, sent.files) == ("", ())
    (form,) = forms(sent)
    assert form["form"] == "notice_read"
    assert answers(form) == [("message_id", link.split("/")[2]), ("case_code", "R17")]
    assert "It has arrived" in visitor.get("/inbox?sent=read").get_data(as_text=True)


@pytest.mark.parametrize(("given", "kept"), [("yes", "yes"), ("no", "no"), ("", "no"), ("YES", "no")])
def test_only_yes_is_a_consent(site: Site, given: str, kept: str) -> None:
    visitor = answered(site, message(consent=CONSENT))
    (link,) = act_links(visitor, "consent")
    page = visitor.get(link).get_data(as_text=True)
    assert "The prosecutor &lt;of&gt; Seoul" in page
    assert 'value="no" checked' in page
    visitor.send_parts([*hidden(visitor), ("consents", given)], path=link)
    (form,) = forms(site.stored()[-1])
    assert site.stored()[-1].parcel.head.kind is Kind.CONSENT
    assert answers(form)[2:] == [
        ("body", CONSENT.body),
        ("field", "name"),
        ("field", "workplace"),
        ("consents", kept),
        ("language", "en"),
    ]


def test_an_objection_needs_reasons(site: Site) -> None:
    visitor = answered(site, message(may=(May.OBJECT,)))
    (link,) = act_links(visitor, "object")
    visitor.get(link)
    before = len(site.stored())
    assert visitor.send(" \n", path=link).status_code == 400
    assert "There is nothing in it yet" in visitor.page
    assert len(site.stored()) == before
    assert visitor.send("The second payment was not looked at.", path=link).status_code == 303
    assert site.stored()[-1].parcel.text == "The second payment was not looked at."
    assert forms(site.stored()[-1])[0]["form"] == "objection"


def test_an_objection_that_was_changed_before_a_second_press_is_not_said_to_be_stored(site: Site) -> None:
    visitor = answered(site, message(may=(May.OBJECT,)))
    (link,) = act_links(visitor, "object")
    visitor.get(link)
    page = visitor.page
    visitor.send("The second payment.", path=link)
    before, visitor.page = len(site.stored()), page
    again = visitor.send("The second payment, and who signed it.", path=link)
    assert len(site.stored()) == before
    visitor.get(again.headers["Location"])
    assert "nothing was stored now" in visitor.page


def test_a_withdrawal_is_free_only_when_that_is_said(site: Site) -> None:
    visitor = answered(site, message())
    assert 'href="/withdraw"' in visitor.page
    for given, kept in (("yes", "yes"), ("no", "no"), ("", "no")):
        visitor.get("/withdraw")
        visitor.send_parts([*hidden(visitor), ("free", given)], path="/withdraw")
        sent = site.stored()[-1]
        assert sent.parcel.head.kind is Kind.REQUEST
        assert answers(forms(sent)[0]) == [("case_code", "R17"), ("free", kept)]


def test_of_two_cases_one_is_chosen_and_no_other_can_be_named(site: Site) -> None:
    visitor = answered(site, message(), message("Another.", code="R18"))
    visitor.get("/withdraw")
    parts = [*hidden(visitor), ("case_code", "R99"), ("case_code", "R18"), ("free", "yes")]
    visitor.send_parts(parts, path="/withdraw")
    assert answers(forms(site.stored()[-1])[0]) == [("case_code", "R18"), ("free", "yes")]


@pytest.mark.parametrize("act", ["read", "object", "consent", "delete", "read.html"])
def test_what_a_message_does_not_ask_is_no_page(site: Site, act: str) -> None:
    visitor = answered(site, message(may=(May.READ,)), message("plain", code="R18"))
    (link,) = act_links(visitor, "read")
    plain = link.rsplit("/", 1)[0] if act != "read" else "/inbox/0000000000000000"
    before = len(site.stored())
    assert visitor.get(f"{plain}/{act}").status_code == 404
    visitor.get("/inbox")
    assert visitor.send("x", path=f"{plain}/{act}").status_code == 404
    assert len(site.stored()) == before


def test_nobody_else_finds_the_message(site: Site) -> None:
    visitor = answered(site, message(may=(May.READ,)))
    (link,) = act_links(visitor, "read")
    other = answered(site, message("Other."))
    assert other.get(link).status_code == 404
    assert Visitor(site).get(link).headers["Location"] == "/return"
    assert (
        Visitor(site).client.post(link, base_url="http://source.example", data={"x": "1"}).status_code == 303
    )


def test_without_a_token_nothing_is_sent(site: Site) -> None:
    visitor = answered(site, message(may=(May.READ,)))
    (link,) = act_links(visitor, "read")
    visitor.get(link)
    before = len(site.stored())
    upload = ("upload_id", visitor.hidden("upload_id"))
    assert visitor.send_parts([("csrf_token", "wrong"), upload], path=link).status_code == 400
    assert "open for too long" in visitor.page
    assert len(site.stored()) == before


def test_pressing_twice_is_one_act(site: Site) -> None:
    visitor = answered(site, message(may=(May.READ,)))
    (link,) = act_links(visitor, "read")
    visitor.get(link)
    parts = hidden(visitor)
    visitor.send_parts(parts, path=link)
    count = len(site.stored())
    assert visitor.send_parts(parts, path=link).status_code == 303
    assert len(site.stored()) == count


def test_the_line_of_stages_has_days_and_where_the_case_is(site: Site) -> None:
    first = Message("We look at it.", "R17", Stage.UNDER_REVIEW, "2026-11-10", None)
    last = Message("Result.", "R17", Stage.RESULT, "2026-11-18", "2026-12-24")
    page = answered(site, first, last).page
    line = page[page.index('<ol class="stages">') : page.index("</ol>", page.index('<ol class="stages">'))]
    assert line.index("10 November 2026") < line.index("18 November 2026")
    assert line.count('aria-current="step"') == 1
    assert line.count('class="past"') == 3
    assert "You hear more by 24 December 2026" in page


def hidden(visitor: Visitor) -> list[tuple[str, str]]:
    return [(name, visitor.hidden(name)) for name in ("csrf_token", "upload_id")]
