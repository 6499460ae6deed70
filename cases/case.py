"""A case as its events have made it: frozen, without texts, and never stored.

`cases.life` builds it from the events and is the only one to change it, by making a new one. It
holds ids, states, days and clocks; what people wrote, and who the source is, are elsewhere. `stage`
is what the source is told, and follows from the states.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple, TypeAlias

from cases.clocks import Clocks
from cases.event import Hold
from cases.events import Triaged
from cases.kinds import ReportEvent, Role, Scope
from cases.machines.allegation import ALLEGATION, AllegationState
from cases.machines.questions import QuestionsState
from cases.machines.referral import LEFT, OUT, ReferralState
from cases.machines.report import REPORT, ReportState
from cases.machines.withdrawal import WithdrawalState
from cases.packs.pack import PackRef
from cases.stages import Stage

Subjects: TypeAlias = Mapping[Scope, tuple[str, ...]]

_WHOLE: Final[tuple[str, ...]] = ("",)
_PROGRESS: Final = (Stage.UNDER_REVIEW, Stage.WITH_COMPETENT_BODY, Stage.RESULT)


@dataclass(frozen=True, slots=True)
class Allegation:
    """One matter of the report. `since` is the day of its last step."""

    id: str
    category: str
    law: str | None
    accused: tuple[str, ...]
    senior: bool
    since: date
    state: AllegationState = field(repr=False)
    objections: int = 0


@dataclass(frozen=True, slots=True)
class Referral:
    """One matter at one body. `since` is the day of its last step."""

    id: str
    allegation: str
    institution: str
    line: str
    """The referral with which the matter left the agency: periods run on under it when it is handed on."""
    lead: bool
    since: date
    state: ReferralState = field(repr=False)
    attached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """One round of questions."""

    id: str
    asked_on: date
    answer_by: date
    state: QuestionsState = field(repr=False)


class Consent(NamedTuple):
    """What one body may learn of who the source is, and the day of the source's last word on it."""

    fields: tuple[str, ...]
    said_on: date


@dataclass(frozen=True, slots=True)
class Held:
    """Why a case may not be destroyed, and whose office said so."""

    sort: Hold
    role: Role


@dataclass(frozen=True, kw_only=True)
class Case:
    """Where a report stands. The mappings are by id, in the order in which things came about."""

    pack_ref: PackRef
    """The edition of the rules under which it was opened, and which it keeps."""
    received_on: date
    recorded_on: date
    """The day on which its last event was entered."""
    state: ReportState = field(repr=False)
    restricted: bool = False
    readers: frozenset[str] = frozenset()
    recused: frozenset[str] = frozenset()
    handler: str = ""
    acknowledged: bool = False
    triage: Triaged | None = None
    """The last triage; None before it, and again when the report was opened again."""
    reopened_on: date | None = None
    allegations: Mapping[str, Allegation] = field(default_factory=dict)
    referrals: Mapping[str, Referral] = field(default_factory=dict)
    questions: Mapping[str, Round] = field(default_factory=dict)
    withdrawal: WithdrawalState | None = None
    consent: Mapping[str, Consent] = field(default_factory=dict)
    """By body, what the source agreed to. A body that is not here may learn nothing."""
    holds: Mapping[str, Held] = field(default_factory=dict)
    laws: Mapping[str, str] = field(default_factory=dict)
    """By subject of clocks, the law that governs it, where that is known."""
    clocks: Clocks = field(default_factory=Clocks)
    latest: Mapping[ReportEvent, date] = field(default_factory=dict)
    """By kind of event, the last day on which it happened."""

    def changed(self, fields: Mapping[str, Any]) -> "Case":
        """The same case with other values for some fields.

        It is what `dataclasses.replace` gives, without asking for each of the twenty fields by name:
        a long history does this hundreds of times.
        """
        other = object.__new__(Case)
        other.__dict__.update(self.__dict__)
        other.__dict__.update(fields)
        return other

    def visible_to(self, person: str) -> bool:
        """Whether this person may know that the case exists."""
        return person not in self.recused and (not self.restricted or person in self.readers)

    @property
    def stage(self) -> Stage:
        """What the source is told: the least advanced of the matters that are not closed.

        Until the report was verified, and while its questions are open or it is withdrawn or
        closed, the report's own state says it.
        """
        if self.state is not ReportState.VERIFIED:
            return REPORT.stages[self.state]
        found = {ALLEGATION.stages[each.state] for each in self.allegations.values()}
        return next((stage for stage in _PROGRESS if stage in found), Stage.UNDER_REVIEW)

    def referrals_of(self, allegation: str) -> tuple[Referral, ...]:
        """The referrals of one matter, the oldest first."""
        return tuple(each for each in self.referrals.values() if each.allegation == allegation)

    @property
    def last_round(self) -> str:
        """The round of questions that was asked last; empty where none was."""
        return tuple(self.questions)[-1] if self.questions else ""

    def unanswered(self) -> int:
        """How many rounds of questions lapsed and stayed so, since the report was last opened."""
        since = self.reopened_on or self.received_on
        return sum(
            each.state is QuestionsState.LAPSED and each.asked_on >= since for each in self.questions.values()
        )

    def concerned(self, subject: str) -> Subjects:
        """What an event with this subject concerns: with a matter its referrals, with a referral its matter.

        The empty subject is the report and everything in it. Until its matters are told apart the
        report itself stands for the one matter that it is, so that no report is without its last day.
        """
        if subject in self.referrals:
            referral = self.referrals[subject]
            return {
                Scope.REPORT: _WHOLE,
                Scope.ALLEGATION: (referral.allegation,),
                Scope.REFERRAL: (referral.line,),
            }
        if subject in self.allegations:
            lines = dict.fromkeys(each.line for each in self.referrals_of(subject))
            return {Scope.REPORT: _WHOLE, Scope.ALLEGATION: (subject,), Scope.REFERRAL: tuple(lines)}
        if subject in self.questions:
            return {Scope.REPORT: _WHOLE, Scope.QUESTIONS: (subject,)}
        return {
            Scope.REPORT: _WHOLE,
            Scope.ALLEGATION: tuple(self.allegations) or _WHOLE,
            Scope.REFERRAL: tuple(dict.fromkeys(each.line for each in self.referrals.values())),
            Scope.QUESTIONS: tuple(self.questions),
        }


def out(referrals: tuple[Referral, ...]) -> tuple[Referral, ...]:
    """Those whose body still owes a result."""
    return tuple(each for each in referrals if each.state in OUT)


def leading(referrals: tuple[Referral, ...]) -> Referral | None:
    """The referral to the lead body, unless that body gave the matter back or handed it on."""
    return next((each for each in referrals if each.lead and each.state not in LEFT), None)
