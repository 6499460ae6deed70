"""When a deletion is complete: the rule alone (protocol 1, section 6).

Four conditions: 1 the intake keys of its weeks are destroyed, in every copy of the key file; 2 every server
that took something of it in has deleted its copy; 3 the vault was given another key since, and keeps the one
from then for nothing any longer; 4 every backup from before it is destroyed.

A server deletes after some days, at most 30, from the day on which it imports our word that we have the
report. So its copy is gone when a bundle says that it has that word, and another one was made 30 days later.

Pure: facts in, what is still open out. `deletion_standing` gathers the facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

SERVER_KEEPS: Final = timedelta(days=30)
"""The longest that a server can be set to keep what we have acknowledged."""


class Condition(StrEnum):
    """The conditions, in the order of the rule."""

    WINDOW = "window"
    SERVER = "server"
    KEY = "key"
    BACKUPS = "backups"


class How(StrEnum):
    """In which way a condition is not met."""

    KEY_EXISTS = "key_exists"
    KEY_IN_COPIES = "key_in_copies"
    NOT_TOLD = "not_told"
    NOT_HEARD = "not_heard"
    KEEPS_A_WHILE = "keeps_a_while"
    SAME_KEY = "same_key"
    FORMER_KEY_KEPT = "former_key_kept"
    BACKUPS_EXIST = "backups_exist"


@dataclass(frozen=True)
class Still:
    """A condition that is not met, and how. `day` and `number` are what its sentence speaks of."""

    condition: Condition
    how: How
    day: date | None = None
    number: int = 0


@dataclass(frozen=True)
class ServerWord:
    """What one server is known to know of the objects of a case.

    `told`: whether an export acknowledges all of them. `heard_on`: the day of the first bundle in which the
    server says that it has such an export. `spoke_on`: the day of its newest bundle.
    """

    told: bool
    heard_on: date | None
    spoke_on: date | None


@dataclass(frozen=True)
class Facts:
    """What the rule asks. `last_day`: of the newest week in which something of the case was sealed.

    `window_exists`: whether the key of that week does. `copies`: how many copies of the key file have it.
    `key_replaced`, `former_kept`: whether the vault has another key than then, and still keeps that one.
    """

    last_day: date | None
    window_exists: bool
    copies: int
    servers: tuple[ServerWord, ...]
    key_replaced: bool
    former_kept: bool
    backups: int


def still_open(facts: Facts) -> tuple[Still, ...]:
    """What is open, in the order of the rule; nothing where the deletion is complete."""
    return tuple(_open(facts))


def _open(facts: Facts) -> Iterator[Still]:
    if facts.window_exists:  # 1
        yield Still(Condition.WINDOW, How.KEY_EXISTS, facts.last_day)
    elif facts.copies:
        yield Still(Condition.WINDOW, How.KEY_IN_COPIES, facts.last_day, facts.copies)
    yield from _server(facts.servers)  # 2
    if not facts.key_replaced:  # 3
        yield Still(Condition.KEY, How.SAME_KEY)
    elif facts.former_kept:
        yield Still(Condition.KEY, How.FORMER_KEY_KEPT)
    if facts.backups:  # 4
        yield Still(Condition.BACKUPS, How.BACKUPS_EXIST, number=facts.backups)


def _server(servers: tuple[ServerWord, ...]) -> Iterator[Still]:
    """The one thing that has to be done first, of all servers."""
    if not all(word.told for word in servers):
        yield Still(Condition.SERVER, How.NOT_TOLD)
        return
    heard = [word.heard_on for word in servers]
    if None in heard:
        yield Still(Condition.SERVER, How.NOT_HEARD)
        return
    waits = [
        word.heard_on + SERVER_KEEPS
        for word in servers
        if word.heard_on and (word.spoke_on is None or word.spoke_on < word.heard_on + SERVER_KEEPS)
    ]
    if waits:
        yield Still(Condition.SERVER, How.KEEPS_A_WHILE, max(waits))
