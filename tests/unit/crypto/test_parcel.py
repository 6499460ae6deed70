"""The parcel: what the writer writes is read back, and each numbered rule has its breach."""

import hashlib
import traceback
import tracemalloc
from collections.abc import Callable

import pytest

from crypto import canonical, parcel, sizes
from crypto.errors import CanonicalError, CryptoError, FormatError, OpenError, ParcelError
from crypto.parcel import Kind, Origin, ParcelWriter
from tests.support.sealing import (
    FILE_KEY,
    a_head,
    padded,
    record,
    scan,
    sealed_stream,
    stream_reader,
    with_end,
)

HEAD, TEXT, FORM, FILE, DATA, DONE, END = range(1, 8)
FULL = b"d" * sizes.DATA
TOLD = "only one person could have known"
A_FORM: canonical.Object = {"form": "read", "version": 1, "answers": [{"id": "seen", "value": "yes"}]}
FORM_JSON = canonical.encode(A_FORM)
FILE_JSON = b'{"media_type":"text/plain","name":"a.txt"}'
THE_HEAD = record(HEAD, a_head().encode())


class Plain(bytearray):
    """A parcel written into memory."""

    def push(self, data: bytes | bytearray | memoryview) -> None:
        self.extend(data)


def written(*files: tuple[str, bytes], text: str | None = None, forms: int = 0) -> bytes:
    """A parcel as the writer makes it, unpadded."""
    plain = Plain()
    writer = ParcelWriter(plain, a_head())
    if text is not None:
        writer.text(text)
    for _ in range(forms):
        writer.form(A_FORM)
    for name, data in files:
        writer.begin_file(name, "text/plain")
        for start in range(0, len(data), 50_000):
            writer.file_data(data[start : start + 50_000])
        writer.end_file()
    writer.finish()
    return bytes(plain)


def done(data: bytes, *, size: int | None = None) -> bytes:
    claimed = len(data) if size is None else size
    return record(DONE, hashlib.sha256(data).digest() + claimed.to_bytes(8, "big"))


def a_file(data: bytes) -> bytes:
    """One file in its records, by hand."""
    pieces = [data[i : i + sizes.DATA] for i in range(0, len(data), sizes.DATA)]
    return record(FILE, FILE_JSON) + b"".join(record(DATA, piece) for piece in pieces) + done(data)


