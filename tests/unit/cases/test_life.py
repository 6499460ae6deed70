"""The life of a case: what each event makes of it, in what order days may come, and what a history says."""

from typing import Any

import pytest

from cases import life, outlook
from cases.clock import Standing
from cases.errors import DateError, HistoryError, IllegalStepError, RuleError
from cases.event import Actor, Event
from cases.kinds import ReportEvent as E
from cases.kinds import Role
from cases.machines.allegation import AllegationState
from cases.machines.questions import QuestionsState
from cases.machines.referral import ReferralState
from cases.machines.report import ReportState
from cases.machines.withdrawal import WithdrawalState
from cases.packs import reading
from cases.packs.pack import Pack
from cases.stages import Stage
from tests.support import lives, pack_files
from tests.support.lives import day, make, rules, sent, tell, told, verified

PACKS = {rules().ref: rules()}
OTHER = make(E.TRANSFERRED, 8, referral="f2", institution="works_office", lead=False)
TWO_MATTERS = (*verified()[:-1], make(E.ALLEGATION_ADDED, 3, allegation="m2"), make(E.VERIFIED, 6))


def test_the_receipt_begins_a_case() -> None:
    case = tell(make(E.RECEIVED, 0, recorded=3, restricted=True, readers=("v1",)))
    assert (case.received_on, case.recorded_on) == (day(0), day(3))
    assert (case.state, case.stage) == (ReportState.RECEIVED, Stage.RECEIVED)
    assert case.pack_ref == rules().ref
    assert case.visible_to("v1")
    assert not case.visible_to("h1")


def test_nothing_else_begins_a_case_and_nothing_begins_it_twice() -> None:
    with pytest.raises(IllegalStepError, match="begins with the receipt of its report, not with “ack"):
        life.advance(None, make(E.ACKNOWLEDGED, 0), rules())
    with pytest.raises(IllegalStepError, match="“received” cannot follow"):
        tell(make(E.RECEIVED, 0), make(E.RECEIVED, 0))
    with pytest.raises(IllegalStepError, match="is recorded by: intake, system"):
        tell(make(E.RECEIVED, 0, by=lives.HEAD))


def test_a_case_keeps_its_rules() -> None:
    case = tell(make(E.RECEIVED, 0))
    second = pack_files.PACK.replace("version = 1", "version = 2")
    newer = reading.load(pack_files.as_bytes(pack_files.testland(pack=second)))
    with pytest.raises(IllegalStepError, match="keeps the rules testland 1, under which it was opened"):
        life.advance(case, make(E.ACKNOWLEDGED, 1), newer)
    with pytest.raises(IllegalStepError, match="keeps the rules testland 1"):
        life.advance(None, make(E.RECEIVED, 0), newer)


DAYS: dict[str, tuple[tuple[Event, ...], str]] = {
    "receipt ahead": ((make(E.RECEIVED, 2, recorded=1),), "On 2026-03-03 nobody can record what happens"),
    "step ahead": ((make(E.RECEIVED, 0), make(E.ACKNOWLEDGED, 2, recorded=1)), "that day lies ahead"),
    "before the report": (
        (make(E.RECEIVED, 3), make(E.ACKNOWLEDGED, 2, recorded=4)),
        "received on 2026-03-05",
    ),
    "entered backwards": (
        (make(E.RECEIVED, 0, recorded=4), make(E.ACKNOWLEDGED, 2, recorded=3)),
        "entered on 2026-03-06: none can be entered on 2026-03-05",
    ),
    "result before it was sent": (
        (*sent(), make(E.RESULT_RECEIVED, 6, recorded=9)),
        "taken on 2026-03-09; this one cannot lie on 2026-03-08",
    ),
    "notified before the result": (
        (*sent(), make(E.RESULT_RECEIVED, 38), make(E.RESULT_NOTIFIED, 37, recorded=40)),
        "taken on 2026-04-09",
    ),
    "answered before asked": (
        (*verified(), make(E.QUESTIONS_ASKED, 8), make(E.QUESTIONS_ANSWERED, 7, recorded=9)),
        "were asked on 2026-03-10",
    ),
    "read before told": (
        (*told(), make(E.NOTICE_READ, 39, recorded=41)),
        "given on 2026-04-11 and cannot have been read on 2026-04-10",
    ),
}


@pytest.mark.parametrize(("history", "because"), DAYS.values(), ids=DAYS)
def test_a_day_that_cannot_be_is_refused(history: tuple[Event, ...], because: str) -> None:
    with pytest.raises(DateError, match=because):
        tell(*history)


