"""Answers until they leave, the text that the rules have for a step, and what is issued again."""

from pathlib import Path

import pytest

from cases.kinds import ReportEvent as E
from crypto import canonical
from journalist_app.errors import NotFoundError, ReplyError, SentReplyError
from journalist_app.listing import Show, Wanted
from journalist_app.services.answering import Asks, Written
from journalist_app.services.reading import Reply, Way
from tests.support.case_office import CaseOffice
from tests.support.server_side import SampleSource, read_out
from transfer.manifest import BoardShown
from transfer.message import May, Message

THANKS = Written("Thank you.", "under_review")


@pytest.fixture
def office(tmp_path: Path) -> CaseOffice:
    """An office with one report."""
    office = CaseOffice(tmp_path)
    office.report(1)
    return office


def said(office: CaseOffice, source: int = 1) -> list[Message]:
    """What a source reads once everything that waits was exported."""
    desk = office.desk("Admin")
    desk.sending().export(office.live.stick)
    desk.unlocked.close()
    return SampleSource(source).read(office.server.instance, read_out(office.live.stick))


def only_reply(office: CaseOffice) -> Reply:
    (reply,) = office.page("Inge").replies
    return reply


def found(office: CaseOffice, words: str) -> list[int]:
    lines = office.desk("Inge").reading().cases(Wanted(Show.ALL, words=words)).lines
    return [line.case_id for line in lines]


def pass_days(office: CaseOffice, days: int) -> None:
    office.live.clock.turn(days=days)
    office.live.confirm_clock()


def test_a_draft_stays_until_somebody_lets_it_go(office: CaseOffice) -> None:
    office.desk("Inge").answering().reply(1, THANKS, draft=True)
    assert said(office) == []
    assert only_reply(office).way is Way.DRAFT
    assert office.desk("Inge").overview().unanswered == 1
    kept = office.desk("Inge").answering().kept(1)
    assert (kept.case_id, kept.written, kept.draft) == (1, THANKS, True)
    office.desk("Hanna").answering().change(1, kept.written)
    assert only_reply(office).way is Way.WAITS
    assert only_reply(office).written_by == "Hanna"
    assert office.desk("Inge").overview().unanswered == 0
    assert [each.text for each in said(office)] == ["Thank you."]


def test_what_waits_is_changed_whole(office: CaseOffice) -> None:
    desk = office.desk("Inge")
    desk.answering().reply(1, Written("Rotterdam?", "questions", asks=Asks((May.READ,))))
    desk.answering().change(1, Written("Antwerp?", "under_review"))
    assert (found(office, "Rotterdam"), found(office, "Antwerp")) == ([], [1])
    (message,) = said(office)
    assert (message.text, message.stage.value, message.may) == ("Antwerp?", "under_review", ())
    assert office.page("Inge").stage.value == "under_review"


def test_a_change_that_is_refused_changes_nothing(office: CaseOffice) -> None:
    desk = office.desk("Inge")
    desk.answering().reply(1, THANKS)
    with pytest.raises(ReplyError):
        desk.answering().change(1, Written("한" * 30_000, "questions"))
    assert only_reply(office).text == "Thank you."
    assert found(office, "Thank") == [1]


def test_what_is_taken_back_was_never_said(office: CaseOffice) -> None:
    desk = office.desk("Inge")
    desk.answering().reply(1, THANKS)
    desk.answering().reply(1, Written("A bridge?", "questions"))
    assert desk.answering().take_back(2) == 1
    assert office.page("Inge").stage.value == "under_review"
    assert desk.overview().unanswered == 1, "somebody has to look again"
    assert found(office, "bridge") == []
    assert [each.text for each in said(office)] == ["Thank you."]
    desk.answering().reply(1, THANKS)
    assert office.page("Inge").replies[-1].reply_id == 3, "no number is used again"


def test_what_left_cannot_be_changed(office: CaseOffice) -> None:
    office.desk("Inge").answering().reply(1, THANKS)
    said(office)
    answering = office.desk("Inge").answering()
    for call in (
        lambda: answering.kept(1),
        lambda: answering.change(1, Written("Other.", "closed")),
        lambda: answering.take_back(1),
    ):
        with pytest.raises(SentReplyError):
            call()
    assert [each.text for each in said(office)] == ["Thank you."]


