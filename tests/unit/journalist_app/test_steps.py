"""Steps of a case at the desk: who can record what, what comes of it, and what the law says to the rest."""

from datetime import timedelta
from pathlib import Path

import pytest

from cases.errors import CaseError
from cases.kinds import ReportEvent as E
from cases.machines.report import ReportState
from cases.packs.schema import CheckItem
from journalist_app.errors import NotFoundError, StepError
from journalist_app.services.answering import Written
from journalist_app.services.case_life import RulesMissing
from journalist_app.services.steps import SAID_BY_SOURCE
from journalist_app.wording import FIELD_TITLES, STEP_TITLES
from tests.support.case_office import CaseOffice
from tests.support.shipped import shipped

CHECKS = [item.id for item in shipped("kr").records if isinstance(item, CheckItem)]


@pytest.fixture
def office(tmp_path: Path) -> CaseOffice:
    made = CaseOffice(tmp_path)
    made.report()
    return made


def test_a_case_goes_from_its_receipt_to_its_reopening(office: CaseOffice) -> None:
    office.assigned()
    later = (office.live.clock.now + timedelta(days=10)).date().isoformat()
    office.step("Hanna", E.QUESTIONS_ASKED, words="Which month was it?", answer_by=later)
    assert office.page("Hanna").work.state is ReportState.INFO_REQUESTED  # type: ignore[union-attr]
    office.step("Inge", E.QUESTIONS_ANSWERED, questions="Q1")
    office.step("Hanna", E.VERIFIED, checked=CHECKS)
    office.step(
        "Hanna", E.TRANSFERRED, "Sven", allegation="A1", institution="police", lead=True, redacted=True
    )
    office.step("Lia", E.RESULT_RECEIVED, referral="R1")
    office.step(
        "Hanna",
        E.RESULT_NOTIFIED,
        "Sven",
        words="They found that it was so.",
        allegation="A1",
        objection_explained=True,
    )
    office.step("Inge", E.OBJECTED, allegation="A1")
    office.step("Head", E.OBJECTION_DISMISSED, words="It brings nothing new.", allegation="A1")
    office.step("Hanna", E.CLOSED, "Sven", words="All is done.", reason="concluded")
    office.step("Inge", E.REOPENED, "Sven", new_evidence=True, allegations=["A1"])
    work = office.page("Hanna").work
    assert work is not None
    assert (work.state, work.handler) == (ReportState.TRIAGE, "Hanna")
    assert [line.kind for line in work.timeline][:3] == [E.RECEIVED, E.ACKNOWLEDGED, E.TRIAGED]
    assert len(work.timeline) == 15
    triage = work.timeline[2]
    assert (triage.by, triage.second) == ("Inge (intake)", "Sven (second officer)")
    assert work.timeline[5].text == "Which month was it?"
    assert work.timeline[6].by == "the source"
    (matter,) = work.matters
    assert matter.id == "A1"
    assert [referral.title for referral in work.referrals] == ["A1 at Police"]


def test_a_clock_stops_when_its_step_is_recorded(office: CaseOffice) -> None:
    before = office.page("Inge").rules
    assert not isinstance(before, RulesMissing)
    office.assigned()
    office.step("Hanna", E.VERIFIED, checked=CHECKS)
    office.step(
        "Hanna", E.TRANSFERRED, "Sven", allegation="A1", institution="police", lead=True, redacted=True
    )
    after = office.page("Inge").rules
    assert not isinstance(after, RulesMissing)
    assert [c for c in before.clocks if c.stopped_on] == []
    assert [c for c in after.clocks if c.stopped_on] != []


def test_the_list_shows_where_a_case_stands(office: CaseOffice) -> None:
    (line,) = office.desk("Inge").reading().cases().lines
    assert (line.state, line.handler) == (ReportState.RECEIVED, "")
    assert line.clock_due_on is not None, "from the first day"
    office.assigned()
    (line,) = office.desk("Inge").reading().cases().lines
    assert (line.state, line.handler) == (ReportState.ASSIGNED, "Hanna")
    assert line.clock_due_on is not None