def test_the_source_sees_the_stage_that_is_furthest_behind() -> None:
    assert tell(*verified()).stage is Stage.UNDER_REVIEW
    one_out = (*TWO_MATTERS, make(E.TRANSFERRED, 7))
    assert tell(*one_out).stage is Stage.UNDER_REVIEW
    both_out = (*one_out, make(E.TRANSFERRED, 7, allegation="m2", referral="f2"))
    assert tell(*both_out).stage is Stage.WITH_COMPETENT_BODY
    one_told = (*both_out, make(E.RESULT_RECEIVED, 20), make(E.RESULT_NOTIFIED, 21))
    assert tell(*one_told).stage is Stage.WITH_COMPETENT_BODY
    one_closed = (*one_told, make(E.ALLEGATION_CLOSED, 22, allegation="m2"))
    assert tell(*one_closed).stage is Stage.RESULT
    all_closed = (*verified(), make(E.ALLEGATION_CLOSED, 9))
    assert tell(*all_closed).stage is Stage.UNDER_REVIEW
    asked = (*one_told, make(E.QUESTIONS_ASKED, 30))
    assert tell(*asked).stage is Stage.QUESTIONS
    assert tell(*asked, make(E.QUESTIONS_ANSWERED, 31)).stage is Stage.UNDER_REVIEW


def test_a_second_body_does_not_decide_the_matter() -> None:
    case = tell(*sent(), OTHER, make(E.RESULT_RECEIVED, 20, referral="f2"))
    assert case.allegations["m1"].state is AllegationState.REFERRED
    case = tell(make(E.RESULT_RECEIVED, 21), before=case)
    assert case.allegations["m1"].state is AllegationState.RESULT_IN


def test_the_last_body_decides_when_the_lead_gave_the_matter_back() -> None:
    third = make(E.TRANSFERRED, 8, referral="f3", lead=False)
    case = tell(*sent(), OTHER, third, make(E.RETURNED, 9), make(E.RESULT_RECEIVED, 20, referral="f3"))
    assert case.allegations["m1"].state is AllegationState.REFERRED
    case = tell(make(E.RESULT_RECEIVED, 21, referral="f2"), before=case)
    assert case.allegations["m1"].state is AllegationState.RESULT_IN


def test_another_lead_takes_over_while_a_body_still_works() -> None:
    case = tell(*sent(), OTHER, make(E.RETURNED, 9), make(E.TRANSFERRED, 10, referral="f3"))
    case = tell(make(E.RESULT_RECEIVED, 20, referral="f2"), before=case)
    assert case.allegations["m1"].state is AllegationState.REFERRED


def test_a_matter_that_every_body_gave_back_is_open_again() -> None:
    case = tell(*sent(), make(E.RETURNED, 20))
    assert case.allegations["m1"].state is AllegationState.OPEN
    assert case.referrals["f1"].state is ReferralState.RETURNED
    assert case.stage is Stage.UNDER_REVIEW


def test_handing_on_gives_no_new_time() -> None:
    case = tell(*sent(), make(E.REROUTED, 20))
    states = {name: each.state for name, each in case.referrals.items()}
    assert states == {"f1": ReferralState.REROUTED, "f2": ReferralState.SENT}
    assert case.allegations["m1"].state is AllegationState.REFERRED
    (clock,) = [each for each in case.clocks if each.deadline.id == "investigate"]
    assert (clock.subject, clock.started_on, clock.stopped_on) == ("f1", day(7), None)
    longer: dict[str, Any] = {
        "by": lives.LIAISON,
        "second": None,
        "deadline": "investigate",
        "subject": "f2",
        "length": 5,
    }
    case = tell(make(E.CLOCK_EXTENDED, 30, **longer), make(E.RESULT_RECEIVED, 60, referral="f2"), before=case)
    (clock,) = [each for each in case.clocks if each.deadline.id == "investigate"]
    assert (clock.extended, clock.stopped_on) == (5, day(60))
    assert case.allegations["m1"].state is AllegationState.RESULT_IN


def test_the_body_that_a_matter_was_handed_on_to_leads_as_the_one_before() -> None:
    case = tell(*sent(), make(E.TRANSFERRED, 8, referral="f3", institution="works_office", lead=False))
    case = tell(make(E.REROUTED, 20), make(E.RESULT_RECEIVED, 30, referral="f2"), before=case)
    assert case.allegations["m1"].state is AllegationState.RESULT_IN
    assert case.referrals["f3"].state is ReferralState.SENT


def test_several_steps_of_a_matter_can_fall_on_one_day() -> None:
    case = tell(*sent(), *(make(kind, 7) for kind in (E.RESULT_RECEIVED, E.RESULT_NOTIFIED)))
    assert case.allegations["m1"].since == day(7)


