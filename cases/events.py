"""What happens to a report: one frozen record for each kind of event.

Events are never changed; a mistake is mended by a later event. Whether an event may happen is
judged by `cases.life`; how it is written down stands in `cases.event_form`; what all of them say,
in `cases.event`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from cases.event import Event, Hold, Refusal, Risk
from cases.kinds import ReportEvent
from cases.packs.pack import PackRef


@dataclass(frozen=True, kw_only=True, slots=True)
class Received(Event):
    """A report came in: its first day, and the edition of the rules that it keeps."""

    kind = ReportEvent.RECEIVED
    pack: PackRef
    restricted: bool = False
    """Whether it concerns somebody in the agency: then `readers` alone see it."""
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Acknowledged(Event):
    """The source was told that the report arrived."""

    kind = ReportEvent.ACKNOWLEDGED


@dataclass(frozen=True, kw_only=True, slots=True)
class Triaged(Event):
    """Two people looked at risk, urgency, conflicts of interest, duplicates, scope and secrets."""

    kind = ReportEvent.TRIAGED
    risk: Risk
    urgent: bool
    conflict: bool
    """Whether somebody who could work on it is too close to it."""
    in_scope: bool
    secrets: bool
    """Whether it holds secrets of state, for which security rules apply besides."""
    duplicate_of: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Assigned(Event):
    """An officer was made the handler."""

    kind = ReportEvent.ASSIGNED
    handler: str
    no_conflict_declared: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Recused(Event):
    """An officer is kept away from the case from now on."""

    kind = ReportEvent.RECUSED
    person: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AllegationAdded(Event):
    """A matter of the report was told apart. `accused` are the ids of bodies that it is about."""

    kind = ReportEvent.ALLEGATION_ADDED
    allegation: str
    category: str
    accused: tuple[str, ...] = ()
    senior: bool = False
    """Whether the accused holds an office for which the agency itself must file a complaint."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionsAsked(Event):
    """A round of questions went to the source, to be answered by a day."""

    kind = ReportEvent.QUESTIONS_ASKED
    questions: str
    answer_by: date


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionsAnswered(Event):
    """The source answered a round of questions."""

    kind = ReportEvent.QUESTIONS_ANSWERED
    questions: str


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionsLapsed(Event):
    """A round of questions was not answered by its day."""

    kind = ReportEvent.QUESTIONS_LAPSED
    questions: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockExtended(Event):
    """A period was made longer by `length` of its own unit. `subject` is empty for the whole report."""

    kind = ReportEvent.CLOCK_EXTENDED
    deadline: str
    subject: str = ""
    length: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentRecorded(Event):
    """The source agreed, or no longer agrees, that one body learns some fields of its identity."""

    kind = ReportEvent.CONSENT_RECORDED
    institution: str
    identity_fields: tuple[str, ...]
    """Everything the body may learn from now on; nothing at all when consent was refused or revoked."""
    language: str
    """In which the consent was explained."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified(Event):
    """The handler looked into each point that the law asks for. `checked` are the ids of the points."""

    kind = ReportEvent.VERIFIED
    checked: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending(Event):
    """A matter goes to a body. What every such event says."""

    allegation: str
    referral: str
    institution: str
    listed_in: PackRef
    """The edition that names the body: the newest one, which need not be the case's own."""
    attached: tuple[str, ...] = ()
    """The fields of the source's identity that go along."""
    redacted: bool = False
    """Whether all that leaves was looked through for what could give the source away."""
    accused_body: bool = False
    """Whether the body, as far as anybody knows now, is what the matter is about."""
    reidentification_checked: bool = False
    """Whether the text was read with the eyes of the accused body."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Transferred(Sending):
    """A matter went to a body that must investigate it."""

    kind = ReportEvent.TRANSFERRED
    lead: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Forwarded(Sending):
    """A matter went to a body that is better placed to decide what to do with it."""

    kind = ReportEvent.FORWARDED
    lead: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ComplaintFiled(Sending):
    """The agency filed a criminal complaint in its own name."""

    kind = ReportEvent.COMPLAINT_FILED


@dataclass(frozen=True, kw_only=True, slots=True)
class PetitionFiled(Event):
    """The agency asked a court to decide, after silence on its complaint."""

    kind = ReportEvent.PETITION_FILED
    allegation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned(Event):
    """A body gave a matter back."""

    kind = ReportEvent.RETURNED
    referral: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rerouted(Sending):
    """A body handed a matter on to another. `referral` is the new one, `left` the one that ends."""

    kind = ReportEvent.REROUTED
    left: str


@dataclass(frozen=True, kw_only=True, slots=True)
class InvestigationBegun(Event):
    """A body told that it investigates."""

    kind = ReportEvent.INVESTIGATION_BEGUN
    referral: str


@dataclass(frozen=True, kw_only=True, slots=True)
class InvestigationEnded(Event):
    """A body ended its investigation; its result is still to come."""

    kind = ReportEvent.INVESTIGATION_ENDED
    referral: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultReceived(Event):
    """A body sent its result."""

    kind = ReportEvent.RESULT_RECEIVED
    referral: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultNotified(Event):
    """The source was told the gist of the result."""

    kind = ReportEvent.RESULT_NOTIFIED
    allegation: str
    objection_explained: bool
    """Whether the notice says how to object and until when."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeRead(Event):
    """The source said “I have read this” of the notice of an earlier event, and of which matter."""

    kind = ReportEvent.NOTICE_READ
    of: ReportEvent
    subject: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Objected(Event):
    """The source objected to the result of a matter."""

    kind = ReportEvent.OBJECTED
    allegation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectionRefused(Event):
    """An objection of `objected_on` was not heard, for a reason that can be checked."""

    kind = ReportEvent.OBJECTION_REFUSED
    allegation: str
    ground: Refusal
    objected_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectionDismissed(Event):
    """An objection was heard and changed nothing."""

    kind = ReportEvent.OBJECTION_DISMISSED
    allegation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReinvestigationDemanded(Event):
    """The body of a referral must investigate again."""

    kind = ReportEvent.REINVESTIGATION_DEMANDED
    allegation: str
    referral: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AllegationClosed(Event):
    """One matter was closed on a ground of the law."""

    kind = ReportEvent.ALLEGATION_CLOSED
    allegation: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed(Event):
    """The report was closed, on a ground of the law or as concluded."""

    kind = ReportEvent.CLOSED
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reopened(Event):
    """A closed report was opened again, and with it these of its matters."""

    kind = ReportEvent.REOPENED
    new_evidence: bool
    allegations: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawalAsked(Event):
    """The source asked to take the report back."""

    kind = ReportEvent.WITHDRAWAL_ASKED


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawalChecked(Event):
    """An officer looked into whether the wish is free."""

    kind = ReportEvent.WITHDRAWAL_CHECKED
    free: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdrawn(Event):
    """The report counts as taken back."""

    kind = ReportEvent.WITHDRAWN


