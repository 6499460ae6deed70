"""Targets: what is sealed to ourselves or to a source. Each is tried with any bytes as the sealed
thing, and with any bytes rightly sealed, so that the reader behind the MAC is reached. What opens a
whole thing says `OpenError` alone."""

import contextlib
import struct
from dataclasses import replace

from crypto import aead, canonical, encoding, hybrid, labels, session, slots, vault
from crypto.errors import CryptoError, OpenError, RecipientError, SizeError
from crypto.source_keys import Cost, Master, derive_keys
from tests.fuzz.target import Target, damaged, documents
from tests.support.sealing import INSTANCE, REPLY_KEY, STATION_KEY, STATION_SEED

KEYS = derive_keys(Master(bytes(32)))
EPOCH = slots.Epoch(bytes(16))
WHERE = slots.address(KEYS.reply_address, EPOCH, 7, 0)
TICKET = session.TicketKey(b"1234", b"t" * 32)
VAULT_KEY = vault.VaultKey(b"v" * 32)
VAULT_ID = b"i" * 16
PASSPHRASE = "abacus zoom cone"
CHEAP = Cost(memory_bytes=8 * 1024, passes=1)
OFFICER = hybrid.Seed(b"o" * 32)
RECORD = vault.wrap_key(PASSPHRASE, OFFICER, VAULT_ID, "officer", CHEAP)
STATES_JSON = {
    "copy": "00" * 8,
    "states": [{"batch_no": 1, "first_window": 150, "windows": 52, "state": "00" * 32}],
}
STATE_PLAIN = 4_096 - 40
PLAIN = struct.Struct(">BBHHHQ")
PIECE = struct.Struct(">BBBB")


def public_key(data: bytes) -> None:
    """A key is one that can be sealed to, or none."""
    try:
        key = hybrid.check_public_key(data)
    except RecipientError:
        return
    assert len(key) == 1_216
    assert len(hybrid.seal(key, b"text", b"")) == 1_120 + 4 + 16


def hybrid_sealed(data: bytes) -> None:
    """Nothing opens that was not sealed, and what was sealed opens."""
    try:
        hybrid.open(STATION_SEED, data, b"")
        raise AssertionError
    except OpenError:
        pass
    assert hybrid.open(STATION_SEED, hybrid.seal(STATION_KEY, data, data[:4]), data[:4]) == data


def slot(data: bytes) -> None:
    """A slot of any content, filled with zeros to its length, rightly sealed; then the content as a slot."""
    plain = data[:2_944].ljust(2_944, b"\0")
    sealed = WHERE + hybrid.seal(KEYS.reply_key, plain, labels.REPLY_SLOT + INSTANCE + WHERE)
    try:
        part = slots.open_part(INSTANCE, KEYS, sealed)
        assert part.part < part.parts <= 24
        assert PLAIN.pack(1, 1, part.part, part.parts, len(part.body), part.message_id) == plain[:16]
        assert plain[16:] == part.body.ljust(2_928, b"\0")
    except OpenError:
        pass
    try:
        slots.open_part(INSTANCE, KEYS, data)
        raise AssertionError
    except OpenError:
        pass


def slot_set(data: bytes) -> None:
    """A set of any addresses: how many, then a byte for each, those below 8 being ours.

    Sorted where an even number of bytes came, and as they stand where an odd.
    """
    count = int.from_bytes(data[:1], "big")
    others = [place for place in range(255, -1, -1) if place not in data[1:]]
    places = [*data[1:], *others][:count]
    slots_of_it = [bytes([place]) * 4_096 if place > 7 else _slot_of_ours(place) for place in places]
    if len(data) % 2 == 0:
        slots_of_it.sort()
    try:
        found = slots.SlotSet(b"".join(slots_of_it)).find(KEYS.reply_address, EPOCH, 7)
    except CryptoError:
        assert len(data) % 2 or count not in {64, 128} or len(set(slots_of_it)) < count
        return
    assert count in {64, 128}
    assert slots_of_it == sorted(set(slots_of_it))
    assert found == [_slot_of_ours(k) for k in range(8) if set(range(k + 1)) <= set(places)]


