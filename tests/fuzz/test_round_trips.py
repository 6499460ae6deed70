"""What is sealed, signed or written comes back as it was, whatever it is and however it is cut on its
way."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import (
    board,
    canonical,
    hybrid,
    padding,
    parcel,
    session,
    signing,
    sizes,
    slots,
    trust,
    vault,
    windows,
)
from crypto.age import armor, keys
from crypto.age.file import FileWriter, open_file, open_forward
from crypto.envelope import EnvelopeWriter, ObjectId, open_payload, parse_intake_header, unwrap_file_key
from crypto.source_keys import InstanceId
from tests.fuzz.of_age_files import IDENTITIES, LOG2_WORK_MAX
from tests.fuzz.of_documents import KEY, SEED
from tests.fuzz.of_sealed import CHEAP, EPOCH, KEYS, TICKET, VAULT_ID, VAULT_KEY
from tests.support.sealing import INSTANCE, STATION_KEY, STATION_SEED, a_head, identities, reading
from transfer.log import LogEntry
from transfer.manifest import (
    Ack,
    DocumentKind,
    InManifest,
    InObject,
    OutDocument,
    OutManifest,
    PartFile,
    encode_in,
    encode_out,
    parse_in,
    parse_out,
    part_name,
)

NUMBERS = st.integers(0, 2**53 - 1)
WINDOWS = st.integers(0, 2**32 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
DAYS = st.dates().map(str)
LOG_DAYS = st.dates(date(1970, 1, 1)).map(str)
ID16, ID32 = st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32)
VALUES = st.recursive(
    NUMBERS | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
LENGTHS = st.sampled_from([0, 1, 15, 65_535, 65_536, 65_537, 131_072]) | st.integers(0, 200_000)
CUTS = st.lists(st.integers(0, 70_000), max_size=5)
RECIPIENTS = (
    IDENTITIES[0].recipient(),
    IDENTITIES[1].recipient(),
    keys.PassphraseRecipient("passphrase", LOG2_WORK_MAX),
)


def pieces_of(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    """`data` in pieces of these lengths, the last as long as it takes."""
    pieces = []
    for cut in cuts:
        pieces.append(data[:cut])
        data = data[cut:]
    return [*pieces, data]


def bytes_of(length: int) -> bytes:
    """Bytes of a length, no two stretches of a chunk alike."""
    return b"".join(n.to_bytes(4, "big") for n in range(length // 4 + 1))[:length]


@pytest.mark.parametrize("recipient", RECIPIENTS, ids=["hybrid", "X25519", "passphrase"])
@given(length=LENGTHS, cuts=CUTS, offset=st.integers(0, 200_000), step=st.integers(1, 100_000))
def test_an_age_file(recipient: keys.Recipient, length: int, cuts: list[int], offset: int, step: int) -> None:
    plain, out = bytes_of(length), bytearray()
    writer = FileWriter((recipient,), out.extend)
    for piece in pieces_of(plain, cuts):
        writer.push(piece)
    writer.finish()
    sealed = bytes(out)
    assert armor.decode(armor.encode(sealed)) == sealed
    stream = open_file(IDENTITIES, reading(sealed), len(sealed)).stream
    assert stream.size_bytes == length
    assert b"".join(stream.chunks()) == plain
    start = min(offset, length)
    assert stream.read(start, min(step, length - start)) == plain[start : start + step]
    source = BytesIO(sealed)
    assert b"".join(open_forward(IDENTITIES, lambda n: source.read(min(n, step)))) == plain


@given(TEXT, st.lists(st.tuples(TEXT, LENGTHS, CUTS), max_size=3))
def test_a_report(text: str, files: list[tuple[str, int, list[int]]]) -> None:
    out = bytearray()
    envelope = EnvelopeWriter((STATION_KEY,), out.extend)
    writer = parcel.ParcelWriter(envelope, a_head())
    writer.text(text)
    for name, length, cuts in files:
        writer.begin_file(name, "media/type")
        for piece in pieces_of(bytes_of(length), cuts):
            writer.file_data(piece)
        writer.end_file()
    writer.finish()
    envelope.finish()
    sealed = bytes(out)
    padding.check_envelope_size(len(sealed))
    file_key = unwrap_file_key(parse_intake_header(sealed[: sizes.ENVELOPE_HEADER]), identities(STATION_SEED))
    stream = open_payload(file_key, reading(sealed), len(sealed))
    read = parcel.scan_parcel(stream)
    assert (read.head, read.text) == (a_head(), text)
    assert [entry.name for entry in read.files] == [name for name, _, _ in files]
    for entry, (_, length, _) in zip(read.files, files, strict=True):
        assert b"".join(parcel.read_file(stream, entry)) == bytes_of(length)


@given(st.integers(0, 2**31))
def test_a_padded_size(parcel_bytes: int) -> None:
    padded = padding.padded_size(parcel_bytes)
    assert parcel_bytes <= padded < max(65_537, parcel_bytes * 1.0625)
    assert padding.padded_size(padded) == padded
    assert padding.check_envelope_size(padding.envelope_size(padded)) == padded


@given(st.binary(max_size=6_000), st.randoms())
def test_a_message_in_slots(message: bytes, random: object) -> None:
    parts = slots.split_message(message)
    sealed = [
        slots.seal_part(INSTANCE, KEYS.reply_key, slots.address(KEYS.reply_address, EPOCH, 7, k), part)
        for k, part in enumerate(parts)
    ]
    random.shuffle(sealed)  # type: ignore[attr-defined]
    opened = [slots.open_part(INSTANCE, KEYS, slot) for slot in sealed]
    assert slots.join_parts(opened) == {parts[0].message_id: message}


@given(st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=6), VALUES, max_size=4))
def test_a_cookie(content: canonical.Object) -> None:
    cookie = session.seal_cookie(TICKET, INSTANCE, content)
    if len(cookie) <= sizes.COOKIE_MAX:
        assert session.open_cookie({TICKET.key_id: TICKET}, INSTANCE, cookie) == content


@given(TEXT, ID32, ID16, TEXT)
def test_a_wrapped_key(passphrase: str, key: bytes, vault_id: bytes, officer: str) -> None:
    record = vault.wrap_key(passphrase, hybrid.Seed(key), vault_id, officer, CHEAP)
    assert vault.unwrap_key(passphrase, record) == key


@given(
    st.binary(min_size=8, max_size=8),
    st.lists(st.builds(windows.IntakeState, NUMBERS, NUMBERS, st.integers(0, 52), ID32), max_size=10),
)
def test_a_state_file(copy_id: bytes, states: list[windows.IntakeState]) -> None:
    file = vault.KeyFile(copy_id, tuple(states))
    assert vault.open_state(VAULT_KEY, VAULT_ID, vault.seal_state(VAULT_KEY, VAULT_ID, file)) == file


@given(
    st.builds(
        trust.Certificate,
        ID16.map(InstanceId),
        st.sampled_from(trust.Role),
        ID32.map(signing.VerifyingKey),
        NUMBERS,
        DAYS,
    )
)
def test_a_certificate(certificate: trust.Certificate) -> None:
    assert trust.verify_certificate(KEY, trust.sign_certificate(SEED, certificate)) == certificate


@given(
    st.builds(
        trust.Descriptor,
        ID16.map(InstanceId),
        NUMBERS,
        DAYS,
        ID32.map(signing.VerifyingKey),
        st.lists(st.binary(max_size=20), max_size=3).map(tuple),
        NUMBERS,
        NUMBERS,
        st.sampled_from(["UTC", "Europe/Rome", "America/Argentina/Buenos_Aires"]),
        st.lists(st.sampled_from(["en", "ar", "ko", "pt-BR"]), min_size=1, unique=True).map(tuple),
    )
)
def test_a_descriptor(descriptor: trust.Descriptor) -> None:
    assert trust.parse_descriptor_unchecked(trust.sign_descriptor(SEED, descriptor)) == descriptor


@given(st.integers(1, 2**53 - 1), st.integers(0, 5_000), st.integers(1, 3), DAYS)
def test_a_batch(batch_no: int, first: int, count: int, day: str) -> None:
    state = windows.IntakeState(batch_no, first, count, bytes(32))
    data = windows.sign_batch(SEED, INSTANCE, state, date.fromisoformat(day))
    batch = windows.verify_batch(KEY, INSTANCE, data)
    assert (batch.batch_no, batch.issued_on, batch.last_window) == (batch_no, day, first + count - 1)
    assert list(batch.recipients) == [window for window, _ in state.seeds()]


EPOCHS = ID16.map(slots.Epoch)
SETS = st.lists(
    st.builds(board.LiveSet, EPOCHS, NUMBERS, st.sampled_from([64, 128, 256]), ID32, DAYS),
    max_size=3,
    unique_by=lambda live: (live.epoch, live.seq),
).map(tuple)


@given(st.builds(board.Board, st.just(INSTANCE), EPOCHS, NUMBERS, DAYS, SETS))
def test_a_board(told: board.Board) -> None:
    assert board.verify_board(KEY, INSTANCE, board.sign_board(SEED, told)) == told


OBJECTS = st.lists(
    st.builds(
        InObject, st.builds(LogEntry, ID32.map(ObjectId), NUMBERS, WINDOWS, LOG_DAYS), NUMBERS, NUMBERS
    ),
    max_size=3,
    unique_by=lambda item: item.entry.object_id,
).map(tuple)
PARTS = st.lists(st.integers(0, 2**32 - 1), max_size=3).map(
    lambda lengths: tuple(PartFile(part_name(n), length) for n, length in enumerate(lengths))
)
KEYS_OF_OTHERS = ID32.map(signing.VerifyingKey)
COMMON = (ID16.map(InstanceId), KEYS_OF_OTHERS, EPOCHS, NUMBERS, DAYS)


@given(
    st.builds(
        InManifest, *COMMON, NUMBERS, ID32, OBJECTS, st.dictionaries(WINDOWS, NUMBERS, max_size=3), PARTS
    )
)
def test_an_in_manifest(manifest: InManifest) -> None:
    assert parse_in(encode_in(manifest)) == manifest


@given(
    st.builds(
        OutManifest,
        *COMMON,
        st.lists(st.builds(Ack, KEYS_OF_OTHERS, EPOCHS, NUMBERS, ID32, NUMBERS, ID32), max_size=2).map(tuple),
        st.lists(
            st.builds(OutDocument, st.sampled_from(DocumentKind), ID32, NUMBERS, NUMBERS, NUMBERS), max_size=3
        ).map(tuple),
        PARTS,
    )
)
def test_an_out_manifest(manifest: OutManifest) -> None:
    assert parse_out(encode_out(manifest)) == manifest
