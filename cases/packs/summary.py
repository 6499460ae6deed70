"""What a pack says, in sentences for the lawyer who answers for it: every clock, and what is not there.

`cases.check` prints it. Without a day all rules are told, with one those in force on it. The
sentences are made of the records alone, so that what is read here is what the program does.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final, TypedDict

from cases.kinds import AppliesBy, OnMiss, Party, Roll, Scope, Status, Unit
from cases.packs import wording
from cases.packs.pack import Pack, Words
from cases.packs.schema import KINDS, Deadline, Extension, Holidays, Record, Span

_UNITS: Final = {
    Unit.CALENDAR_DAY: "calendar day",
    Unit.WORKING_DAY: "working day",
    Unit.MONTH: "month",
    Unit.YEAR: "year",
}
_MISSED: Final = {
    OnMiss.ESCALATE: "the officers' superiors are told",
    OnMiss.DEEMED: "the law takes the silence for an answer",
    OnMiss.REFUSE: "the step is refused as too late, with reasons",
}
_VERSIONS: Final = {
    AppliesBy.REPORT_DATE: "the day of the report",
    AppliesBy.START_DATE: "the day it starts",
    AppliesBy.CLAIM_DATE: "the day of the claim",
    AppliesBy.ACT_DATE: "the day of the act",
}
_SCOPES: Final = {
    Scope.REPORT: "the report",
    Scope.ALLEGATION: "each allegation",
    Scope.REFERRAL: "each referral",
    Scope.QUESTIONS: "each round of questions",
    Scope.REQUEST: "each request",
}
_PARTIES: Final = {Party.SOURCE: "the source", Party.AGENCY: "the body that has the matter"}
_WITHOUT: Final = {
    "category": "no matter can be told apart",
    "institution": "no matter can be sent on",
    "closing": "no report can be closed",
    "retention": "no case is ever destroyed",
    "holidays": "no working day is counted",
}
"""What follows when a pack says nothing of a kind of rule."""
_WIDTH: Final = 9


class Summary(TypedDict):
    """What is told of a pack, as it goes into JSON."""

    pack: str
    version: int
    digest: str
    status: str
    languages: list[str]
    time_zone: str
    reviewer: str
    calendar_years: list[int]
    rules: dict[str, int]
    by_status: dict[str, int]
    not_verified: list[str]
    ending: list[str]
    silent: list[str]
    missing: dict[str, list[str]]
    clocks: list[dict[str, str]]


def of(pack: Pack, day: date | None = None) -> Summary:
    """The facts of a pack; with a `day`, of its rules in force on that day."""
    head = pack.head
    records = [record for record in pack.records if day is None or record.in_force(day)]
    rules = Counter(record.kind for record in records)
    return Summary(
        pack=head.id,
        version=head.version,
        digest=pack.digest,
        status=head.status,
        languages=list(head.languages),
        time_zone=head.time_zone,
        reviewer=f"{head.reviewer}, {head.reviewed_on}" if head.reviewer else "nobody",
        calendar_years=sorted({record.year for record in records if isinstance(record, Holidays)}),
        rules=dict(rules),
        by_status={status: sum(record.status is status for record in records) for status in Status},
        not_verified=[
            f"{record.kind}.{record.id}" for record in records if record.status is Status.UNVERIFIED
        ],
        ending=_ending(pack, records),
        silent=[kind.kind for kind in KINDS if kind.kind not in rules],
        missing={language: _missing(pack, records, language) for language in head.languages},
        clocks=[_clock(pack, record) for record in records if isinstance(record, Deadline)],
    )


def text(facts: Summary) -> str:
    """The facts as a page of text."""
    return "\n".join(_lines(facts)) + "\n"


def _lines(facts: Summary) -> Iterator[str]:
    statuses = ", ".join(f"{count} {status}" for status, count in facts["by_status"].items())
    yield f"Pack {facts['pack']}, edition {facts['version']}, {facts['status']}; digest {facts['digest']}"
    yield f"Languages: {', '.join(facts['languages'])}. Time zone: {facts['time_zone']}."
    yield f"Reviewed by: {facts['reviewer']}."
    yield f"Working days are known for: {', '.join(map(str, facts['calendar_years'])) or 'no year'}."
    yield f"Rules: {statuses}."
    yield f"  {', '.join(f'{kind} {count}' for kind, count in facts['rules'].items())}"
    yield f"The pack says nothing of: {', '.join(map(_silence, facts['silent'])) or 'nothing'}."
    yield f"Unverified: {', '.join(facts['not_verified']) or 'none'}."
    yield f"Ends, and none of its id follows: {', '.join(facts['ending']) or 'none'}."
    for language, keys in facts["missing"].items():
        yield f"Missing in {language}: {', '.join(keys) or 'nothing'}."
    yield ""
    yield f"Clocks: {len(facts['clocks'])}"
    for clock in facts["clocks"]:
        yield ""
        yield f"{clock['id']} ({clock['status']}): {clock['title']}"
        for name, said in clock.items():
            if name not in ("id", "status", "title"):
                yield f"  {name:<{_WIDTH}} {said}"


def _silence(kind: str) -> str:
    return f"{kind} ({_WITHOUT[kind]})" if kind in _WITHOUT else kind


def _missing(pack: Pack, records: list[Record], language: str) -> list[str]:
    words = pack.words.get(language, {})
    wanted = wording.needed(records)
    return [
        key
        for key, with_text in wanted.items()
        if not words.get(key, Words()).title or (with_text and not words[key].text)
    ]


def _ending(pack: Pack, records: list[Record]) -> list[str]:
    """The rules that some day have no successor, with their last day: a wrong year shows here."""
    ordered = sorted(pack.records, key=lambda record: record.from_on)
    last = {(record.kind, record.id): record for record in ordered}
    return [
        f"{record.kind}.{record.id} ({record.until_on})"
        for record in records
        if record.until_on is not None and last[record.kind, record.id] is record
    ]


def _clock(pack: Pack, rule: Deadline) -> dict[str, str]:
    return {
        "id": rule.id,
        "title": pack.title(rule, pack.head.languages[0]),
        "status": str(rule.status),
        "law": "; ".join(map(str, rule.basis)),
        "for": _SCOPES[rule.scope] + (f", under {' or '.join(rule.under)}" if rule.under else ""),
        "starts": _start(rule),
        "length": span(Span(rule.length, rule.unit)) + _rolled(rule.roll),
        "longer": _extension(rule.extend, rule.unit),
        "stops": _stop(rule),
        "missed": _missed(rule),
        "warned": ", ".join(_warning(day) for day in rule.warn) or "not beforehand",
        "told": ", ".join(_PARTIES[party] for party in rule.notify) or "nobody besides the officers",
        "in force": f"{_days(rule)}, by {_VERSIONS[rule.applies_by]}",
    }


def span(length: Span) -> str:
    """A length of time in words: “3 months”."""
    return f"{length.length} {_UNITS[length.unit]}{'' if length.length == 1 else 's'}"


def _start(rule: Deadline) -> str:
    parts = [f"on {_events(rule.starts_on)}"] if rule.starts_on else []
    if rule.served:
        late = f", at the latest {span(rule.deemed_served)} after it" if rule.deemed_served else ""
        parts = [f"when the notice of {_events(rule.starts_on)} is read{late}"]
    if rule.after is not None:
        parts.append(f"when “{rule.after}” has run out")
    return ", or ".join(parts)


def _stop(rule: Deadline) -> str:
    again = f"; runs on after {_events(rule.resumes_on)}" if rule.resumes_on else ""
    return (_events(rule.stops_on) or "by itself, when it has run out") + again


def _missed(rule: Deadline) -> str:
    waits = rule.stops_on or rule.on_miss is OnMiss.DEEMED
    return _MISSED[rule.on_miss] if waits else "nothing: it has run out"


def _rolled(roll: Roll) -> str:
    return ", then the next working day" if roll is Roll.NEXT_WORKING_DAY else ""


def _extension(extend: Extension | None, unit: Unit) -> str:
    if extend is None:
        return "never"
    parts = ["by any length" if extend.most is None else f"by {span(Span(extend.most, unit))} in all"]
    parts.append("as often as needed" if extend.times is None else f"{extend.times}×")
    if extend.reason:
        parts.append("with a reason")
    if extend.approver is not None:
        parts.append(f"approved by the {_plain(extend.approver)}")
    return ", ".join(parts)


def _warning(day: int) -> str:
    return "on the last day" if day == 0 else f"{-day} day{'' if day == -1 else 's'} before it"


def _events(events: tuple[str, ...]) -> str:
    return " or ".join(_plain(event) for event in events)


def _days(record: Record) -> str:
    return f"from {record.from_on}" + (f" until {record.until_on}" if record.until_on else " on")


def _plain(word: str) -> str:
    return word.replace("_", " ")
