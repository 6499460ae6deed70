"""One value of a pack in the form that its field has, or what is wrong with it in a lawyer's words.

The forms are the types of the fields in `cases.packs.schema`: the sort of value alone is judged
here; whether it makes sense among the others is judged in `cases.packs.rules`.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass
from dataclasses import fields as fields_of
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from itertools import islice
from types import NoneType
from typing import Any, Final, get_args, get_origin, get_type_hints

from cases.kinds import Status
from cases.packs.schema import Citation, Extension, Span
from cases.packs.toml_slips import named

_SHOWN_MAX: Final = 40
_BEFORE_MAX: Final = 20
_NEAR_MAX: Final = 1_000
_LISTED_MAX: Final = 25
_STRANGE_MAX: Final = 20
_WHOLE_MAX: Final = 2**53
_NUMBER: Final = re.compile(r"(-?[1-9][0-9]{0,9})( [^0-9]*)?", re.ASCII)
"""With what is counted after it: “60 days”."""
_ISO_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})", re.ASCII)
_LONG: Final = ("text", "help")
_UNSEEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, ends of lines that are none in TOML, and what makes a text run against its letters."""
_WRITTEN: Final = {"from_on": "from", "until_on": "until"}


@dataclass(frozen=True)
class Wrong:
    """A value that its field cannot hold: what is wrong, and what would be right."""

    wrong: str
    right: str


@dataclass(frozen=True)
class Form:
    """What a field holds and whether it has to be there."""

    shape: Any
    needed: bool


@cache
def forms(kind: type) -> Mapping[str, Form]:
    """The keys that a table of this kind has in a file, in the order of its fields."""
    hints = get_type_hints(kind)
    return {written(f.name): Form(hints[f.name], _needed(f)) for f in fields_of(kind)}


def written(name: str) -> str:
    """What a field is called in a file."""
    return _WRITTEN.get(name, name)


def build(kind: type, values: Mapping[str, object]) -> Any:
    """A `kind` of values that were converted, by the keys of the file."""
    return kind(**{f.name: values[written(f.name)] for f in fields_of(kind) if written(f.name) in values})


def convert(shape: Any, value: object, key: str) -> object:
    """`value` in the form `shape`, or a `Wrong`. A shape is the type of a field of the schema."""
    if get_origin(shape) is tuple:
        return _many(get_args(shape)[0], value, key)
    inner = [each for each in (get_args(shape) or (shape,)) if each is not NoneType]
    if issubclass(inner[0], StrEnum):
        return _word(inner, value, key)
    return _SIMPLE[inner[0]](value, key)


def table(kind: type, values: Mapping[str, object], what: str) -> tuple[dict[str, object], dict[str, Wrong]]:
    """The values of one table in their forms, and what is wrong by key."""
    known = forms(kind)
    good: dict[str, object] = {}
    bad: dict[str, Wrong] = {}
    for key in islice((each for each in values if each not in known), _STRANGE_MAX):
        bad[key] = unknown(key, known, f"key of {what}")
    for key in known.keys() & values.keys():
        found = convert(known[key].shape, values[key], key)
        if isinstance(found, Wrong):
            bad[key] = found
        else:
            good[key] = found
    for key, form in known.items():
        if form.needed and key not in values:
            example = _OF_KEYS.get(key) or _example(form.shape)
            bad[key] = Wrong(f"{what} has no “{key}”.", _form(key, example))
    return good, bad


def unknown(name: str, known: Iterable[str], what: str) -> Wrong:
    """That there is no such name, with the nearest that there is, or all that there are."""
    names = list(islice(known, _NEAR_MAX))
    near = difflib.get_close_matches(name[:_SHOWN_MAX], names, 1)
    right = f"There are: {', '.join(names) or 'none yet'}."
    if near:
        right = f"Did you mean “{near[0]}”?{_lookalike(name, near[0])}"
    elif len(names) > _LISTED_MAX:
        right = "Take it out, or name what is there."
    return Wrong(f"“{shown(name)}” is no {what}.", right)


def _lookalike(name: str, meant: str) -> str:
    """The letter by which `name` differs from what was meant, where nobody can see that it does."""
    strange = (c for c in name[:_SHOWN_MAX] if c not in meant and not (c.isascii() and c.isprintable()))
    letter = next(strange, "")
    return f" {named(letter)} is none of its letters." if letter else ""


def shown(value: object) -> str:
    """What somebody wrote, short and without line breaks, for a sentence about it."""
    if isinstance(value, int) and abs(value) >= _WHOLE_MAX:
        return "a very large number"
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}…"


def _needed(field: "Field[Any]") -> bool:
    return field.default is MISSING


def _many(shape: Any, value: object, key: str) -> object:
    if shape is Citation and isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        return _misfit(key, "a list", value, f"[{_example(shape)}]")
    items = [convert(shape, each, key) for each in value]
    wrong = next((each for each in items if isinstance(each, Wrong)), None)
    if wrong is None and len(set(items)) < len(items):
        return Wrong(f"“{key}” names something twice.", "Name each once.")
    return _in_list(wrong, key) if wrong else tuple(items)


def _in_list(wrong: Wrong, key: str) -> Wrong:
    """What is wrong with one part of a list: what would be right is a list all the same."""
    begins, found, value = wrong.right.partition(f"{key} = ")
    return Wrong(wrong.wrong, f"{begins}{found}[{value.removesuffix('.')}].") if found else wrong


