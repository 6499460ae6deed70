"""Every state and every event of every machine: what may follow leads where the reviewed tables say, and
nothing else may.

The tables below were written from the list of transitions, not from the code, and are read by people:
one line is a state, and after each event the state it leads to (“=” is the same one).
"""

from enum import StrEnum
from typing import Any

import pytest

from cases.errors import IllegalStepError
from cases.kinds import ReportEvent, Role
from cases.machine import Machine, When
from cases.machines.acts import ACTS, Notice
from cases.machines.allegation import ALLEGATION, AllegationState
from cases.machines.questions import QUESTIONS, QuestionsState
from cases.machines.referral import REFERRAL, ReferralState
from cases.machines.report import REPORT, ReportState
from cases.machines.withdrawal import WITHDRAWAL, WithdrawalState
from cases.stages import Stage

ANY_LIVE = """
allegation_closed = | closed closed | clock_extended = | consent_recorded = | hold_lifted = | hold_placed =
notice_read = | recused = | restricted = | unrestricted =
"""
WITH_SOURCE = "withdrawal_asked = | withdrawal_checked = | withdrawn withdrawn"
BODIES = """
petition_filed = | returned = | rerouted = | investigation_begun = | investigation_ended = | result_received =
result_notified = | objected = | objection_refused = | objection_dismissed = | reinvestigation_demanded =
questions_answered/late =
"""
ENDED = """
consent_recorded = | hold_lifted = | hold_placed = | notice_read = | recused = | restricted = | unrestricted =
objected verified | objection_refused = | reopened triage
"""

REPORT_TABLE = {
    None: "received received",
    "received": ANY_LIVE + WITH_SOURCE + "| acknowledged acknowledged | triaged triage | allegation_added =",
    "acknowledged": ANY_LIVE + WITH_SOURCE + "| triaged triage | allegation_added =",
    "triage": ANY_LIVE
    + WITH_SOURCE
    + BODIES
    + "| acknowledged = | triaged = | allegation_added = | assigned assigned",
    "assigned": ANY_LIVE
    + WITH_SOURCE
    + BODIES
    + """| acknowledged = | allegation_added = | assigned = | questions_asked info_requested
    verified verified""",
    "info_requested": ANY_LIVE
    + WITH_SOURCE
    + BODIES
    + """| acknowledged = | allegation_added = | assigned = | questions_answered assigned
    questions_lapsed assigned""",
    "verified": ANY_LIVE
    + WITH_SOURCE
    + BODIES
    + """| acknowledged = | allegation_added assigned | assigned = | questions_asked info_requested
    transferred = | forwarded = | complaint_filed =""",
    "withdrawn": ANY_LIVE + BODIES + "| continued_ex_officio triage",
    "closed": ENDED + "| follow_up_begun follow_up | retained retained",
    "follow_up": ENDED + "| retained retained",
    "retained": ENDED + "| destroyed destroyed",
    "destroyed": "",
}

ALLEGATION_TABLE = {
    None: "allegation_added open",
    "open": """transferred referred | forwarded referred | complaint_filed complaint_filed
        allegation_closed closed | closed closed""",
    "referred": """transferred = | forwarded = | returned/last open | returned/out =
        result_received/lead result_in | result_received/other = | allegation_closed closed""",
    "complaint_filed": """petition_filed petitioned | returned/last open | result_received/lead result_in
        allegation_closed closed""",
    "petitioned": "result_received/lead result_in | allegation_closed closed",
    "result_in": """result_notified result_notified | reinvestigation_demanded reinvestigation
        returned/last = | returned/out = | result_received/other =""",
    "result_notified": """objected objection | objection_refused = | closed = | reopened/last open
        reopened/out referred | returned/last = | returned/out = | result_received/other =""",
    "objection": """objection_dismissed objection_dismissed | reinvestigation_demanded reinvestigation
        returned/last = | returned/out = | result_received/other =""",
    "objection_dismissed": """objected objection | objection_refused = | closed = | reopened/last open
        reopened/out referred | returned/last = | returned/out = | result_received/other =""",
    "reinvestigation": """returned/last open | returned/out = | result_received/lead result_in
        result_received/other = | allegation_closed closed""",
    "closed": """closed = | reopened/last open | reopened/out referred | returned/last = | returned/out =
        result_received/lead result_in | result_received/other =""",
}

AT_WORK = """returned returned | rerouted rerouted | clock_extended extended | investigation_ended ended
    result_received result_in"""