@pytest.mark.parametrize(
    ("name", "kind", "second", "typed", "why"),
    [
        ("Inge", E.TRIAGED, "", {"risk": "high"}, "needs the agreement of a second person"),
        ("Inge", E.TRIAGED, "Inge", {"risk": "high"}, "must be another one"),
        ("Inge", E.TRIAGED, "Boss", {"risk": "high"}, "Boss cannot agree to this"),
        ("Boss", E.TRIAGED, "Sven", {"risk": "high"}, "This step is recorded by: intake"),
        ("Inge", E.TRIAGED, "Sven", {}, "Fill in “risk”"),
        ("Inge", E.TRIAGED, "Sven", {"risk": "enormous"}, "Choose one of what is offered"),
        ("Inge", E.ACKNOWLEDGED, "", {"on": "tomorrow"}, "like 2027-01-15"),
        ("Inge", E.ACKNOWLEDGED, "", {"on": "2030-01-01"}, "that day lies ahead"),
        ("Inge", E.ACKNOWLEDGED, "", {"on": "2026-01-01"}, "nothing happened to it"),
        ("Boss", E.ASSIGNED, "", {"handler": "nobody"}, "Choose one of what is offered"),
        ("Hanna", E.VERIFIED, "", {}, "cannot follow|cannot happen|not possible|is not"),
        ("Sven", E.OBJECTED, "", {"allegation": "A1"}, "recorded by the desk|Choose one"),
        ("Hanna", E.CLOSED, "Sven", {"reason": "concluded"}, "needs its words|assigned"),
    ],
)
def test_what_is_refused_keeps_nothing(
    office: CaseOffice, name: str, kind: E, second: str, typed: dict[str, str], why: str
) -> None:
    with pytest.raises((CaseError, StepError), match=why):
        office.step(name, kind, second, words="" if "words" in why else "a word", **typed)  # type: ignore[arg-type]
    page = office.page("Inge")
    assert page.work is not None
    assert len(page.work.timeline) == 1
    assert page.notes == (), "what was written for it goes with it"


def test_only_the_handler_of_the_case_acts_as_its_handler(office: CaseOffice) -> None:
    office.assigned()
    with pytest.raises(CaseError, match="to whom this case is assigned"):
        office.step("Henrik", E.VERIFIED, checked=CHECKS)
    hanna, henrik = office.page("Hanna").work, office.page("Henrik").work
    assert hanna is not None
    assert henrik is not None
    assert E.VERIFIED in hanna.possible
    assert E.VERIFIED not in henrik.possible


def test_a_case_from_before_packs_has_notes_and_no_steps(tmp_path: Path) -> None:
    office = CaseOffice(tmp_path, with_pack=False)
    office.report()
    page = office.page("Inge")
    assert (page.work, isinstance(page.rules, RulesMissing)) == (None, True)
    with pytest.raises(StepError, match="before a pack of rules"):
        office.step("Inge", E.ACKNOWLEDGED)
    office.desk("Inge").steps().note(1, " Call the\r\nprosecutor. ")
    (note,) = office.page("Hanna").notes
    assert (note.written_by, note.text) == ("Inge", "Call the\nprosecutor.")


@pytest.mark.parametrize("text", ["", " \n", "x" * 20_001])
def test_a_note_has_something_in_it_and_an_end(office: CaseOffice, text: str) -> None:
    with pytest.raises(StepError):
        office.desk("Inge").steps().note(1, text)


def test_what_was_written_never_goes_to_the_source(office: CaseOffice) -> None:
    office.desk("Inge").steps().note(1, "INTERNAL WORD")
    office.step("Inge", E.ACKNOWLEDGED, words="INTERNAL REASON")
    office.desk("Inge").answering().reply(1, Written("Thank you.", "received"))
    desk = office.desk("Admin")
    desk.sending().export(office.live.stick)
    from tests.support.server_side import SampleSource, read_out  # noqa: PLC0415

    (message,) = SampleSource(1).read(office.server.instance, read_out(office.live.stick))
    assert "INTERNAL" not in repr(message)


# Who may know that a case exists (behaviour 15)