def _word(kinds: list[type[StrEnum]], value: object, key: str) -> object:
    words = {str(each): each for kind in kinds for each in kind}
    if not isinstance(value, str):
        return _misfit(key, "a word in quotes", value, f'"{next(iter(words))}"')
    return words.get(value) or unknown(value, words, f"word for “{key}”")


def _whole(value: object, key: str) -> object:
    if type(value) is not int:
        example = _OF_KEYS.get(key, _example(int))
        return _misfit(key, "a whole number", value, example, meant=_bare(value, _NUMBER))
    if abs(value) >= _WHOLE_MAX:
        return Wrong(f"“{key}” is too large a number.", "Write a smaller one.")
    return value


def _text(value: object, key: str) -> object:
    if not isinstance(value, str):
        plain = not isinstance(value, bool | list | dict)
        return _misfit(key, "a text", value, _example(str), meant=f'"{shown(value)}"' if plain else None)
    if not value.strip():
        return Wrong(f"“{key}” is empty.", "Write something, or leave the line out if it may be missing.")
    if "\n" in value and key not in _LONG:
        return Wrong(f"“{key}” has several lines.", "Write it on one.")
    if found := _UNSEEN.search(value):
        before = shown(value[max(0, found.start() - _BEFORE_MAX) : found.start()])
        where = f"after “{before}”" if before else "at its beginning"
        wrong = f"“{key}” holds a character that cannot be seen: {named(found[0])}, {where}."
        return Wrong(wrong, "Take it out.")
    return value


def _flag(value: object, key: str) -> object:
    return value if type(value) is bool else _misfit(key, "true or false", value, _example(bool))


def _day(value: object, key: str) -> object:
    if type(value) is not date:
        return _misfit(key, "a day", value, _example(date), meant=_bare(value, _ISO_DAY))
    return value


def _bare(value: object, written_like: re.Pattern[str]) -> str | None:
    """What somebody put in quotes that should have none."""
    found = written_like.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None


def _decimal(value: object, key: str) -> object:
    if not isinstance(value, str):
        return _misfit(key, "a decimal number in quotes", value, _example(Decimal))
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_finite() and len(value) <= _SHOWN_MAX and format(number, "f") == value:
        return number
    return Wrong(
        f"“{key}” must be a decimal number, and “{shown(value)}” is none.", _form(key, _example(Decimal))
    )


def _citation(value: object, key: str) -> object:
    found = _text(value, key)
    return found if isinstance(found, Wrong) else Citation(str(found), "")


def _span(value: object, key: str) -> object:
    return _inner(Span, value, key, '{ length = 3, unit = "month" }')


def _extension(value: object, key: str) -> object:
    return _inner(Extension, value, key, "{ most = 30, times = 1 }")


def _inner(kind: type, value: object, key: str, example: str) -> object:
    if not isinstance(value, dict):
        return _misfit(key, "a table in braces", value, example)
    good, bad = table(kind, value, f"“{key}”")
    return next(iter(bad.values())) if bad else build(kind, good)


def _misfit(key: str, must: str, value: object, example: str, *, meant: str | None = None) -> Wrong:
    """That a value is of another sort, with what was `meant` where that is plain, else with an example."""
    is_a = _NAMES[type(value)]
    what = f"this is {is_a}" if isinstance(value, list | dict) else f"“{shown(value)}” is {is_a}"
    return Wrong(
        f"“{key}” must be {must}, and {what}.", f"Write {key} = {meant}." if meant else _form(key, example)
    )


def _form(key: str, example: str) -> str:
    """How a value is written. The example is no advice: nobody should take a period of the law from it."""
    return f"Write it in this form: {key} = {example}."


def _example(shape: Any) -> str:
    if get_origin(shape) is tuple:
        inner = _example(get_args(shape)[0])
        return inner if get_args(shape)[0] is Citation else f"[{inner}]"
    inner_shape = next(each for each in (get_args(shape) or (shape,)) if each is not NoneType)
    if issubclass(inner_shape, StrEnum) and inner_shape not in _EXAMPLES:
        return f'"{next(iter(inner_shape))}"'
    return _EXAMPLES.get(inner_shape, '"…"')


_SIMPLE: Final[Mapping[type, Callable[[object, str], object]]] = {
    int: _whole,
    str: _text,
    bool: _flag,
    date: _day,
    Decimal: _decimal,
    Citation: _citation,
    Span: _span,
    Extension: _extension,
}
_EXAMPLES: Final[Mapping[type, str]] = {
    int: "60",
    bool: "true",
    date: "2026-11-22",
    Decimal: '"0.30"',
    Citation: '"ACA 59(8)"',
    Status: '"unverified"',
}
_OF_KEYS: Final = {"version": "1", "weekdays": "6", "warn": "-3", "year": "2026"}
"""Examples of whole numbers where a number of days would mislead."""
_NAMES: Final[Mapping[type, str]] = {
    str: "a text",
    bool: "a yes or no",
    int: "a number",
    float: "a number with a point",
    date: "a day",
    datetime: "a day with a time",
    time: "a time of the day",
    list: "a list",
    dict: "a table",
}
