"""The vocabulary of a case: who acts, what happens, what a clock hangs on.

Packs, clocks and machines all speak these words, and a pack may use no others: a deadline that
starts on an event nobody records would never run. `ReportEvent` is what happens to a report;
`RequestEvent` is what happens to a request for protection, relief or a reward, for which packs
already hold rules. Nothing here decides anything.
"""

from enum import StrEnum
from typing import Final, TypeAlias


class Role(StrEnum):
    """In which capacity somebody acts. Officers act by person, the last four without one."""

    INTAKE = "intake"
    HANDLER = "handler"
    SECOND_OFFICER = "second_officer"
    PROTECTION_OFFICER = "protection_officer"
    FUND_ASSESSOR = "fund_assessor"
    APPROVER = "approver"
    PAYMENT = "payment"
    CUSTODIAN = "custodian"
    AUDITOR = "auditor"
    STATISTICS = "statistics"
    SUPERVISOR = "supervisor"
    LIAISON = "liaison"
    RECORDS = "records"
    HEAD = "head"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"
    SCHEDULER = "scheduler"
    SOURCE = "source"
    AGENCY = "agency"


WITHOUT_PERSON: Final = frozenset({Role.SYSTEM, Role.SCHEDULER, Role.SOURCE, Role.AGENCY})


class ReportEvent(StrEnum):
    """What can happen to a report, its allegations, its referrals and its questions."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    RECUSED = "recused"
    ALLEGATION_ADDED = "allegation_added"
    QUESTIONS_ASKED = "questions_asked"
    QUESTIONS_ANSWERED = "questions_answered"
    QUESTIONS_LAPSED = "questions_lapsed"
    CLOCK_EXTENDED = "clock_extended"
    CONSENT_RECORDED = "consent_recorded"
    VERIFIED = "verified"
    TRANSFERRED = "transferred"
    FORWARDED = "forwarded"
    COMPLAINT_FILED = "complaint_filed"
    PETITION_FILED = "petition_filed"
    RETURNED = "returned"
    REROUTED = "rerouted"
    INVESTIGATION_BEGUN = "investigation_begun"
    INVESTIGATION_ENDED = "investigation_ended"
    RESULT_RECEIVED = "result_received"
    RESULT_NOTIFIED = "result_notified"
    NOTICE_READ = "notice_read"
    OBJECTED = "objected"
    OBJECTION_REFUSED = "objection_refused"
    OBJECTION_DISMISSED = "objection_dismissed"
    REINVESTIGATION_DEMANDED = "reinvestigation_demanded"
    ALLEGATION_CLOSED = "allegation_closed"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWAL_ASKED = "withdrawal_asked"
    WITHDRAWAL_CHECKED = "withdrawal_checked"
    WITHDRAWN = "withdrawn"
    CONTINUED_EX_OFFICIO = "continued_ex_officio"
    RESTRICTED = "restricted"
    UNRESTRICTED = "unrestricted"
    HOLD_PLACED = "hold_placed"
    HOLD_LIFTED = "hold_lifted"
    FOLLOW_UP_BEGUN = "follow_up_begun"
    RETAINED = "retained"
    DESTROYED = "destroyed"


class RequestEvent(StrEnum):
    """What can happen to a request for protection, relief or a reward; packs have clocks on it."""

    DETRIMENT_SUFFERED = "detriment_suffered"
    DETRIMENT_ENDED = "detriment_ended"
    PROTECTION_FILED = "protection_filed"
    PROTECTION_DECIDED = "protection_decided"
    HEARING_SET = "hearing_set"
    HEARING_HELD = "hearing_held"
    STAY_FILED = "stay_filed"
    STAY_DECIDED = "stay_decided"
    STAY_GRANTED = "stay_granted"
    STAY_ENDED = "stay_ended"
    ORDER_NOTIFIED = "order_notified"
    ORDER_COMPLIED = "order_complied"
    COMPLIANCE_REPORTED = "compliance_reported"
    APPEALED = "appealed"
    FINE_WARNED = "fine_warned"
    FINED = "fined"
    MONITORING_BEGUN = "monitoring_begun"
    MONITORED = "monitored"
    SANCTION_DEMANDED = "sanction_demanded"
    SANCTION_REPORTED = "sanction_reported"
    RELIEF_FILED = "relief_filed"
    RELIEF_DECIDED = "relief_decided"
    RECOVERY_KNOWN = "recovery_known"
    RECOVERY_FINAL = "recovery_final"
    REWARD_CLAIMED = "reward_claimed"
    REWARD_DECIDED = "reward_decided"
    REWARD_PAID = "reward_paid"
    REPAYMENT_DEMANDED = "repayment_demanded"
    REPAID = "repaid"
    BODY_REFUND_DUE = "body_refund_due"
    BODY_REFUNDED = "body_refunded"


EventKind: TypeAlias = ReportEvent | RequestEvent


class Scope(StrEnum):
    """What one clock belongs to, from the widest to the narrowest."""

    REPORT = "report"
    ALLEGATION = "allegation"
    REFERRAL = "referral"
    QUESTIONS = "questions"
    REQUEST = "request"


class Unit(StrEnum):
    """In what a period is counted."""

    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"


class Roll(StrEnum):
    """What becomes of a last day that is no working day."""

    NONE = "none"
    NEXT_WORKING_DAY = "next_working_day"


class OnMiss(StrEnum):
    """What follows when a period ends and nothing was done."""

    ESCALATE = "escalate"
    """The officers' superiors are told."""
    DEEMED = "deemed"
    """The law takes silence for an answer."""
    REFUSE = "refuse"
    """The step is too late and is refused with reasons."""


class AppliesBy(StrEnum):
    """Which day decides which version of a rule applies."""

    REPORT_DATE = "report_date"
    START_DATE = "start_date"
    CLAIM_DATE = "claim_date"
    ACT_DATE = "act_date"


class Status(StrEnum):
    """How far a rule was checked."""

    VERIFIED = "verified"
    """By the lawyer whom the pack names as its reviewer."""
    DRAFT = "draft"
    """Read in its source, not yet checked by a lawyer of the country."""
    UNVERIFIED = "unverified"
    """Not seen in its source: shown as such to every officer."""


class Party(StrEnum):
    """Who is told."""

    SOURCE = "source"
    AGENCY = "agency"
