"""The envelope: eight hybrid stanzas, a legal size, and no byte of it can be changed unseen."""

import hashlib
from array import array
from collections.abc import Callable

import pytest

from crypto import hybrid, padding, sizes
from crypto.age import hybrid_stanza
from crypto.age.header import Stanza, encode_base64, encode_header, parse_header
from crypto.envelope import EnvelopeWriter, open_payload, parse_intake_header, unwrap_file_key
from crypto.errors import EndedError, HeaderError, OpenError, RecipientError, SizeError
from crypto.parcel import scan_parcel
from tests.support.sealing import (
    FILE_KEY,
    STATION_KEY,
    STATION_SEED,
    a_report,
    flipped,
    identities,
    reading,
    sealed_envelope,
)

HEADER = sizes.ENVELOPE_HEADER
ENVELOPE = a_report("A text.", ("a.txt", b"contents"))


def open_whole(data: bytes, *seeds: hybrid.Seed) -> bytes:
    """Everything that the station does with an envelope, up to the padded parcel."""
    header = parse_intake_header(data[:HEADER])
    file_key = unwrap_file_key(header, identities(*(seeds or (STATION_SEED,))))
    return b"".join(open_payload(file_key, reading(data), len(data)).chunks())


def refused(data: bytes) -> bool:
    try:
        open_whole(data)
    except (HeaderError, OpenError, SizeError):
        return True
    return False


def of_stanzas(stanzas: list[Stanza]) -> bytes:
    return encode_header(tuple(stanzas), FILE_KEY)


def eight() -> list[Stanza]:
    return [hybrid_stanza.wrap(STATION_KEY, FILE_KEY) for _ in range(8)]


@pytest.mark.parametrize("length", [0, 1, 65_535, 65_536, 65_537, 69_633, 200_000])
def test_an_envelope_opens_and_has_its_size(length: int) -> None:
    plain = b"x" * length
    data = sealed_envelope(plain)
    padded_bytes = padding.padded_size(length)
    assert len(data) == padding.envelope_size(padded_bytes)
    assert open_whole(data) == plain.ljust(padded_bytes, b"\0")


def test_the_writer_tells_name_and_sizes() -> None:
    out = bytearray()
    writer = EnvelopeWriter((STATION_KEY,), out.extend)
    writer.push(b"ab")
    writer.push(bytearray(b"c"))
    assert writer.pushed_bytes == 3
    assert writer.finish() == hashlib.sha256(out).digest()
    assert writer.size_bytes == len(out) == sizes.ENVELOPE_MIN


def test_no_word_of_the_text_is_in_an_envelope() -> None:
    assert b"text" not in ENVELOPE
    assert b"contents" not in ENVELOPE


def test_two_envelopes_of_one_text_are_unlike() -> None:
    one, other = sealed_envelope(b"same"), sealed_envelope(b"same")
    bodies = [
        {stanza.arguments[1] for stanza in parse_header(data).stanzas} | {data[HEADER:][:16]}
        for data in (one, other)
    ]
    assert not bodies[0] & bodies[1]


def test_the_place_of_the_station_among_the_eight_is_random() -> None:
    places = set()
    for _ in range(40):
        stanzas = parse_intake_header(sealed_envelope(b"")[:HEADER]).stanzas
        for place, stanza in enumerate(stanzas):
            try:
                hybrid_stanza.unwrap(hybrid.PrivateKey(STATION_SEED), stanza)
            except OpenError:
                continue
            places.add(place)
    assert len(places) >= 4


@pytest.mark.parametrize("count", [1, 2, 8])
def test_every_recipient_can_open(count: int) -> None:
    seeds = [hybrid.generate_seed() for _ in range(count)]
    data = sealed_envelope(b"text", *(hybrid.public_key(seed) for seed in seeds))
    assert {open_whole(data, seed)[:4] for seed in seeds} == {b"text"}
    assert len(parse_intake_header(data[:HEADER]).stanzas) == 8


@pytest.mark.parametrize("count", [0, 9])
def test_an_envelope_for_nobody_or_for_too_many_is_not_begun(count: int) -> None:
    out = bytearray()
    with pytest.raises(RecipientError):
        EnvelopeWriter((STATION_KEY,) * count, out.extend)
    assert not out


