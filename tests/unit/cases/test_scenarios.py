"""Whole stories of reports under the Korean rules as shipped: what happens, what the source sees, what is
refused. The numbers are those of the list of scenarios that the product is built on.
"""

from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import cases
from cases import life, outlook
from cases.case import Case
from cases.clock import Clock, Standing
from cases.errors import IllegalStepError, RuleError
from cases.event import Event
from cases.kinds import ReportEvent as E
from cases.machines.allegation import AllegationState
from cases.machines.report import ReportState
from cases.packs import folder, reading
from cases.packs.pack import Pack
from cases.packs.schema import CheckItem
from cases.stages import Stage
from tests.support import lives
from tests.support.lives import day

FILES = folder.files_of(Path(cases.__file__).parent / "jurisdictions" / "kr")
KOREA = reading.load(FILES)
BEGINS = date(2026, 11, 23)
CHECKS = tuple(KOREA.ids(CheckItem))
USUAL: dict[E, dict[str, Any]] = {
    E.VERIFIED: {"checked": CHECKS},
    E.TRANSFERRED: {"institution": "supervisory_body"},
    E.COMPLAINT_FILED: {"institution": "prosecution_office"},
    E.CLOCK_EXTENDED: {"deadline": "handle_report"},
}


def event(kind: E, on: int, *, pack: Pack = KOREA, begins: date = BEGINS, **changes: Any) -> Event:
    """A usual event on a day counted from the receipt, which was on `begins`."""
    made = lives.make(kind, on, pack=pack, **{**USUAL.get(kind, {}), **changes})
    shift = begins - lives.DAY_0
    days = {each.name: getattr(made, each.name) + shift for each in fields(made) if each.type is date}
    return replace(made, **days)


def tell(*history: Event, before: Case | None = None) -> Case:
    """The case that these events make under the Korean rules."""
    return lives.tell(*history, pack=KOREA, before=before)


def refusal(case: Case, wrong: Event) -> str:
    """What is said to a step that cannot be taken."""
    with pytest.raises(IllegalStepError) as refused:
        life.advance(case, wrong, KOREA)
    return str(refused.value)


def clock(case: Case, name: str, subject: str) -> Clock:
    """The latest run of a period."""
    found = case.clocks.find(name, subject)
    assert found is not None
    return found


def on(number: int) -> date:
    """A day counted from the receipt."""
    return BEGINS + timedelta(days=number)


OPENING = (
    event(E.RECEIVED, 0),
    event(E.ACKNOWLEDGED, 1),
    event(E.TRIAGED, 2),
    event(E.ALLEGATION_ADDED, 2),
    event(E.ASSIGNED, 3),
)
SENT = (*OPENING, event(E.VERIFIED, 20), event(E.TRANSFERRED, 21))
TOLD = (*SENT, event(E.RESULT_RECEIVED, 48), event(E.RESULT_NOTIFIED, 50))


def test_1_an_anonymous_report_goes_its_way_in_58_days() -> None:
    history = (
        *OPENING,
        event(E.QUESTIONS_ASKED, 4),
        event(E.QUESTIONS_ANSWERED, 11),
        event(E.VERIFIED, 20),
        event(E.TRANSFERRED, 21),
        event(E.INVESTIGATION_BEGUN, 23),
        event(E.INVESTIGATION_ENDED, 45),
        event(E.RESULT_RECEIVED, 48),
        event(E.RESULT_NOTIFIED, 50),
        event(E.CLOSED, 58),
    )
    packs = {KOREA.ref: KOREA}
    moments = list(outlook.timeline(history, packs))
    stages = list(dict.fromkeys(each.stage for each in moments))
    assert stages == [
        Stage.RECEIVED,
        Stage.UNDER_REVIEW,
        Stage.QUESTIONS,
        Stage.WITH_COMPETENT_BODY,
        Stage.RESULT,
        Stage.CLOSED,
    ]
    case = life.replay(history, packs)
    assert case.consent == {}
    assert [each.attached for each in case.referrals.values()] == [()]
    assert clock(case, "handle_report", "m1").standing(on(58)) is Standing.STOPPED_IN_TIME
    assert clock(case, "result_report", "f1").due_on == on(55)
    owed = {each.id for one in history for each in outlook.notices(case, one, KOREA)}
    assert owed == {"at_receipt", "at_transfer", "at_result", "at_closing"}


