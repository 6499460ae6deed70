"""Canonical JSON: one value, one spelling, and nothing else is read."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from crypto import canonical, encoding
from crypto.errors import CanonicalError


def nested(depth: int) -> bytes:
    """An object that holds objects down to `depth`."""
    return b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b'{"a":0,"b":[],"c":{}}',
        b'{"a":9007199254740991}',
        b'{"A":1,"_":2,"a":3}',
        b'{"a":"\\"\\\\\\n\\u0000\\u001f"}',
        '{"a":"日本 – ü 🙂"}'.encode(),
        nested(8),
    ],
)
def test_canonical_bytes_are_read_and_come_back(data: bytes) -> None:
    value = canonical.parse(data, max_bytes=len(data))
    assert canonical.encode(value) == data
    assert value == json.loads(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="not an object"),
        pytest.param(b'"a"', id="a string"),
        pytest.param(b"1", id="a number"),
        pytest.param(b'{"a":1}\n', id="newline after"),
        pytest.param(b' {"a":1}', id="space before"),
        pytest.param(b'{"a": 1}', id="space within"),
        pytest.param(b'{"b":1,"a":2}', id="wrong order"),
        pytest.param(b'{"a":1,"a":1}', id="key twice"),
        pytest.param(b'{"a":1,"a":2}', id="key twice, other value"),
        pytest.param(b'{"a":null}', id="null"),
        pytest.param(b'{"a":true}', id="true"),
        pytest.param(b'{"a":false}', id="false"),
        pytest.param(b'{"a":1.0}', id="float"),
        pytest.param(b'{"a":1e3}', id="exponent"),
        pytest.param(b'{"a":NaN}', id="NaN"),
        pytest.param(b'{"a":Infinity}', id="infinity"),
        pytest.param(b'{"a":-Infinity}', id="minus infinity"),
        pytest.param(b'{"a":-1}', id="negative"),
        pytest.param(b'{"a":-0}', id="minus zero"),
        pytest.param(b'{"a":01}', id="leading zero"),
        pytest.param(b'{"a":9007199254740992}', id="over 2**53-1"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", id="5,000 digits"),
        pytest.param('{"ä":1}'.encode(), id="key not ASCII"),
        pytest.param(b'{"\\u0061":1}', id="escaped key"),
        pytest.param(b'{"a":"\\u0062"}', id="needless escape"),
        pytest.param(b'{"a":"\\/"}', id="escaped slash"),
        pytest.param(b'{"a":"\\u001F"}', id="upper-case escape"),
        pytest.param(b'{"a":"\\ud800"}', id="lone surrogate"),
        pytest.param(b'{"a":"\xed\xa0\x80"}', id="surrogate as bytes"),
        pytest.param(b'{"a":"\xff"}', id="not UTF-8"),
        pytest.param(b'{"a":"\xc0\x80"}', id="overlong UTF-8"),
        pytest.param(b'\xef\xbb\xbf{"a":1}', id="byte order mark"),
        pytest.param(b'{"a":"\n"}', id="raw control character"),
        pytest.param(b'{"a":1', id="cut off"),
        pytest.param(b'{"a":1}{}', id="two values"),
        pytest.param(nested(9), id="nine deep"),
        pytest.param(b'{"a":' + b"[" * 8 + b"]" * 8 + b"}", id="arrays nine deep"),
        pytest.param(b"[" * 100_000, id="very deep"),
        pytest.param(b'{"a":' * 100_000, id="very deep objects"),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        canonical.parse(data, max_bytes=1_000_000)


def test_no_number_is_made_of_digits_without_end() -> None:
    """Not left to the interpreter, whose own limit can be switched off from outside."""
    for digits in (b"1" + b"0" * 16, b"9" * 5_000, b"-" + b"9" * 16):
        with pytest.raises(CanonicalError, match="an integer out of range"):
            canonical.parse(b'{"a":' + digits + b"}", max_bytes=10_000)


def test_length_is_judged_before_reading() -> None:
    data = b'{"a":"12345"}'
    assert canonical.parse(data, max_bytes=13) == {"a": "12345"}
    with pytest.raises(CanonicalError):
        canonical.parse(data, max_bytes=12)


@pytest.mark.parametrize("value", [None, True, 1.5, -1, 2**53, b"a", ("a",), {1: "a"}, {"é": 1}, ["\ud800"]])
def test_what_has_no_canonical_form_is_not_written(value: Any) -> None:
    with pytest.raises(CanonicalError):
        canonical.encode({"a": value})


def test_fields_wants_exactly_its_keys_and_types() -> None:
    assert canonical.fields({"a": 1}, {"a": int}, {"b": str}) == {"a": 1}
    assert canonical.fields({"a": 1, "b": ""}, {"a": int}, {"b": str}) == {"a": 1, "b": ""}
    values: list[canonical.Value] = [{}, {"b": ""}, {"a": 1, "c": 1}, {"a": "1"}, {"a": 1, "b": 1}, [], "a"]
    for wrong in values:
        with pytest.raises(CanonicalError):
            canonical.fields(wrong, {"a": int}, {"b": str})


@pytest.mark.parametrize(
    ("reader", "good", "wrong"),
    [
        (canonical.string, "a", (1, [], {})),
        (canonical.integer, 1, ("1", [], {})),
        (canonical.array, ["a"], (1, "a", {})),
        (
            canonical.date_field,
            "2024-02-29",
            (
                1,
                "",
                "2023-02-29",
                "20240229",
                "2024-W09-4",
                "2024-2-29",
                "2024-02-29T00:00",
                "0000-01-01",
                "２０２４-02-29",
            ),
        ),
    ],
)
def test_readers_take_their_type_alone(
    reader: Callable[[canonical.Value], object], good: canonical.Value, wrong: tuple[canonical.Value, ...]
) -> None:
    assert reader(good) == good
    for value in wrong:
        with pytest.raises(CanonicalError):
            reader(value)


@pytest.mark.parametrize("tag", ["en", "fil", "pt-BR", "zh-Hant-TW", "en" + "-abcdefgh" * 3 + "-abcde"])
def test_a_language_is_a_tag(tag: str) -> None:
    assert canonical.language_field(tag) == tag


@pytest.mark.parametrize("tag", ["", "e", "EN", "English", "en_US", "../en", "en\n", "en" + "-x" * 17, 1])
def test_what_is_no_language_tag_is_refused(tag: canonical.Value) -> None:
    with pytest.raises(CanonicalError):
        canonical.language_field(tag)


def test_hex_is_lower_case_and_of_its_length() -> None:
    assert canonical.hex_field("00ff", 2) == b"\x00\xff"
    wrong: list[canonical.Value] = ["00FF", "00f", "00ff00", "00 f", "0x0f", "٠0ff", "g0ff", "0g0f", 0]
    for value in wrong:
        with pytest.raises(CanonicalError):
            canonical.hex_field(value, 2)


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xfb\xff", bytes(range(256))])
def test_base64url_comes_back(data: bytes) -> None:
    text = encoding.to_base64url(data)
    assert "=" not in text
    assert encoding.from_base64url(text) == data
    assert encoding.from_base64url(text, len(data)) == data


def test_base64url_is_canonical_only() -> None:
    wrong: list[canonical.Value] = ["-_8=", "+/8", "-_9", "-_8\n", "-", "-_8-_", "é", "-_ 8", 1]
    for value in wrong:
        with pytest.raises(CanonicalError):
            encoding.from_base64url(value)
    with pytest.raises(CanonicalError):
        encoding.from_base64url("-_8", 3)