@pytest.mark.parametrize("length", [0, 1, 65_535, 65_536, 65_537, 131_072, 300_001])
def test_a_file_of_any_length_comes_back(length: int) -> None:
    data = b"".join(n.to_bytes(4, "big") for n in range(length // 4 + 1))[:length]
    plain = written(("name", data), ("other", b"!"))
    stream = stream_reader(sealed_stream(padded(plain)))
    files = parcel.scan_parcel(stream).files
    assert [(f.name, f.size_bytes, f.sha256) for f in files] == [
        ("name", length, hashlib.sha256(data).digest()),
        ("other", 1, hashlib.sha256(b"!").digest()),
    ]
    assert b"".join(parcel.read_file(stream, files[0])) == data
    assert b"".join(parcel.read_file(stream, files[1])) == b"!"


def test_a_part_of_a_file_is_found_by_arithmetic_and_ends_with_the_file() -> None:
    data = b"".join(n.to_bytes(4, "big") for n in range(50_000))
    stream = stream_reader(sealed_stream(padded(written(("name", data), ("other", b"!")))))
    first, _ = parcel.scan_parcel(stream).files
    for start, length in ((0, 0), (65_530, 12), (131_072, 1), (len(data) - 5, 5), (len(data), 0)):
        assert parcel.read_part(stream, first, start, length) == data[start : start + length]
    for start, length in ((-1, 1), (0, -1), (len(data), 1), (0, len(data) + 1)):
        with pytest.raises(OpenError):
            parcel.read_part(stream, first, start, length)


def test_the_writer_makes_exactly_these_bytes() -> None:
    data = FULL + b"rest"
    by_hand = with_end(THE_HEAD, record(TEXT, "é".encode()), record(FORM, FORM_JSON), a_file(data))
    assert written(("a.txt", data), text="é", forms=1) == by_hand


def test_head_text_and_forms_come_back() -> None:
    got = scan(padded(written(text="Zeilen\n日本", forms=2)))
    assert (got.head, got.text, got.forms, got.files) == (
        a_head(),
        "Zeilen\n日本",
        (FORM_JSON, FORM_JSON),
        (),
    )


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("origin", Origin)
def test_every_kind_and_origin_comes_back(kind: Kind, origin: Origin) -> None:
    head = a_head(kind=kind, origin=origin)
    assert parcel.parse_head(head.encode()) == head


def test_the_secrets_in_a_head_are_not_in_its_repr() -> None:
    shown = repr(a_head())
    assert "author" not in shown
    assert "reply" not in shown


def test_what_a_source_sent_is_not_in_the_repr_of_a_parcel() -> None:
    shown = repr(scan(padded(written(("who-i-am.txt", b"contents"), text="what I saw", forms=1))))
    assert "FileEntry" in shown
    for told in ("who-i-am", "text/plain", "what I saw", "answers"):
        assert told not in shown


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param(with_end(record(HEAD, a_head(sealed_on=TOLD).encode())), id="date"),
        pytest.param(with_end(record(HEAD, a_head(language=TOLD).encode())), id="language"),
        pytest.param(
            with_end(record(HEAD, a_head().encode().replace(b'"report"', b'"%s"' % TOLD.encode()))),
            id="kind",
        ),
        pytest.param(with_end(THE_HEAD, record(TEXT, TOLD.encode() + b"\xff")), id="text"),
        pytest.param(with_end(THE_HEAD, record(FORM, TOLD.encode())), id="form"),
    ],
)
def test_a_refusal_repeats_nothing_of_what_it_refuses(plain: bytes) -> None:
    with pytest.raises(ParcelError) as refusal:
        scan(padded(plain))
    shown = "".join(traceback.format_exception(refusal.value))
    assert TOLD not in shown
    assert "0xff" not in shown


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "a\0b",
        "a\nb",
        "..",
        "",
        "\u202egpj.exe",
        "с",
        "C:\\x",
        "x" * 3_000,
        "🙂",
    ],
)
def test_a_name_is_data_and_comes_back_as_it_was(name: str) -> None:
    """Rules about names belong to whoever shows or saves one: nothing is lost or mended here."""
    assert scan(padded(written((name, b"")))).files[0].name == name


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param(with_end(THE_HEAD), id="nothing but a head"),
        pytest.param(with_end(THE_HEAD, record(TEXT, b"")), id="empty text"),
        pytest.param(with_end(THE_HEAD, record(FORM, FORM_JSON) * 64), id="64 forms"),
        pytest.param(with_end(THE_HEAD, a_file(b"")), id="empty file"),
    ],
)
def test_legal_parcels(plain: bytes) -> None:
    assert scan(padded(plain)).head == a_head()