REFERRAL_TABLE = {
    None: "transferred sent | forwarded sent | complaint_filed sent | rerouted sent",
    "sent": AT_WORK + "| investigation_begun investigating",
    "investigating": AT_WORK,
    "extended": AT_WORK,
    "ended": "result_received result_in",
    "returned": "",
    "rerouted": "",
    "result_in": "reinvestigation_demanded investigating",
}

QUESTIONS_TABLE = {
    None: "questions_asked asked",
    "asked": "questions_answered answered | questions_lapsed lapsed",
    "answered": "",
    "lapsed": "questions_answered answered",
}

WITHDRAWAL_TABLE = {
    None: "withdrawal_asked asked",
    "asked": "withdrawal_checked/free free | withdrawal_checked/coerced coerced",
    "free": "withdrawal_asked asked | withdrawn done",
    "coerced": "withdrawal_asked asked",
    "done": "withdrawal_asked asked",
}

REVIEWED: list[tuple[Machine[Any], type[StrEnum], dict[Any, str]]] = [
    (REPORT, ReportState, REPORT_TABLE),
    (ALLEGATION, AllegationState, ALLEGATION_TABLE),
    (REFERRAL, ReferralState, REFERRAL_TABLE),
    (QUESTIONS, QuestionsState, QUESTIONS_TABLE),
    (WITHDRAWAL, WithdrawalState, WITHDRAWAL_TABLE),
]

NUMBERS = {
    1: "received",
    2: "acknowledged",
    3: "triaged allegation_added restricted unrestricted",
    4: "assigned recused",
    5: "questions_asked questions_answered questions_lapsed clock_extended",
    6: "consent_recorded verified",
    7: "transferred forwarded",
    8: "complaint_filed petition_filed",
    9: "returned rerouted",
    10: "investigation_begun",
    11: "investigation_ended result_received",
    12: "result_notified notice_read",
    13: "objected objection_refused",
    14: "objection_dismissed reinvestigation_demanded",
    15: "allegation_closed closed reopened",
    16: "withdrawal_asked withdrawal_checked withdrawn continued_ex_officio",
    17: "follow_up_begun",
    18: "retained destroyed hold_placed hold_lifted",
}


def reviewed(table: dict[Any, str]) -> dict[tuple[Any, str, str], str]:
    """State, event and condition, and where they lead, by a table that people can read."""
    found = {}
    for state, text in table.items():
        for line in text.splitlines():
            for cell in filter(None, map(str.strip, line.split("|"))):
                event, target = cell.split()
                name, _, when = event.partition("/")
                found[state, name, when] = state if target == "=" else target
    return found


@pytest.mark.parametrize(("machine", "states", "table"), REVIEWED, ids=lambda each: getattr(each, "name", ""))
def test_every_pair_of_state_and_event_is_judged_as_reviewed(
    machine: Machine[Any], states: type[StrEnum], table: dict[Any, str]
) -> None:
    expected = reviewed(table)
    assert {state for state, _, _ in expected} <= {None, *map(str, states)}
    judged = {}
    for state in (None, *states):
        for event in ReportEvent:
            for when in When:
                try:
                    target = machine.advance(state, event, when)
                except IllegalStepError as refused:
                    assert event in str(refused)  # noqa: PT017
                    continue
                judged[None if state is None else str(state), str(event), str(when)] = str(target)
    assert judged == expected


@pytest.mark.parametrize(("machine", "states", "table"), REVIEWED, ids=lambda each: getattr(each, "name", ""))
def test_what_can_follow_is_what_the_table_lets_follow(
    machine: Machine[Any], states: type[StrEnum], table: dict[Any, str]
) -> None:
    expected = reviewed(table)
    for state in (None, *states):
        names = {event for source, event, _ in expected if source == state}
        assert set(machine.possible(state)) == names


@pytest.mark.parametrize(("machine", "states", "table"), REVIEWED, ids=lambda each: getattr(each, "name", ""))
def test_no_line_of_a_table_stands_twice_and_each_state_has_its_stage(
    machine: Machine[Any], states: type[StrEnum], table: dict[Any, str]
) -> None:
    assert len(machine.steps) == len(reviewed(table))
    assert set(machine.stages) == set(states)


def test_the_numbers_are_those_of_the_list_of_transitions() -> None:
    expected = {ReportEvent(name): number for number, names in NUMBERS.items() for name in names.split()}
    assert dict(REPORT.numbers) == expected
    for machine in (ALLEGATION, REFERRAL, QUESTIONS, WITHDRAWAL):
        for event, number in machine.numbers.items():
            assert number == (10 if event is ReportEvent.CLOCK_EXTENDED else expected[event])