def test_extending_a_period_of_the_report_leaves_its_referrals_alone() -> None:
    case = tell(*verified(), make(E.CLOCK_EXTENDED, 9))
    clock = case.clocks.find("handle", "m1")
    assert clock is not None
    assert clock.due_on == day(90)
    assert tell(*sent()).referrals["f1"].state is ReferralState.SENT


def test_a_matter_counts_from_the_receipt_and_after_a_reopening_from_that_day() -> None:
    late = tell(*verified(), make(E.ALLEGATION_ADDED, 30, allegation="m2")).clocks.find("handle", "m2")
    assert late is not None
    assert late.due_on == day(60)
    reopened = (*told(), make(E.CLOSED, 58), make(E.REOPENED, 200, allegations=()))
    case = tell(*reopened, make(E.ALLEGATION_ADDED, 210, allegation="m2"))
    new = case.clocks.find("handle", "m2")
    assert new is not None
    assert new.due_on == day(260)
    assert case.allegations["m1"].state is AllegationState.RESULT_NOTIFIED


def test_reopening_a_matter_that_is_still_out_waits_for_its_body() -> None:
    closed = (*sent(), make(E.ALLEGATION_CLOSED, 20), make(E.CLOSED, 21))
    case = tell(*closed, make(E.REOPENED, 30))
    assert case.allegations["m1"].state is AllegationState.REFERRED
    assert (case.state, case.triage, case.reopened_on) == (ReportState.TRIAGE, None, day(30))
    settled = tell(*told(), make(E.CLOSED, 58), make(E.REOPENED, 100))
    assert settled.allegations["m1"].state is AllegationState.OPEN


def test_rounds_of_before_a_reopening_no_longer_count() -> None:
    two = (
        *verified(),
        make(E.QUESTIONS_ASKED, 7),
        make(E.QUESTIONS_LAPSED, 18),
        make(E.QUESTIONS_ASKED, 19, questions="q2"),
        make(E.QUESTIONS_LAPSED, 30, questions="q2"),
        make(E.CLOSED, 31, reason="unanswered"),
    )
    case = tell(*two, make(E.REOPENED, 40))
    assert case.unanswered() == 0
    assert tell(*two).unanswered() == 2


def test_a_late_answer_leaves_the_report_where_it_is() -> None:
    asked = (*verified(), make(E.QUESTIONS_ASKED, 7), make(E.QUESTIONS_LAPSED, 18))
    case = tell(*asked, make(E.VERIFIED, 19), make(E.QUESTIONS_ANSWERED, 25))
    assert (case.state, case.questions["q1"].state) == (ReportState.VERIFIED, QuestionsState.ANSWERED)
    again = tell(*asked, make(E.QUESTIONS_ASKED, 20, questions="q2"), make(E.QUESTIONS_ANSWERED, 25))
    assert again.state is ReportState.INFO_REQUESTED
    assert tell(make(E.QUESTIONS_ANSWERED, 26, questions="q2"), before=again).state is ReportState.ASSIGNED


def test_a_recused_officer_loses_the_case() -> None:
    case = tell(*verified(), make(E.RECUSED, 7, person="h1"))
    assert (case.handler, case.visible_to("h1"), case.visible_to("h2")) == ("", False, True)
    kept = tell(*verified(), make(E.RECUSED, 7))
    assert kept.handler == "h1"


def test_a_restriction_is_lifted() -> None:
    case = tell(
        *verified(), make(E.RESTRICTED, 7), make(E.UNRESTRICTED, 8, second=Actor(Role.APPROVER, "a1"))
    )
    assert case.visible_to("anybody")


def test_a_withdrawal_goes_through_its_check() -> None:
    asked = (*verified(), make(E.WITHDRAWAL_ASKED, 7))
    forced = tell(*asked, make(E.WITHDRAWAL_CHECKED, 8, free=False))
    assert (forced.withdrawal, forced.state) == (WithdrawalState.COERCED, ReportState.VERIFIED)
    free = (*asked, make(E.WITHDRAWAL_CHECKED, 8), make(E.WITHDRAWN, 9))
    assert (tell(*free).state, tell(*free).stage) == (ReportState.WITHDRAWN, Stage.UNDER_REVIEW)
    assert tell(*free, make(E.CLOSED, 10)).allegations["m1"].state is AllegationState.CLOSED
    going_on = tell(*free, make(E.CONTINUED_EX_OFFICIO, 10))
    assert (going_on.state, going_on.triage) == (ReportState.TRIAGE, None)