def test_whoever_is_recused_finds_no_trace(office: CaseOffice) -> None:
    office.report(2)
    office.step("Boss", E.RECUSED, person=office.id_of("Henrik"))
    desk = office.desk("Henrik")
    assert [line.case_id for line in desk.reading().cases().lines] == [2]
    assert (desk.overview().cases, desk.overview().unanswered) == (1, 1)
    for call in (
        lambda: desk.reading().case(1),
        lambda: desk.steps().page(1, E.ACKNOWLEDGED),
        lambda: desk.steps().record(1, E.ACKNOWLEDGED, {}),
        lambda: desk.steps().note(1, "word"),
        lambda: desk.answering().reply(1, Written("word", "received")),
    ):
        with pytest.raises(NotFoundError):
            call()
    assert office.page("Inge").case_id == 1


def test_no_line_of_the_audit_log_names_a_case_to_whom_it_is_shut(office: CaseOffice) -> None:
    from journalist_app.services.audit import Action  # noqa: PLC0415

    office.report(2, files=(("a.pdf", b"%PDF"),))
    inge = office.desk("Inge")
    for subject in ("case 1", "case 2", "case 12", "file 1"):
        inge.audit().note(inge.officer, Action.READ_CASE, subject)
    inge.unlocked.close()
    audit = office.desk("Audit")
    assert {line.subject for line in audit.audit().lines(audit.officer)} >= {"case 1", "case 2", "file 1"}
    office.step("Boss", E.RECUSED, case=2, person=office.id_of("Audit"))
    seen = {line.subject for line in audit.audit().lines(audit.officer)}
    assert "case 1" in seen
    assert "case 12" in seen
    assert not seen & {"case 2", "file 1"}
    assert audit.audit().verify().lines >= 4, "the log itself is whole"


def test_a_report_about_somebody_here_opens_restricted(office: CaseOffice) -> None:
    form = {
        "form": "report",
        "version": 1,
        "answers": [{"id": "pack", "value": "kr 1"}, {"id": "concerns_agency", "value": "yes"}],
    }
    office.report(2, form)  # type: ignore[arg-type]
    for name in ("Inge", "Hanna", "Sven", "Boss", "Head"):
        desk = office.desk(name)
        assert [line.case_id for line in desk.reading().cases().lines] == [1], name
        assert desk.overview().without_readers == ((2,) if name == "Head" else ())
        with pytest.raises(NotFoundError):
            desk.reading().case(2)
    with pytest.raises(NotFoundError):
        office.desk("Boss").steps().name_readers(2, [office.id_of("Hanna")])
    with pytest.raises(StepError, match="at least one"):
        office.desk("Head").steps().name_readers(2, ["nobody"])
    office.desk("Head").steps().name_readers(2, [office.id_of("Hanna"), office.id_of("Inge")])
    assert office.page("Hanna", 2).work.readers == ("Hanna", "Inge")  # type: ignore[union-attr]
    assert office.page("Hanna", 2).restricted
    for name in ("Henrik", "Head", "Sven"):
        with pytest.raises(NotFoundError):
            office.page(name, 2)
    assert office.desk("Head").overview().without_readers == ()


def test_a_restricted_report_without_rules_finds_its_readers_too(tmp_path: Path) -> None:
    office = CaseOffice(tmp_path, with_pack=False)
    form = {"form": "report", "version": 1, "answers": [{"id": "concerns_agency", "value": "yes"}]}
    office.report(1, form)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError):
        office.page("Inge")
    office.desk("Head").steps().name_readers(1, [office.id_of("Inge")])
    assert office.page("Inge").restricted
    with pytest.raises(NotFoundError):
        office.page("Hanna")


# Every step has its page


def test_every_step_and_every_field_has_its_words(office: CaseOffice) -> None:
    assert {E.OBJECTED, E.NOTICE_READ, E.QUESTIONS_ANSWERED} == SAID_BY_SOURCE
    desk = office.desk("Inge")
    for kind in E:
        if kind in STEP_TITLES:
            assert [
                field.name for field in desk.steps().page(1, kind).fields if field.name not in FIELD_TITLES
            ] == []
        else:
            assert kind in {E.RECEIVED, E.DESTROYED}