def test_3_two_unanswered_rounds_then_a_return_on_day_100() -> None:
    one = tell(*OPENING, event(E.QUESTIONS_ASKED, 5), event(E.QUESTIONS_LAPSED, 16))
    closing = event(E.CLOSED, 30, reason="unanswered")
    assert "needs 2 rounds of questions that were not answered; there were 1" in refusal(one, closing)
    two = tell(
        event(E.QUESTIONS_ASKED, 16, questions="q2"),
        event(E.QUESTIONS_LAPSED, 27, questions="q2"),
        closing,
        before=one,
    )
    assert two.stage is Stage.CLOSED
    old = clock(two, "handle_report", "m1")
    assert (old.started_on, old.stopped_on) == (on(0), on(30))
    back = tell(event(E.REOPENED, 100), before=two)
    assert (back.state, back.allegations["m1"].state) == (ReportState.TRIAGE, AllegationState.OPEN)
    assert list(back.questions) == ["q1", "q2"]
    runs = back.clocks.runs["handle_report", "m1"]
    assert runs[0] == old
    assert [(each.started_on, each.due_on) for each in runs[1:]] == [(on(100), on(160))]
    assert "there were 0" in refusal(back, event(E.CLOSED, 120, by=lives.INTAKE, reason="unanswered"))


def test_3_a_reopening_gives_new_days_to_what_it_opens_alone() -> None:
    two = (*OPENING, event(E.ALLEGATION_ADDED, 4, allegation="m2"))
    closed = tell(*two, event(E.CLOSED, 30, reason="clearly_false"))
    back = tell(event(E.REOPENED, 100, allegations=("m1",)), before=closed)
    assert clock(back, "handle_report", "m1").due_on == on(160)
    assert clock(back, "handle_report", "m2").stopped_on == on(30)
    assert back.allegations["m2"].state is AllegationState.CLOSED


def test_5_the_accuseds_relative_sees_nothing_and_is_told_nothing() -> None:
    found = event(E.TRIAGED, 2, conflict=True)
    case = tell(OPENING[0], found, event(E.ALLEGATION_ADDED, 2))
    assert case.visible_to("h1")
    assert "conflict of interest" in refusal(case, event(E.ASSIGNED, 3))
    case = tell(event(E.RECUSED, 2, person="h1"), before=case)
    assert not case.visible_to("h1")
    gone = refusal(case, event(E.HOLD_PLACED, 3, by=replace(lives.PROTECTION, person="h1")))
    assert gone == "There is no such case for this person."
    assert refusal(case, event(E.ASSIGNED, 3)) == "This person cannot be made the handler of this case."
    assert tell(event(E.ASSIGNED, 3, handler="h2"), before=case).visible_to("h2")


def test_5_a_restricted_case_says_the_same_to_everybody_else() -> None:
    case = tell(*OPENING, event(E.RESTRICTED, 4))
    outside = event(E.HOLD_PLACED, 5)
    recused = tell(*OPENING, event(E.RECUSED, 4, person=lives.PROTECTION.person))
    assert refusal(case, outside) == refusal(recused, outside)


def test_7_an_objection_on_day_7_is_heard_and_on_day_8_refused() -> None:
    read = tell(*TOLD, event(E.NOTICE_READ, 60))
    assert clock(read, "objection", "m1").due_on == on(67)
    heard = tell(event(E.OBJECTED, 67), before=read)
    assert (heard.allegations["m1"].state, heard.stage) == (AllegationState.OBJECTION, Stage.RESULT)
    assert clock(heard, "objection_answer_aca", "m1").due_on == on(97)
    said = refusal(read, event(E.OBJECTED, 68))
    assert said == (
        "It is too late for “objected”: the last day was 2027-01-29 "
        "(ACA Decree 63(2), PIWPA Decree 11-3(1), policy)."
    )
    late = tell(event(E.OBJECTION_REFUSED, 70, objected_on=day(68)), before=read)
    assert late.allegations["m1"].state is AllegationState.RESULT_NOTIFIED
    assert "must be heard" in refusal(read, event(E.OBJECTION_REFUSED, 70, objected_on=day(67)))


def test_7_closing_takes_no_objection_away() -> None:
    closed = tell(*TOLD, event(E.CLOSED, 58), event(E.NOTICE_READ, 300))
    back = tell(event(E.OBJECTED, 307), before=closed)
    assert (back.state, back.stage) == (ReportState.VERIFIED, Stage.RESULT)
    assert "too late" in refusal(closed, event(E.OBJECTED, 308))


def test_7_who_never_logs_in_is_waited_for_where_the_law_names_no_day() -> None:
    waiting = tell(*TOLD)
    assert clock(waiting, "objection", "m1").standing(on(4000)) is Standing.WAITING
    assert tell(event(E.OBJECTED, 4000), before=waiting).state is ReportState.VERIFIED