def test_a_complaint_is_answered_or_taken_to_a_court() -> None:
    filed = (*verified(senior=True), make(E.COMPLAINT_FILED, 7))
    case = tell(*filed, make(E.PETITION_FILED, 100))
    assert case.allegations["m1"].state is AllegationState.PETITIONED
    assert (
        tell(make(E.RESULT_RECEIVED, 200), before=case).allegations["m1"].state is AllegationState.RESULT_IN
    )
    assert case.referrals["f1"].lead


def test_without_a_rule_nothing_is_destroyed() -> None:
    pack = reading.load(
        pack_files.as_bytes(
            pack_files.testland(
                retention=None,
                words_en=pack_files.words("en").replace("[retention.case]", "[closing.concluded]"),
                words_tl=pack_files.words("tl").replace("[retention.case]", "[closing.concluded]"),
                life=pack_files.LIFE + '\n[[closing]]\nid = "concluded"\nbasis = "policy"\n',
            )
        )
    )
    history = (
        make(E.RECEIVED, 0, pack=pack),
        *told()[1:6],
        make(E.TRANSFERRED, 7, pack=pack),
        *told()[7:],
        make(E.CLOSED, 58),
        make(E.RETAINED, 60),
    )
    with pytest.raises(RuleError, match="does not say how long this case is kept"):
        tell(*history, make(E.DESTROYED, 4000), pack=pack)


def test_a_ground_counts_only_under_its_law() -> None:
    under = pack_files.LIFE.replace('id = "clearly_false"', 'id = "clearly_false"\nunder = ["TA"]')
    pack = reading.load(pack_files.as_bytes(pack_files.testland(life=under)))
    opening = (make(E.RECEIVED, 0, pack=pack), make(E.TRIAGED, 1), make(E.ALLEGATION_ADDED, 1))
    waste = make(E.ALLEGATION_ADDED, 1, allegation="m2", category="waste")
    closing = make(E.CLOSED, 2, by=lives.INTAKE, reason="clearly_false")
    assert tell(*opening, closing, pack=pack).state is ReportState.CLOSED
    with pytest.raises(IllegalStepError, match="“clearly_false” does not count under the law of each matter"):
        tell(*opening, waste, closing, pack=pack)


def test_a_matter_that_no_law_is_known_for_is_sent_like_any_other() -> None:
    case = tell(*sent(category="waste"))
    assert (case.allegations["m1"].law, case.laws) == (None, {})
    assert case.clocks.find("investigate", "f1") is not None


def test_the_end() -> None:
    case = tell(*told(), make(E.CLOSED, 58), make(E.FOLLOW_UP_BEGUN, 58), make(E.RETAINED, 800))
    case = tell(make(E.DESTROYED, 3000), before=case)
    assert (case.state, case.stage) == (ReportState.DESTROYED, Stage.CLOSED)
    assert outlook.possible(case, rules()) == ()


def test_a_history_comes_to_the_same_case() -> None:
    history = (*told(), make(E.NOTICE_READ, 41), make(E.OBJECTED, 45))
    case = life.replay(history, PACKS)
    assert case == tell(*history)
    clock = case.clocks.find("object", "m1")
    assert clock is not None
    assert clock.standing(day(90)) is Standing.STOPPED_IN_TIME


BROKEN: dict[str, tuple[tuple[Event, ...], dict[Any, Pack], str]] = {
    "empty": ((), PACKS, "The history of this case is empty"),
    "headless": (
        told()[1:],
        PACKS,
        "Event 1 of this case does not follow: a history begins",
    ),
    "gap": (
        (*told()[:5], *told()[6:]),
        PACKS,
        "Event 6 of this case does not follow: “transferred”",
    ),
    "swapped": (
        (*told()[:4], told()[5], told()[4], *told()[6:]),
        PACKS,
        "Event 5 of this case",
    ),
    "no rules": (told(), {}, "the rules it names, testland 1, are not here"),
    "day": (
        (make(E.RECEIVED, 3), make(E.ACKNOWLEDGED, 2)),
        PACKS,
        "Event 2 of this case does not follow: The report",
    ),
}


@pytest.mark.parametrize(("history", "packs", "because"), BROKEN.values(), ids=BROKEN)
def test_a_history_that_does_not_follow_is_told_where(
    history: tuple[Event, ...], packs: dict[Any, Pack], because: str
) -> None:
    with pytest.raises(HistoryError, match=because):
        life.replay(history, packs)


