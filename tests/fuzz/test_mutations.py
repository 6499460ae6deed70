"""Any mutation of any byte of anything sealed or signed is refused; what was not touched opens.

A mutation turns bits of one byte over, cuts, grows, repeats a stretch, or swaps two. It is drawn by
Hypothesis; `HYPOTHESIS_EXAMPLES` makes a run long. Whatever opens a whole thing says nothing but
`OpenError`.
"""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import board, canonical, codename, labels, session, signing, slots, trust, vault, windows, words
from crypto.age import armor, keys
from crypto.age.file import FileWriter, open_file, open_forward
from crypto.age.stream import StreamReader
from crypto.envelope import parse_intake_header, unwrap_file_key
from crypto.errors import (
    ArmorError,
    CanonicalError,
    CheckWordError,
    CryptoError,
    FormatError,
    OpenError,
    SignatureError,
    UnknownWordError,
)
from tests.fuzz import of_age_files, of_documents, of_sealed, of_words
from tests.support.bundles import SERVER_KEY, in_json, out_json, the_bundle, write_bundle
from tests.support.bundles import STATION_KEY as BUNDLE_STATION_KEY
from tests.support.sealing import (
    INSTANCE,
    STATION_SEED,
    a_report,
    flipped,
    identities,
    reading,
    sealed_stream,
    stream_reader,
)
from tests.support.sealing import STATION_KEY as STATION
from transfer.errors import TransferError
from transfer.manifest import Direction
from transfer.medium import Bundle
from transfer.unpack import VerifiedIn, VerifiedOut, verify_in, verify_out


@dataclass(frozen=True)
class Sealed:
    """Something sealed or signed, what opens it, and how that refuses."""

    data: bytes
    open: Callable[[bytes], object]
    refuses: tuple[type[CryptoError], ...] = (OpenError,)


def open_envelope(data: bytes) -> bytes:
    """The padded parcel, as the station opens it when it imports."""
    header = parse_intake_header(data[:12_526])
    file_key = unwrap_file_key(header, identities(STATION_SEED))
    return b"".join(StreamReader(file_key, reading(data), header.length, len(data) - header.length).chunks())


def open_age(data: bytes) -> bytes:
    """The content of an age file, read at any place."""
    return b"".join(open_file(of_age_files.IDENTITIES, reading(data), len(data)).stream.chunks())


def open_age_forward(data: bytes) -> bytes:
    """The content of an age file, read from its start."""
    return b"".join(open_forward(of_age_files.IDENTITIES, of_age_files._by_thousands(data)))


def age_file(recipient: keys.Recipient) -> bytes:
    """An age file for one recipient."""
    out = bytearray()
    writer = FileWriter((recipient,), out.extend)
    writer.push(b"content")
    writer.finish()
    return bytes(out)


KEY = of_documents.KEY
RECORD, VAULT_KEY, VAULT_ID = of_sealed.RECORD, of_sealed.VAULT_KEY, of_sealed.VAULT_ID
HYBRID, X25519, PASSPHRASE = (
    age_file(keys.HybridRecipient(STATION)),
    age_file(of_age_files.IDENTITIES[1].recipient()),
    age_file(keys.PassphraseRecipient("passphrase", 1)),
)
STATE = windows.IntakeState(1, 150, 2, bytes(32))
UNSIGNED = (SignatureError, CanonicalError)
UNFIT = (OpenError, FormatError)
SEALED = {
    "envelope": Sealed(a_report("text", ("name", b"data")), open_envelope, UNFIT),
    "stream": Sealed(sealed_stream(b"text"), lambda data: stream_reader(data).chunk(0)),
    "age file, hybrid": Sealed(HYBRID, open_age),
    "age file, X25519": Sealed(X25519, open_age),
    "age file, passphrase": Sealed(PASSPHRASE, open_age),
    "age file, forward": Sealed(X25519, open_age_forward),
    "slot": Sealed(
        slots.seal_part(INSTANCE, of_sealed.KEYS.reply_key, of_sealed.WHERE, slots.Part(1, 0, 1, b"text")),
        partial(slots.open_part, INSTANCE, of_sealed.KEYS),
    ),
    "cookie": Sealed(
        session.seal_cookie(of_sealed.TICKET, INSTANCE, {"id": "text"}).encode(),
        lambda data: session.open_cookie(
            {of_sealed.TICKET.key_id: of_sealed.TICKET}, INSTANCE, data.decode("latin-1")
        ),
    ),
    "wrapped key": Sealed(
        RECORD.wrapped, lambda data: vault.unwrap_key(of_sealed.PASSPHRASE, replace(RECORD, wrapped=data))
    ),
    "salt of a wrapped key": Sealed(
        RECORD.salt, lambda data: vault.unwrap_key(of_sealed.PASSPHRASE, replace(RECORD, salt=data))
    ),
    "vault of a wrapped key": Sealed(
        RECORD.vault_id, lambda data: vault.unwrap_key(of_sealed.PASSPHRASE, replace(RECORD, vault_id=data))
    ),
    "officer of a wrapped key": Sealed(
        RECORD.officer_id.encode(),
        lambda data: vault.unwrap_key(
            of_sealed.PASSPHRASE, replace(RECORD, officer_id=data.decode("latin-1"))
        ),
    ),
    "passphrase of a wrapped key": Sealed(
        of_sealed.PASSPHRASE.encode(), lambda data: vault.unwrap_key(data.decode("latin-1"), RECORD)
    ),
    "state file": Sealed(
        vault.seal_state(VAULT_KEY, VAULT_ID, vault.KeyFile(b"k" * 8, (STATE,))),
        partial(vault.open_state, VAULT_KEY, VAULT_ID),
    ),
    "certificate": Sealed(of_documents.CERTIFICATES[0], partial(trust.verify_certificate, KEY), UNSIGNED),
    "descriptor": Sealed(
        signing.sign(
            of_documents.STATION, labels.DESCRIPTOR, canonical.encode(of_documents.DESCRIPTOR_JSON)
        ).encode(),
        partial(trust.verify_descriptor, KEY),
        UNSIGNED,
    ),
    "batch": Sealed(
        windows.sign_batch(of_documents.SEED, INSTANCE, STATE, date(2026, 11, 22)),
        partial(windows.verify_batch, KEY, INSTANCE),
        UNSIGNED,
    ),
    "board": Sealed(
        signing.sign(of_documents.SEED, labels.BOARD, canonical.encode(of_documents.BOARD_JSON)).encode(),
        partial(board.verify_board, KEY, INSTANCE),
        UNSIGNED,
    ),
}


