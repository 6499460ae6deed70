"""The word list, codenames as people type them, and fingerprints."""

import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from crypto import codename, words
from crypto.errors import CheckWordError, UnknownWordError, WordCountError, WordListError

LIST = Path(words.__file__).with_name("eff_large_wordlist.txt").read_text("ascii")
CODENAME = "abacus zoom cone outthink agreement quack uncapped deeply"


def test_the_list_is_whole() -> None:
    loaded = words.load_words(LIST)
    assert (len(loaded), loaded[0], loaded[-1]) == (7_772, "abacus", "zoom")


@pytest.mark.parametrize(
    "text",
    [
        LIST.replace("abacus\n", ""),
        LIST.replace("abacus\n", "zoom\n"),
        LIST.replace("abacus\n", "Abacus\n"),
        LIST.replace("abacus\n", "abac-us\n"),
        LIST.replace("abacus\n", "abácus\n"),
        LIST.replace("abacus\n", "abacusabacus\n"),
        LIST + "another\n",
        "",
    ],
)
def test_another_list_stops_the_program(text: str) -> None:
    with pytest.raises(WordListError):
        words.load_words(text)


def test_random_words_are_of_the_list_and_differ() -> None:
    drawn = words.random_words(40)
    assert set(drawn) <= words.KNOWN
    assert len(set(drawn)) > 30


def test_near_words_are_found_and_few() -> None:
    assert "abacus" in words.nearest("abacas")
    assert len(words.nearest("reaction")) <= 3
    assert words.nearest("q" * 190) == ()


def test_a_fingerprint_depends_on_the_whole_key() -> None:
    one, other = words.fingerprint(bytes(32)), words.fingerprint(bytes(31) + b"\x01")
    assert len(one) == len(other) == 10
    assert one != other


def test_a_generated_codename_is_valid_and_fresh() -> None:
    first, second = codename.generate(), codename.generate()
    assert codename.parse(first) == first
    assert len(first.split()) == 8
    assert first != second


@pytest.mark.parametrize(
    "typed",
    [
        CODENAME,
        CODENAME.upper(),
        CODENAME.title(),
        f"  \n{CODENAME}\t ",
        CODENAME.replace(" ", "-"),
        CODENAME.replace(" ", "\r\n"),
        CODENAME.replace(" ", ", "),
        CODENAME.replace(" ", " . "),
        CODENAME.replace(" ", "\u2013") + ".",
        CODENAME.replace(" ", "\u2011"),
        CODENAME.replace(" ", "\u3000"),
        CODENAME.replace(" ", "\u00a0 "),
        "".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in CODENAME),
        CODENAME.replace("c", "\u217d"),
        "-" + CODENAME + "-",
    ],
    ids=range(15),
)
def test_the_ways_to_type_a_codename(typed: str) -> None:
    assert codename.parse(typed) == CODENAME


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        CODENAME.rsplit(" ", 1)[0],
        " ".join(CODENAME.split()[:6]),
        CODENAME + " zoom",
        CODENAME.replace(" ", ""),
        CODENAME + " " * 200,
        "q " * 99,
    ],
)
def test_another_count_of_words(typed: str) -> None:
    with pytest.raises(WordCountError):
        codename.parse(typed)


@pytest.mark.parametrize("number", ["{}. ", "{}) ", "({}) ", "{}: ", "{} ", "{}.", "\n{}.\t"])
def test_words_may_be_numbered(number: str) -> None:
    typed = "".join(number.format(place) + word + " " for place, word in enumerate(CODENAME.split(), 1))
    assert codename.parse(typed) == CODENAME
    assert codename.appears_in(f"They gave me this: {typed}")


def test_a_wrong_count_says_how_many_and_which_are_unknown() -> None:
    with pytest.raises(WordCountError) as caught:
        codename.parse(CODENAME.replace("abacus", "abakus").rpartition(" ")[0])
    assert caught.value.count == 7
    assert "abacus" in caught.value.unknown["abakus"]
    assert "abakus" not in str(caught.value)


def test_too_many_words_are_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for near words is slow: a stranger's hundred words must not start it."""
    monkeypatch.setattr(words, "nearest", None)
    with pytest.raises(WordCountError):
        codename.parse("qx " * 50)


def test_an_unknown_word_is_named_with_its_neighbours() -> None:
    with pytest.raises(UnknownWordError) as caught:
        codename.parse(CODENAME.replace("abacus", "abakus").replace("quack", "qqqqqqqqq"))
    assert set(caught.value.unknown) == {"abakus", "qqqqqqqqq"}
    assert "abacus" in caught.value.unknown["abakus"]
    assert "abakus" not in str(caught.value)


def test_more_invented_words_than_slips_are_named_and_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "nearest", None)
    with pytest.raises(UnknownWordError) as caught:
        codename.parse("zzab zzcd zzef zzgh zzij zzkl zzmn zzop")
    assert len(caught.value.unknown) == 8
    assert set(caught.value.unknown.values()) == {()}


@pytest.mark.parametrize(
    "typed",
    [
        CODENAME.replace("o", "\u043e"),
        CODENAME.replace("abacus", "ab\u0430cus"),
        CODENAME.replace("z", "\ud800"),
    ],
)
def test_look_alike_letters_are_unknown_words(typed: str) -> None:
    with pytest.raises(UnknownWordError):
        codename.parse(typed)


@pytest.mark.parametrize(
    "typed",
    [
        CODENAME.replace("deeply", "deepness"),
        CODENAME.replace("abacus", "abdomen"),
        " ".join([*CODENAME.split()[1::-1], *CODENAME.split()[2:]]),
    ],
    ids=["check word", "another word", "swapped"],
)
def test_a_slip_is_found_by_the_check_word(typed: str) -> None:
    with pytest.raises(CheckWordError):
        codename.parse(typed)


@pytest.mark.parametrize(
    "text",
    [
        CODENAME,
        f"My name is {CODENAME.upper()}, write to me.",
        f"zoom zoom {CODENAME} zoom",
        "note:\n" + CODENAME.replace(" ", ", ") + "\nend",
        CODENAME.replace(" ", "\n"),
    ],
)
def test_a_codename_in_a_text_is_noticed(text: str) -> None:
    assert codename.appears_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abacus zoom",
        CODENAME.replace("deeply", "deepness"),
        CODENAME.replace(" quack", " ; quack"),
        "x" * 5000,
    ],
)
def test_a_text_without_one_is_let_through(text: str) -> None:
    assert not codename.appears_in(text)


@pytest.mark.parametrize("before", range(0, 260, 13))
def test_a_codename_in_wide_letters_is_noticed_wherever_it_stands(before: int) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in CODENAME)
    assert codename.appears_in("." * before + wide)


def test_no_text_is_ordered_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python orders n marks in n² steps and lets no other thread run meanwhile: a message of
    half a mebibyte of them stopped the whole site."""
    lengths = []

    def normalize(form: Literal["NFKC"], text: str) -> str:
        lengths.append(len(text))
        return original(form, text)

    original = unicodedata.normalize
    monkeypatch.setattr(unicodedata, "normalize", normalize)
    assert not codename.appears_in("\u0345\u0301" * 20_000)
    assert sum(lengths) == 40_000
    assert max(lengths) <= 1_000
