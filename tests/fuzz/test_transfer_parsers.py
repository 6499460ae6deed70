"""Foreign bytes into every parser of `transfer`: manifests, messages, and whole sticks.

An unverified manifest is read at first contact, so its parser meets bytes of anybody.
"""

import json
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cases.stages import Stage
from crypto import canonical
from crypto.errors import CanonicalError
from tests.support.bundles import SERVER_KEY, STATION_KEY, in_json, out_json, write_bundle
from tests.support.sealing import INSTANCE
from transfer.errors import MessageError, TransferError
from transfer.manifest import Direction, encode_in, encode_out, parse_in, parse_out
from transfer.medium import find_bundles
from transfer.message import Message, encode_message, parse_message
from transfer.unpack import copy_object, parse_out_unchecked, read_document, verify_in, verify_out

CANONICAL = st.recursive(
    st.integers(0, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.integers(0, 10**6).map(str),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def altered(draw: st.DrawFn, value: Any) -> Any:
    """A JSON value with some of its parts replaced by others, so that most of it stays right."""
    if draw(st.integers(0, 9)) == 0:
        return draw(CANONICAL)
    if isinstance(value, dict):
        return {key: draw(altered(inner)) for key, inner in value.items()}
    if isinstance(value, list):
        return [draw(altered(inner)) for inner in value] * draw(st.sampled_from([1, 1, 1, 0, 2]))
    return value


@given(altered(in_json()))
def test_in_manifest(value: Any) -> None:
    try:
        data = canonical.encode(value)
        manifest = parse_in(data)
    except CanonicalError:
        return
    assert encode_in(manifest) == data


@given(altered(out_json()))
def test_out_manifest(value: Any) -> None:
    try:
        data = canonical.encode(value)
        manifest = parse_out(data)
    except CanonicalError:
        return
    assert encode_out(manifest) == data


@given(st.binary(max_size=200))
def test_noise_is_no_manifest(data: bytes) -> None:
    for parse in (parse_in, parse_out):
        try:
            parse(data)
        except CanonicalError:
            continue
        raise AssertionError


@given(altered(in_json()), altered(out_json()))
def test_a_signed_stick_with_any_manifests(value_in: Any, value_out: Any) -> None:
    """Each is verified and copied out, or refused as our own error."""
    with tempfile.TemporaryDirectory() as folder:
        stick = Path(folder)
        for direction, value in ((Direction.IN, value_in), (Direction.OUT, value_out)):
            try:
                write_bundle(stick, direction, value)
            except CanonicalError:
                write_bundle(stick, direction, json.dumps(value).encode())
        with suppress(TransferError):
            (bundle,) = find_bundles(stick, Direction.IN)
            for item in verify_in(bundle, SERVER_KEY, INSTANCE).manifest.objects:
                copy_object(bundle, item, bytearray().extend)
        with suppress(TransferError):
            (bundle,) = find_bundles(stick, Direction.OUT)
            for unverified in parse_out_unchecked(bundle).documents:
                read_document(bundle, unverified)
            verify_out(bundle, STATION_KEY, INSTANCE)


@given(st.binary(max_size=200) | CANONICAL.map(lambda v: json.dumps(v).encode()))
def test_message_from_noise(data: bytes) -> None:
    try:
        message = parse_message(data)
    except MessageError:
        return
    assert encode_message(message) == data


@given(
    st.text(max_size=100),
    st.text(max_size=20),
    st.sampled_from(Stage),
    st.dates().map(str) | st.text(max_size=10),
    st.none() | st.dates().map(str) | st.text(max_size=10),
)
def test_message_from_fields(text: str, code: str, stage: Stage, sent_on: str, due_on: str | None) -> None:
    message = Message(text, code, stage, sent_on, due_on)
    try:
        data = encode_message(message)
    except MessageError:
        return
    assert parse_message(data) == message