BREACHES = {
    "2 head over its limit": record(HEAD, b"", length=sizes.HEAD_MAX + 1),
    "2 length of 4 GiB": THE_HEAD + record(TEXT, b"", length=2**32 - 1),
    "2 text over its limit": THE_HEAD + record(TEXT, b"", length=sizes.TEXT_MAX + 1),
    "2 form over its limit": THE_HEAD + record(FORM, b"", length=sizes.FORM_MAX + 1),
    "2 file over its limit": THE_HEAD + record(FILE, b"", length=sizes.FILE_MAX + 1),
    "2 data over its limit": THE_HEAD + record(FILE, FILE_JSON) + record(DATA, b"", length=sizes.DATA + 1),
    "2 done over its limit": THE_HEAD + record(FILE, FILE_JSON) + record(DONE, b"", length=sizes.DONE + 1),
    "2 end over its limit": THE_HEAD + record(END, b"", length=sizes.END + 1),
    "2 record past the end": THE_HEAD + record(TEXT, b"", length=sizes.CHUNK),
    "1 nothing": b"",
    "1 no head": with_end(record(TEXT, b"a")),
    "1 head twice": with_end(THE_HEAD, THE_HEAD),
    "1 text twice": with_end(THE_HEAD, record(TEXT, b"a") * 2),
    "1 text after form": with_end(THE_HEAD, record(FORM, FORM_JSON), record(TEXT, b"a")),
    "1 text after file": with_end(THE_HEAD, a_file(b"1"), record(TEXT, b"a")),
    "1 form after file": with_end(THE_HEAD, a_file(b"1"), record(FORM, FORM_JSON)),
    "1 65 forms": with_end(THE_HEAD, record(FORM, FORM_JSON) * 65),
    "1 data outside a file": with_end(THE_HEAD, record(DATA, b"a")),
    "1 done outside a file": with_end(THE_HEAD, done(b"")),
    "1 file in a file": with_end(THE_HEAD, record(FILE, FILE_JSON), a_file(b"1")),
    "1 file without done": with_end(THE_HEAD, record(FILE, FILE_JSON), record(DATA, b"a")),
    "1 type 0": THE_HEAD + record(0, b""),
    "1 type 8": with_end(THE_HEAD, record(8, b"")),
    "1 type 255": with_end(THE_HEAD, record(255, b"")),
    "1 no end": THE_HEAD,
    "3 head is no JSON": with_end(record(HEAD, b"{")),
    "3 head not canonical": with_end(record(HEAD, a_head().encode().replace(b",", b", ", 1))),
    "3 form with another key": with_end(
        THE_HEAD, record(FORM, b'{"answers":[],"form":"a","version":1,"x":1}')
    ),
    "3 form without version": with_end(THE_HEAD, record(FORM, b'{"answers":[],"form":"a"}')),
    "3 answer that is a string": with_end(
        THE_HEAD, record(FORM, b'{"answers":["a"],"form":"a","version":1}')
    ),
    "3 answer without value": with_end(
        THE_HEAD, record(FORM, b'{"answers":[{"id":"a"}],"form":"a","version":1}')
    ),
    "3 form too deep": with_end(THE_HEAD, record(FORM, b'{"a":' * 9 + b"{}" + b"}" * 9)),
    "3 form with a key twice": with_end(THE_HEAD, record(FORM, FORM_JSON.replace(b'"form"', b'"answers"'))),
    "3 file without name": with_end(THE_HEAD, record(FILE, b'{"media_type":"a"}'), done(b"")),
    "3 file name not UTF-8": with_end(THE_HEAD, record(FILE, FILE_JSON.replace(b"a.", b"\xff.")), done(b"")),
    "6 short data, then more": with_end(
        THE_HEAD, record(FILE, FILE_JSON), record(DATA, b"a"), record(DATA, b"b"), done(b"ab")
    ),
    "6 one-byte data records": with_end(
        THE_HEAD, record(FILE, FILE_JSON), record(DATA, b"a") * 9, done(b"a" * 9)
    ),
    "6 empty data": with_end(THE_HEAD, record(FILE, FILE_JSON), record(DATA, b""), done(b"")),
    "7 another hash": with_end(THE_HEAD, record(FILE, FILE_JSON), record(DATA, b"a"), done(b"b")),
    "7 another size": with_end(THE_HEAD, record(FILE, FILE_JSON), record(DATA, b"a"), done(b"a", size=2)),
    "7 short done": with_end(THE_HEAD, record(FILE, FILE_JSON), record(DONE, hashlib.sha256().digest())),
    "8 end too small": THE_HEAD + record(END, (len(THE_HEAD) - 1).to_bytes(8, "big")),
    "8 end of zero": THE_HEAD + record(END, bytes(8)),
    "8 short end": THE_HEAD + record(END, b""),
    "9 a byte after the end": with_end(THE_HEAD) + b"\0\1",
    "9 a record after the end": with_end(THE_HEAD) + record(TEXT, b"hidden"),
    "5 text not UTF-8": with_end(THE_HEAD, record(TEXT, b"\xff")),
    "5 text with a surrogate": with_end(THE_HEAD, record(TEXT, b"\xed\xa0\x80")),
}


