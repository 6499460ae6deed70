"""Whether the rules of a pack hold together: one of each in force on a day, none naming what is not there.

What can be judged of one record alone is in `cases.packs.sense`, what concerns the words in
`cases.packs.wording`. All three are called by `cases.packs.reading`, once every value has its form.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import islice, pairwise
from typing import Final, NamedTuple, TypeAlias

from cases.kinds import Roll, Scope, Status, Unit
from cases.packs import fields
from cases.packs.draft import Draft, Row
from cases.packs.findings import Finding
from cases.packs.schema import (
    Benefit,
    Category,
    CheckItem,
    Citation,
    ClosingReason,
    Deadline,
    Holidays,
    IndexedUnit,
    Institution,
    Law,
    LawKind,
    Question,
    Record,
    RequestType,
    RestDays,
    Setting,
)

Versions: TypeAlias = Mapping[tuple[type[Record], str], list[Row[Record]]]
"""The rules of one kind and id, the earliest first."""

DAY: Final = timedelta(days=1)
CHAIN_MAX: Final = 64
"""Periods that follow one another: each is counted anew when the first one moves."""
CALENDAR_MAX: Final = 1_000
"""Records of days of rest, and of holidays: each day that is counted is looked up in all of its year."""


class _Reference(NamedTuple):
    """A field that names records of another kind: they must be in force as long as the one naming them."""

    of: type[Record]
    key: str
    target: type[Record]


_REFERENCES: Final = (
    _Reference(Record, "under", Law),
    _Reference(Record, "basis", Law),
    _Reference(Category, "law", Law),
    _Reference(Category, "asks", Question),
    _Reference(RequestType, "asks", Question),
    _Reference(RequestType, "deadlines", Deadline),
    _Reference(Deadline, "after", Deadline),
    _Reference(Institution, "supervisor", Institution),
    _Reference(Benefit, "unit", IndexedUnit),
)


def judge(draft: Draft) -> Iterator[Finding]:
    """What is wrong with the rules of a pack as a whole."""
    versions = _versions(draft)
    if not any(draft.of(Law)):
        right = 'Write a [[law]] for each, and one with id = "policy" for the rules of the agency itself.'
        yield Finding(Law.file, 0, "no law stands here.", right)
    for rows in versions.values():
        yield from _one_a_day(rows)
    for row in draft.rows:
        yield from _references(row, versions)
    yield from _articles(draft)
    yield from _governed(draft)
    for institution in draft.of(Institution):
        yield from _replaced(institution, versions)
    yield from _sources(draft)
    yield from _followers(draft)
    yield from _calendar(draft)
    yield from _review(draft)


def _versions(draft: Draft) -> Versions:
    found: dict[tuple[type[Record], str], list[Row[Record]]] = defaultdict(list)
    for row in sorted(draft.rows, key=lambda row: row.value.from_on):
        found[type(row.value), row.value.id].append(row)
    return found


def _one_a_day(rows: list[Row[Record]]) -> Iterator[Finding]:
    """Two rules of one id in force on one day, and days between two on which none is."""
    for earlier, later in pairwise(rows):
        name = f"{later.value.kind} “{later.value.id}”"
        start, end = later.value.from_on, earlier.value.until_on
        if end is None or end >= start:
            right = "Give one of them an id of its own, or take it out."
            if start > earlier.value.from_on:
                right = f"Write until = {start - DAY} in line {earlier.line()}, or give one an id of its own."
            wrong = (
                f"two rules {name} are in force on {start}: this one and the one of line {earlier.line()}."
            )
            yield later.error("from", wrong, right)
        elif end + DAY < start:
            wrong = f"no rule {name} is in force from {end + DAY} until {start - DAY}."
            right = "Let this one begin on the day after the earlier one, or give it an id of its own."
            yield later.error("from", wrong, right)


def _references(row: Row[Record], versions: Versions) -> Iterator[Finding]:
    for reference in _REFERENCES:
        if isinstance(row.value, reference.of):
            for name in dict.fromkeys(_names(getattr(row.value, reference.key))):
                yield from _reference(row, reference.key, versions, reference.target, name)


def _names(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(v.law if isinstance(v, Citation) else v) for v in _listed(value))


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _reference(
    row: Row[Record], key: str, versions: Versions, target: type[Record], name: str
) -> Iterator[Finding]:
    rows = versions.get((target, name))
    if not rows:
        known = [each for kind, each in versions if kind is target]
        if target is Law and not known:
            return  # it is told once, of the file
        wrong = fields.unknown(name, known, f"{target.kind} of {target.file}")
        yield row.error(key, f"“{key}”: {wrong.wrong}", wrong.right)
        return
    first, last = rows[0].value.from_on, rows[-1].value.until_on
    until = row.value.until_on
    if first > row.value.from_on or (last is not None and (until is None or until > last)):
        wrong_days = f"“{key}” names “{name}”, which is in force {_days(first, last)}"
        yield row.error(
            key,
            f"{wrong_days}, and this rule {_days(row.value.from_on, until)}.",
            "Let what is named be in force on every day on which this rule is.",
        )


def _days(first: date, last: date | None) -> str:
    return f"from {first} until {last}" if last else f"from {first} on"


def _articles(draft: Draft) -> Iterator[Finding]:
    """Each place in a law has its article; only the agency's own policy has none."""
    laws = {row.value.id for row in draft.of(Law) if row.value.sort is not LawKind.POLICY}
    for row in draft.rows:
        for law in (each.law for each in row.value.basis if not each.article):
            if law in laws:
                right = f'Write the article after the law, or "{law} (article not seen)".'
                yield row.error("basis", f"“{law}” is named without its article.", right)


