"""Under each shipped pack a report can live: it is taken in, verified, sent on, answered and closed.

Nothing that the life of a report needs may be missing from a pack: a category, what is verified, a
body, a ground for closing. What no pack knows, how long a case is kept, must not be guessed.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import cases
from cases import life, outlook
from cases.case import Case
from cases.errors import IllegalStepError, RuleError
from cases.event import Event
from cases.kinds import ReportEvent as E
from cases.machines.report import ReportState
from cases.packs import folder, reading
from cases.packs.pack import Pack
from cases.packs.schema import CheckItem
from tests.support import lives

RECEIVED_ON = date(2026, 11, 23)
DAY_0 = (RECEIVED_ON - lives.DAY_0).days
LIVES = [
    # pack, category of the matter, body
    ("kr", "bribery", "police"),
    ("kr", "environment", "own_institution"),
    ("kr", "gifts", "serious_crimes_agency"),
    ("kr", "other", "supervisory_body"),
    ("uncac", "national_bribery", "competent_body"),
    ("eu", "food", "competent_body"),
]


@cache
def shipped(name: str) -> Pack:
    return reading.load(folder.files_of(Path(cases.__file__).parent / "jurisdictions" / name))


def happen(rules: Pack, case: Case | None, kind: E, on: int, **changes: Any) -> Case:
    return life.advance(case, made(rules, kind, on, **changes), rules)


def made(rules: Pack, kind: E, on: int, **changes: Any) -> Event:
    return lives.make(kind, DAY_0 + on, pack=rules, **changes)


def verified(rules: Pack, category: str, **matter: Any) -> Case:
    """A case with one matter, verified on day 6."""
    checked = tuple(rule.id for rule in rules.in_force(CheckItem, RECEIVED_ON))
    case = happen(rules, None, E.RECEIVED, 0)
    case = happen(rules, case, E.ACKNOWLEDGED, 1)
    case = happen(rules, case, E.TRIAGED, 2)
    case = happen(rules, case, E.ALLEGATION_ADDED, 2, category=category, **matter)
    case = happen(rules, case, E.ASSIGNED, 3)
    return happen(rules, case, E.VERIFIED, 6, checked=checked)


def sent(rules: Pack, category: str, body: str) -> Case:
    """The same, sent to a body on day 7."""
    return happen(rules, verified(rules, category), E.TRANSFERRED, 7, institution=body)


def told(rules: Pack, category: str, body: str) -> Case:
    """The same, its result told to the source on day 40."""
    case = happen(rules, sent(rules, category, body), E.INVESTIGATION_BEGUN, 9)
    case = happen(rules, case, E.INVESTIGATION_ENDED, 30)
    case = happen(rules, case, E.RESULT_RECEIVED, 38)
    return happen(rules, case, E.RESULT_NOTIFIED, 40)


@pytest.mark.parametrize(("name", "category", "body"), LIVES)
def test_a_report_lives_to_its_end(name: str, category: str, body: str) -> None:
    rules = shipped(name)
    case = happen(rules, told(rules, category, body), E.CLOSED, 50)
    assert happen(rules, case, E.FOLLOW_UP_BEGUN, 50).state is ReportState.FOLLOW_UP


@pytest.mark.parametrize(("name", "category", "body"), LIVES)
def test_what_no_pack_knows_is_not_guessed(name: str, category: str, body: str) -> None:
    rules = shipped(name)
    case = happen(rules, told(rules, category, body), E.CLOSED, 50)
    case = happen(rules, case, E.RETAINED, 60)
    with pytest.raises(RuleError, match="does not say how long"):
        happen(rules, case, E.DESTROYED, 4000)


@pytest.mark.parametrize(("name", "category", "body"), LIVES)
def test_the_source_hears_at_receipt_at_the_result_and_at_the_end(
    name: str, category: str, body: str
) -> None:
    rules = shipped(name)
    case = told(rules, category, body)
    told_of = [
        [text.id for text in outlook.notices(case, made(rules, kind, 40), rules)]
        for kind in (E.RESULT_NOTIFIED, E.CLOSED)
    ]
    assert told_of == [["at_result"], ["at_closing"]]


def clocks(case: Case) -> set[tuple[str, str]]:
    """Each clock with its subject; the watch on the whole report aside."""
    return {(each.deadline.id, each.subject) for each in case.clocks if each.subject}


@pytest.mark.parametrize(
    ("category", "running"),
    [
        ("bribery", {"investigate f1", "result_report f1", "objection m1", "reinvestigation_demand_aca m1"}),
        ("environment", {"result_report f1", "objection m1", "reinvestigation_demand_piwpa m1"}),
        ("gifts", set()),
        ("other", set()),
    ],
)
def test_in_korea_the_law_of_the_matter_chooses_its_clocks(category: str, running: set[str]) -> None:
    case = told(shipped("kr"), category, "police")
    assert {" ".join(each) for each in clocks(case)} == {"handle_report m1", *running}


def test_in_korea_an_objection_is_answered_in_the_days_of_its_law() -> None:
    rules = shipped("kr")
    for category, name, days in (("bribery", "aca", 30), ("environment", "piwpa", 60)):
        case = happen(rules, told(rules, category, "police"), E.NOTICE_READ, 41)
        case = happen(rules, case, E.OBJECTED, 48)
        answer = case.clocks.find(f"objection_answer_{name}", "m1")
        assert answer is not None
        assert answer.due_on == lives.day(DAY_0 + 48 + days)


def test_in_korea_a_second_objection_is_refused_under_the_aca_alone() -> None:
    rules = shipped("kr")
    for category, barred in (("bribery", True), ("environment", False)):
        case = happen(rules, told(rules, category, "police"), E.NOTICE_READ, 41)
        case = happen(rules, case, E.OBJECTED, 42)
        case = happen(rules, case, E.OBJECTION_DISMISSED, 50)
        if barred:
            with pytest.raises(IllegalStepError, match="no second one"):
                happen(rules, case, E.OBJECTED, 51)
        else:
            assert happen(rules, case, E.OBJECTED, 51).allegations["m1"].objections == 2


def test_in_korea_a_source_may_withdraw_when_it_is_too_late_to_object() -> None:
    rules = shipped("kr")
    case = happen(rules, told(rules, "bribery", "police"), E.NOTICE_READ, 41)
    case = happen(rules, case, E.WITHDRAWAL_ASKED, 60)
    case = happen(rules, case, E.WITHDRAWAL_CHECKED, 61)
    assert happen(rules, case, E.WITHDRAWN, 62).state is ReportState.WITHDRAWN


def test_in_korea_a_new_investigation_has_its_own_notice_for_nobody_may_have_objected() -> None:
    rules = shipped("kr")
    case = happen(rules, sent(rules, "bribery", "police"), E.RESULT_RECEIVED, 38)
    demand = made(rules, E.REINVESTIGATION_DEMANDED, 40)
    assert [text.id for text in outlook.notices(case, demand, rules)] == ["at_reinvestigation"]
    assert life.advance(case, demand, rules).allegations["m1"].objections == 0


def test_in_korea_a_complaint_that_is_given_back_is_no_silence() -> None:
    rules = shipped("kr")
    case = verified(rules, "bribery", senior=True)
    case = happen(rules, case, E.COMPLAINT_FILED, 7, institution="prosecution_office")
    case = happen(rules, case, E.RETURNED, 20)
    case = happen(rules, case, E.COMPLAINT_FILED, 30, institution="serious_crimes_agency", referral="f2")
    runs = case.clocks.runs["complaint_watch", "m1"]
    assert [each.started_on for each in runs] == [lives.day(DAY_0 + 7), lives.day(DAY_0 + 30)]


def test_in_korea_a_report_that_is_opened_again_counts_anew_and_keeps_the_old_days() -> None:
    rules = shipped("kr")
    case = happen(rules, told(rules, "bribery", "police"), E.CLOSED, 50)
    case = happen(rules, case, E.REOPENED, 100)
    runs = [each for each in case.clocks if each.deadline.id == "handle_report"]
    assert [each.due_on for each in runs] == [lives.day(DAY_0 + 60), lives.day(DAY_0 + 160)]
    assert [each.stopped_on for each in runs] == [lives.day(DAY_0 + 7), None]


def test_in_korea_days_go_on_when_a_body_hands_the_matter_on() -> None:
    rules = shipped("kr")
    case = sent(rules, "bribery", "police")
    case = happen(rules, case, E.REROUTED, 20, institution="supervisory_body")
    clock = case.clocks.find("investigate", "f1")
    assert clock is not None
    assert (clock.due_on, clock.stopped_on) == (lives.day(DAY_0 + 67), None)
    clock = happen(rules, case, E.RETURNED, 25, referral="f2").clocks.find("investigate", "f1")
    assert clock is not None
    assert clock.stopped_on == lives.day(DAY_0 + 25)


@pytest.mark.parametrize(("name", "category"), [("uncac", "national_bribery"), ("eu", "food")])
def test_outside_korea_the_agency_files_no_complaint(name: str, category: str) -> None:
    rules = shipped(name)
    case = verified(rules, category, senior=True)
    assert E.COMPLAINT_FILED not in outlook.possible(case, rules)
    with pytest.raises(IllegalStepError, match="know no"):
        happen(rules, case, E.COMPLAINT_FILED, 8, institution="competent_body")
    assert happen(rules, case, E.TRANSFERRED, 8, institution="competent_body").referrals
