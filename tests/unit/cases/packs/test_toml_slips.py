"""What a person did to a line that is not TOML is told in a person's words."""

import tomllib

import pytest

from cases.packs import toml_slips

KEYBOARD = "cannot stand here outside of a text in quotes."
ANOTHER_DAY = "a day is written in another way."
ANOTHER_YES = "yes and no are written in another way."
UNREAD_NAME = "the name of this table cannot be read."
FOLLOWS = "something follows the value that is no part of it."


def told(text: str) -> str:
    """What is said of the last line of a text that is not TOML."""
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(text)
    return toml_slips.told(str(refused.value), text.splitlines()[-1])[0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("id = 「a」", f"“「” (LEFT CORNER BRACKET) {KEYBOARD}"),
        ("id = “a”", f"““” (LEFT DOUBLE QUOTATION MARK) {KEYBOARD}"),
        ("ids = [«a»]", f"“«” (LEFT-POINTING DOUBLE ANGLE QUOTATION MARK) {KEYBOARD}"),
        ("length ＝ 7", f"“＝” (FULLWIDTH EQUALS SIGN) {KEYBOARD}"),
        ('ids = ["a"，"b"]', f"“，” (FULLWIDTH COMMA) {KEYBOARD}"),
        ("lеngth = 7", f"“е” (CYRILLIC SMALL LETTER IE) {KEYBOARD}"),
        ("length\u00a0= 7", f"NO-BREAK SPACE {KEYBOARD}"),
        ("\x1blength = 7", f"U+001B {KEYBOARD}"),
        ('title = "a "ë" b"', f"“ë” (LATIN SMALL LETTER E WITH DIAERESIS) {KEYBOARD}"),
        ('title = "the “a” law" b', FOLLOWS),
        ("title = 'the “a” law' b", FOLLOWS),
        ("length = 7 b # “so”", FOLLOWS),
        ("length\t=\t7 b", FOLLOWS),
        ('title = """“a”""" b', FOLLOWS),
        ('title = "“a”', "the text that begins here has no end."),
        ("from = 22.11.2026", ANOTHER_DAY),
        ("from = 22-11-2026", ANOTHER_DAY),
        ("from = 2026/11/22", ANOTHER_DAY),
        ("from = 2026-1-2", ANOTHER_DAY),
        ("days = [1.1.2026]", ANOTHER_DAY),
        ("from = 22 November 2026", ANOTHER_DAY),
        ("length = 60 days", FOLLOWS),
        ("from = 2026-02-29", "there is no such day."),
        ("days = [2026-01-01", "the list that begins here has no end."),
        ("core = yes", ANOTHER_YES),
        ("core = True # so", ANOTHER_YES),
        ("core = certainly", "what follows the “=” is no text in quotes"),
        ("[[deadline]", UNREAD_NAME),
        ("[law.Act 12]", UNREAD_NAME),
        ("[deadline]\n[[deadline]]", "this table stands here a second time."),
        ("extend = { most = 3, }", "a comma stands before the }."),
        ("extend = {", "the { that opens here is not closed."),
        ("length = 7,", FOLLOWS),
        ("// a note", "this is neither name = value nor the name of a table nor a note."),
    ],
)
def test_a_slip_is_told_in_words(line: str, said: str) -> None:
    assert told(line).startswith(said)