def test_a_refusal_says_what_could_follow_instead() -> None:
    with pytest.raises(IllegalStepError) as refused:
        REPORT.advance(ReportState.CLOSED, ReportEvent.TRANSFERRED)
    assert str(refused.value).startswith("“transferred” cannot follow while the report is “closed”. What can")
    assert "reopened" in str(refused.value)
    with pytest.raises(IllegalStepError, match="What can follow: nothing"):
        REFERRAL.advance(ReferralState.RETURNED, ReportEvent.RESULT_RECEIVED)
    with pytest.raises(
        IllegalStepError, match=r"The report does not begin with “closed”\. It begins with: received"
    ):
        REPORT.advance(None, ReportEvent.CLOSED)


ACTORS = """
received: system intake                     | received
acknowledged: intake handler                | acknowledgement
triaged: intake + intake second_officer     | nothing
allegation_added: intake handler            | nothing
restricted: supervisor head                 | nothing
unrestricted: supervisor head + supervisor head approver | nothing
assigned: supervisor                        | nothing
recused: *                                  | nothing
questions_asked: handler                    | the questions
questions_answered: source                  | nothing
questions_lapsed: handler scheduler         | nothing
clock_extended: handler agency liaison      | that it takes longer
consent_recorded: source handler intake     | nothing
verified: handler                           | nothing
transferred: handler + approver second_officer | which competent body
forwarded: handler + approver second_officer   | which competent body
complaint_filed: head approver              | which competent body
petition_filed: head approver               | nothing
returned: agency liaison                    | that it is still being handled
rerouted: agency liaison                    | that it is still being handled
investigation_begun: agency liaison         | that it is with the competent body
investigation_ended: agency liaison         | nothing
result_received: liaison                    | nothing
result_notified: handler + approver second_officer | the gist of the result
notice_read: source                         | nothing
objected: source                            | that the objection was received
objection_refused: handler + approver second_officer | the decision and its reasons
objection_dismissed: head approver          | the decision and its reasons
reinvestigation_demanded: head approver     | the decision and its reasons
allegation_closed: handler intake + approver second_officer | that it is closed
closed: handler intake + approver second_officer | that it is closed
reopened: handler intake supervisor + approver second_officer | that it was opened again
withdrawal_asked: source handler intake     | that the withdrawal was noted
withdrawal_checked: handler intake          | nothing
withdrawn: handler intake + second_officer approver | that the withdrawal was noted
continued_ex_officio: supervisor head       | that the agency goes on
hold_placed: protection_officer fund_assessor auditor records | nothing
hold_lifted: protection_officer fund_assessor auditor records | nothing
follow_up_begun: scheduler                  | reminders
retained: records + records second_officer  | until when the inbox
destroyed: records + records second_officer | nothing
"""
OFFICERS = set(Role) - {Role.SYSTEM, Role.SCHEDULER, Role.SOURCE, Role.AGENCY}


@pytest.mark.parametrize("line", ACTORS.strip().splitlines(), ids=lambda line: line.partition(":")[0])
def test_who_may_record_an_event_and_what_the_source_is_told(line: str) -> None:
    name, _, rest = line.partition(": ")
    people, _, told = rest.partition("|")
    actors, _, seconds = people.partition("+")
    act = ACTS[ReportEvent(name)]
    assert act.actors == (OFFICERS if actors.strip() == "*" else {Role(each) for each in actors.split()})
    assert act.seconds == {Role(each) for each in seconds.split()}
    assert act.notice.startswith(told.strip())


def test_every_event_has_its_people() -> None:
    assert [line.partition(":")[0] for line in sorted(ACTORS.strip().splitlines())] == sorted(ReportEvent)
    assert {act.notice for act in ACTS.values()} == set(Notice)


SEEN = {
    ReportState.RECEIVED: Stage.RECEIVED,
    ReportState.TRIAGE: Stage.UNDER_REVIEW,
    ReportState.INFO_REQUESTED: Stage.QUESTIONS,
    ReportState.WITHDRAWN: Stage.UNDER_REVIEW,
    ReportState.FOLLOW_UP: Stage.CLOSED,
    ReportState.DESTROYED: Stage.CLOSED,
}


@pytest.mark.parametrize(("state", "stage"), SEEN.items())
def test_what_the_source_sees_of_the_report(state: ReportState, stage: Stage) -> None:
    assert REPORT.stages[state] is stage