@pytest.mark.parametrize("plain", BREACHES.values(), ids=BREACHES.keys())
def test_each_breach_is_refused(plain: bytes) -> None:
    with pytest.raises(ParcelError):
        scan(padded(plain))


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param(with_end(THE_HEAD, record(TEXT, b"t" * (sizes.TEXT_MAX + 1))), id="text"),
        pytest.param(
            with_end(THE_HEAD, record(FILE, FILE_JSON), record(DATA, FULL + b"d"), done(FULL + b"d")),
            id="data",
        ),
    ],
)
def test_a_record_over_its_limit_is_refused_though_all_of_it_is_there(plain: bytes) -> None:
    with pytest.raises(ParcelError):
        scan(padded(plain))


@pytest.mark.parametrize("place", [0, 1, -1])
def test_padding_is_zero_to_its_last_byte(place: int) -> None:
    plain = bytearray(padded(with_end(THE_HEAD)))
    plain[place if place < 0 else len(with_end(THE_HEAD)) + place] = 1
    with pytest.raises(ParcelError):
        scan(bytes(plain))


@pytest.mark.parametrize("size", [65_535, 65_537, 69_632, 131_072])
def test_padding_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(ParcelError):
        scan(with_end(THE_HEAD).ljust(size, b"\0"))


def test_no_padding_is_needed_where_the_parcel_fills_its_size() -> None:
    room = sizes.PADDED_MIN - len(with_end(THE_HEAD, record(TEXT, b"")))
    full = with_end(THE_HEAD, record(TEXT, b"t" * room))
    assert len(full) == sizes.PADDED_MIN
    assert len(scan(full).text) == room


def test_files_are_counted() -> None:
    many = with_end(THE_HEAD, a_file(b"") * 1_000)
    assert len(scan(padded(many)).files) == 1_000
    with pytest.raises(ParcelError):
        scan(padded(with_end(THE_HEAD, a_file(b"") * 1_001)))


def test_a_parcel_cut_inside_a_record_is_refused() -> None:
    plain = written(("a", b"x" * 1_000), text="text", forms=1)
    for length in range(0, len(plain), 7):
        with pytest.raises(ParcelError):
            parcel.scan_parcel(stream_reader(sealed_stream(plain[:length])))


def test_a_damaged_stream_is_an_open_error() -> None:
    payload = bytearray(sealed_stream(padded(written(("a", bytes(200_000))))))
    payload[100_000] ^= 1
    with pytest.raises(OpenError):
        parcel.scan_parcel(stream_reader(bytes(payload), FILE_KEY))


HEAD_CHANGES: dict[str, canonical.Object] = {
    "another version": {"v": 2},
    "version as text": {"v": "1"},
    "unknown kind": {"kind": "gift"},
    "unknown origin": {"origin": "Server"},
    "short instance": {"instance_id": "00"},
    "upper-case hex": {"author": "AA" * 32},
    "short author": {"author": "aa" * 31},
    "short reply address": {"reply_address": "aa" * 16},
    "short reply key": {"reply_key": "AAAA"},
    "reply key with padding": {"reply_key": "A" * 1_622 + "=="},
    "window over 32 bits": {"window": 2**32},
    "no language": {"language": ""},
    "language of one letter": {"language": "e"},
    "language in capitals": {"language": "EN"},
    "language with a path": {"language": "../en"},
    "language with a line end": {"language": "en\n"},
    "language over its limit": {"language": "en" + "-x" * 17},
    "no date": {"sealed_on": "yesterday"},
    "date with time": {"sealed_on": "2026-11-22T10:00"},
    "window as text": {"window": "150"},
    "language as number": {"language": 1},
    "another key": {"extra": "1"},
    "too long": {"language": "e" * 17_000},
}


@pytest.mark.parametrize("change", HEAD_CHANGES.values(), ids=HEAD_CHANGES.keys())
def test_a_head_of_another_form_is_refused(change: canonical.Object) -> None:
    value = canonical.parse(a_head().encode(), max_bytes=sizes.HEAD_MAX)
    with pytest.raises((ParcelError, CanonicalError)):
        parcel.parse_head(canonical.encode({**value, **change}))


@pytest.mark.parametrize("key", canonical.parse(a_head().encode(), max_bytes=sizes.HEAD_MAX))
def test_a_head_without_one_of_its_keys_is_refused(key: str) -> None:
    value = canonical.parse(a_head().encode(), max_bytes=sizes.HEAD_MAX)
    del value[key]
    with pytest.raises(CanonicalError):
        parcel.parse_head(canonical.encode(value))


