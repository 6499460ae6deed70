"""A jurisdiction pack that was read and found usable: its rules by kind and day, its words by language.

It is built by `cases.packs.reading`; nothing here looks at a file. A question about a day that no
rule covers is a `RuleError` that says so, never a guess.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, TypeVar

from cases.dates import Calendar
from cases.errors import RuleError
from cases.kinds import EventKind, Status
from cases.packs.schema import Deadline, Record, Source

R = TypeVar("R", bound=Record)

PACK_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
"""What the id of a pack can be: it stands in events, in sentences and on pages."""


@dataclass(frozen=True, order=True)
class PackRef:
    """Which edition of which pack: what a case remembers. `digest` is 32 bytes in hex."""

    id: str
    version: int
    digest: str


@dataclass(frozen=True)
class Head:
    """What `pack.toml` says of the whole."""

    id: str
    version: int
    languages: tuple[str, ...]
    """The first is the one that is shown where a person's own is missing."""
    time_zone: str
    status: Status
    currency: str | None = None
    reviewer: str | None = None
    reviewed_on: date | None = None


@dataclass(frozen=True)
class Words:
    """What one thing is called and said in one language."""

    title: str = ""
    text: str = ""
    help: str = ""
    cues: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pack:
    """One edition of the rules of one jurisdiction."""

    head: Head
    digest: str
    sources: tuple[Source, ...]
    records: tuple[Record, ...]
    """In the order of the files."""
    words: Mapping[str, Mapping[str, Words]]
    """By language, then by key: `deadline.handle_report`, `stage.received`, `choice.yes`."""

    @cached_property
    def ref(self) -> PackRef:
        """Which edition this is."""
        return PackRef(self.head.id, self.head.version, self.digest)

    @cached_property
    def _by_kind(self) -> Mapping[type[Record], Mapping[str, tuple[Record, ...]]]:
        found: dict[type[Record], dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
        for record in self.records:
            found[type(record)][record.id].append(record)
        return {kind: {name: tuple(rows) for name, rows in by_id.items()} for kind, by_id in found.items()}

    def ids(self, kind: type[Record]) -> Iterable[str]:
        """The ids of one kind, in the order of the file."""
        return self._by_kind.get(kind, {}).keys()

    def find(self, kind: type[R], name: str, day: date) -> R | None:
        """The record that is in force on this day, or None."""
        for record in self._by_kind.get(kind, {}).get(name, ()):
            if isinstance(record, kind) and record.in_force(day):
                return record
        return None

    def rule(self, kind: type[R], name: str, day: date) -> R:
        """The record that is in force on this day. Raises `RuleError`."""
        found = self.find(kind, name, day)
        if found is None:
            raise RuleError(
                f"The pack {self.head.id} {self.head.version} has no {kind.kind} “{name}” in force on {day}."
            )
        return found

    def in_force(self, kind: type[R], day: date) -> tuple[R, ...]:
        """All records of one kind that are in force on this day, in the order of the file."""
        return tuple(r for r in self.records if isinstance(r, kind) and r.in_force(day))

    def title(self, record: Record, language: str) -> str:
        """What a record is called in a language, or in the pack's first one, or its id."""
        return self.say(f"{record.kind}.{record.words or record.id}", language).title or record.id

    def say(self, key: str, language: str) -> Words:
        """The words under a key in a language, or in the pack's first one; empty where there are none."""
        for each in (language, self.head.languages[0]):
            found = self.words.get(each, {}).get(key)
            if found is not None:
                return found
        return Words()

    @cached_property
    def starting(self) -> Mapping[EventKind, tuple[Deadline, ...]]:
        """The deadlines that an event may start, of all days."""
        return _by_event((d, d.starts_on) for d in self.records if isinstance(d, Deadline))

    @cached_property
    def stopping(self) -> Mapping[EventKind, tuple[Deadline, ...]]:
        """The deadlines that an event may stop, of all days."""
        return _by_event((d, d.stops_on) for d in self.records if isinstance(d, Deadline))

    @cached_property
    def resuming(self) -> Mapping[EventKind, tuple[Deadline, ...]]:
        """The deadlines that an event may let run on, of all days."""
        return _by_event((d, d.resumes_on) for d in self.records if isinstance(d, Deadline))

    @cached_property
    def following(self) -> Mapping[str, tuple[Deadline, ...]]:
        """By the id of a deadline, those that start when it has run out, of all days."""
        found: dict[str, list[Deadline]] = defaultdict(list)
        for record in self.records:
            if isinstance(record, Deadline) and record.after is not None:
                found[record.after].append(record)
        return {name: tuple(rules) for name, rules in found.items()}

    @cached_property
    def calendar(self) -> Calendar:
        """Which days are worked."""
        return Calendar.of(self.records)


def _by_event(
    pairs: Iterable[tuple[Deadline, tuple[EventKind, ...]]],
) -> Mapping[EventKind, tuple[Deadline, ...]]:
    found: dict[EventKind, list[Deadline]] = defaultdict(list)
    for deadline, kinds in pairs:
        for kind in kinds:
            found[kind].append(deadline)
    return {kind: tuple(rules) for kind, rules in found.items()}