def test_7_who_never_logs_in_meets_the_long_stop_where_there_is_one() -> None:
    told = lives.tell(*lives.told())
    in_time = lives.make(E.OBJECTED, 40 + 30 + 7)
    assert life.advance(told, in_time, lives.rules()).state is ReportState.VERIFIED
    with pytest.raises(IllegalStepError, match="the last day was 2026-05-18"):
        life.advance(told, lives.make(E.OBJECTED, 40 + 30 + 8), lives.rules())


def edition(number: int, *changes: tuple[str, str, str]) -> Pack:
    """A later edition of the Korean pack, with other words in some files."""
    files = FILES | {"pack.toml": FILES["pack.toml"].replace(b"version = 1", b"version = %d" % number)}
    for name, old, new in changes:
        assert old.encode() in files[name]
        files[name] = files[name].replace(old.encode(), new.encode(), 1)
    return reading.load(files)


def test_25_an_open_case_keeps_its_rules_and_sends_to_the_bodies_of_the_day() -> None:
    later = edition(2, ("deadlines.toml", "length = 60", "length = 50"))
    case = tell(*OPENING, event(E.VERIFIED, 20))
    sending = event(E.TRANSFERRED, 21, listed_in=later.ref)
    with pytest.raises(IllegalStepError, match="another edition of the rules"):
        life.advance(case, sending, KOREA)
    case = life.advance(case, sending, KOREA, later)
    assert case.pack_ref == KOREA.ref
    assert clock(case, "handle_report", "m1").due_on == on(60)
    with pytest.raises(IllegalStepError, match=r"keeps the rules kr 1, .*; these are kr 2"):
        life.advance(case, event(E.RETURNED, 30), later)
    fresh = lives.tell(event(E.RECEIVED, 0, pack=later), *OPENING[1:], pack=later)
    assert clock(fresh, "handle_report", "m1").due_on == on(50)
    history = (*OPENING, event(E.VERIFIED, 20), sending)
    assert life.replay(history, {KOREA.ref: KOREA, later.ref: later}) == case


def test_25_a_complaint_goes_to_the_body_that_exists_on_its_day() -> None:
    begins = date(2026, 9, 29)
    opening = [event(kind, number, begins=begins) for kind, number in ((E.RECEIVED, 0), (E.TRIAGED, 1))]
    opening.append(event(E.ALLEGATION_ADDED, 1, begins=begins, senior=True))
    opening += [event(kind, 1, begins=begins) for kind in (E.ASSIGNED, E.VERIFIED)]
    case = tell(*opening)
    days = {2: ("prosecutors_office", "prosecution_office"), 3: ("prosecution_office", "prosecutors_office")}
    for number, (body, other) in days.items():
        with pytest.raises(RuleError, match=f"no institution “{other}” in force"):
            tell(event(E.COMPLAINT_FILED, number, begins=begins, institution=other), before=case)
        filed = tell(event(E.COMPLAINT_FILED, number, begins=begins, institution=body), before=case)
        assert filed.allegations["m1"].state is AllegationState.COMPLAINT_FILED


def test_silence_on_a_complaint_opens_the_way_to_a_court_after_three_months() -> None:
    opening = (*OPENING[:3], event(E.ALLEGATION_ADDED, 2, senior=True), OPENING[4], event(E.VERIFIED, 20))
    filed = tell(*opening, event(E.COMPLAINT_FILED, 21))
    assert clock(filed, "complaint_watch", "m1").due_on == date(2027, 3, 14)
    last = (date(2027, 3, 14) - BEGINS).days
    said = refusal(filed, event(E.PETITION_FILED, last))
    assert said == (
        "A court can be asked once silence counts as a refusal: after 2027-03-14 (ACA 59(6), ACA 61)."
    )
    asked = tell(event(E.PETITION_FILED, last + 1), before=filed)
    assert asked.allegations["m1"].state is AllegationState.PETITIONED


def test_no_second_objection_under_the_law_that_bars_it() -> None:
    once = tell(*TOLD, event(E.NOTICE_READ, 60), event(E.OBJECTED, 61), event(E.OBJECTION_DISMISSED, 80))
    assert "no second one is heard" in refusal(once, event(E.OBJECTED, 81))
    # The pack says so for one law alone: under another the second objection is heard.
    history = (*TOLD, event(E.NOTICE_READ, 60), event(E.OBJECTED, 61), event(E.OBJECTION_DISMISSED, 80))
    other = [
        event(E.ALLEGATION_ADDED, 2, category="health") if each.kind is E.ALLEGATION_ADDED else each
        for each in history
    ]
    assert tell(*other, event(E.OBJECTED, 81)).allegations["m1"].objections == 2