def slot_set_bytes(data: bytes) -> None:
    """Bytes of another length than a set's."""
    try:
        slots.SlotSet(data)
        raise AssertionError
    except (SizeError, OpenError):
        pass


def parts(data: bytes) -> None:
    """Pieces of messages in any order, four bytes each: whole messages come out, and no others."""
    pieces = [
        slots.Part(m & 3, part, count, bytes([body]))
        for m, part, count, body in PIECE.iter_unpack(data[: len(data) & ~3])
    ]
    for message_id, message in slots.join_parts(pieces).items():
        mine = {piece for piece in pieces if piece.message_id == message_id}
        assert {(p.part, p.parts) for p in mine} == {(n, len(message)) for n in range(len(message))}
        assert message == b"".join(p.body for p in sorted(mine, key=lambda piece: piece.part))


def cookie(data: bytes) -> None:
    """Any text as a cookie, then a cookie of any content."""
    keys = {TICKET.key_id: TICKET}
    for text in (
        data.decode("latin-1"),
        encoding.to_base64url(data),
        encoding.to_base64url(TICKET.key_id + data),
    ):
        try:
            session.open_cookie(keys, INSTANCE, text)
            raise AssertionError
        except OpenError:
            pass
    sealed = aead.seal(TICKET.key, data, labels.SESSION + INSTANCE + TICKET.key_id)
    try:
        content = session.open_cookie(keys, INSTANCE, encoding.to_base64url(TICKET.key_id + sealed))
    except OpenError:
        return
    assert canonical.encode(content) == data


def state_file(data: bytes) -> None:
    """Any bytes as a state file, then a state file of any content, zero-filled behind it."""
    for foreign in (data, data[:4_096].ljust(4_096, b"\0")):
        try:
            vault.open_state(VAULT_KEY, VAULT_ID, foreign)
            raise AssertionError
        except OpenError:
            pass
    for plain in (struct.pack(">H", len(data) & 0xFFFF) + data, data):
        sealed = aead.seal(VAULT_KEY, plain.ljust(STATE_PLAIN, b"\0"), labels.INTAKE_STATE + VAULT_ID)
        try:
            read = vault.open_state(VAULT_KEY, VAULT_ID, sealed)
        except OpenError:
            continue
        assert all(len(state.state) == 32 and state.windows <= 52 for state in read.states)
        assert vault.open_state(VAULT_KEY, VAULT_ID, vault.seal_state(VAULT_KEY, VAULT_ID, read)) == read


def wrapped_key(data: bytes) -> None:
    """A record with any bytes in the place of each of its fields. No cost that takes long is guessed."""
    text = data.decode("latin-1")
    cost = Cost(int.from_bytes(data[:2], "big"), int.from_bytes(data[2:3], "big") & 3)
    for changed in (
        {"wrapped": data},
        {"salt": data},
        {"vault_id": data},
        {"officer_id": text},
        {"cost": cost},
        {"cost": Cost(1 << 62, 1)},
        {"cost": Cost(8 * 1024, 1 << 40)},
        {"wrapped": RECORD.wrapped + data[:1]},
    ):
        record = replace(RECORD, **changed)
        try:
            key = vault.unwrap_key(PASSPHRASE, record)
        except OpenError:
            continue
        assert (key, record) == (OFFICER, RECORD)


def sealed_vault_key(data: bytes) -> None:
    """Nothing opens but what was sealed; any text as an officer's id opens its own."""
    with contextlib.suppress(OpenError):
        assert vault.open_key(OFFICER, data, VAULT_ID, "officer") == VAULT_KEY
    officer_id = data.decode("ascii", "backslashreplace")
    sealed = vault.seal_key(hybrid.public_key(OFFICER), VAULT_KEY, data[:16], officer_id)
    assert vault.open_key(OFFICER, sealed, data[:16], officer_id) == VAULT_KEY


