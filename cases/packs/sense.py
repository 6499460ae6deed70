"""Whether one record makes sense by itself: its lengths, its events, its amounts, its choices.

Each judge looks at one kind of record and tells what no lawyer can have meant. What concerns
several records is in `cases.packs.rules`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from cases.dates import zone
from cases.errors import DateError
from cases.kinds import (
    WITHOUT_PERSON,
    EventKind,
    OnMiss,
    ReportEvent,
    RequestEvent,
    Scope,
    Unit,
)
from cases.packs import fields
from cases.packs.draft import Draft, Row
from cases.packs.findings import Finding
from cases.packs.pack import PACK_ID, Head
from cases.packs.schema import (
    LENGTH_MAX,
    Answer,
    Benefit,
    BenefitKind,
    ClosingReason,
    Deadline,
    Holidays,
    IndexedUnit,
    Institution,
    Law,
    LawKind,
    Place,
    Presumption,
    PublicText,
    Question,
    Record,
    RestDays,
    Retention,
    Sanction,
    Setting,
    Source,
    Statistic,
)
from crypto import canonical
from crypto.errors import CanonicalError

SETTINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "anonymous_report": ("accepted", "accepted_no_reward", "closable"),
    "second_objection": ("yes", "no"),
    "events_off": (),
}
"""The settings that a pack can make, and their values; `events_off` lists report events, with commas."""
_NEVER_OFF: Final = frozenset(
    {
        ReportEvent.RECEIVED,
        ReportEvent.RECUSED,
        ReportEvent.RESTRICTED,
        ReportEvent.UNRESTRICTED,
        ReportEvent.CONSENT_RECORDED,
        ReportEvent.NOTICE_READ,
        ReportEvent.WITHDRAWAL_CHECKED,
        ReportEvent.HOLD_PLACED,
        ReportEvent.HOLD_LIFTED,
    }
)
"""What keeps a source safe or a right open: there is no law without it."""
STATISTICS: Final[Mapping[str, tuple[int, int]]] = {
    "least_people": (5, 1_000_000),
    "least_for_median": (5, 1_000_000),
    "dominance_percent": (1, 100),
}
"""The limits of statistics that a pack can set, and between what they lie."""

ID_MAX: Final = 64
LANGUAGES_MAX: Final = 32
_ID: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{ID_MAX - 1}}}")
_LAW_ID: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_ -]{{0,{ID_MAX - 1}}}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_YEARS: Final = (1900, 2200)

_OF_QUESTIONS: Final = frozenset(
    {ReportEvent.QUESTIONS_ASKED, ReportEvent.QUESTIONS_ANSWERED, ReportEvent.QUESTIONS_LAPSED}
)
_OF_A_MATTER: Final = frozenset(
    {
        ReportEvent.ALLEGATION_ADDED,
        ReportEvent.TRANSFERRED,
        ReportEvent.FORWARDED,
        ReportEvent.COMPLAINT_FILED,
        ReportEvent.PETITION_FILED,
        ReportEvent.RETURNED,
        ReportEvent.REROUTED,
        ReportEvent.INVESTIGATION_BEGUN,
        ReportEvent.INVESTIGATION_ENDED,
        ReportEvent.RESULT_RECEIVED,
        ReportEvent.RESULT_NOTIFIED,
        ReportEvent.OBJECTED,
        ReportEvent.OBJECTION_REFUSED,
        ReportEvent.OBJECTION_DISMISSED,
        ReportEvent.REINVESTIGATION_DEMANDED,
        ReportEvent.ALLEGATION_CLOSED,
    }
)
"""What happens to one allegation, or to one of its referrals, and so to no round of questions."""
_WITHOUT_LAW: Final = (Scope.REPORT, Scope.QUESTIONS)
CONCERNS: Final[Mapping[Scope, frozenset[EventKind]]] = {
    Scope.REPORT: frozenset({*ReportEvent, *RequestEvent}),
    Scope.ALLEGATION: frozenset(ReportEvent) - _OF_QUESTIONS,
    Scope.REFERRAL: frozenset(ReportEvent) - _OF_QUESTIONS,
    Scope.QUESTIONS: frozenset(ReportEvent) - _OF_A_MATTER,
    Scope.REQUEST: frozenset(RequestEvent),
}
"""Which events may concern a subject of a scope: a clock of that scope can hang on no others."""


def judge(draft: Draft) -> Iterator[Finding]:
    """What makes no sense in a record of a pack, in the order of its files."""
    yield from _head(draft.head)
    for source in draft.sources:
        yield from _source(source)
    for row in draft.rows:
        yield from _record(row)
        yield from _JUDGES.get(type(row.value), _nothing)(row)


def _head(row: Row[Head]) -> Iterator[Finding]:
    head = row.value
    if not PACK_ID.fullmatch(head.id):
        yield row.error("id", "the pack's id is not of small letters, digits and “-”.", 'Write id = "kr".')
    if not 1 <= head.version < 2**31:
        yield row.error("version", "editions count from 1.", "Write version = 1 for the first one.")
    if not 1 <= len(head.languages) <= LANGUAGES_MAX or not all(map(_is_language, head.languages)):
        right = 'Write languages = ["ko", "en"], the one to fall back on first.'
        wrong = "a language has two or three small letters, as “en”, and may name its script, as “sr-Latn”."
        yield row.error("languages", wrong, right)
    yield from _currency(row, head.currency)
    try:
        zone(head.time_zone)
    except DateError:
        wrong = f"“{fields.shown(head.time_zone)}” is no time zone that this machine knows."
        yield row.error("time_zone", wrong, 'Write it as time_zone = "Asia/Seoul".')


def _is_language(text: str) -> bool:
    try:
        return bool(canonical.language_field(text))
    except CanonicalError:
        return False


def _source(row: Row[Source]) -> Iterator[Finding]:
    if not row.value.url.startswith(("https://", "http://")):
        yield row.error("url", "this is no address.", 'Write url = "https://…".')


def _record(row: Row[Record]) -> Iterator[Finding]:
    record = row.value
    if not (_LAW_ID if isinstance(record, Law) else _ID).fullmatch(record.id):
        wrong = f"“{fields.shown(record.id)}” cannot be an id."
        right = "Use letters from a to z, digits, “_” and “-”, at most 64. A law may have spaces too."
        yield row.error("id", wrong, right)
    if record.until_on is not None and record.until_on < record.from_on:
        yield row.error("until", "“until” is before “from”.", "Write the last day of the rule as “until”.")
    if bool(record.basis) is isinstance(record, Law):
        right = "Take it out." if record.basis else 'Write basis = "policy" for a rule of the agency itself.'
        yield row.error("basis", "every rule has a basis, and a law is one itself.", right)


def _law(row: Row[Law]) -> Iterator[Finding]:
    if (row.value.source is None) is not (row.value.sort is LawKind.POLICY):
        right = "Write source, the id of a [[source]], for a law; leave it out for a policy."
        yield row.error("source", "a law has a source, and a policy has none.", right)


def _question(row: Row[Question]) -> Iterator[Finding]:
    chosen = row.value.answer in (Answer.CHOICE, Answer.CHOICES)
    if chosen and len(row.value.choices) < 2:
        yield row.error("choices", "there is nothing to choose from.", 'Write choices = ["yes", "no"].')
    if not chosen and row.value.choices:
        right = 'Write answer = "choice", or take the choices out.'
        yield row.error("choices", f"an answer of the sort “{row.value.answer}” has no choices.", right)


def _deadline(row: Row[Deadline]) -> Iterator[Finding]:
    rule = row.value
    yield from _length(row, "length", rule.length)
    if not rule.starts_on and rule.after is None:
        yield row.error("starts_on", "nothing ever starts this deadline.", "Name the event that does.")
    if rule.resumes_on and not rule.stops_on:
        right = "Name in stops_on the step that it undoes, or take it out."
        yield row.error("resumes_on", "nothing stops this deadline, so nothing lets it run on.", right)
    for key, events in (
        ("starts_on", rule.starts_on),
        ("stops_on", rule.stops_on),
        ("resumes_on", rule.resumes_on),
    ):
        for event in (each for each in events if each not in CONCERNS[rule.scope]):
            wrong = f"“{event}” never happens to what the scope “{rule.scope}” stands for."
            yield row.error(key, wrong, "Choose the scope to which the event belongs.")
    if rule.under and rule.scope in _WITHOUT_LAW:
        wrong = f"which law governs is known of an allegation, not of the scope “{rule.scope}”."
        yield row.error("under", wrong, "Take “under” out, or choose the scope “allegation”.")
    if rule.on_miss is OnMiss.REFUSE and not rule.stops_on:
        right = "Name in stops_on the step that is refused when it is late."
        yield row.error("on_miss", "nothing can be refused: no step stops this deadline.", right)
    yield from _service(row)
    yield from _warnings(row)
    yield from _extension(row)


def _service(row: Row[Deadline]) -> Iterator[Finding]:
    rule = row.value
    if rule.deemed_served is not None:
        yield from _length(row, "deemed_served", rule.deemed_served.length)
        if not rule.served:
            wrong = "“deemed_served” counts only where the period runs from reading a notice."
            yield row.error("deemed_served", wrong, "Write served = true, or take it out.")
    elif rule.served:
        wrong = "a notice that is never read never starts this deadline."
        yield row.warning("served", wrong, "If the law has a last day for that, write deemed_served.")
    if rule.served and not rule.starts_on:
        yield row.error("served", "no event is told of by a notice.", "Name it in starts_on.")


def _warnings(row: Row[Deadline]) -> Iterator[Finding]:
    rule = row.value
    if any(day > 0 for day in rule.warn):
        yield row.error("warn", "a warning comes before the last day.", "Write warn = [-14, -3, 0].")
    elif rule.unit is Unit.CALENDAR_DAY and any(-day > rule.length for day in rule.warn):
        yield row.error("warn", "a warning comes before the first day.", "Write fewer days.")
    elif any(-day > LENGTH_MAX for day in rule.warn):
        yield row.error("warn", "a warning comes a lifetime before the last day.", "Write fewer days.")


def _extension(row: Row[Deadline]) -> Iterator[Finding]:
    extend = row.value.extend
    if extend is None:
        return
    if extend.most is not None:
        yield from _length(row, "extend", extend.most)
    if extend.times is not None and extend.times < 1:
        yield row.error("extend", "“times” is less than 1.", "Leave extend out if there is no extension.")
    if extend.approver in WITHOUT_PERSON:
        wrong = f"“{extend.approver}” is no person who could approve."
        yield row.error("extend", wrong, 'Write approver = "second_officer".')


def _institution(row: Row[Institution]) -> Iterator[Finding]:
    known = (ReportEvent.TRANSFERRED, ReportEvent.FORWARDED, ReportEvent.COMPLAINT_FILED)
    for event in (each for each in row.value.takes if each not in known):
        wrong = f"“{event}” sends nothing to an institution."
        yield row.error("takes", wrong, f"There are: {', '.join(known)}.")
    if row.value.supervisor == row.value.id:
        right = "Name the body above it, or take “supervisor” out."
        yield row.error("supervisor", "this body supervises itself.", right)


def _presumption(row: Row[Presumption]) -> Iterator[Finding]:
    if row.value.within is not None:
        yield from _length(row, "within", row.value.within.length)


def _benefit(row: Row[Benefit]) -> Iterator[Finding]:
    rule = row.value
    if rule.pays is BenefitKind.PERCENT and (rule.rate is None or rule.of is None):
        right = 'Write rate = "0.30" and of = "recovered".'
        yield row.error("pays", "a percentage needs a rate and what it is of.", right)
    if rule.rate is not None and not 0 < rule.rate <= 1:
        yield row.error("rate", "a rate lies between 0 and 1.", 'Write rate = "0.30" for 30 %.')
    amounts = {key: getattr(rule, key) for key in ("min_exclusive", "truncate", "most")}
    yield from _amounts(row, amounts, rule.currency)
    in_units = {key: getattr(rule, key) for key in ("least_units", "most_units")}
    yield from _positive(row, {**in_units, "most_months": rule.most_months, "cap_factor": rule.cap_factor})
    if (rule.unit is None) is not all(each is None for each in in_units.values()):
        yield row.error("unit", "units are counted and none is named, or the other way round.", "Write both.")
    if (rule.least_units or 0) > (rule.most_units or rule.least_units or 0):
        yield row.error("most_units", "the most is less than the least.", "Exchange them.")


def _unit(row: Row[IndexedUnit]) -> Iterator[Finding]:
    yield from _amounts(row, {"amount": row.value.amount}, row.value.currency)


def _sanction(row: Row[Sanction]) -> Iterator[Finding]:
    yield from _positive(row, {"prison_years": row.value.prison_years})
    yield from _amounts(row, {"fine": row.value.fine}, row.value.currency)


def _text(row: Row[PublicText]) -> Iterator[Finding]:
    notice = row.value.place is Place.NOTICE
    if row.value.sent_on and row.value.place not in {Place.NOTICE, Place.LETTER}:
        wrong = f"a text of the place “{row.value.place}” is not sent on an event."
        yield row.error("sent_on", wrong, 'Write place = "notice", or take sent_on out.')
    if notice and not row.value.sent_on:
        wrong = "no event sends this notice: an officer has to do it."
        yield row.warning("place", wrong, "If an event should send it, write sent_on.")


def _retention(row: Row[Retention]) -> Iterator[Finding]:
    yield from _length(row, "length", row.value.length)
    if not row.value.starts_on:
        yield row.error("starts_on", "nothing ever starts this period.", "Name the event that does.")


def _statistic(row: Row[Statistic]) -> Iterator[Finding]:
    if row.value.id not in STATISTICS:
        wrong = fields.unknown(row.value.id, STATISTICS, "limit of statistics")
        yield row.error("id", wrong.wrong, wrong.right)
        return
    least, most = STATISTICS[row.value.id]
    if not least <= row.value.value <= most:
        yield row.error("value", f"“{row.value.id}” lies between {least} and {most}.", "Write another value.")


def _closing(row: Row[ClosingReason]) -> Iterator[Finding]:
    if not 0 <= row.value.unanswered <= 100:
        yield row.error("unanswered", "this is no number of questions.", "Write unanswered = 2.")


def _setting(row: Row[Setting]) -> Iterator[Finding]:
    if row.value.id not in SETTINGS:
        wrong = fields.unknown(row.value.id, SETTINGS, "setting")
        yield row.error("id", wrong.wrong, wrong.right)
        return
    known = SETTINGS[row.value.id]
    values = [row.value.value] if known else row.value.value.split(",")
    for value in (each.strip() for each in values):
        if not known and value in _NEVER_OFF:
            wrong_off = f"“{value}” protects the source, and no pack switches it off."
            yield row.error("value", wrong_off, "Take it out.")
        elif value not in (known or list(ReportEvent)):
            wrong = fields.unknown(value, known or list(ReportEvent), f"value of “{row.value.id}”")
            yield row.error("value", wrong.wrong, wrong.right)


def _rest_days(row: Row[RestDays]) -> Iterator[Finding]:
    if not all(1 <= day <= 7 for day in row.value.weekdays) or len(row.value.weekdays) > 6:
        wrong = "the days of rest are some of 1 (Monday) to 7 (Sunday), and not all."
        yield row.error("weekdays", wrong, "Write weekdays = [6, 7] for Saturday and Sunday.")


def _holidays(row: Row[Holidays]) -> Iterator[Finding]:
    year = row.value.year
    if not _YEARS[0] <= year <= _YEARS[1]:
        yield row.error("year", f"{year} is no year of this calendar.", "Write the year of the holidays.")
    for day in (each for each in row.value.days if each.year != year):
        yield row.error("days", f"{day} is no day of {year}.", "Write it with its own year.")


def _length(row: Row[Any], key: str, length: int) -> Iterator[Finding]:
    if not 1 <= length <= LENGTH_MAX:
        right = f"Write how long it is, from 1 to {LENGTH_MAX}."
        yield row.error(key, f"a period of {length} is none.", right)


def _positive(row: Row[Any], numbers: Mapping[str, Any]) -> Iterator[Finding]:
    for key, number in numbers.items():
        if number is not None and number <= 0:
            yield row.error(key, f"“{key}” is not above 0.", "Leave it out if there is no such limit.")


def _amounts(row: Row[Any], amounts: Mapping[str, int | None], currency: str | None) -> Iterator[Finding]:
    yield from _positive(row, amounts)
    yield from _currency(row, currency)
    if currency is None and any(each is not None for each in amounts.values()):
        yield row.error("currency", "an amount stands here without its currency.", 'Write currency = "KRW".')


def _currency(row: Row[Any], currency: str | None) -> Iterator[Finding]:
    if currency is not None and not _CURRENCY.fullmatch(currency):
        yield row.error("currency", "a currency has three large letters.", 'Write currency = "KRW".')


def _nothing(_: Row[Any]) -> Iterator[Finding]:
    return iter(())


_JUDGES: Final[Mapping[type[Record], Callable[[Row[Any]], Iterator[Finding]]]] = {
    Law: _law,
    Question: _question,
    Deadline: _deadline,
    Institution: _institution,
    Presumption: _presumption,
    Benefit: _benefit,
    IndexedUnit: _unit,
    PublicText: _text,
    Sanction: _sanction,
    Retention: _retention,
    Statistic: _statistic,
    ClosingReason: _closing,
    Setting: _setting,
    RestDays: _rest_days,
    Holidays: _holidays,
}
