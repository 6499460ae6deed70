"""What stands in a jurisdiction pack: one frozen record for each kind of rule.

A record is one table of one of the pack's files, `[[deadline]]` in `deadlines.toml` say; the
fields here are the keys there, save that `from` and `until` are called `from_on` and `until_on`.
Rules hold no language: titles and texts stand in `words.<language>.toml` under the record's kind
and id. Several records may share an id when they are in force on different days. Reading is
`cases.packs.reading`, judging `cases.packs.sense` and `cases.packs.rules`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final

from cases.kinds import AppliesBy, EventKind, OnMiss, Party, Role, Roll, Scope, Status, Unit

LENGTH_MAX: Final = 40_000
"""Of any period, in its own unit and with all that it is extended by: over a hundred years of days."""


@dataclass(frozen=True)
class Citation:
    """A place in a law: `ACA 59(8)` is the law `ACA` and its article `59(8)`."""

    law: str
    article: str

    def __str__(self) -> str:
        return f"{self.law} {self.article}".strip()


@dataclass(frozen=True)
class Span:
    """A length of time."""

    length: int
    unit: Unit


@dataclass(frozen=True)
class Extension:
    """How a period may be made longer: by `most` of the rule's own unit in all, `times` times.

    None means that the law sets no bound.
    """

    most: int | None = None
    times: int | None = None
    reason: bool = True
    approver: Role | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """A rule: in force from a day until a day (both included), with its articles."""

    kind: ClassVar[str]
    file: ClassVar[str]
    titled: ClassVar[bool] = True
    """Whether each language must give it a title."""

    id: str
    from_on: date
    until_on: date | None = None
    basis: tuple[Citation, ...]
    status: Status
    words: str | None = None
    """The id under which its words stand, where they are not those of `id`."""
    under: tuple[str, ...] = ()
    """The laws of which one must govern the allegation (`Category.law`) for the rule to hold; none: all."""

    def in_force(self, day: date) -> bool:
        """Whether the rule holds on this day."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)

    def holds_under(self, law: str | None) -> bool:
        """Whether the rule holds for an allegation that this law governs; None where that is not known."""
        return not self.under or law in self.under


class LawKind(StrEnum):
    """What sort of text a rule rests on."""

    ACT = "act"
    DECREE = "decree"
    TREATY = "treaty"
    DIRECTIVE = "directive"
    STANDARD = "standard"
    POLICY = "policy"
    """A rule that the agency set itself: it has no article in any law."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a law's text was read."""

    id: str
    title: str
    url: str
    retrieved: date


@dataclass(frozen=True, kw_only=True)
class Law(Record):
    """A law that rules rest on. Its own basis is empty."""

    kind = "law"
    file = "laws.toml"
    basis: tuple[Citation, ...] = ()
    sort: LawKind
    source: str | None = None
    """The id of a `Source`; none for a policy."""


@dataclass(frozen=True, kw_only=True)
class Category(Record):
    """A kind of wrongdoing. Its words have `cues`: what people say when they mean it."""

    kind = "category"
    file = "categories.toml"
    law: str | None = None
    """The id of the law that governs such a report, where the jurisdiction has more than one."""
    asks: tuple[str, ...] = ()
    """Ids of questions that are asked besides the core ones."""