@pytest.mark.parametrize("language", ["en", "pt-BR", "zh-Hant-TW", "fil", "en" + "-abcdefgh" * 3 + "-abcde"])
def test_a_language_is_a_tag(language: str) -> None:
    assert parcel.parse_head(a_head(language=language).encode()).language == language


def test_the_last_window_of_32_bits_comes_back() -> None:
    assert parcel.parse_head(a_head(window=2**32 - 1).encode()).window == 2**32 - 1


def test_the_fullest_parcel_is_read() -> None:
    answer: canonical.Object = {"id": "", "value": "v" * 10_000}
    form = canonical.encode({"form": "f", "version": 1, "answers": [answer] * 25})
    filled = form.replace(b'"form":"f', b'"form":"' + b"f" * (sizes.FORM_MAX - len(form) + 1))
    text = b"t" * sizes.TEXT_MAX
    got = scan(padded(with_end(THE_HEAD, record(TEXT, text), record(FORM, filled) * 64, a_file(b"") * 1_000)))
    assert (got.text.encode(), got.forms, len(got.files)) == (text, (filled,) * 64, 1_000)


def test_thousands_of_answers_are_kept_as_small_as_they_came() -> None:
    answer: canonical.Object = {"id": "", "value": ""}
    form = canonical.encode({"form": "f", "version": 1, "answers": [answer] * 1_000})
    stream = stream_reader(sealed_stream(padded(with_end(THE_HEAD, record(FORM, form) * 10))))
    tracemalloc.start()
    try:
        got = parcel.scan_parcel(stream)
        kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(got.forms) == 10
    assert kept_bytes < 2 * 10 * len(form)


def test_the_writer_refuses_what_the_reader_would() -> None:
    for wrong in ({"language": "English"}, {"window": 2**32}, {"sealed_on": "today"}):
        with pytest.raises(FormatError):
            ParcelWriter(Plain(), a_head(**wrong))
    writer = ParcelWriter(Plain(), a_head())
    for text in ("x" * (sizes.TEXT_MAX + 1), "\ud800"):
        with pytest.raises(ParcelError):
            writer.text(text)
    with pytest.raises(CryptoError):
        writer.form({"form": "read"})
    with pytest.raises(ParcelError):
        writer.begin_file("n" * sizes.FILE_MAX, "")


STEPS: dict[str, Callable[[ParcelWriter], None]] = {
    "text": lambda writer: writer.text("text"),
    "form": lambda writer: writer.form(A_FORM),
    "begin": lambda writer: writer.begin_file("name", ""),
    "data": lambda writer: writer.file_data(b"data"),
    "end": ParcelWriter.end_file,
    "finish": ParcelWriter.finish,
}


@pytest.mark.parametrize(
    "steps",
    [
        "form text",
        "begin text",
        "begin form",
        "begin begin",
        "begin data begin",
        "begin finish",
        "begin data finish",
        "data",
        "text data",
        "end",
        "begin end end",
        "begin end data",
        "begin end form",
        "begin end text",
        "finish finish",
        "finish text",
        "finish begin",
        "finish data",
    ],
)
def test_the_writer_keeps_the_order_that_the_reader_asks_for(steps: str) -> None:
    """Nothing is written of a step that may not be taken; the others still may."""
    *before, wrong = steps.split()
    plain = Plain()
    writer = ParcelWriter(plain, a_head())
    for step in before:
        STEPS[step](writer)
    written_before = bytes(plain)
    with pytest.raises(ParcelError):
        STEPS[wrong](writer)
    assert bytes(plain) == written_before


def test_the_writer_counts_what_the_reader_counts() -> None:
    writer = ParcelWriter(Plain(), a_head())
    writer.text("")
    with pytest.raises(ParcelError):
        writer.text("")
    for _ in range(64):
        writer.form(A_FORM)
    with pytest.raises(ParcelError):
        writer.form(A_FORM)
    for _ in range(1_000):
        writer.begin_file("", "")
        writer.end_file()
    with pytest.raises(ParcelError):
        writer.begin_file("", "")
