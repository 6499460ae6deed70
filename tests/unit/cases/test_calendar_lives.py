"""Calendar cases of Korean law as whole lives: each step judged, each day counted by hand.

The days are numbered from the receipt, 23 November 2026. What single periods come to, without the
steps around them, is in `test_calendar_cases`.
"""

from datetime import date, timedelta
from typing import Any, Final

import pytest

from cases.case import Case
from cases.clock import Clock, Standing
from cases.errors import DateError, IllegalStepError
from cases.event import Event
from cases.kinds import ReportEvent as E
from cases.machines.allegation import AllegationState
from cases.machines.report import ReportState
from cases.packs.schema import CheckItem
from tests.support import lives
from tests.support.shipped import shipped

RECEIVED_ON: Final = date(2026, 11, 23)
SHIFT: Final = (RECEIVED_ON - lives.DAY_0).days


def at(kind: E, on: int, **changes: Any) -> Event:
    return lives.make(kind, SHIFT + on, pack=shipped("kr"), **changes)


def tell(*history: Event, before: Case | None = None) -> Case:
    return lives.tell(*history, pack=shipped("kr"), before=before)


def day(number: int) -> date:
    return RECEIVED_ON + timedelta(days=number)


def assigned(**matter: Any) -> Case:
    """A report with one matter, in the hands of its officer on day 3."""
    return tell(
        at(E.RECEIVED, 0),
        at(E.TRIAGED, 1),
        at(E.ALLEGATION_ADDED, 2, **matter),
        at(E.ASSIGNED, 3),
    )


def verified(**matter: Any) -> Case:
    """The same, verified on day 6."""
    return tell(at(E.VERIFIED, 6, checked=tuple(shipped("kr").ids(CheckItem))), before=assigned(**matter))


def told() -> Case:
    """The same, sent to the police on day 10, its result told to the source on day 80."""
    return tell(
        at(E.TRANSFERRED, 10, institution="police"),
        at(E.INVESTIGATION_ENDED, 69),
        at(E.RESULT_RECEIVED, 79),
        at(E.RESULT_NOTIFIED, 80),
        before=verified(),
    )


def clock(case: Case, name: str, subject: str) -> Clock:
    found = case.clocks.find(name, subject)
    assert found is not None
    return found


def test_aca_59_3_a_report_is_not_closed_for_silence_after_one_request_and_is_after_two() -> None:
    once = tell(at(E.QUESTIONS_ASKED, 5), at(E.QUESTIONS_LAPSED, 16), before=assigned())
    closing = at(E.CLOSED, 40, reason="unanswered")
    with pytest.raises(IllegalStepError, match="needs 2 rounds"):
        tell(closing, before=once)
    twice = tell(
        at(E.QUESTIONS_ASKED, 17, questions="q2"), at(E.QUESTIONS_LAPSED, 28, questions="q2"), before=once
    )
    closed = tell(closing, before=twice)
    assert closed.state is ReportState.CLOSED
    assert clock(closed, "handle_report", "m1").standing(day(500)) is Standing.STOPPED_IN_TIME


def test_a_source_that_comes_back_on_day_100_gets_new_days_and_the_old_clock_stays_on_record() -> None:
    history = (
        at(E.QUESTIONS_ASKED, 5),
        at(E.QUESTIONS_LAPSED, 16),
        at(E.QUESTIONS_ASKED, 17, questions="q2"),
        at(E.QUESTIONS_LAPSED, 28, questions="q2"),
        at(E.CLOSED, 40, reason="unanswered"),
        at(E.REOPENED, 100),
    )
    case = tell(*history, before=assigned())
    runs = case.clocks.runs["handle_report", "m1"]
    assert [(c.started_on, c.due_on, c.stopped_on) for c in runs] == [
        (day(0), day(60), day(40)),
        (day(100), day(160), None),
    ]


def test_aca_59_8_with_30_days_more_a_report_can_be_sent_on_day_90() -> None:
    longer = at(E.CLOCK_EXTENDED, 60, deadline="handle_report", length=30)
    case = tell(longer, at(E.TRANSFERRED, 90, institution="police"), before=verified())
    assert clock(case, "handle_report", "m1").standing(day(90)) is Standing.STOPPED_IN_TIME
    late = tell(at(E.TRANSFERRED, 61, institution="police"), before=verified())
    assert clock(late, "handle_report", "m1").standing(day(61)) is Standing.STOPPED_LATE


