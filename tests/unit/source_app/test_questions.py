"""The pack's questions: asked in its words, answered as a form, kept when the sending is refused."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.packs import folder
from crypto import sizes
from tests.support.instance import SampleStation
from tests.support.shipped import FOLDER
from tests.support.source_site import Site, Visitor


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An open site with the shipped pack of Korea, in English first."""
    pack = folder.files_of(FOLDER / "kr")
    made = Site(tmp_path, SampleStation(languages=("en", "ko"), pack=pack))
    made.first_contact()
    yield made
    made.close()


def send(visitor: Visitor, message: str, *answers: tuple[str, str]) -> int:
    hidden = [(name, visitor.hidden(name)) for name in ("csrf_token", "upload_id")]
    return visitor.send_parts([*hidden, ("message", message), *answers]).status_code


def test_the_page_asks_in_the_words_of_the_pack_and_in_its_order(site: Site) -> None:
    visitor = Visitor(site)
    visitor.get("/report")
    titles = [
        "What happened?",
        "Who did it?",
        "When did it happen?",
        "How do you know?",
        "What would help you?",
    ]
    places = [visitor.page.index(title) for title in titles]
    assert places == sorted(places)
    assert "What was given or asked for" not in visitor.page  # only some categories ask it
    assert 'name="q.evidence"' not in visitor.page  # that is the field for files
    assert 'name="q.what"' not in visitor.page  # that is the text


def test_answers_travel_as_one_form_that_names_its_pack(site: Site) -> None:
    visitor = Visitor(site)
    visitor.get("/report")
    status = send(
        visitor,
        "They took the money.",
        ("q.wishes", "reward"),
        ("q.who", "the head of\noffice"),
        ("q.wishes", "protection"),
        ("q.how_often", "repeated"),
        ("q.danger_now", "no"),
        ("q.when", "  "),
        ("q.concerns_agency", "yes"),
    )
    assert status == 303
    (form,) = site.stored()[0].parcel.forms
    assert json.loads(form) == {
        "form": "report",
        "version": 1,
        "answers": [
            {"id": "pack", "value": "kr 1"},
            {"id": "concerns_agency", "value": "yes"},
            {"id": "who", "value": "the head of\noffice"},
            {"id": "how_often", "value": "repeated"},
            {"id": "danger_now", "value": "no"},
            {"id": "wishes", "value": "protection"},
            {"id": "wishes", "value": "reward"},
        ],
    }


def test_unknown_questions_and_choices_change_nothing(site: Site) -> None:
    visitor = Visitor(site)
    visitor.get("/report")
    odd = [("q.who_paid", "x"), ("q.nonsense", "x"), ("q.how_often", "never"), ("q.danger_now", "maybe")]
    assert send(visitor, "text", *odd, ("q.concerns_agency", "no"), ("stage", "closed"), ("id", "7")) == 303
    assert site.stored()[0].parcel.forms == ()


def test_an_answer_alone_is_a_report(site: Site) -> None:
    visitor = Visitor(site)
    visitor.get("/report")
    assert send(visitor, "", ("q.who", "the mayor")) == 303
    assert site.stored()[0].parcel.text == ""


def test_a_single_answer_that_comes_twice_counts_once(site: Site) -> None:
    visitor = Visitor(site)
    visitor.get("/report")
    assert send(visitor, "text", ("q.who", "first"), ("q.who", "second")) == 303
    answers = json.loads(site.stored()[0].parcel.forms[0])["answers"]
    assert {"id": "who", "value": "first"} in answers
    assert "second" not in str(answers)


def test_a_refused_form_keeps_every_answer(site: Site) -> None:
    visitor = Visitor(site)
    codename = visitor.report()
    visitor = Visitor(site)
    visitor.get("/report")
    before = len(site.stored())
    typed = [("q.who", 'the "mayor" <b>'), ("q.how_known", "document"), ("q.danger_now", "yes")]
    assert send(visitor, f"I am {codename}", *typed) == 400
    assert len(site.stored()) == before
    assert "the &#34;mayor&#34; &lt;b&gt;" in visitor.page
    assert 'value="document" checked' in visitor.page
    assert visitor.page.count(" checked") == 2
    assert f"I am {codename}" in visitor.page


def test_a_codename_in_an_answer_is_refused(site: Site) -> None:
    visitor = Visitor(site)
    codename = visitor.report()
    visitor = Visitor(site)
    visitor.get("/report")
    before = len(site.stored())
    assert send(visitor, "text", ("q.who", f"me: {codename.upper()}")) == 400
    assert "contains a codename" in visitor.page
    assert len(site.stored()) == before


def test_answers_over_the_limit_of_a_form_are_refused_and_kept(site: Site) -> None:
    visitor = Visitor(site)
    visitor.get("/report")
    assert send(visitor, "text", ("q.who", "x" * sizes.FORM_MAX)) == 400
    assert "too long together" in visitor.page
    assert site.holds_nothing()
    assert "x" * sizes.FORM_MAX in visitor.page


def test_an_answer_after_a_file_is_refused(site: Site) -> None:
    visitor = Visitor(site)
    visitor.get("/report")
    hidden = [(name, visitor.hidden(name)) for name in ("csrf_token", "upload_id")]
    late = visitor.send_parts([*hidden, ("message", "text"), ("files", "a", b"1"), ("q.who", "late")])
    assert late.status_code == 400
    assert site.holds_nothing()


def test_rights_and_advice_come_from_the_pack_with_their_articles(site: Site) -> None:
    visitor = Visitor(site)
    page = visitor.get("/rights").get_data(as_text=True)
    assert "Public Interest Whistleblower Protection Act 12(1)" in page
    assert "No lawyer of the country has checked this text yet" in page
    assert "Public Interest Whistleblower Protection Act 2(2)" in visitor.get("/before").get_data(
        as_text=True
    )
    assert "policy" not in visitor.page
    assert 'href="/rights"' in visitor.get("/").get_data(as_text=True)


def test_without_a_pack_nothing_leads_to_rights(tmp_path: Path) -> None:
    bare = Site(tmp_path)
    bare.first_contact()
    visitor = Visitor(bare)
    visitor.get("/")
    assert "/rights" not in visitor.page
    assert "not published anything" in visitor.get("/rights").get_data(as_text=True)
    visitor.get("/report")
    assert "What do you want to tell us?" in visitor.page
    bare.close()
