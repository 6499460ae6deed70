"""The age header: exactly the grammar of C2SP age.md, and nothing beside it."""

import pytest

from crypto import sizes
from crypto.age.header import (
    STANZAS_MAX,
    Stanza,
    decode_base64,
    encode_base64,
    encode_header,
    parse_header,
    verify_header,
)
from crypto.errors import HeaderError, OpenError
from tests.support.sealing import FILE_KEY

MAC = b"--- " + b"A" * 43 + b"\n"
V1 = b"age-encryption.org/v1\n"


def header(*lines: bytes) -> bytes:
    """A header of these lines, each ended with a newline, with a MAC line."""
    return V1 + b"".join(line + b"\n" for line in lines) + MAC


@pytest.mark.parametrize("body_bytes", [0, 1, 32, 47, 48, 49, 96, 1000])
@pytest.mark.parametrize("arguments", [(b"X",), (b"X25519", b"a/b+c"), (b"!", b"~", b"-->")])
def test_what_is_written_is_read(body_bytes: int, arguments: tuple[bytes, ...]) -> None:
    stanzas = (Stanza(arguments, bytes(range(256))[:body_bytes]), Stanza((b"second",), b""))
    written = encode_header(stanzas, FILE_KEY)
    parsed = parse_header(written + b"payload\n--- ")
    assert parsed.stanzas == stanzas
    assert parsed.length == len(written)
    assert written.startswith(parsed.authenticated + b" ")
    verify_header(parsed, FILE_KEY)


def test_a_body_that_fills_its_line_is_followed_by_an_empty_one() -> None:
    assert Stanza((b"a",), bytes(48)).encode() == b"-> a\n" + b"A" * 64 + b"\n\n"
    assert Stanza((b"a",), b"").encode() == b"-> a\n\n"


def test_the_mac_covers_every_stanza_and_their_order() -> None:
    one, two = Stanza((b"a",), b"1"), Stanza((b"a",), b"2")
    mac = parse_header(encode_header((one, two), FILE_KEY)).mac
    for stanzas in [(two, one), (one,), (one, two, two), (one, Stanza((b"a", b"b"), b"2"))]:
        assert parse_header(encode_header(stanzas, FILE_KEY)).mac != mac
    changed = (
        encode_header((two, one), FILE_KEY).replace(b"---", b"--- ", 1)[:-45] + encode_base64(mac) + b"\n"
    )
    with pytest.raises(OpenError):
        verify_header(parse_header(changed), FILE_KEY)


def test_another_file_key_does_not_verify() -> None:
    parsed = parse_header(encode_header((Stanza((b"a",), b""),), FILE_KEY))
    with pytest.raises(OpenError):
        verify_header(parsed, FILE_KEY[::-1])


GOOD = header(b"-> a", b"")


def test_the_smallest_header() -> None:
    assert parse_header(GOOD).stanzas == (Stanza((b"a",), b""),)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(GOOD.replace(b"v1", b"v2"), id="another version"),
        pytest.param(b"\n" + GOOD, id="newline before"),
        pytest.param(GOOD.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(V1 + MAC, id="no stanza"),
        pytest.param(header(b"-> a"), id="stanza without a body line"),
        pytest.param(header(b"->", b""), id="stanza without arguments"),
        pytest.param(header(b"-> ", b""), id="empty argument"),
        pytest.param(header(b"->  a", b""), id="two spaces"),
        pytest.param(header(b"-> a ", b""), id="space at the end"),
        pytest.param(header(b"-> a  b", b""), id="two spaces between"),
        pytest.param(header(b"-> a\tb", b""), id="tab"),
        pytest.param(header(b"-> \xc3\xa9", b""), id="not ASCII"),
        pytest.param(header(b"-> a\x7f", b""), id="DEL"),
        pytest.param(header(b"-> a\0", b""), id="NUL"),
        pytest.param(header(b"=> a", b""), id="another arrow"),
        pytest.param(header(b"", b"-> a", b""), id="empty line first"),
        pytest.param(header(b"-> a", b"", b""), id="empty line after"),
        pytest.param(header(b"-> a", b"A" * 65), id="65 columns"),
        pytest.param(header(b"-> a", b"A" * 65, b"AAA"), id="65 columns, whole in two lines"),
        pytest.param(header(b"-> a", b"A" * 68, b""), id="68 columns, then an end"),
        pytest.param(header(b"-> a", b"A" * 64), id="full line and no end"),
        pytest.param(header(b"-> a", b"AA", b"AA"), id="short line, then another"),
        pytest.param(header(b"-> a", b"AB"), id="body not canonical"),
        pytest.param(header(b"-> a", b"AA=="), id="body with padding"),
        pytest.param(header(b"-> a", b"A"), id="body of one character"),
        pytest.param(header(b"-> a", b"A A"), id="body with a space"),
        pytest.param(header(b"-> a", b"AA-_"), id="body in the other alphabet"),
        pytest.param(header(b"-> a", b"AAAA\r"), id="carriage return"),
        pytest.param(GOOD[:-1], id="no newline at the end"),
        pytest.param(GOOD.replace(b"--- ", b"---"), id="no space before the MAC"),
        pytest.param(GOOD.replace(b"--- ", b"---  "), id="two spaces before the MAC"),
        pytest.param(GOOD.replace(b"--- A", b"--- "), id="MAC too short"),
        pytest.param(GOOD.replace(b"--- ", b"--- AAAA"), id="MAC too long"),
        pytest.param(GOOD.replace(b"A\n", b"B\n"), id="MAC not canonical"),
        pytest.param(GOOD.replace(b"A\n", b"A=\n"), id="MAC with padding"),
        pytest.param(GOOD.replace(b"A\n", b"A \n"), id="space after the MAC"),
        pytest.param(V1 + b"---", id="cut at the MAC"),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(HeaderError):
        parse_header(data)


def test_stanzas_are_counted() -> None:
    at_most = header(*[b"-> a", b""] * STANZAS_MAX)
    assert len(parse_header(at_most).stanzas) == 128
    with pytest.raises(HeaderError):
        parse_header(header(*[b"-> a", b""] * (STANZAS_MAX + 1)))


def test_the_length_is_bounded() -> None:
    room = sizes.AGE_HEADER_MAX - len(header(b"-> ", b""))
    assert parse_header(header(b"-> " + b"a" * room, b"")).length == 64 * sizes.KIB
    with pytest.raises(HeaderError):
        parse_header(header(b"-> " + b"a" * (room + 1), b""))


@pytest.mark.parametrize("length", range(len(GOOD)))
def test_every_cut_is_refused(length: int) -> None:
    with pytest.raises(HeaderError):
        parse_header(GOOD[:length])


def test_base64_comes_back() -> None:
    assert decode_base64(b"") == b""
    assert decode_base64(encode_base64(b"\xfb\xff")) == b"\xfb\xff"