def test_an_answer_of_a_case_that_is_shut_is_not_there(office: CaseOffice) -> None:
    office.desk("Inge").answering().reply(1, THANKS)
    office.step("Boss", E.RECUSED, person=office.id_of("Henrik"))
    desk = office.desk("Henrik")
    for call in (
        lambda: desk.answering().kept(1),
        lambda: desk.answering().change(1, THANKS),
        lambda: desk.answering().take_back(1),
        lambda: desk.answering().look(1, THANKS),
        lambda: desk.notices().start(1),
    ):
        with pytest.raises(NotFoundError):
            call()
    assert only_reply(office).way is Way.WAITS


def test_a_look_shows_what_they_read_and_keeps_nothing(office: CaseOffice) -> None:
    written = Written(" One\r\ntwo ", "result", asks=Asks((May.READ,), " The Court ", ("name",)))
    seen = office.desk("Inge").answering().look(1, written)
    assert office.page("Inge").replies == ()
    office.desk("Inge").answering().reply(1, written)
    assert said(office) == [seen]
    assert seen.text == "One\ntwo"


def test_its_way_is_known_to_the_board(office: CaseOffice) -> None:
    office.desk("Inge").answering().reply(1, THANKS)
    said(office)
    reply = only_reply(office)
    assert (reply.way, reply.out_seq) == (Way.IN_BUNDLE, 2)
    assert reply.shown_until is not None
    for seq, way in ((1, Way.IN_BUNDLE), (2, Way.ON_BOARD)):
        station = read_out(office.live.stick).verified.manifest
        office.server.board = BoardShown(station.epoch, seq)
        office.report(2 + seq)
        assert only_reply(office).way is way


def test_a_board_of_another_epoch_says_nothing(office: CaseOffice) -> None:
    office.desk("Inge").answering().reply(1, THANKS)
    said(office)
    office.server.board = BoardShown(type(office.server.epoch)(b"x" * 16), 99)
    office.report(2)
    assert only_reply(office).way is Way.IN_BUNDLE


# Issued again before it runs out (protocol 1, section 7)


def test_the_last_answer_of_a_case_is_issued_again_as_it_was(office: CaseOffice) -> None:
    office.desk("Inge").answering().reply(1, Written("First.", "received"))
    (first,) = said(office)
    office.desk("Inge").answering().reply(1, Written("Last.", "under_review"))
    said(office)
    pass_days(office, 60)
    assert [each.text for each in said(office)] == ["First.", "Last."]
    assert only_live_sets(office, "Last.") == 1
    pass_days(office, 12)
    assert only_live_sets(office, "Last.") == 2
    pass_days(office, 25)
    assert [(each.text, each.sent_on) for each in said(office)] == [("Last.", first.sent_on)]


def test_a_notice_is_issued_again_until_they_say_that_they_read_it(office: CaseOffice) -> None:
    notice = Written("The result.", "result", asks=Asks((May.READ,)))
    for text in (notice, Written("Later.", "closed")):
        office.desk("Inge").answering().reply(1, text)
        said(office)
    pass_days(office, 75)
    said(office)
    pass_days(office, 20)
    assert {each.text for each in said(office)} == {"The result.", "Later."}
    answers: list[canonical.Value] = [{"id": "message_id", "value": message_id_of(office, 0)}]
    office.report(1, {"form": "notice_read", "version": 1, "answers": answers})
    assert office.page("Inge").replies[0].read_on is not None
    pass_days(office, 75)
    said(office)
    pass_days(office, 20)
    assert [each.text for each in said(office)] == ["Later."]


def only_live_sets(office: CaseOffice, text: str) -> int:
    """In how many live sets a text lies."""
    said(office)
    statement = read_out(office.live.stick)
    alone = (
        type(statement)(statement.verified, statement.descriptor, statement.batch, (each,))
        for each in statement.sets
    )
    return sum(
        text in {message.text for message in SampleSource(1).read(office.server.instance, one)}
        for one in alone
    )


def message_id_of(office: CaseOffice, index: int) -> str:
    from journalist_app.store import answers  # noqa: PLC0415

    desk = office.desk("Inge")
    with desk.unlocked.vault.read() as session:
        return answers.of_case(session, 1)[index].message_id


# What an answer begins with


