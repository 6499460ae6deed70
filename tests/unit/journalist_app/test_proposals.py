"""Steps that wait for a second officer, and the duties and charts of the home page."""

from pathlib import Path

import pytest

from cases.errors import CaseError
from cases.kinds import ReportEvent as E
from cases.machines.report import ReportState
from journalist_app.errors import NotFoundError, StepError
from journalist_app.listing import Show
from journalist_app.services.overview import Overview
from journalist_app.services.proposals import Proposals
from tests.support.case_office import CaseOffice

TRIAGE = {"risk": ["high"], "in_scope": ["1"]}


@pytest.fixture
def office(tmp_path: Path) -> CaseOffice:
    """An office with one report, acknowledged."""
    office = CaseOffice(tmp_path)
    office.report(1)
    office.step("Inge", E.ACKNOWLEDGED)
    return office


def of(office: CaseOffice, name: str) -> Proposals:
    return office.desk(name).proposals()


def propose(office: CaseOffice, **typed: list[str]) -> None:
    values = {"on": [office.today], **TRIAGE, **typed}
    of(office, "Inge").propose(1, E.TRIAGED, values, "Read twice.")


def state(office: CaseOffice) -> ReportState:
    work = office.page("Inge").work
    assert work is not None
    return work.state


def test_what_was_proposed_is_recorded_when_another_officer_agrees(office: CaseOffice) -> None:
    propose(office)
    assert state(office) is ReportState.ACKNOWLEDGED
    (waiting,) = of(office, "Sven").waiting()
    assert (waiting.kind, waiting.proposed_by, waiting.mine) == (E.TRIAGED, "Inge", False)
    shown = of(office, "Sven").proposal(waiting.proposal_id)
    assert (shown.may_agree, shown.words) == (True, "Read twice.")
    assert {field.name: given for field, given in shown.values}["risk"] == ("high",)
    assert of(office, "Sven").agree(waiting.proposal_id) == 1
    assert state(office) is ReportState.TRIAGE
    assert of(office, "Sven").waiting() == of(office, "Inge").waiting() == ()
    work = office.page("Inge").work
    assert work is not None
    last = work.timeline[-1]
    assert (last.by, last.second, last.text) == ("Inge (intake)", "Sven (second officer)", "Read twice.")


def test_nobody_agrees_to_their_own_step_and_they_can_take_it_back(office: CaseOffice) -> None:
    propose(office)
    (waiting,) = of(office, "Inge").waiting()
    assert waiting.mine
    with pytest.raises(StepError, match="their own"):
        of(office, "Inge").agree(waiting.proposal_id)
    assert of(office, "Inge").decline(waiting.proposal_id, "", "Triage") == 1
    assert of(office, "Sven").waiting() == ()
    assert office.page("Inge").notes == ()


def test_whoever_declines_says_why_to_colleagues(office: CaseOffice) -> None:
    propose(office)
    with pytest.raises(StepError, match="Say why"):
        of(office, "Sven").decline(1, " ", "Triage")
    of(office, "Sven").decline(1, "The risk is\nlow.", "Triage")
    (note,) = office.page("Inge").notes
    assert (note.written_by, note.text) == ("Sven", "Not agreed to: Triage. The risk is low.")
    assert state(office) is ReportState.ACKNOWLEDGED
    with pytest.raises(NotFoundError):
        of(office, "Sven").agree(1)


def test_only_who_may_agree_sees_that_it_waits(office: CaseOffice) -> None:
    propose(office)
    assert of(office, "Boss").waiting() == ()
    assert not of(office, "Boss").proposal(1).may_agree
    with pytest.raises(StepError, match="cannot agree"):
        of(office, "Boss").agree(1)
    assert len(of(office, "Sven").waiting()) == 1


def test_the_law_is_asked_when_somebody_agrees_and_a_refusal_keeps_it_waiting(office: CaseOffice) -> None:
    propose(office, on=["2026-11-01"])
    with pytest.raises(CaseError):
        of(office, "Sven").agree(1)
    assert [each.proposal_id for each in of(office, "Sven").waiting()] == [1]
    assert office.page("Inge").notes == (), "the words for it neither"


@pytest.mark.parametrize(
    ("kind", "typed", "words", "said"),
    [
        (E.TRIAGED, {"risk": [""]}, "", "risk"),
        (E.ALLEGATION_ADDED, {"category": ["bribery"]}, "", "needs nobody else"),
        (
            E.ALLEGATION_CLOSED,
            {"allegation": ["A1"], "reason": ["clearly_false"]},
            "",
            "A1|words|Fill|Choose",
        ),
    ],
)
def test_what_cannot_be_recorded_is_not_proposed(
    office: CaseOffice, kind: E, typed: dict[str, list[str]], words: str, said: str
) -> None:
    with pytest.raises(StepError, match=said):
        of(office, "Inge").propose(1, kind, {"on": [office.today], **typed}, words)
    assert of(office, "Inge").waiting() == ()


def test_a_case_that_is_shut_has_nothing_that_waits(office: CaseOffice) -> None:
    propose(office)
    office.step("Boss", E.RECUSED, person=office.id_of("Sven"))
    assert of(office, "Sven").waiting() == ()
    for call in (lambda: of(office, "Sven").proposal(1), lambda: of(office, "Sven").agree(1)):
        with pytest.raises(NotFoundError):
            call()


# The home page


def home(office: CaseOffice, name: str = "Inge") -> Overview:
    desk = office.desk(name)
    seen = desk.overview()
    desk.unlocked.close()
    return seen


def test_the_most_pressing_duty_comes_first(office: CaseOffice) -> None:
    danger = {"form": "report", "version": 1, "answers": [{"id": "danger_now", "value": "yes"}]}
    office.report(2, danger)  # type: ignore[arg-type]
    assert home(office).duties == ((Show.DANGER, 1), (Show.WAITING, 2))
    office.live.clock.turn(days=55)
    office.live.confirm_clock()
    assert home(office).duties == ((Show.DANGER, 1), (Show.WEEK, 2), (Show.WAITING, 2))
    office.live.clock.turn(days=10)
    office.live.confirm_clock()
    assert home(office).duties == ((Show.DANGER, 1), (Show.LATE, 2), (Show.WAITING, 2))
    assert home(office, "Admin").duties == ()


def test_the_charts_count_open_cases_and_days_to_the_end(office: CaseOffice) -> None:
    office.report(2)
    assert home(office).charts.open_by_state == ((ReportState.RECEIVED, 1), (ReportState.ACKNOWLEDGED, 1))
    assert (home(office).charts.ended, home(office).charts.median_days) == ((), None)
    office.step("Inge", E.TRIAGED, "Sven", risk="low", in_scope=True)
    office.step("Inge", E.ALLEGATION_ADDED, category="bribery")
    office.live.clock.turn(days=40)
    office.live.confirm_clock()
    page = office.desk("Inge").steps().page(1, E.ALLEGATION_CLOSED)
    reason = next(field.choices[0][0] for field in page.fields if field.name == "reason")
    office.step("Inge", E.ALLEGATION_CLOSED, "Sven", "Clear.", allegation="A1", reason=reason)
    office.step("Inge", E.CLOSED, "Sven", "Clear.", reason=reason)
    charts = home(office).charts
    assert charts.open_by_state == ((ReportState.RECEIVED, 1),)
    assert (charts.ended, charts.median_days) == (((30, 0), (60, 1), (90, 0), (180, 0), (None, 0)), 40)
    office.step("Inge", E.REOPENED, "Sven", allegations=["A1"], new_evidence=True)
    assert home(office).charts.median_days is None
    assert home(office, "Admin").charts.open_by_state == ()
