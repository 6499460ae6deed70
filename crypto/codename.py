"""The codename: seven random words and a check word (protocol 1, section 1).

Made by us, never chosen by a person. The check word finds a slip of the pen without any
record on a server: a codename that nobody ever used is as valid as one that is in use.

Checks of `parse`: 1 the length of what was typed; 2 eight words; 3 each is in the list; 4 the
last is the check word of the others.
"""

import hashlib
import re
import unicodedata
from typing import Final, NewType

from crypto import labels, sizes, words
from crypto.errors import CheckWordError, UnknownWordError, WordCountError

RANDOM_WORDS: Final = 7
TOTAL_WORDS: Final = RANDOM_WORDS + 1
TYPED_MAX: Final = 200
"""Characters: eight of the longest words with generous gaps. Longer input is refused unread."""
SLIPS_MAX: Final = 3
"""Words not in the list for which near ones are looked up: more of them are no slips of the pen."""

Codename = NewType("Codename", str)
"""Eight words of the list joined by one space, the last the check word of the others."""

_GAPS = re.compile(r"[\s\-\u2010-\u2015,.]+")
_NUMBER = re.compile(r"\(?[0-9]{1,2}[):]?")
"""Somebody who numbered the words on paper types the numbers with them."""
_NUMBERING = frozenset("0123456789():")
_TOKEN = re.compile(r"[^\W\d_]+|\S")
_SLICE = 256
"""Characters. Putting n combining marks in order takes n² steps: a mebibyte of them would take minutes."""


def generate() -> Codename:
    """A fresh codename of 90.5 random bits."""
    return complete(words.random_words(RANDOM_WORDS))


def complete(random_words: tuple[str, ...]) -> Codename:
    """The codename of seven words of the list: themselves and their check word."""
    return Codename(" ".join((*random_words, check_word(random_words))))


def check_word(random_words: tuple[str, ...]) -> str:
    """The eighth word that seven words ask for."""
    digest = hashlib.blake2b(
        " ".join(random_words).encode(), digest_size=sizes.CHECK_WORD_HASH, person=labels.CHECK_PERSON
    ).digest()
    return words.WORDS[int.from_bytes(digest, "big") % words.COUNT]


def parse(typed: str) -> Codename:
    """The codename that a person typed, in any case, with any gaps, numbered or not.

    Raises `WordCountError`, `UnknownWordError` (both with the unknown words and the nearest ones),
    `CheckWordError`.
    """
    if len(typed) > TYPED_MAX:  # 1
        raise WordCountError
    plain = _GAPS.sub(" ", unicodedata.normalize("NFKC", typed).casefold())
    typed_words = tuple(word for word in plain.split() if not _NUMBER.fullmatch(word))
    unknown = _unknown(typed_words)
    if len(typed_words) != TOTAL_WORDS:  # 2
        raise WordCountError(len(typed_words), unknown)
    if unknown:  # 3
        raise UnknownWordError(unknown)
    if check_word(typed_words[:RANDOM_WORDS]) != typed_words[RANDOM_WORDS]:  # 4
        raise CheckWordError
    return Codename(" ".join(typed_words))


def _unknown(typed_words: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The words that are not in the list, with the nearest ones that are.

    Looking for near words is slow, and a stranger may type nothing but invented ones.
    """
    unknown = [word for word in typed_words if word not in words.KNOWN]
    slips = unknown if len(unknown) <= SLIPS_MAX else []
    return {word: words.nearest(word) if word in slips else () for word in unknown}


def appears_in(text: str) -> bool:
    """Whether a codename stands anywhere in `text`: eight words of the list in a row whose
    last is the check word of the others, numbered or not. Used to refuse a message that gives one away.

    Safe against long texts because they are brought to plain letters slice by slice: a word of
    the list has no marks to compose, so nothing is lost where two slices meet.
    """
    slices = (text[start : start + _SLICE] for start in range(0, len(text), _SLICE))
    plain = _GAPS.sub(" ", "".join(unicodedata.normalize("NFKC", part).casefold() for part in slices))
    run: list[str] = []
    for match in _TOKEN.finditer(plain):
        token = match[0]
        if token in _NUMBERING:
            continue
        run = [*run[-RANDOM_WORDS:], token] if token in words.KNOWN else []
        if len(run) == TOTAL_WORDS and check_word(tuple(run[:RANDOM_WORDS])) == run[RANDOM_WORDS]:
            return True
    return False