def test_an_answer_begins_with_the_text_of_the_rules_in_the_language_of_the_source(
    office: CaseOffice,
) -> None:
    office.step("Inge", E.ACKNOWLEDGED)
    start = office.desk("Inge").notices().start(1, 1)
    assert start.written.text.startswith("Thank you. Your report has arrived")
    assert (start.kind, start.language, start.languages) == (E.RECEIVED, "en", ("ko", "en"))
    assert "ACA 59(8)" in start.articles
    korean = office.desk("Inge").notices().start(1, 1, "ko")
    assert "신고" in korean.written.text
    assert office.desk("Inge").notices().start(1, 1, "xx").language == "en", "as the source wrote"
    assert office.desk("Inge").notices().start(1, 99).written.text == ""


def test_a_notice_that_begins_a_period_asks_to_say_that_it_was_read(office: CaseOffice) -> None:
    start = office.desk("Inge").notices().start(1, 1)
    assert start.written.asks.may == ()
    result(office)
    number = next(each.number for each in office.page("Hanna").owed if each.kind is E.RESULT_NOTIFIED)
    assert office.desk("Hanna").notices().start(1, number).written.asks.may == (May.OBJECT, May.READ)


def test_what_was_told_is_owed_no_longer(office: CaseOffice) -> None:
    (owed,) = office.page("Inge").owed
    assert owed.kind is E.RECEIVED
    told = Written("Thank you.", "received", about=owed.number)
    office.desk("Inge").answering().reply(1, told, draft=True)
    assert office.page("Inge").owed == (owed,), "a draft tells nobody"
    office.desk("Inge").answering().change(1, told)
    assert office.page("Inge").owed == ()


def result(office: CaseOffice) -> None:
    """The first matter of the case is transferred, and its source was told a result."""
    office.assigned()
    page = office.desk("Hanna").steps().page(1, E.VERIFIED)
    points = [value for field in page.fields if field.name == "checked" for value, _ in field.choices]
    office.step("Hanna", E.VERIFIED, checked=points)
    page = office.desk("Hanna").steps().page(1, E.TRANSFERRED)
    body = next(field.choices[0][0] for field in page.fields if field.name == "institution")
    office.step("Hanna", E.TRANSFERRED, "Sven", allegation="A1", institution=body, redacted=True, lead=True)
    office.step("Lia", E.INVESTIGATION_BEGUN, referral="R1")
    office.step("Lia", E.INVESTIGATION_ENDED, referral="R1")
    office.step("Lia", E.RESULT_RECEIVED, referral="R1")
    office.step("Hanna", E.RESULT_NOTIFIED, "Sven", "The gist.", allegation="A1", objection_explained=True)


# What a source says in a form leads to its step


@pytest.mark.parametrize(
    ("form", "answers", "kind", "given"),
    [
        ("withdrawal", {"free": "yes"}, E.WITHDRAWAL_ASKED, {}),
        (
            "consent",
            {"body": "The Court", "field": "workplace", "consents": "yes", "language": "en"},
            E.CONSENT_RECORDED,
            {"institution": "The Court", "identity_fields": "workplace", "language": "en"},
        ),
        (
            "consent",
            {"body": "The Court", "field": "workplace", "consents": "no", "language": "en"},
            E.CONSENT_RECORDED,
            {"institution": "The Court", "language": "en"},
        ),
    ],
)
def test_a_form_leads_to_the_step_that_records_it(
    office: CaseOffice, form: str, answers: dict[str, str], kind: E, given: dict[str, str]
) -> None:
    rows: list[canonical.Value] = [{"id": name, "value": value} for name, value in answers.items()]
    office.report(1, {"form": form, "version": 1, "answers": rows})
    (shown,) = office.page("Inge").parcels[-1].forms
    assert shown.step is not None
    assert shown.step.kind is kind
    assert dict(shown.step.given) == {"on": office.page("Inge").parcels[-1].received_on.isoformat(), **given}


def test_an_objection_names_the_matter_of_the_notice_that_it_answers(office: CaseOffice) -> None:
    result(office)
    number = next(each.number for each in office.page("Hanna").owed if each.kind is E.RESULT_NOTIFIED)
    office.desk("Hanna").answering().reply(1, Written("The gist.", "result", about=number))
    said(office)
    answers: list[canonical.Value] = [{"id": "message_id", "value": message_id_of(office, 0)}]
    for form in ("objection", "notice_read"):
        office.report(1, {"form": form, "version": 1, "answers": answers})
    objection, read = (parcel.forms[0].step for parcel in office.page("Inge").parcels[-2:])
    assert objection is not None
    assert dict(objection.given)["allegation"] == "A1"
    assert read is not None
    assert (dict(read.given)["of"], dict(read.given)["subject"]) == ("result_notified", "A1")
