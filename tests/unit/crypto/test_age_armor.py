"""ASCII armour: one file has one text, and whatever else a person pastes is refused."""

import pytest

from crypto.age import armor
from crypto.errors import ArmorError

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"


@pytest.mark.parametrize("length", [0, 1, 2, 3, 46, 47, 48, 49, 95, 96, 97, 10_000])
def test_a_file_comes_back(length: int) -> None:
    data = bytes(n % 256 for n in range(length))
    text = armor.encode(data)
    assert armor.decode(text) == data
    assert armor.decode(text.replace(b"\n", b"\r\n")) == data
    assert armor.decode(b" \r\n\t\n" + text + b"\r\n \t\n\n") == data
    assert armor.decode(text.rstrip(b"\n")) == data


def test_how_it_is_written() -> None:
    assert armor.encode(b"") == BEGIN + b"\n" + END + b"\n"
    assert armor.encode(bytes(48)) == BEGIN + b"\n" + b"A" * 64 + b"\n" + END + b"\n"
    assert armor.encode(bytes(49)) == BEGIN + b"\n" + b"A" * 64 + b"\nAA==\n" + END + b"\n"


def lines(*middle: bytes, begin: bytes = BEGIN, end: bytes = END) -> bytes:
    return b"\n".join([begin, *middle, end, b""])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(BEGIN, id="begin alone"),
        pytest.param(BEGIN + END, id="no line between"),
        pytest.param(lines(b"AAAA", begin=b""), id="no begin"),
        pytest.param(lines(b"AAAA", end=b""), id="no end"),
        pytest.param(lines(b"AAAA", begin=BEGIN + b" "), id="space after begin"),
        pytest.param(lines(b"AAAA", begin=BEGIN.replace(b"AGE", b"PGP")), id="another label"),
        pytest.param(lines(b"AAAA", begin=BEGIN.lower()), id="lower case"),
        pytest.param(lines(b"AAAA", end=END[:-1]), id="short end"),
        pytest.param(b"x" + lines(b"AAAA"), id="text before"),
        pytest.param(lines(b"AAAA") + b"x", id="text after"),
        pytest.param(lines(b"AAAA") * 2, id="twice"),
        pytest.param(b"\v" + lines(b"AAAA"), id="other white space before"),
        pytest.param(lines(b""), id="empty line"),
        pytest.param(lines(b"AAAA", b""), id="empty line at the end"),
        pytest.param(lines(b"", b"AAAA"), id="empty line at the start"),
        pytest.param(lines(b"Comment: x", b"", b"AAAA"), id="headers"),
        pytest.param(lines(b"AAAA", b"=AAAA"), id="a checksum as in PGP"),
        pytest.param(lines(b"A" * 68), id="long line"),
        pytest.param(lines(b"A" * 60, b"AAAA"), id="short line, then another"),
        pytest.param(lines(b"A" * 63, b"A"), id="lines of 63"),
        pytest.param(lines(b" AAAA"), id="space at the start of a line"),
        pytest.param(lines(b"AAAA "), id="space at the end of a line"),
        pytest.param(lines(b"AA"), id="no padding"),
        pytest.param(lines(b"AA="), id="half the padding"),
        pytest.param(lines(b"AA==="), id="too much padding"),
        pytest.param(lines(b"AB=="), id="not canonical"),
        pytest.param(lines(b"AA==AAAA"), id="padding inside"),
        pytest.param(lines(b"AA=", b"="), id="padding over two lines"),
        pytest.param(lines(b"AA-_"), id="the other alphabet"),
        pytest.param(lines(b"AA\xff="), id="not ASCII"),
        pytest.param(lines(b"AA\0="), id="NUL"),
        pytest.param(lines(b"A" * 64 + b"\r", b"AAAA"), id="one CRLF among LF"),
        pytest.param(lines(b"AAAA").replace(b"\n", b"\r"), id="CR alone"),
        pytest.param(lines(b"A" * 64, b"AAAA").replace(b"\n", b"\r\n", 2), id="CRLF, then LF"),
    ],
)
def test_anything_else_is_refused(text: bytes) -> None:
    with pytest.raises(ArmorError):
        armor.decode(text)


def test_no_byte_of_an_armour_can_be_changed_unseen() -> None:
    """But for white space around it, and all line endings together."""
    text = armor.encode(bytes(range(60)))
    for place in range(len(text) - 1):
        for other in (b" ", b"\r", b"\n", b"A", b"=", b"-", b""):
            changed = text[:place] + other + text[place + 1 :]
            if changed == text:
                continue
            try:
                assert armor.decode(changed) != bytes(range(60))
            except ArmorError:
                continue
