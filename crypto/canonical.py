"""Canonical JSON: one value has one form, and a reader refuses any other.

Objects, arrays, strings and integers 0 … 2⁵³−1; no null, true, false or floats; ASCII keys in
byte order; no spaces; nesting at most 8. A reader parses, encodes again and refuses bytes
that differ, so that a signature covers a meaning and not merely a spelling (protocol 1, JSON).
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Final, TypeAlias

from crypto import sizes
from crypto.errors import CanonicalError

INTEGER_MAX: Final = 2**53 - 1
DEPTH_MAX: Final = 8
_DIGITS_MAX: Final = len(str(INTEGER_MAX))
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")

Value: TypeAlias = "str | int | list[Value] | dict[str, Value]"
Object: TypeAlias = dict[str, Value]


def encode(value: Value) -> bytes:
    """The canonical bytes of `value`. Raises `CanonicalError` for what has no such form."""
    _check(value, depth=0)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise CanonicalError("a string is not Unicode text") from None


def parse(data: bytes, *, max_bytes: int) -> Object:
    """The object that `data` is the canonical form of.

    Raises `CanonicalError` when `data` is longer than `max_bytes`, is not an object, or is
    not byte for byte what `encode` makes of it.
    """
    if len(data) > max_bytes:
        raise CanonicalError("longer than its limit")
    try:
        value = json.loads(data.decode(), parse_int=_integer, parse_float=_refuse, parse_constant=_refuse)
        same = encode(value) == data
    except (ValueError, RecursionError):
        raise CanonicalError("not JSON") from None
    if not same or not isinstance(value, dict):
        raise CanonicalError("not canonical")
    return value


def fields(value: Value, required: Mapping[str, type], optional: Mapping[str, type] | None = None) -> Object:
    """`value` as an object with exactly the `required` keys, and perhaps `optional` ones.

    Raises `CanonicalError` for a missing or unknown key and for a value of another type.
    """
    if not isinstance(value, dict):
        raise CanonicalError("not an object")
    allowed = {**required, **(optional or {})}
    if required.keys() - value.keys() or value.keys() - allowed.keys():
        raise CanonicalError("a key is missing or unknown")
    if any(not isinstance(value[key], allowed[key]) for key in value):
        raise CanonicalError("a value has the wrong type")
    return value


def hex_field(value: Value, n_bytes: int) -> bytes:
    """The `n_bytes` that the lower-case hex string `value` stands for, or `CanonicalError`."""
    if not isinstance(value, str) or len(value) != 2 * n_bytes or value.strip("0123456789abcdef"):
        raise CanonicalError("not lower-case hex of the right length")
    return bytes.fromhex(value)


def string(value: Value) -> str:
    """`value`, or `CanonicalError` unless it is a string."""
    if not isinstance(value, str):
        raise CanonicalError("not a string")
    return value


def integer(value: Value) -> int:
    """`value`, or `CanonicalError` unless it is an integer."""
    if not isinstance(value, int):
        raise CanonicalError("not an integer")
    return value


def array(value: Value) -> list[Value]:
    """`value`, or `CanonicalError` unless it is an array."""
    if not isinstance(value, list):
        raise CanonicalError("not an array")
    return value


def date_field(value: Value) -> str:
    """`value`, or `CanonicalError` unless it is a date as "YYYY-MM-DD"."""
    text = string(value)
    try:
        same = date.fromisoformat(text).isoformat() == text
    except ValueError:
        raise CanonicalError("not a date") from None
    if not same:
        raise CanonicalError("not a date")
    return text


def language_field(value: Value) -> str:
    """`value`, or `CanonicalError` unless it is a language tag, "en" or "zh-Hans"."""
    text = string(value)
    if len(text) > sizes.LANGUAGE_MAX or not _LANGUAGE.fullmatch(text):
        raise CanonicalError("not a language tag")
    return text


def _check(value: Value, depth: int) -> None:
    if isinstance(value, bool) or not isinstance(value, str | int | list | dict):
        raise CanonicalError("a type that canonical JSON does not have")
    if isinstance(value, int) and not 0 <= value <= INTEGER_MAX:
        raise CanonicalError("an integer out of range")
    if isinstance(value, list | dict):
        if depth == DEPTH_MAX:
            raise CanonicalError("nested too deeply")
        if isinstance(value, dict) and not all(isinstance(k, str) and k.isascii() for k in value):
            raise CanonicalError("a key is not ASCII")
        for item in value.values() if isinstance(value, dict) else value:
            _check(item, depth + 1)


def _integer(digits: str) -> int:
    # Turning n digits into a number takes n² steps, and a document may hold a mebibyte of them.
    if len(digits) > _DIGITS_MAX:
        raise CanonicalError("an integer out of range")
    return int(digits)


def _refuse(_: str) -> Value:
    raise CanonicalError("a number that canonical JSON does not have")
