"""Foreign bytes into every parser of `crypto`: each answers, or raises one of our own errors.

Bytes are guessed three ways: at random, as valid input with a stretch changed, and from the
pieces that the grammar is made of. `HYPOTHESIS_EXAMPLES` makes a run long.
"""

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crypto import board, canonical, codename, encoding, hybrid, parcel, session, slots, trust, windows, words
from crypto.age import bech32
from crypto.age.header import Stanza, encode_header, parse_header
from crypto.envelope import parse_intake_header
from crypto.errors import CanonicalError, CryptoError, FormatError, HeaderError, ParcelError
from crypto.signing import VerifyingKey
from crypto.source_keys import Master, derive_keys
from tests.support.sealing import (
    FILE_KEY,
    INSTANCE,
    STATION_SEED,
    a_head,
    padded,
    record,
    scan,
    sealed_envelope,
    sealed_stream,
    stream_reader,
    with_end,
)

HEAD_JSON = a_head().encode()
HEADER = encode_header((Stanza((b"a", b"b"), bytes(60)), Stanza((b"c",), b"")), FILE_KEY)
ENVELOPE_HEADER = sealed_envelope(b"")[:12_526]
PARCEL = with_end(
    record(1, HEAD_JSON),
    record(2, "text é".encode()),
    record(3, b'{"answers":[{"id":"a","value":"b"}],"form":"f","version":1}'),
    record(4, b'{"media_type":"m","name":"n"}'),
    record(5, b"d"),
    record(
        6,
        bytes.fromhex("18ac3e7343f016890c510e93f935261169d9e3f565436429830faf0934f4f8e4") + b"\0" * 7 + b"\1",
    ),
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=15,
)
NAMES = st.sampled_from([*json.loads(HEAD_JSON), "windows", "sets", "certificates", "states", "a"])


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """`whole` with one stretch replaced, moved out or put in."""
    start = draw(st.integers(0, len(whole)))
    end = draw(st.integers(start, min(len(whole), start + 40)))
    return whole[:start] + draw(st.binary(max_size=40)) + whole[end:]


def refuses_or_answers(parse: Any, data: Any, error: type[CryptoError]) -> Any:
    """What `parse` says, or None where it refuses as it promises. Anything else fails the test."""
    try:
        return parse(data)
    except error:
        return None


@given(st.binary(max_size=300) | damaged(HEAD_JSON) | JSON.map(lambda v: json.dumps(v).encode()))
def test_canonical_json(data: bytes) -> None:
    value = refuses_or_answers(lambda d: canonical.parse(d, max_bytes=10_000), data, CanonicalError)
    assert value is None or canonical.encode(value) == data


@given(JSON)
def test_canonical_encoder(value: Any) -> None:
    data = refuses_or_answers(canonical.encode, value, CanonicalError)
    if isinstance(value, dict) and data is not None:
        assert canonical.parse(data, max_bytes=len(data)) == value


@given(st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9_-]{0,40}=?", fullmatch=True))
def test_base64url(text: str) -> None:
    data = refuses_or_answers(encoding.from_base64url, text, CanonicalError)
    assert data is None or encoding.to_base64url(data) == text


LINES = st.sampled_from(
    [
        b"-> a b",
        b"-> ",
        b"",
        b"AAAA",
        b"A" * 64,
        b"--- " + b"A" * 43,
        b"---",
        b"age-encryption.org/v1",
        b"\r",
        b"\xff",
    ]
)


@given(
    st.binary(max_size=200)
    | damaged(HEADER)
    | st.lists(LINES, max_size=12).map(lambda lines: b"age-encryption.org/v1\n" + b"\n".join(lines) + b"\n")
)
def test_header(data: bytes) -> None:
    header = refuses_or_answers(parse_header, data, HeaderError)
    if header is not None:
        lines = b"".join(stanza.encode() for stanza in header.stanzas)
        assert data.startswith(b"age-encryption.org/v1\n" + lines + b"--- ")
        assert header.authenticated + data[len(header.authenticated) : header.length] == data[: header.length]


@given(damaged(ENVELOPE_HEADER) | st.binary(max_size=100))
def test_header_at_the_door(data: bytes) -> None:
    header = refuses_or_answers(parse_intake_header, data, HeaderError)
    assert header is None or (len(header.stanzas), header.length) == (8, 12_526)


@given(st.binary(max_size=1_300))
def test_hybrid_keys_and_ciphertexts(data: bytes) -> None:
    refuses_or_answers(hybrid.check_public_key, data, CryptoError)
    assert refuses_or_answers(lambda d: hybrid.open(STATION_SEED, d, b""), data, CryptoError) is None