def _governed(draft: Draft) -> Iterator[Finding]:
    """A rule of reports under some laws holds only where a category is governed by one of them."""
    governing = {row.value.law for row in draft.of(Category)}
    for row in draft.rows:
        of_a_report = isinstance(row.value, CheckItem | ClosingReason | Setting) or (
            isinstance(row.value, Deadline) and row.value.scope is not Scope.REQUEST
        )
        if of_a_report and row.value.under and governing.isdisjoint(row.value.under):
            wrong = f"this rule never holds: no category has the law {' or '.join(row.value.under)}."
            yield row.warning("under", wrong, "Write that law in a [[category]], or take “under” out.")


def _replaced(row: Row[Institution], versions: Versions) -> Iterator[Finding]:
    for name in row.value.replaces:
        rows = versions.get((Institution, name))
        if not rows:
            known = [each for kind, each in versions if kind is Institution]
            wrong = fields.unknown(name, known, f"institution of {Institution.file}")
            yield row.error("replaces", f"“replaces”: {wrong.wrong}", wrong.right)
        elif any(each.value.in_force(row.value.from_on) for each in rows):
            wrong_day = f"“{name}” is replaced on {row.value.from_on} and still in force on that day."
            right = f"Write until = {row.value.from_on - DAY} for “{name}”, if it is no more."
            yield row.warning("replaces", wrong_day, right)


def _sources(draft: Draft) -> Iterator[Finding]:
    seen: set[str] = set()
    for row in draft.sources:
        if row.value.id in seen:
            yield row.error("id", f"a source “{row.value.id}” stands above already.", "Give it another id.")
        seen.add(row.value.id)
    for law in draft.of(Law):
        if law.value.source is not None and law.value.source not in seen:
            wrong = fields.unknown(law.value.source, seen, "source of laws.toml")
            yield law.error("source", wrong.wrong, wrong.right)


def _followers(draft: Draft) -> Iterator[Finding]:
    """Deadlines that start when another has run out: of one scope with it, in no circle, not without end."""
    scopes: dict[str, set[Scope]] = defaultdict(set)
    graph: dict[str, set[str]] = defaultdict(set)
    for row in draft.of(Deadline):
        scopes[row.value.id].add(row.value.scope)
    for row in draft.of(Deadline):
        if row.value.after is None:
            continue
        graph[row.value.id].add(row.value.after)
        for scope in sorted(scopes.get(row.value.after, set()) - {row.value.scope}):
            wrong = f"“{row.value.after}” has the scope {scope}, and this rule the scope {row.value.scope}."
            yield row.error("after", wrong, "Let both have the same scope.")
    try:
        order = tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = list(reversed(error.args[1]))[:-1]
        row = next(r for r in draft.of(Deadline) if r.value.id == circle[0] and r.value.after is not None)
        chain = " after ".join(f"“{name}”" for name in (*circle, circle[0]))
        yield row.error("after", f"a circle: {chain}.", "Let one of them start on an event alone.")
        return
    before: dict[str, int] = {}
    for name in order:
        before[name] = max((before[other] + 1 for other in graph.get(name, ())), default=0)
    for row in draft.of(Deadline):
        if before.get(row.value.id, 0) > CHAIN_MAX:
            wrong = f"more than {CHAIN_MAX} periods follow one another before this one."
            yield row.error("after", wrong, "Let one of them start on an event alone.")