class Answer(StrEnum):
    """How a question is answered. Choices have their words under `choice.<id>`."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    DATE = "date"
    AMOUNT = "amount"
    FILES = "files"


@dataclass(frozen=True, kw_only=True)
class Question(Record):
    """A question of a report or request, in the order of the file."""

    kind = "question"
    file = "templates.toml"
    answer: Answer
    core: bool = False
    """Whether every report asks it."""
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Deadline(Record):
    """A period: what starts it, how long it is, what stops it, what follows.

    It starts on the first of `starts_on`, and at the latest when the deadline `after` has run
    out. With `served` it starts when the notice of that event was read, and at the latest
    `deemed_served` after the notice. What undid the step that stopped it, `resumes_on`, lets it run
    on with the same first and last day. Without `stops_on` it ends by itself. `warn` are days
    relative to the last day, none above 0.
    """

    kind = "deadline"
    file = "deadlines.toml"
    scope: Scope
    starts_on: tuple[EventKind, ...]
    after: str | None = None
    stops_on: tuple[EventKind, ...] = ()
    resumes_on: tuple[EventKind, ...] = ()
    length: int
    unit: Unit
    roll: Roll = Roll.NONE
    extend: Extension | None = None
    served: bool = False
    deemed_served: Span | None = None
    warn: tuple[int, ...] = ()
    on_miss: OnMiss = OnMiss.ESCALATE
    notify: tuple[Party, ...] = ()
    applies_by: AppliesBy = AppliesBy.REPORT_DATE


@dataclass(frozen=True, kw_only=True)
class Institution(Record):
    """A body that reports can go to."""

    kind = "institution"
    file = "institutions.toml"
    takes: tuple[EventKind, ...] = ()
    """Which of transferred, forwarded, complaint_filed may name it."""
    supervisor: str | None = None
    replaces: tuple[str, ...] = ()
    """The bodies whose place it took on `from`."""


class Remedy(StrEnum):
    """What the agency may do against a detriment."""

    ORDER = "order"
    RECOMMENDATION = "recommendation"


@dataclass(frozen=True, kw_only=True)
class RequestType(Record):
    """A kind of request for protection."""

    kind = "request"
    file = "protection.toml"
    asks: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    """What may be decided; each has its words under `measure.<id>`."""


@dataclass(frozen=True, kw_only=True)
class Detriment(Record):
    """A kind of retaliation."""

    kind = "detriment"
    file = "protection.toml"
    remedy: Remedy
    relief: bool
    """Whether what it cost can be claimed from the relief fund."""


@dataclass(frozen=True, kw_only=True)
class Presumption(Record):
    """When the law presumes that a detriment is retaliation; `within` of the report where that counts."""

    kind = "presumption"
    file = "protection.toml"
    within: Span | None = None


class BenefitKind(StrEnum):
    """How a benefit is computed."""

    PERCENT = "percent"
    AWARD = "award"
    ACTUAL_COST = "actual_cost"
    LOST_WAGE = "lost_wage"
    ADVANCE = "advance"


@dataclass(frozen=True, kw_only=True)
class Benefit(Record):
    """Money that the law gives. Amounts are integers in the minor unit of `currency`."""

    kind = "benefit"
    file = "benefits.toml"
    pays: BenefitKind
    rate: Decimal | None = None
    of: str | None = None
    """What a rate is taken of: `recovered`, say."""
    currency: str | None = None
    min_exclusive: int | None = None
    truncate: int | None = None
    most: int | None = None
    unit: str | None = None
    """The id of an indexed `IndexedUnit` in which `least_units` and `most_units` count."""
    least_units: int | None = None
    most_units: int | None = None
    cap_factor: Decimal | None = None
    most_months: int | None = None
    applies_by: AppliesBy = AppliesBy.CLAIM_DATE


@dataclass(frozen=True, kw_only=True)
class IndexedUnit(Record):
    """An amount that the state sets anew from time to time, in the minor unit of `currency`."""

    kind = "unit"
    file = "units.toml"
    amount: int
    currency: str


class Place(StrEnum):
    """Where a text is shown; a letter goes to a body, and never to the source."""

    RIGHTS = "rights"
    BEFORE = "before_you_report"
    EMERGENCY = "emergency"
    NOTICE = "notice"
    LETTER = "letter"


@dataclass(frozen=True, kw_only=True)
class PublicText(Record):
    """A text for the source, or a letter to a body. Its words have a `text` besides the title. Notices and
    letters belong to the events in `sent_on`."""

    kind = "text"
    file = "texts.toml"
    place: Place
    sent_on: tuple[EventKind, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sanction(Record):
    """What the law threatens with, for one act under one law."""

    kind = "sanction"
    file = "sanctions.toml"
    prison_years: int | None = None
    fine: int | None = None
    currency: str | None = None


@dataclass(frozen=True, kw_only=True)
class Retention(Record):
    """How long something is kept after an event."""

    kind = "retention"
    file = "retention.toml"
    starts_on: tuple[EventKind, ...]
    length: int
    unit: Unit


@dataclass(frozen=True, kw_only=True)
class Statistic(Record):
    """A limit of published statistics; the known ids are in `cases.packs.sense`."""

    kind = "statistic"
    file = "statistics.toml"
    titled = False
    value: int


@dataclass(frozen=True, kw_only=True)
class ClosingReason(Record):
    """A ground on which a report may be closed; `unanswered` questions must have gone before."""

    kind = "closing"
    file = "life.toml"
    unanswered: int = 0


@dataclass(frozen=True, kw_only=True)
class CheckItem(Record):
    """Something that is verified before a report leaves the agency."""

    kind = "check"
    file = "life.toml"


@dataclass(frozen=True, kw_only=True)
class Setting(Record):
    """A choice of the jurisdiction; the known ids and values are in `cases.packs.sense`."""

    kind = "setting"
    file = "life.toml"
    titled = False
    value: str


@dataclass(frozen=True, kw_only=True)
class RestDays(Record):
    """The days of the week on which nobody works, 1 for Monday to 7 for Sunday."""

    kind = "rest_days"
    file = "calendar.toml"
    titled = False
    weekdays: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Holidays(Record):
    """All holidays of one year: a year without this record has an unknown calendar."""

    kind = "holidays"
    file = "calendar.toml"
    titled = False
    year: int
    days: tuple[date, ...]


KINDS: tuple[type[Record], ...] = (
    Law,
    Category,
    Question,
    Deadline,
    Institution,
    RequestType,
    Detriment,
    Presumption,
    Benefit,
    IndexedUnit,
    PublicText,
    Sanction,
    Retention,
    Statistic,
    ClosingReason,
    CheckItem,
    Setting,
    RestDays,
    Holidays,
)