def test_a_key_that_cannot_be_sealed_to_is_refused_before_a_byte() -> None:
    out = bytearray()
    with pytest.raises(RecipientError):
        EnvelopeWriter((hybrid.PublicKey(STATION_KEY[:-32] + bytes(32)),), out.extend)
    assert not out


def test_no_envelope_grows_over_the_largest_legal_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "PADDED_MAX", 100)
    out = bytearray()
    writer = EnvelopeWriter((STATION_KEY,), out.extend)
    writer.push(bytes(100))
    with pytest.raises(SizeError):
        writer.push(b"1")


@pytest.mark.parametrize("length", [0, 5, sizes.PADDED_MIN])
def test_an_envelope_ends_once(length: int) -> None:
    out = bytearray()
    writer = EnvelopeWriter((STATION_KEY,), out.extend)
    writer.push(bytes(length))
    object_id = writer.finish()
    with pytest.raises(EndedError):
        writer.finish()
    with pytest.raises(EndedError):
        writer.push(b"more")
    assert hashlib.sha256(out).digest() == object_id
    assert len(out) == padding.envelope_size(padding.padded_size(length))


def test_another_station_or_a_destroyed_window_opens_nothing() -> None:
    header = parse_intake_header(ENVELOPE[:HEADER])
    with pytest.raises(OpenError):
        unwrap_file_key(header, identities(hybrid.generate_seed(), hybrid.generate_seed()))
    with pytest.raises(OpenError):
        unwrap_file_key(header, ())
    assert len(unwrap_file_key(header, identities(hybrid.generate_seed(), STATION_SEED))) == 16


HEADER_PLACES = [*range(40), *range(40, HEADER - 60, 11), *range(HEADER - 60, HEADER)]


@pytest.mark.parametrize("bit", [1, 0x40])
def test_a_flipped_bit_of_the_header_is_refused(bit: int) -> None:
    unseen = [place for place in HEADER_PLACES if not refused(flipped(ENVELOPE, place, bit))]
    assert unseen == []


def test_a_flipped_bit_of_the_payload_is_refused() -> None:
    data = sealed_envelope(b"x" * 140_000)
    places = [HEADER, HEADER + 15, HEADER + 16, HEADER + 70_000, len(data) - 16, len(data) - 1]
    assert [place for place in places if not refused(flipped(data, place))] == []


@pytest.mark.parametrize("length", [0, 1, HEADER - 1, HEADER, HEADER + 16, 65_536, len(ENVELOPE) - 1])
def test_a_cut_envelope_is_refused(length: int) -> None:
    assert refused(ENVELOPE[:length])


@pytest.mark.parametrize("more", [b"\0", bytes(16), bytes(4_096), bytes(4_096 + 16), ENVELOPE])
def test_a_grown_envelope_is_refused(more: bytes) -> None:
    assert refused(ENVELOPE + more)


def test_cut_to_another_legal_size_is_refused() -> None:
    data = sealed_envelope(bytes(70_000))
    shorter = data[: padding.envelope_size(69_632)]
    padding.check_envelope_size(len(shorter))
    assert refused(shorter)


def test_header_of_one_with_body_of_another_is_refused() -> None:
    other = a_report("Other text.")
    assert refused(ENVELOPE[:HEADER] + other[HEADER:])
    assert refused(other[:HEADER] + ENVELOPE[HEADER:])


def with_stanzas(data: bytes, change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """`data` with its eight stanzas changed as bytes, its MAC line left alone."""
    first = len(b"age-encryption.org/v1\n")
    stanzas = [data[first + n * sizes.HYBRID_STANZA :][: sizes.HYBRID_STANZA] for n in range(8)]
    return data[:first] + b"".join(change(stanzas)) + data[first + 8 * sizes.HYBRID_STANZA :]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda s: s[::-1], id="reordered"),
        pytest.param(lambda s: [s[1], s[0], *s[2:]], id="two swapped"),
        pytest.param(lambda s: s[:7], id="seven"),
        pytest.param(lambda s: [*s, s[0]], id="nine"),
        pytest.param(lambda s: [*s[:7], s[0]], id="one repeated"),
        pytest.param(
            lambda s: [*s[:4], hybrid_stanza.wrap(STATION_KEY, FILE_KEY).encode(), *s[5:]], id="imported"
        ),
    ],
)
def test_stanzas_moved_dropped_or_imported_are_refused(change: Callable[[list[bytes]], list[bytes]]) -> None:
    assert with_stanzas(ENVELOPE, list) == ENVELOPE
    assert refused(with_stanzas(ENVELOPE, change))