def passphrase(data: bytes) -> None:
    """Any text as a passphrase."""
    text = data.decode("utf-8", "surrogatepass") if _is_text(data) else data.decode("latin-1")
    try:
        vault.unwrap_key(text, RECORD)
    except OpenError:
        return
    assert text == PASSPHRASE


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _slot_of_ours(k: int) -> bytes:
    return slots.address(KEYS.reply_address, EPOCH, 7, k) + bytes([k]) * 4_080


PLAIN_SEEDS = tuple(
    PLAIN.pack(*fields) + body
    for fields, body in (
        ((1, 1, 0, 1, 5, 9), b"hello"),
        ((1, 1, 0, 1, 2_928, 9), b"x" * 2_928),
        ((1, 1, 0, 1, 2_929, 9), b""),
        ((1, 1, 23, 24, 0, 9), b""),
        ((1, 1, 24, 25, 0, 9), b""),
        ((1, 1, 1, 1, 0, 9), b""),
        ((1, 1, 0, 1, 4, 9), b"hello"),
        ((0, 1, 0, 1, 0, 9), b""),
        ((1, 0, 0, 1, 0, 9), b""),
    )
)

TARGETS = {
    "public_key": Target(
        public_key,
        (b"", bytes(1_216), REPLY_KEY, REPLY_KEY[:-32] + bytes(32), b"\xff" * 1_216, REPLY_KEY[:-1]),
        max_bytes=1_300,
    ),
    "hybrid_sealed": Target(hybrid_sealed, (b"", bytes(1_119), bytes(1_120), bytes(1_200)), max_bytes=2_000),
    "slot": Target(slot, (b"", *PLAIN_SEEDS, bytes(4_096)), max_bytes=4_096),
    "slot_set": Target(
        slot_set,
        (
            b"",
            b"\x40",
            b"\x40\0",
            b"\x40\2\1\0",
            b"\x40\1\2",
            b"\x40\0\1\2\3\4\5\6\7",
            b"\x80\0\1\2",
            b"\x41\0",
            b"\x20\0",
            b"\x40" + b"\7" * 63,
        ),
        max_bytes=129,
    ),
    "slot_set_bytes": Target(slot_set_bytes, (b"", b"x", bytes(4_096), bytes(4_097))),
    "parts": Target(
        parts,
        (
            b"",
            b"\0\0\1a",
            b"\0\1\2b\0\0\2a",
            b"\0\0\2a\0\0\2b",
            b"\0\0\1a\0\0\1a",
            b"\0\0\1a\1\0\1b",
            b"\0\0\2a\0\1\3b",
        ),
        max_bytes=200,
    ),
    "cookie": Target(
        cookie,
        (b"", b'{"a":1}', b"{}", b"[]", b"1234", b"A" * 2_100, b"\xe9", b"x" * 60, b'{"a": 1}'),
    ),
    "state_file": Target(
        state_file,
        (b"", *documents(STATES_JSON), *(struct.pack(">H", 5) + d for d in documents(STATES_JSON))),
    ),
    "wrapped_key": Target(
        wrapped_key,
        (
            b"",
            RECORD.wrapped,
            RECORD.salt,
            VAULT_ID,
            b"officer",
            b"\x20\0\1",
            b"\0\0\0",
            *damaged(RECORD.wrapped),
        ),
        max_bytes=100,
    ),
    "sealed_vault_key": Target(
        sealed_vault_key,
        (
            b"",
            b"officer",
            *damaged(vault.seal_key(hybrid.public_key(OFFICER), VAULT_KEY, VAULT_ID, "officer")),
        ),
        max_bytes=1_200,
    ),
    "passphrase": Target(passphrase, (b"", PASSPHRASE.encode(), b"\xff", b"\xed\xa0\x80"), max_bytes=200),
}