@dataclass(frozen=True, kw_only=True, slots=True)
class ContinuedExOfficio(Event):
    """The agency goes on with a withdrawn report as its own matter."""

    kind = ReportEvent.CONTINUED_EX_OFFICIO


@dataclass(frozen=True, kw_only=True, slots=True)
class Restricted(Event):
    """From now on only these people see the case."""

    kind = ReportEvent.RESTRICTED
    readers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Unrestricted(Event):
    """The case is open to the desk again."""

    kind = ReportEvent.UNRESTRICTED


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldPlaced(Event):
    """Something else still needs the case."""

    kind = ReportEvent.HOLD_PLACED
    hold: str
    sort: Hold


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldLifted(Event):
    """What needed the case is done."""

    kind = ReportEvent.HOLD_LIFTED
    hold: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUpBegun(Event):
    """The watch for retaliation after the closing began."""

    kind = ReportEvent.FOLLOW_UP_BEGUN


@dataclass(frozen=True, kw_only=True, slots=True)
class Retained(Event):
    """The case is only kept from now on."""

    kind = ReportEvent.RETAINED


@dataclass(frozen=True, kw_only=True, slots=True)
class Destroyed(Event):
    """The contents of the case were destroyed."""

    kind = ReportEvent.DESTROYED


EVENT_TYPES: Final[Mapping[ReportEvent, type[Event]]] = {
    each.kind: each
    for each in (
        Received,
        Acknowledged,
        Triaged,
        Assigned,
        Recused,
        AllegationAdded,
        QuestionsAsked,
        QuestionsAnswered,
        QuestionsLapsed,
        ClockExtended,
        ConsentRecorded,
        Verified,
        Transferred,
        Forwarded,
        ComplaintFiled,
        PetitionFiled,
        Returned,
        Rerouted,
        InvestigationBegun,
        InvestigationEnded,
        ResultReceived,
        ResultNotified,
        NoticeRead,
        Objected,
        ObjectionRefused,
        ObjectionDismissed,
        ReinvestigationDemanded,
        AllegationClosed,
        Closed,
        Reopened,
        WithdrawalAsked,
        WithdrawalChecked,
        Withdrawn,
        ContinuedExOfficio,
        Restricted,
        Unrestricted,
        HoldPlaced,
        HoldLifted,
        FollowUpBegun,
        Retained,
        Destroyed,
    )
}