def test_aca_decree_63_2_an_objection_on_day_7_after_reading_is_heard_and_its_answer_is_due_in_30() -> None:
    case = tell(at(E.NOTICE_READ, 200), at(E.OBJECTED, 207), before=told())
    assert case.allegations["m1"].state is AllegationState.OBJECTION
    assert clock(case, "objection_answer_aca", "m1").due_on == day(237)


def test_aca_decree_63_2_an_objection_on_day_8_after_reading_is_refused_with_the_last_day() -> None:
    case = tell(at(E.NOTICE_READ, 200), before=told())
    with pytest.raises(IllegalStepError, match=rf"last day was {day(207)} \(ACA Decree 63\(2\)"):
        tell(at(E.OBJECTED, 208), before=case)
    refused = tell(at(E.OBJECTION_REFUSED, 208), before=case)
    assert refused.allegations["m1"].state is AllegationState.RESULT_NOTIFIED
    with pytest.raises(IllegalStepError, match="was in time"):
        tell(at(E.OBJECTION_REFUSED, 207), before=case)


def test_an_objection_without_a_word_that_the_notice_was_read_is_in_time() -> None:
    case = tell(at(E.OBJECTED, 700), before=told())
    assert case.allegations["m1"].state is AllegationState.OBJECTION


def test_aca_61_a_court_is_asked_on_the_day_after_three_months_of_silence_and_not_before() -> None:
    complaint = at(E.COMPLAINT_FILED, 7, institution="prosecution_office")
    case = tell(complaint, before=verified(senior=True))
    last_on = date(2027, 2, 28)
    assert (day(7), clock(case, "complaint_watch", "m1").due_on) == (date(2026, 11, 30), last_on)
    last = (last_on - RECEIVED_ON).days
    with pytest.raises(IllegalStepError, match=f"after {last_on}"):
        tell(at(E.PETITION_FILED, last), before=case)
    asked = tell(at(E.PETITION_FILED, last + 1), before=case)
    assert asked.allegations["m1"].state is AllegationState.PETITIONED


def test_aca_60_a_body_has_60_days_and_handing_the_matter_on_gives_nobody_new_ones() -> None:
    case = tell(
        at(E.TRANSFERRED, 10, institution="police"),
        at(E.REROUTED, 50, institution="supervisory_body"),
        before=verified(),
    )
    (running,) = (c for c in case.clocks if c.deadline.id == "investigate")
    assert (running.started_on, running.due_on, running.stopped_on) == (day(10), day(70), None)
    ended = tell(at(E.INVESTIGATION_ENDED, 69, referral="f2"), before=case)
    assert clock(ended, "investigate", running.subject).standing(day(99)) is Standing.STOPPED_IN_TIME
    assert [c.due_on for c in ended.clocks if c.deadline.id == "result_report"] == [day(79)]


def test_aca_60_a_body_extends_its_own_time_with_a_reason() -> None:
    case = tell(at(E.TRANSFERRED, 10, institution="police"), before=verified())
    longer = at(
        E.CLOCK_EXTENDED, 70, deadline="investigate", subject="f1", length=45, by=lives.BODY, second=None
    )
    (running,) = (c for c in tell(longer, before=case).clocks if c.deadline.id == "investigate")
    assert running.due_on == day(115)


@pytest.mark.parametrize(("on", "recorded", "said"), [(-1, 5, "was received on"), (6, 5, "lies ahead")])
def test_nothing_happens_before_the_report_or_after_the_day_it_is_entered(
    on: int, recorded: int, said: str
) -> None:
    with pytest.raises(DateError, match=said):
        tell(at(E.QUESTIONS_ASKED, on, recorded=SHIFT + recorded), before=assigned())


def test_a_letter_that_is_entered_late_counts_from_the_day_on_which_it_took_effect() -> None:
    case = tell(at(E.TRANSFERRED, 58, recorded=SHIFT + 64, institution="police"), before=verified())
    assert clock(case, "handle_report", "m1").standing(day(64)) is Standing.STOPPED_IN_TIME
    assert [c.due_on for c in case.clocks if c.deadline.id == "investigate"] == [day(118)]