def verify_bundle(bundle: Bundle) -> VerifiedIn | VerifiedOut:
    """Its manifest, by the key of the machine that it should come from."""
    if bundle.direction is Direction.IN:
        return verify_in(bundle, SERVER_KEY, INSTANCE)
    return verify_out(bundle, BUNDLE_STATION_KEY, INSTANCE)


@st.composite
def mutated(draw: st.DrawFn, whole: bytes) -> bytes:
    """`whole` with one change that leaves it no longer the same."""
    start = draw(st.integers(0, len(whole) - 1))
    end = draw(st.integers(start + 1, min(len(whole), start + 40)))
    changed = draw(
        st.sampled_from(
            (
                whole[:start] + bytes([whole[start] ^ draw(st.integers(1, 255))]) + whole[start + 1 :],
                whole[:start],
                whole[end:],
                whole[:start] + whole[end:],
                whole[:end] + whole[start:],
                whole[:start] + draw(st.binary(min_size=1, max_size=40)) + whole[start:],
                whole + draw(st.binary(min_size=1, max_size=40)),
                whole[end:] + whole[:end],
                whole[:start] + whole[start:end][::-1] + whole[end:],
            )
        )
    )
    return changed if changed != whole else whole + b"\0"


@pytest.mark.parametrize("name", SEALED)
def test_what_was_not_touched_opens(name: str) -> None:
    assert SEALED[name].open(SEALED[name].data) is not None


@pytest.mark.parametrize("name", SEALED)
@given(data=st.data())
def test_any_mutation_is_refused(name: str, data: st.DataObject) -> None:
    sealed = SEALED[name]
    with pytest.raises(sealed.refuses):
        sealed.open(data.draw(mutated(sealed.data)))


@pytest.mark.parametrize("name", [name for name, sealed in SEALED.items() if len(sealed.data) < 1_000])
def test_every_bit_counts(name: str) -> None:
    sealed = SEALED[name]
    for position in range(8 * len(sealed.data)):
        with pytest.raises(sealed.refuses):
            sealed.open(flipped(sealed.data, position // 8, 1 << position % 8))


@given(st.data())
def test_a_mutated_armour_holds_the_same_file_or_none(data: st.DataObject) -> None:
    """White space around it and the line ending are all that may differ."""
    text = armor.encode(X25519)
    changed = data.draw(mutated(text))
    with suppress(ArmorError):
        read = armor.decode(changed)
        assert changed.strip(b" \t\r\n").replace(b"\r\n", b"\n") + b"\n" == armor.encode(read)
        if read != X25519:
            with pytest.raises(OpenError):
                open_age(read)


@pytest.mark.parametrize("direction", Direction)
@given(data=st.data())
def test_a_mutated_manifest_or_signature_is_refused(direction: Direction, data: st.DataObject) -> None:
    value = in_json() if direction is Direction.IN else out_json()
    with tempfile.TemporaryDirectory() as folder:
        bundle = write_bundle(Path(folder), direction, value)
        touched = bundle / data.draw(st.sampled_from(("manifest.json", "manifest.sig")))
        touched.write_bytes(data.draw(mutated(touched.read_bytes())))
        with pytest.raises(TransferError):
            verify_bundle(the_bundle(Path(folder), direction))


NAME = of_words.RIGHT.split()


def test_one_word_mistaken_for_another_is_found_as_often_as_designed() -> None:
    """A check word of 7,772 lets one slip in 7,772 through: some 7 of all 54,397 in this codename."""
    unseen = 0
    for place in range(7):
        for word in words.KNOWN - {NAME[place]}:
            try:
                codename.parse(" ".join((*NAME[:place], word, *NAME[place + 1 :])))
            except CheckWordError:
                continue
            unseen += 1
    assert 0 < unseen < 25


def test_every_other_check_word_is_refused() -> None:
    for word in words.KNOWN - {NAME[7]}:
        with pytest.raises(CheckWordError):
            codename.parse(" ".join((*NAME[:7], word)))


@given(st.integers(0, 7), st.integers(0, 8), st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
def test_a_mistyped_letter_is_named_or_found_by_the_check_word(place: int, at: int, letter: str) -> None:
    word = NAME[place]
    typed = word[:at] + letter + word[at + 1 :]
    if typed == word:
        return
    with pytest.raises((UnknownWordError, CheckWordError)) as refused:
        codename.parse(" ".join((*NAME[:place], typed, *NAME[place + 1 :])))
    if isinstance(refused.value, UnknownWordError):
        assert list(refused.value.unknown) == [typed]


@given(st.permutations(range(8)))
def test_words_in_another_order_are_refused(order: list[int]) -> None:
    if order != list(range(8)):
        with pytest.raises(CheckWordError):
            codename.parse(" ".join(NAME[place] for place in order))