@pytest.mark.parametrize(
    "stanzas",
    [
        pytest.param(eight()[:7], id="seven, rightly signed"),
        pytest.param([*eight(), *eight()[:1]], id="nine, rightly signed"),
        pytest.param([*eight()[:7], Stanza((b"X25519", encode_base64(bytes(32))), bytes(32))], id="X25519"),
        pytest.param(
            [*eight()[:7], Stanza((b"x" * 14, encode_base64(bytes(1_120))), bytes(32))], id="of our length"
        ),
        pytest.param([*eight()[:7], Stanza((b"mlkem768x25519",), bytes(32))], id="without a share"),
        pytest.param(
            [*eight()[:7], Stanza((b"mlkem768x25519", b"AA", b"A" * 1_491), bytes(32))], id="third argument"
        ),
        pytest.param(
            [*eight()[:7], Stanza((b"mlkem768x25519", encode_base64(bytes(1_121))), bytes(31))], id="sizes"
        ),
        pytest.param(
            [*eight()[:7], Stanza((b"mlkem768x25519", encode_base64(bytes(1_120))), bytes(31))], id="body"
        ),
        pytest.param([*eight()[:7], Stanza((b"mlkem768x25519", b"*" * 1_494), bytes(32))], id="not base64"),
    ],
)
def test_at_the_door_only_eight_well_formed_hybrid_stanzas(stanzas: list[Stanza]) -> None:
    with pytest.raises(HeaderError):
        parse_intake_header(of_stanzas(stanzas))


def test_the_door_lets_eight_in() -> None:
    assert parse_intake_header(of_stanzas(eight())).length == HEADER == 12_526


def test_a_header_with_something_after_it_is_read_to_its_end_alone() -> None:
    assert parse_intake_header(ENVELOPE).length == HEADER


def test_a_stanza_with_another_file_key_does_not_replace_the_mac() -> None:
    """A sealer may put two file keys into one header: the MAC decides, and only one can fit it."""
    mixed = [hybrid_stanza.wrap(STATION_KEY, b"another file key"), *eight()[:7]]
    with pytest.raises(OpenError):
        unwrap_file_key(parse_intake_header(of_stanzas(mixed)), identities(STATION_SEED))


def test_a_share_of_low_order_among_the_eight_is_refused_like_any_other() -> None:
    share = encode_base64(bytes.fromhex("00" * 1_088) + bytes(32))
    stanzas = [Stanza((b"mlkem768x25519", share), bytes(32)), *eight()[:7]]
    with pytest.raises(OpenError):
        unwrap_file_key(parse_intake_header(of_stanzas(stanzas)), identities(STATION_SEED))


def test_opening_again_checks_the_header_again() -> None:
    file_key = unwrap_file_key(parse_intake_header(ENVELOPE[:HEADER]), identities(STATION_SEED))
    changed = with_stanzas(ENVELOPE, lambda s: s[::-1])
    with pytest.raises(OpenError):
        open_payload(file_key, reading(changed), len(changed))
    with pytest.raises(SizeError):
        open_payload(file_key, reading(ENVELOPE), len(ENVELOPE) - 1)
    assert scan_parcel(open_payload(file_key, reading(ENVELOPE), len(ENVELOPE))).text == "A text."


def test_a_view_of_wider_elements_counts_in_bytes() -> None:
    wide = memoryview(array("I", range(30_000)))
    sealed = bytearray()
    writer = EnvelopeWriter((STATION_KEY,), sealed.extend)
    writer.push(wide)
    assert writer.pushed_bytes == wide.nbytes
    writer.finish()
    padding.check_envelope_size(len(sealed))
    assert len(sealed_envelope(wide.tobytes())) == len(sealed)