def test_a_timeline_tells_each_moment() -> None:
    longer: dict[str, Any] = {
        "by": lives.BODY,
        "second": None,
        "deadline": "investigate",
        "subject": "f1",
        "length": 5,
    }
    extended = (make(E.CLOCK_EXTENDED, 6), *sent()[6:], make(E.CLOCK_EXTENDED, 30, **longer))
    moments = list(outlook.timeline((*verified(), *extended), PACKS))
    assert [each.number for each in moments] == [1, 2, 3, 3, 4, 6, 5, 7, 10]
    assert [each.subject for each in moments] == ["", "", "", "m1", "", "", "m1", "f1", "f1"]
    assert moments[-2].stage is Stage.WITH_COMPETENT_BODY
    assert moments[-2].state is ReportState.VERIFIED
    assert moments[-2].notice.startswith("which competent body")


def possible(*history: Event, role: Role | None = None) -> set[E]:
    return set(outlook.possible(tell(*history), rules(), role))


def test_what_is_possible_next() -> None:
    assert outlook.possible(None, rules()) == (E.RECEIVED,)
    assert outlook.possible(None, rules(), Role.HANDLER) == ()
    start = possible(make(E.RECEIVED, 0))
    assert {E.ACKNOWLEDGED, E.TRIAGED, E.CLOSED, E.ALLEGATION_ADDED} <= start
    assert not {E.ASSIGNED, E.TRANSFERRED, E.WITHDRAWN, E.ALLEGATION_CLOSED} & start
    assert possible(*verified(), role=Role.SUPERVISOR) == {
        E.ASSIGNED,
        E.RECUSED,
        E.RESTRICTED,
    }
    shut = possible(*verified(), make(E.RESTRICTED, 6, readers=("hana",)))
    assert E.UNRESTRICTED in shut
    assert E.ACKNOWLEDGED not in possible(make(E.RECEIVED, 0), make(E.ACKNOWLEDGED, 1))
    assert E.HOLD_LIFTED not in possible(*verified())
    assert E.HOLD_LIFTED in possible(*verified(), make(E.HOLD_PLACED, 7))
    ready = possible(*verified())
    assert {E.TRANSFERRED, E.FORWARDED, E.COMPLAINT_FILED, E.CLOCK_EXTENDED} <= ready
    assert not {E.RETURNED, E.REROUTED, E.RESULT_NOTIFIED, E.OBJECTED} & ready
    out = possible(*sent())
    assert {E.RETURNED, E.REROUTED, E.INVESTIGATION_BEGUN, E.RESULT_RECEIVED} <= out
    assert E.CLOSED not in out
    assert {E.OBJECTED, E.CLOSED, E.OBJECTION_REFUSED} <= possible(*told())
    closed = possible(*told(), make(E.CLOSED, 58))
    assert {E.REOPENED, E.RETAINED, E.FOLLOW_UP_BEGUN, E.OBJECTED} <= closed
    asked = possible(*verified(), make(E.WITHDRAWAL_ASKED, 7))
    assert E.WITHDRAWAL_CHECKED in asked
    assert E.WITHDRAWN not in asked


def test_a_step_that_is_switched_off_is_neither_possible_nor_legal() -> None:
    off = '\n[[setting]]\nid = "events_off"\nvalue = "forwarded, complaint_filed"\nbasis = "policy"\n'
    pack = reading.load(pack_files.as_bytes(pack_files.testland(life=pack_files.LIFE + off)))
    case = tell(make(E.RECEIVED, 0, pack=pack), *verified(senior=True)[1:], pack=pack)
    assert E.FORWARDED not in outlook.possible(case, pack)
    assert E.TRANSFERRED in outlook.possible(case, pack)
    with pytest.raises(IllegalStepError, match="The rules of this case know no “forwarded”"):
        life.advance(case, make(E.FORWARDED, 7, pack=pack), pack)
    moved = life.advance(case, make(E.TRANSFERRED, 7, pack=pack), pack)
    assert moved.allegations["m1"].state is AllegationState.REFERRED


def test_the_texts_that_are_owed_for_an_event() -> None:
    received = make(E.RECEIVED, 0)
    case = tell(received)
    assert [each.id for each in outlook.notices(case, received, rules())] == ["was_received"]
    assert outlook.notices(case, make(E.ACKNOWLEDGED, 1), rules()) == ()


BODIES = {
    (E.TRANSFERRED, 0): ["ministry", "works_office"],
    (E.COMPLAINT_FILED, 0): ["old_prosecutor"],
    (E.COMPLAINT_FILED, 300): ["new_prosecutor"],
}


@pytest.mark.parametrize(("kind", "on"), BODIES)
def test_the_bodies_that_a_matter_can_go_to(kind: E, on: int) -> None:
    assert [each.id for each in outlook.bodies(rules(), kind, day(on))] == BODIES[kind, on]
