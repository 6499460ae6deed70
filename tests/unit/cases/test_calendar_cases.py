"""Calendar cases of the law, each with its article, counted by hand and run on the packs as shipped.

What the shipped packs have no rule for, working days above all, runs on a rule of Testland.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

import pytest

from cases import clocks
from cases.clock import Clock, Standing
from cases.clocks import Clocks, Happening
from cases.dates import legal_day
from cases.errors import ClockError
from cases.kinds import EventKind, ReportEvent, RequestEvent, Role, Scope, Unit
from cases.packs.pack import Pack
from cases.packs.schema import ClosingReason, Deadline
from tests.support.rules import deadline, holidays, pack, weekend
from tests.support.shipped import shipped

EACH: Final[Mapping[Scope, tuple[str, ...]]] = dict.fromkeys(Scope, ("x",))
RECEIVED_ON: Final = date(2026, 11, 23)


def play(rules: Pack, *events: tuple[EventKind, date], law: str | None = None) -> Clocks:
    """The clocks after these events, of an allegation under a law; the first is the day of the report."""
    table = Clocks()
    for kind, on in events:
        laws = {} if law is None else {"x": law}
        table = clocks.apply(table, Happening(kind, on, EACH, laws), rules, events[0][1])
    return table


def clock(table: Clocks, name: str) -> Clock:
    found = table.find(name, "x")
    assert found is not None
    return found


def cites(rule: Deadline, article: str) -> bool:
    return article in map(str, rule.basis)


# --- handling: 60 days from receipt, and 30 more


def received() -> Clocks:
    return play(shipped("kr"), (ReportEvent.RECEIVED, RECEIVED_ON))


def test_aca_59_8_a_report_is_handled_in_60_days() -> None:
    handling = clock(received(), "handle_report")
    assert cites(handling.deadline, "ACA 59(8)")
    assert handling.due_on == date(2027, 1, 22)
    assert [handling.standing(date(2027, 1, d)) for d in (7, 8, 22, 23)] == [
        Standing.RUNNING,
        Standing.WARNING,
        Standing.DUE_TODAY,
        Standing.MISSED,
    ]


def longer(table: Clocks, by: int, on: date) -> Clocks:
    return clocks.extend(
        table,
        "handle_report",
        "x",
        by=by,
        on=on,
        approved_by=Role.SECOND_OFFICER,
        reason_given=True,
        pack=shipped("kr"),
    )


def test_aca_59_8_thirty_days_more_make_90_from_the_receipt_and_no_day_beyond() -> None:
    last_day, after = date(2027, 1, 22), date(2027, 1, 23)
    sixty = received()
    ninety = longer(sixty, 30, last_day)
    assert clock(ninety, "handle_report").due_on == date(2027, 2, 21)
    for table, by, on, said in (
        (ninety, 1, after, "30 in all"),
        (sixty, 31, last_day, "30 in all"),
        (sixty, 30, after, "ran out on 2027-01-22"),
    ):
        with pytest.raises(ClockError, match=said):
            longer(table, by, on)


def test_aca_59_3_and_decree_58_a_report_is_closed_for_silence_after_two_requests_and_not_before() -> None:
    reasons = [r for r in shipped("kr").in_force(ClosingReason, RECEIVED_ON) if r.unanswered]
    assert [reason.unanswered for reason in reasons] == [2]
    assert "ACA 59(3)" in map(str, reasons[0].basis)


def test_two_information_requests_stop_no_clock_of_the_handling() -> None:
    table = play(
        shipped("kr"),
        (ReportEvent.RECEIVED, RECEIVED_ON),
        (ReportEvent.QUESTIONS_ASKED, date(2026, 12, 1)),
        (ReportEvent.QUESTIONS_LAPSED, date(2026, 12, 15)),
        (ReportEvent.QUESTIONS_ASKED, date(2026, 12, 16)),
        (ReportEvent.QUESTIONS_LAPSED, date(2026, 12, 30)),
    )
    assert clock(table, "handle_report").due_on == date(2027, 1, 22)


def test_an_evening_in_utc_is_the_next_day_in_seoul_and_moves_the_last_day() -> None:
    rules = shipped("kr")
    late = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    received_on = legal_day(late, rules.head.time_zone)
    assert received_on == RECEIVED_ON
    table = play(rules, (ReportEvent.RECEIVED, received_on))
    assert clock(table, "handle_report").due_on == date(2027, 1, 22)
    assert legal_day(late.replace(hour=14, minute=59), rules.head.time_zone) == date(2026, 11, 22)


# --- objection: 7 days from the notice, which counts from its reading

NOTIFIED_ON: Final = date(2027, 2, 20)


def objection(read_on: date, law: str) -> Clock:
    rules = shipped("kr")
    table = play(
        rules, (ReportEvent.RECEIVED, RECEIVED_ON), (ReportEvent.RESULT_NOTIFIED, NOTIFIED_ON), law=law
    )
    notice = Happening(ReportEvent.RESULT_NOTIFIED, NOTIFIED_ON, EACH, {"x": law})
    return clock(clocks.served(table, notice, read_on, rules), "objection")


@pytest.mark.parametrize(("law", "article"), [("ACA", "ACA Decree 63(2)"), ("PIWPA", "PIWPA Decree 11-3(1)")])
@pytest.mark.parametrize("read_on", [NOTIFIED_ON, date(2027, 2, 25), date(2028, 2, 25)])
def test_aca_decree_63_2_an_objection_is_in_time_on_day_7_after_reading_and_late_on_day_8(
    law: str, article: str, read_on: date
) -> None:
    found = objection(read_on, law)
    assert cites(found.deadline, article)
    day_7 = date.fromordinal(read_on.toordinal() + 7)
    day_8 = date.fromordinal(read_on.toordinal() + 8)
    assert (found.in_time(day_7), found.in_time(day_8)) == (True, False)
    assert (found.standing(day_7), found.standing(day_8)) == (Standing.DUE_TODAY, Standing.ENDED)


def test_aca_decree_63_2_read_on_25_february_of_a_leap_year_the_7th_day_is_3_march() -> None:
    assert objection(date(2028, 2, 25), "ACA").due_on == date(2028, 3, 3)
    assert objection(date(2027, 2, 25), "ACA").due_on == date(2027, 3, 4)


def test_a_notice_that_was_never_read_lets_nobody_lose_the_objection() -> None:
    table = play(
        shipped("kr"),
        (ReportEvent.RECEIVED, RECEIVED_ON),
        (ReportEvent.RESULT_NOTIFIED, NOTIFIED_ON),
        law="ACA",
    )
    found = clock(table, "objection")
    assert found.in_time(date(2030, 1, 1))
    assert found.standing(date(2030, 1, 1)) == Standing.WAITING


# --- three months of silence


@pytest.mark.parametrize(
    ("filed_on", "last_on"),
    [
        (date(2026, 12, 1), date(2027, 3, 1)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2027, 12, 31), date(2028, 3, 31)),
    ],
)
def test_aca_61_three_months_of_silence_after_the_complaint_are_deemed_an_answer(
    filed_on: date, last_on: date
) -> None:
    table = play(
        shipped("kr"), (ReportEvent.RECEIVED, RECEIVED_ON), (ReportEvent.COMPLAINT_FILED, filed_on), law="ACA"
    )
    watch = clock(table, "complaint_watch")
    assert cites(watch.deadline, "ACA 61")
    assert watch.due_on == last_on
    next_day = date.fromordinal(last_on.toordinal() + 1)
    assert (watch.standing(last_on), watch.standing(next_day)) == (Standing.DUE_TODAY, Standing.DEEMED)


def test_aca_61_an_answer_on_the_last_day_is_no_silence() -> None:
    table = play(
        shipped("kr"),
        (ReportEvent.RECEIVED, RECEIVED_ON),
        (ReportEvent.COMPLAINT_FILED, date(2026, 12, 1)),
        (ReportEvent.RESULT_RECEIVED, date(2027, 3, 1)),
        law="ACA",
    )
    assert clock(table, "complaint_watch").standing(date(2027, 3, 2)) == Standing.STOPPED_IN_TIME


# --- the other periods of Korean law, one line each


@pytest.mark.parametrize(
    ("name", "article", "law", "event", "start_on", "last_on"),
    [
        ("investigate", "ACA 60(1),(2)", "ACA", ReportEvent.TRANSFERRED, date(2027, 1, 4), date(2027, 3, 5)),
        (
            "result_report",
            "ACA 60(1),(2)",
            "ACA",
            ReportEvent.INVESTIGATION_ENDED,
            date(2027, 2, 25),
            date(2027, 3, 7),
        ),
        (
            "objection_answer_aca",
            "ACA Decree 63(3)",
            "ACA",
            ReportEvent.OBJECTED,
            date(2027, 2, 1),
            date(2027, 3, 3),
        ),
        (
            "objection_answer_piwpa",
            "PIWPA Decree 11-3(3)",
            "PIWPA",
            ReportEvent.OBJECTED,
            date(2027, 2, 1),
            date(2027, 4, 2),
        ),
        (
            "reinvestigation_demand_aca",
            "ACA 60(5),(6)",
            "ACA",
            ReportEvent.RESULT_RECEIVED,
            date(2028, 1, 31),
            date(2028, 3, 1),
        ),
        (
            "reinvestigation_demand_piwpa",
            "PIWPA Decree 11-3(2)",
            "PIWPA",
            ReportEvent.RESULT_RECEIVED,
            date(2028, 1, 1),
            date(2028, 3, 1),
        ),
        (
            "retaliation_apply",
            "PIWPA 17(2)",
            "PIWPA",
            RequestEvent.DETRIMENT_SUFFERED,
            date(2028, 2, 29),
            date(2029, 2, 28),
        ),
        (
            "protect_decide",
            "ACA Decree 67",
            "ACA",
            RequestEvent.PROTECTION_FILED,
            date(2027, 12, 31),
            date(2028, 2, 29),
        ),
        (
            "stay_decide",
            "ACA Decree 68-2",
            "ACA",
            RequestEvent.STAY_FILED,
            date(2028, 2, 20),
            date(2028, 3, 5),
        ),
        ("stay_runs", "ACA 62-5", "ACA", RequestEvent.STAY_GRANTED, date(2027, 1, 15), date(2027, 3, 1)),
        (
            "relief_decide",
            "ACA Decree 79",
            "ACA",
            RequestEvent.RELIEF_FILED,
            date(2026, 12, 1),
            date(2027, 3, 1),
        ),
        (
            "relief_decide_crime",
            "Crime Reporter Decree 10, 11, 18, 19",
            "Crime Reporter Act",
            RequestEvent.RELIEF_FILED,
            date(2027, 1, 31),
            date(2027, 2, 28),
        ),
        (
            "reward_apply_known",
            "ACA 68(6), 70, 70-2",
            "ACA",
            RequestEvent.RECOVERY_KNOWN,
            date(2028, 2, 29),
            date(2031, 2, 28),
        ),
        (
            "reward_apply_final",
            "ACA 68(6), 70, 70-2",
            "ACA",
            RequestEvent.RECOVERY_FINAL,
            date(2027, 2, 28),
            date(2032, 2, 28),
        ),
        (
            "monitoring_round",
            "PIWPA 20(5)",
            "PIWPA",
            RequestEvent.MONITORING_BEGUN,
            date(2027, 8, 31),
            date(2028, 2, 29),
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_a_period_of_korean_law_ends_on_its_day(
    name: str, article: str, law: str, event: EventKind, start_on: date, last_on: date
) -> None:
    table = play(shipped("kr"), (ReportEvent.RECEIVED, RECEIVED_ON), (event, start_on), law=law)
    found = clock(table, name)
    assert cites(found.deadline, article)
    assert found.due_on == last_on


def test_piwpa_20_5_a_round_of_monitoring_ends_and_begins_the_next() -> None:
    table = play(
        shipped("kr"),
        (ReportEvent.RECEIVED, RECEIVED_ON),
        (RequestEvent.MONITORING_BEGUN, date(2027, 3, 31)),
        (RequestEvent.MONITORED, date(2027, 9, 20)),
    )
    rounds = table.runs[("monitoring_round", "x")]
    assert [(c.due_on, c.stopped_on) for c in rounds] == [
        (date(2027, 9, 30), date(2027, 9, 20)),
        (date(2028, 3, 20), None),
    ]


def test_under_another_law_a_period_of_the_aca_does_not_run() -> None:
    table = play(
        shipped("kr"),
        (ReportEvent.RECEIVED, RECEIVED_ON),
        (ReportEvent.OBJECTED, date(2027, 3, 1)),
        law="PIWPA",
    )
    assert table.find("objection_answer_aca", "x") is None


# --- the European directive: feedback from the acknowledgement, or from the end of its seven days


@pytest.mark.parametrize(
    ("acknowledged_on", "last_on"),
    [
        (None, date(2027, 2, 28)),
        (date(2026, 11, 26), date(2027, 2, 26)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2026, 12, 10), date(2027, 2, 28)),
    ],
)
def test_directive_9_1_f_feedback_is_due_three_months_after_the_acknowledgement_or_its_seven_days(
    acknowledged_on: date | None, last_on: date
) -> None:
    events: list[tuple[EventKind, date]] = [(ReportEvent.RECEIVED, RECEIVED_ON)]
    if acknowledged_on is not None:
        events.append((ReportEvent.ACKNOWLEDGED, acknowledged_on))
    table = play(shipped("eu"), *events)
    feedback = clock(table, "feedback")
    assert cites(feedback.deadline, "Directive 9(1)(f)")
    assert clock(table, "acknowledge").due_on == date(2026, 11, 30)
    assert feedback.due_on == last_on


def test_directive_9_1_f_feedback_is_six_months_where_that_is_justified() -> None:
    rules = shipped("eu")
    table = play(rules, (ReportEvent.RECEIVED, RECEIVED_ON))
    justified = clocks.extend(
        table, "feedback", "x", by=3, on=date(2027, 2, 28), approved_by=None, reason_given=True, pack=rules
    )
    assert clock(justified, "feedback").due_on == date(2027, 5, 30)


# --- working days, on a rule of Testland


def test_testland_act_1_fifteen_working_days_over_a_holiday_and_the_end_of_the_year() -> None:
    rules = pack(
        deadline("pay", scope=Scope.REQUEST, length=15, unit=Unit.WORKING_DAY),
        weekend(6, 7),
        holidays(2026, date(2026, 12, 8), date(2026, 12, 31)),
        holidays(2027, date(2027, 1, 1), date(2027, 1, 4)),
    )
    table = play(rules, (ReportEvent.RECEIVED, date(2026, 12, 18)))
    # 21–25 December are 5, 28–30 are 8, 5–8 January are 12, 11–13 are 15.
    assert clock(table, "pay").due_on == date(2027, 1, 13)