RECORDS = st.builds(
    record,
    st.integers(0, 8),
    st.binary(max_size=50)
    | st.just(HEAD_JSON)
    | st.just(b'{"media_type":"m","name":"n"}')
    | st.just(bytes(40)),
    length=st.none() | st.integers(0, 2**32 - 1),
)


@given(
    damaged(PARCEL)
    | st.binary(max_size=100)
    | st.lists(RECORDS, max_size=6).map(lambda rest: with_end(record(1, HEAD_JSON), *rest))
)
def test_parcel(plain: bytes) -> None:
    refuses_or_answers(scan, padded(plain), ParcelError)


@given(st.binary(max_size=100) | damaged(sealed_stream(b"text")))
def test_stream(payload: bytes) -> None:
    reader = refuses_or_answers(stream_reader, payload, CryptoError)
    assert reader is None or reader.chunk(0) == b"text"


@given(st.dictionaries(NAMES, JSON, max_size=8), damaged(HEAD_JSON))
def test_head(changes: dict[str, Any], bytes_of_head: bytes) -> None:
    for data in (
        bytes_of_head,
        json.dumps({**json.loads(HEAD_JSON), **changes}, separators=(",", ":")).encode(),
    ):
        refuses_or_answers(parcel.parse_head, data, FormatError)


WORD = st.sampled_from(words.WORDS) | st.text(max_size=12)
GAP = st.sampled_from([" ", "-", ", ", "\n", "\u00a0", "", ".", "\u2013"])


@given(st.text(max_size=250) | st.lists(WORD | GAP, max_size=20).map("".join))
def test_codename(typed: str) -> None:
    name = refuses_or_answers(codename.parse, typed, CryptoError)
    assert name is None or (name == codename.parse(name) and codename.appears_in(typed))
    codename.appears_in(typed)


@given(st.tuples(*[st.sampled_from(words.WORDS)] * 7), st.lists(GAP.filter(bool), min_size=9, max_size=9))
def test_every_codename_is_read_through_any_gaps(chosen: tuple[str, ...], gaps: list[str]) -> None:
    name = codename.complete(chosen)
    typed = "".join(gap + word for gap, word in zip(gaps, name.split(), strict=False)) + gaps[-1]
    assert codename.parse(typed.upper()) == name
    assert codename.appears_in(f"x {typed} y")


@given(st.text(max_size=100) | st.from_regex(re.compile(r"age1[a-z0-9]{0,60}"), fullmatch=True))
def test_bech32(text: str) -> None:
    decoded = refuses_or_answers(bech32.decode, text, FormatError)
    assert decoded is None or bech32.encode(*decoded) == text.lower()


@given(st.text(min_size=1, max_size=10, alphabet="abc-1"), st.binary(max_size=60))
def test_bech32_comes_back(prefix: str, data: bytes) -> None:
    assert bech32.decode(bech32.encode(prefix, data)) == (prefix, data)


KEY = VerifyingKey(b"k" * 32)


@given(st.binary(max_size=200))
def test_signed_documents(data: bytes) -> None:
    for verify in (
        lambda d: trust.verify_certificate(KEY, d),
        lambda d: trust.verify_descriptor(KEY, d),
        lambda d: windows.verify_batch(KEY, INSTANCE, d),
        lambda d: board.verify_board(KEY, INSTANCE, d),
    ):
        assert refuses_or_answers(verify, data, CryptoError) is None


@given(st.dictionaries(st.sampled_from(["v", "root", "certificates", "languages", "number"]), JSON))
def test_a_descriptor_before_it_is_verified(value: dict[str, Any]) -> None:
    data = bytes(64) + json.dumps(value, separators=(",", ":")).encode()
    refuses_or_answers(trust.parse_descriptor_unchecked, data, CryptoError)


TICKET = session.generate_ticket_key()


@given(st.text(max_size=100) | st.binary(max_size=80).map(lambda b: encoding.to_base64url(TICKET.key_id + b)))
def test_cookie(cookie: str) -> None:
    keys = {TICKET.key_id: TICKET}
    assert refuses_or_answers(lambda c: session.open_cookie(keys, INSTANCE, c), cookie, CryptoError) is None


@given(
    st.binary(min_size=2_944, max_size=2_944) | st.binary(max_size=40).map(lambda b: b.ljust(2_944, b"\0"))
)
def test_a_well_sealed_slot_of_any_content(plain: bytes) -> None:
    keys = derive_keys(Master(bytes(32)))
    where = slots.Address(bytes(16))
    slot = where + hybrid.seal(keys.reply_key, plain, slots._info(INSTANCE, where))
    part = refuses_or_answers(lambda s: slots.open_part(INSTANCE, keys, s), slot, CryptoError)
    if part is not None:
        slots.join_parts([part])
        assert part.part < part.parts <= 24
