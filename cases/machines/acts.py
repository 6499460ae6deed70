"""Who may record each event, who must agree, and what the source is told of it.

The machines say when an event can be recorded; this table says by whom, in every state alike.
`seconds` are the roles of which one must agree, as another person than the first: whoever proposes
does not decide. `words` says that the event needs a text, a reason or a question, which the officer
app keeps and the event only refers to. The notices of a jurisdiction, with their own wording, are
public texts of its pack; `Notice` is what this product owes a source everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cases.kinds import ReportEvent as E
from cases.kinds import Role


class Notice(StrEnum):
    """What the source is told when an event was recorded."""

    NOTHING = "nothing"
    RECEIVED = "received, with the case code and the rights sheet"
    ACKNOWLEDGED = "acknowledgement"
    QUESTIONS = "the questions and until when"
    EXTENDED = "that it takes longer, why and until when"
    SENT = "which competent body it was sent to"
    STILL_HANDLED = "that it is still being handled"
    INVESTIGATED = "that it is with the competent body"
    RESULT = "the gist of the result, and how and until when to object"
    OBJECTION_RECEIVED = "that the objection was received"
    DECISION = "the decision and its reasons"
    CLOSED = "that it is closed, and the reasons"
    REOPENED = "that it was opened again"
    WITHDRAWAL_NOTED = "that the withdrawal was noted"
    CONTINUED = "that the agency goes on by itself"
    REMINDERS = "reminders of periods that still run"
    EXPIRY = "until when the inbox can be read"


@dataclass(frozen=True, slots=True)
class Act:
    """What recording an event asks for."""

    actors: frozenset[Role]
    seconds: frozenset[Role] = frozenset()
    notice: Notice = Notice.NOTHING
    words: bool = False


APPROVERS: Final = frozenset({Role.SECOND_OFFICER, Role.APPROVER})
_BOARD: Final = frozenset({Role.APPROVER, Role.HEAD})
CHIEFS: Final = frozenset({Role.SUPERVISOR, Role.HEAD})
_DESK: Final = frozenset({Role.INTAKE, Role.HANDLER})
_BODIES: Final = frozenset({Role.AGENCY, Role.LIAISON})
_HOLDERS: Final = frozenset({Role.PROTECTION_OFFICER, Role.FUND_ASSESSOR, Role.AUDITOR, Role.RECORDS})
_OFFICERS: Final = frozenset(Role) - {Role.SYSTEM, Role.SCHEDULER, Role.SOURCE, Role.AGENCY}
_HANDLER: Final = frozenset({Role.HANDLER})
_SOURCE: Final = frozenset({Role.SOURCE})
_RECORDS: Final = frozenset({Role.RECORDS})

ACTS: Final[Mapping[E, Act]] = {
    E.RECEIVED: Act(frozenset({Role.SYSTEM, Role.INTAKE}), notice=Notice.RECEIVED),
    E.ACKNOWLEDGED: Act(_DESK, notice=Notice.ACKNOWLEDGED),
    E.TRIAGED: Act(frozenset({Role.INTAKE}), frozenset({Role.INTAKE, Role.SECOND_OFFICER})),
    E.ALLEGATION_ADDED: Act(_DESK),
    E.RESTRICTED: Act(CHIEFS),
    E.UNRESTRICTED: Act(CHIEFS, _BOARD | CHIEFS),
    E.ASSIGNED: Act(frozenset({Role.SUPERVISOR})),
    E.RECUSED: Act(_OFFICERS),
    E.QUESTIONS_ASKED: Act(_HANDLER, notice=Notice.QUESTIONS, words=True),
    E.QUESTIONS_ANSWERED: Act(_SOURCE),
    E.QUESTIONS_LAPSED: Act(frozenset({Role.SCHEDULER, Role.HANDLER})),
    E.CLOCK_EXTENDED: Act(_HANDLER | _BODIES, notice=Notice.EXTENDED),
    E.CONSENT_RECORDED: Act(_SOURCE | _DESK),
    E.VERIFIED: Act(_HANDLER),
    E.TRANSFERRED: Act(_HANDLER, APPROVERS, Notice.SENT),
    E.FORWARDED: Act(_HANDLER, APPROVERS, Notice.SENT),
    E.COMPLAINT_FILED: Act(_BOARD, notice=Notice.SENT),
    E.PETITION_FILED: Act(_BOARD),
    E.RETURNED: Act(_BODIES, notice=Notice.STILL_HANDLED),
    E.REROUTED: Act(_BODIES, notice=Notice.STILL_HANDLED),
    E.INVESTIGATION_BEGUN: Act(_BODIES, notice=Notice.INVESTIGATED),
    E.INVESTIGATION_ENDED: Act(_BODIES),
    E.RESULT_RECEIVED: Act(frozenset({Role.LIAISON})),
    E.RESULT_NOTIFIED: Act(_HANDLER, APPROVERS, Notice.RESULT, words=True),
    E.NOTICE_READ: Act(_SOURCE),
    E.OBJECTED: Act(_SOURCE, notice=Notice.OBJECTION_RECEIVED),
    E.OBJECTION_REFUSED: Act(_HANDLER, APPROVERS, Notice.DECISION, words=True),
    E.OBJECTION_DISMISSED: Act(_BOARD, notice=Notice.DECISION, words=True),
    E.REINVESTIGATION_DEMANDED: Act(_BOARD, notice=Notice.DECISION, words=True),
    E.ALLEGATION_CLOSED: Act(_DESK, APPROVERS, Notice.CLOSED, words=True),
    E.CLOSED: Act(_DESK, APPROVERS, Notice.CLOSED, words=True),
    E.REOPENED: Act(_DESK | {Role.SUPERVISOR}, APPROVERS, Notice.REOPENED),
    E.WITHDRAWAL_ASKED: Act(_SOURCE | _DESK, notice=Notice.WITHDRAWAL_NOTED),
    E.WITHDRAWAL_CHECKED: Act(_DESK),
    E.WITHDRAWN: Act(_DESK, APPROVERS, Notice.WITHDRAWAL_NOTED),
    E.CONTINUED_EX_OFFICIO: Act(CHIEFS, notice=Notice.CONTINUED),
    E.HOLD_PLACED: Act(_HOLDERS),
    E.HOLD_LIFTED: Act(_HOLDERS),
    E.FOLLOW_UP_BEGUN: Act(frozenset({Role.SCHEDULER}), notice=Notice.REMINDERS),
    E.RETAINED: Act(_RECORDS, frozenset({Role.RECORDS, Role.SECOND_OFFICER}), Notice.EXPIRY),
    E.DESTROYED: Act(_RECORDS, frozenset({Role.RECORDS, Role.SECOND_OFFICER})),
}
