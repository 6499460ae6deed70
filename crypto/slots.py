"""Reply slots: answers in boxes of one size, among boxes for nobody (protocol 1, section 7).

A slot is 4,096 bytes: an address that only the source and the station can compute, an HPKE
encapsulation and a ciphertext. The slots of one OUT bundle are a set: a power of two of them,
at least 64, sorted by address, the rest of them real encryptions to keys that nobody keeps.

HPKE's base mode has no sender: that a slot comes from the station is shown only by the signed
board, which names each set's hash.

Checks of a reader, after those of `board`: 4 a set is a power of two of slots, at least 64 and
no more than may live, each address above the one before; 5 a slot has exactly its size; 6 it
opens with this source's key, this instance and its own address; 7 its fields are in range;
8 zeros fill it; 9 of a message every part is there, once.
"""

import hmac
import secrets
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final, NewType

from crypto import hybrid, labels, sizes
from crypto.errors import FormatError, OpenError, SizeError
from crypto.source_keys import InstanceId, SourceKeys

Address = NewType("Address", bytes)
Epoch = NewType("Epoch", bytes)

VERSION: Final = 1
KIND_MESSAGE: Final = 1
KIND_DUMMY: Final = 0
SET_MIN: Final = 64
LIVE_SLOTS_MAX: Final = 16_384
"""In all live sets together, and so in one."""
_PLAIN: Final = struct.Struct(f">BBHHHQ{sizes.SLOT_BODY}s")


@dataclass(frozen=True)
class Part:
    """One piece of a message: what the plaintext of a slot says."""

    message_id: int
    part: int
    parts: int
    body: bytes = field(repr=False)


def address(reply_address: bytes, epoch: Epoch, seq: int, k: int) -> Address:
    """Where slot `k` for this source lies in the set that OUT bundle `seq` first carries."""
    message = labels.SLOT_ADDRESS + epoch + struct.pack(">QH", seq, k)
    return Address(hmac.digest(reply_address, message, "sha256")[: sizes.SLOT_ADDRESS])


def new_message_id() -> int:
    """A random id for a message that was never sent."""
    return int.from_bytes(secrets.token_bytes(sizes.MESSAGE_ID), "big")


def split_message(message: bytes, message_id: int | None = None) -> tuple[Part, ...]:
    """A message as the parts that fit into slots, under the id that it had before, or a fresh one.

    Raises `SizeError` for over 24 parts.
    """
    pieces = [message[i : i + sizes.SLOT_BODY] for i in range(0, max(len(message), 1), sizes.SLOT_BODY)]
    if len(pieces) > sizes.PARTS_MAX:
        raise SizeError
    named = new_message_id() if message_id is None else message_id
    return tuple(Part(named, n, len(pieces), piece) for n, piece in enumerate(pieces))


def join_parts(parts: Iterable[Part]) -> dict[int, bytes]:
    """Whole messages by id; one of which a part is missing or contradicts another is left out."""
    found: dict[int, set[Part]] = {}
    for part in parts:
        found.setdefault(part.message_id, set()).add(part)
    whole = {}
    for message_id, pieces in found.items():
        ordered = sorted(pieces, key=attrgetter("part"))
        # 9: two pieces that differ and claim one place make the row longer than it should be.
        if [(p.part, p.parts) for p in ordered] == [(n, len(ordered)) for n in range(len(ordered))]:
            whole[message_id] = b"".join(piece.body for piece in ordered)
    return whole


def seal_part(instance: InstanceId, reply_key: hybrid.PublicKey, where: Address, part: Part) -> bytes:
    """One slot. Raises `RecipientError` when the source's key cannot be sealed to, and `SizeError`
    for a part that its reader would refuse, or that would be cut."""
    if not _fits(part.part, part.parts, len(part.body)):
        raise SizeError
    plain = _PLAIN.pack(
        VERSION, KIND_MESSAGE, part.part, part.parts, len(part.body), part.message_id, part.body
    )
    return where + hybrid.seal(reply_key, plain, _info(instance, where))


def open_part(instance: InstanceId, keys: SourceKeys, slot: bytes) -> Part:
    """The part in a slot that lies at one of this source's addresses.

    Raises `OpenError` when it is not sealed to this source, and for a plaintext of another form.
    """
    if len(slot) != sizes.SLOT:  # 5
        raise OpenError
    where = Address(slot[: sizes.SLOT_ADDRESS])
    plain = keys.reply_private.open(slot[sizes.SLOT_ADDRESS :], _info(instance, where))  # 6
    version, kind, part, parts, length, message_id, body = _PLAIN.unpack(plain)
    if (version, kind) != (VERSION, KIND_MESSAGE) or not _fits(part, parts, length):  # 7
        raise OpenError
    if body[length:].strip(b"\0"):  # 8
        raise OpenError
    return Part(message_id, part, parts, body[:length])


def dummy(instance: InstanceId) -> bytes:
    """A slot for nobody: a real encryption to a key that is forgotten at once."""
    where = Address(secrets.token_bytes(sizes.SLOT_ADDRESS))
    nobody = hybrid.public_key(hybrid.generate_seed())
    plain = _PLAIN.pack(VERSION, KIND_DUMMY, 0, 1, 0, 0, b"")
    return where + hybrid.seal(nobody, plain, _info(instance, where))


def is_set_size(slots: int) -> bool:
    """Whether a set may have this many slots: 64, 128, 256 … 16,384."""
    return SET_MIN <= slots <= LIVE_SLOTS_MAX and slots & (slots - 1) == 0


def build_set(instance: InstanceId, real: list[bytes]) -> bytes:
    """A whole set: the real slots and dummies up to the next power of two, sorted by address.

    Raises `SizeError` for more real slots than may live at once.
    """
    count = max(SET_MIN, 1 << (len(real) - 1).bit_length() if real else 0)
    if not is_set_size(count):
        raise SizeError
    slots = real + [dummy(instance) for _ in range(count - len(real))]
    return b"".join(sorted(slots))


class SlotSet:
    """The slots of one set, found by address."""

    def __init__(self, data: bytes) -> None:
        """Raises `SizeError` unless `data` is as many whole slots as a set may have, and
        `FormatError` unless each address is above the one before."""
        if len(data) % sizes.SLOT or not is_set_size(len(data) // sizes.SLOT):  # 4
            raise SizeError
        starts = range(0, len(data), sizes.SLOT)
        self._slots = {data[i : i + sizes.SLOT_ADDRESS]: data[i : i + sizes.SLOT] for i in starts}
        if list(self._slots) != sorted(self._slots) or len(self._slots) != len(starts):  # 4
            raise FormatError("a set that is not sorted, or an address twice")

    def find(self, reply_address: bytes, epoch: Epoch, seq: int) -> list[bytes]:
        """The slots at this source's addresses, k = 0, 1, … as many as the set has slots.

        All are tried: where a message was taken out its slot is for nobody now, and others may follow.
        """
        tried = (address(reply_address, epoch, seq, k) for k in range(len(self._slots)))
        return [self._slots[where] for where in tried if where in self._slots]


def _fits(part: int, parts: int, body_bytes: int) -> bool:
    return part < parts <= sizes.PARTS_MAX and body_bytes <= sizes.SLOT_BODY


def _info(instance: InstanceId, where: Address) -> bytes:
    return labels.REPLY_SLOT + instance + where
