"""What is wrong with a line that is not TOML, in a lawyer's words.

`tomllib` says what its parser met; what a person did to the line is seen on the line itself: a quotation
mark of a word processor, a day in the order of their country, a letter that only looks Latin.
This parses nothing and decides nothing: `cases.packs.toml_lines` asks it for a file that was refused.
"""

import re
import unicodedata
from typing import Final

_OPEN_TEXT: Final = (
    "the text that begins here has no end.",
    'Close it with the quotes it began with; a text of several lines stands between """ and """.',
)
_BACKSLASH: Final = ("a \\ in double quotes has a meaning of its own.", "Write \\\\ for one \\.")
_OPEN_BRACE: Final = ("the { that opens here is not closed.", "Close it with } on the same line.")
_TOLD: Final = (
    ("Unterminated string", *_OPEN_TEXT),
    (r"Illegal character '\n'", *_OPEN_TEXT),
    ("Illegal character", "a text holds a character that cannot stand in it.", "Take it out."),
    (
        "Invalid value",
        "what follows the “=” is no text in quotes, number, date, list, true or false.",
        'Put a text in quotes: name = "like this". If there is nothing to say, leave the line out.',
    ),
    (
        "Expected '='",
        "a name without “=” and a value.",
        "Write name = value, or begin the line with # if it is a note.",
    ),
    (
        "Expected newline",
        "something follows the value that is no part of it.",
        'Put each name = value on its own line, without a comma. A number has digits; a " in a text is \\".',
    ),
    (
        "Unclosed array",
        "the list that begins here has no end.",
        "Put a comma between its parts, and close it with ].",
    ),
    ("Unclosed inline table", *_OPEN_BRACE),
    ("Invalid date", "there is no such day.", "Write a day of the calendar as 2026-11-22."),
    ("Cannot overwrite", "this name has a value already.", "Keep one of the two lines."),
    ("Cannot mutate", "this was written as a whole before.", "Put it all in one place."),
    ("Unescaped", *_BACKSLASH),
    ("Invalid hex", *_BACKSLASH),
    ("maximum recursion", "there are too many lists within lists here.", "Write what the key can hold."),
)
"""How a message of `tomllib` begins, and what is said instead."""
_SLIPS: Final = (
    (
        re.compile(r"\s*\["),
        "Cannot",
        "this table stands here a second time.",
        "Put its lines under the first one. If there may be several, each has two brackets: [[deadline]].",
    ),
    (
        re.compile(r"\s*\["),
        "",
        "the name of this table cannot be read.",
        'Close each bracket, and put a name with spaces in quotes: [[deadline]], [law."Act 12"].',
    ),
    (
        re.compile(
            r".*=\s*\[?\s*(?!\d{4}-\d\d-\d\d)"
            r"(\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}\.? [^\W\d_]{3,} \d{4})"
        ),
        "",
        "a day is written in another way.",
        "Write the year, the month and the day as 2026-11-02.",
    ),
    (
        re.compile(r".*=\s*(yes|no|true|false)\s*(#.*)?$", re.IGNORECASE),
        "",
        "yes and no are written in another way.",
        "Write true or false, in small letters and without quotes.",
    ),
    (re.compile(r".*,\s*\}"), "", "a comma stands before the }.", "Take it out."),
    (re.compile(r".*=\s*\{[^}]*$"), "", *_OPEN_BRACE),
)
"""What a line looks like in which a usual slip was made, how the message begins, and what is said."""
_FORM: Final = ("Invalid value", "Invalid statement", "Invalid initial", "Expected", "Unclosed")
"""How the messages begin that a letter outside of a text brings about."""
_QUOTED: Final = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')
"""Texts and notes: any letter may stand in them."""


def told(said: str, line: str) -> tuple[str, str]:
    """What is wrong with `line`, of which `tomllib` said `said`, and what would be right."""
    if found := strange(said, line):
        wrong = f"{named(found)} cannot stand here outside of a text in quotes."
        right = (
            'Use the signs of an English keyboard: ", =, [, ], and 0 to 9. A " within a text is written \\".'
        )
        return wrong, right
    for slip, beginning, wrong, right in _SLIPS:
        if said.startswith(beginning) and slip.match(line):
            return wrong, right
    for beginning, wrong, right in _TOLD:
        if said.startswith(beginning):
            return wrong, right
    return (
        "this is neither name = value nor the name of a table nor a note.",
        "Begin a note with #, and compare the line with the worked example in docs/operators/packs.md.",
    )


def strange(said: str, line: str) -> str:
    """The first letter of a line, outside of its texts and notes, that cannot stand there; or none."""
    if not said.startswith(_FORM) or '"""' in line:
        return ""
    outside = _QUOTED.sub("", line)
    return next((c for c in outside if c != "\t" and not (c.isascii() and c.isprintable())), "")


def named(letter: str) -> str:
    """A letter, so that it is told apart from one that looks like it, or cannot be seen at all."""
    name = "a tab" if letter == "\t" else unicodedata.name(letter, f"U+{ord(letter):04X}")
    return f"“{letter}” ({name})" if letter.isprintable() else name
