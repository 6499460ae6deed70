"""Codenames as the views use them: made, read as typed, looked for in a text, checked by two words.

A thin layer that gives the errors of `crypto` the names of this app, because views know no
crypto. Nothing is looked up: a codename that nobody ever used is as good as any other.
"""

import secrets
from typing import Final

from crypto import codename, errors
from source_app.errors import MistakenWordError, UnknownWordsError, WordCountError

CHECKED_WORDS: Final = 2


def new_codename() -> str:
    """A fresh codename."""
    return codename.generate()


def parse_codename(typed: str) -> str:
    """The codename that a person typed.

    Raises `WordCountError`, `UnknownWordsError` or `MistakenWordError`, before any slow work.
    """
    try:
        return codename.parse(typed)
    except errors.UnknownWordError as error:
        raise UnknownWordsError(error.unknown) from error
    except errors.WordCountError as error:
        raise WordCountError(error.count, error.unknown) from error
    except errors.CheckWordError as error:
        raise MistakenWordError from error


def contains_codename(text: str) -> bool:
    """Whether a codename stands in a text."""
    return codename.appears_in(text)


def positions_to_check() -> list[int]:
    """Which two words a person is asked for, in order, counted from 1."""
    places = range(1, codename.TOTAL_WORDS + 1)
    return sorted(secrets.SystemRandom().sample(places, CHECKED_WORDS))


def words_match(name: str, positions: list[int], typed: list[str]) -> bool:
    """Whether the typed words stand at those positions of a codename."""
    words = name.split()
    return [words[place - 1] for place in positions] == [word.strip().casefold() for word in typed]