def _calendar(draft: Draft) -> Iterator[Finding]:
    """Working days need days of rest and holidays, and no year may be missing."""
    yield from _too_many(draft, RestDays)
    yield from _too_many(draft, Holidays)
    years = sorted({row.value.year for row in draft.of(Holidays)})
    starts = [
        min((row.value.from_on for row in draft.of(kind)), default=None) for kind in (RestDays, Holidays)
    ]
    for row in draft.of(Deadline):
        for key in _working_days(row.value)[:1]:
            if None in starts:
                wrong = "this rule counts working days, and the pack has no calendar."
                yield row.error(key, wrong, "Write calendar.toml with [[rest_days]] and [[holidays]].")
            elif late := [start for start in starts if start and start > row.value.from_on]:
                wrong = f"this rule counts working days, and the calendar begins on {max(late)}, after it."
                right = "Let [[rest_days]] and [[holidays]] be in force from the rule's “from” on."
                yield row.warning(key, wrong, right)
    yield from _years(draft, years)


def _too_many(draft: Draft, kind: type[Record]) -> Iterator[Finding]:
    for row in islice(draft.of(kind), CALENDAR_MAX, CALENDAR_MAX + 1):
        wrong = f"more than {CALENDAR_MAX} records “{kind.kind}” stand in this file."
        yield row.error("", wrong, "Let one record hold all the days of a week, or of a year.")


def _years(draft: Draft, years: list[int]) -> Iterator[Finding]:
    """No year is left out between two, and none stands twice."""
    seen: dict[int, Row[Holidays]] = {}
    for row in draft.of(Holidays):
        if row.value.year > years[0] and row.value.year - 1 not in years:
            wrong = f"the year {row.value.year - 1} has no holidays, and earlier ones have."
            yield row.error("year", wrong, "Write its [[holidays]] too.")
        other = seen.setdefault(row.value.year, row)
        if other.value.id != row.value.id:
            wrong = f"the holidays of {row.value.year} stand in line {other.line()} already."
            yield row.error("year", wrong, "Keep all holidays of a year in one record.")


def _working_days(rule: Deadline) -> list[str]:
    """The keys of a deadline that say something about working days."""
    says = {
        "unit": rule.unit is Unit.WORKING_DAY,
        "roll": rule.roll is Roll.NEXT_WORKING_DAY,
        "deemed_served": rule.deemed_served is not None and rule.deemed_served.unit is Unit.WORKING_DAY,
    }
    return [key for key, said in says.items() if said]


def _review(draft: Draft) -> Iterator[Finding]:
    """“verified” is the word of a named reviewer, about each rule."""
    head = draft.head
    reviewed = head.value.reviewer is not None and head.value.reviewed_on is not None
    rows = [row for row in draft.rows if row.value.status is Status.VERIFIED]
    if not reviewed and (rows or head.value.status is Status.VERIFIED):
        places = [f"{row.document.file}, line {row.line()}" for row in rows[:1]] or [head.document.file]
        wrong = f"“verified” stands in {places[0]}, and pack.toml names no reviewer with a day."
        yield head.error("status", wrong, "Write reviewer and reviewed_on, or the status “draft”.")
    open_rows = len(draft.rows) - len(rows)
    if head.value.status is Status.VERIFIED and open_rows:
        wrong = f"the pack is “verified”, and {open_rows} of its rules are not."
        yield head.error("status", wrong, "Write the status “draft” until each rule is verified.")
