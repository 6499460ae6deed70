"""The word list, and numbers and keys as words of it.

The list is the EFF's large list in its own order without its four hyphenated words: 7,772
words (Electronic Frontier Foundation, CC BY 3.0 US). Codenames, officers' passphrases and the
fingerprints that two people compare by eye are all made of it. A list that is short, doubled,
overlong or not plain lower-case ASCII stops the program when it starts.
"""

import difflib
import hashlib
import secrets
from importlib.resources import files
from typing import Final

from crypto import labels
from crypto.errors import WordListError

COUNT: Final = 7_772
LONGEST: Final = 9
FINGERPRINT_WORDS: Final = 10
PASSPHRASE_WORDS: Final = 7


def load_words(text: str) -> tuple[str, ...]:
    """The words of a list file, one a line. Raises `WordListError` unless it is whole."""
    words = tuple(text.split())
    plain = all(w.isascii() and w.isalpha() and w.islower() and len(w) <= LONGEST for w in words)
    if len(words) != COUNT or len(set(words)) != COUNT or not plain:
        raise WordListError
    return words


_FILE: Final = files("crypto") / "eff_large_wordlist.txt"
WORDS: Final = load_words(_FILE.read_bytes().decode("ascii", "replace"))
KNOWN: Final = frozenset(WORDS)


def random_words(count: int) -> tuple[str, ...]:
    """`count` words, each drawn evenly from the list by the operating system's generator."""
    return tuple(secrets.choice(WORDS) for _ in range(count))


def nearest(word: str) -> tuple[str, ...]:
    """At most three words of the list that look most like `word`."""
    return tuple(difflib.get_close_matches(word[: 2 * LONGEST], WORDS, n=3, cutoff=0.6))


def fingerprint(public_key: bytes) -> tuple[str, ...]:
    """A signing key as ten words, most significant first (protocol 1, section 9).

    Safe because 7772¹⁰ is over 2¹²⁹: making a second key with these words takes as many tries.
    """
    digest = hashlib.sha256(labels.FINGERPRINT + public_key).digest()
    number = int.from_bytes(digest, "big") % COUNT**FINGERPRINT_WORDS
    words: list[str] = []
    for _ in range(FINGERPRINT_WORDS):
        number, index = divmod(number, COUNT)
        words.append(WORDS[index])
    return tuple(reversed(words))
