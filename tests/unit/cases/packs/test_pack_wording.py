"""Each language says everything: what is missing, and what nobody asks for, is told."""

import pytest

from tests.support import pack_files
from tests.support.pack_files import Slip, changed, told

SLIPS = [
    Slip(
        "words.tl.toml",
        '[stage.closed]\ntitle = "closed (tl)"\n',
        '[stage.closed]\nhelp = "closed (tl)"\n',
        "warning: “stage.closed” has no title. Write it under [stage.closed]. "
        "Until then the pack's first language is shown.",
    ),
    Slip(
        "words.en.toml",
        '[stage.closed]\ntitle = "closed (en)"\n',
        '[stage.closed]\nhelp = "closed (en)"\n',
        "error: “stage.closed” has no title. Write it under [stage.closed]. "
        "It must have one in the pack's first language.",
    ),
    Slip(
        "words.en.toml",
        "[stage.closed]\n",
        '[stage.closet]\ntitle = "cupboard"\n[stage.closed]\n',
        "error: “stage.closet” is no thing of this pack that has words. Did you mean “stage.closed”?",
    ),
    Slip(
        "words.en.toml",
        "[stage.closed]\n",
        '[closing.qqq]\ntitle = "what"\n[stage.closed]\n',
        "error: “closing.qqq” is no thing of this pack that has words. "
        "There are: closing.clearly_false, closing.unanswered.",
    ),
    Slip(
        "words.en.toml",
        "[stage.closed]\n",
        '[zzz.qqq]\ntitle = "what"\n[stage.closed]\n',
        "error: “zzz.qqq” is no thing of this pack that has words. Take it out, or name what is there.",
    ),
    Slip(
        "words.en.toml",
        'title = "closed (en)"\n',
        'title = "closed\\nfor good"\n',
        "error: “title” has several lines. Write it on one.",
    ),
    Slip(
        "words.en.toml",
        'title = "closed (en)"\n',
        'title = "closed"\ncues = ["shut"]\n',
        "error: only categories have cues. Take them out.",
        at="cues",
    ),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.new[:30])
def test_a_slip_is_told_once_and_at_its_line(slip: Slip) -> None:
    assert slip.told == slip.expected


def test_a_title_that_is_nowhere_is_told_of_its_file() -> None:
    said = told(changed("words.tl.toml", '[law."TA Decree"]\ntitle = "TA Decree (tl)"\n', ""))
    assert said == [
        (
            "words.tl.toml: warning: “law.TA Decree” has no title. "
            'Write it under [law."TA Decree"]. Until then the pack\'s first language is shown.'
        )
    ]


@pytest.mark.parametrize("key", ["choice.saw_it", "deadline.handle", "pack.authority"])
def test_whatever_is_shown_has_a_title(key: str) -> None:
    said = told(changed("words.en.toml", f"[{key}]\n", f'[{key}]\nhelp = "x"\n[closing.clearly_falsee]\n'))
    assert any(f"“{key}” has no title." in line for line in said)


def test_a_public_text_has_a_text() -> None:
    said = told(changed("words.en.toml", 'text = "About was received."\n', ""))
    [line] = said
    assert line.startswith("words.en.toml:")
    assert "error: “text.was_received” has no text. Write it under [text.was_received]." in line


def test_records_can_share_their_words() -> None:
    shared = changed(
        "closing" and "life.toml", 'id = "unanswered"\n', 'id = "unanswered"\nwords = "clearly_false"\n'
    )
    assert [line.split(": ", 1)[1].split(" is no")[0] for line in told(shared)] == [
        "error: “closing.unanswered”"
    ] * 2


def test_categories_have_cues() -> None:
    files = changed(
        "words.en.toml", "[category.bribery]\n", '[category.bribery]\ncues = ["envelope", "gift"]\n'
    )
    assert told(files) == []


def test_a_language_has_its_file_and_a_file_its_language() -> None:
    assert told(pack_files.testland(words_tl=None)) == [
        (
            "words.tl.toml: error: this file is missing. "
            "Write it with every title in “tl”, or take the language out of pack.toml."
        )
    ]
    assert told(pack_files.testland(words_fr=pack_files.words("fr"))) == [
        (
            "words.fr.toml: error: pack.toml does not name the language “fr”. "
            "Add the language to pack.toml, or take the file out."
        )
    ]
