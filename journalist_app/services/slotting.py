"""Turns the answers that wait into the slots of one set.

Each part of an answer goes to the next address of its source for this bundle, k = 0, 1, 2 …
One source whose key cannot be sealed to is held back with the reason and stops nobody else.
What does not fit under the limit of live slots waits for the next bundle.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from cases.stages import Stage
from crypto import hybrid, sizes, slots
from crypto.errors import RecipientError
from crypto.slots import LIVE_SLOTS_MAX, Epoch
from crypto.source_keys import InstanceId
from journalist_app.store import sent
from journalist_app.store.tables import CaseRow, ReplyRow, SetRow, SourceRow
from transfer.message import ConsentAsked, May, Message, encode_message

LIFETIME: Final = timedelta(days=90)
CANNOT_SEAL: Final = (
    "The key that came with this source's report cannot be sealed to: no answer can reach them."
)


def make_set(
    session: Session, instance: InstanceId, epoch: Epoch, seq: int, today: date, *, even_empty: bool
) -> int:
    """Put the waiting answers into a new set of OUT bundle `seq`; how many went in.

    `even_empty`: where no answer waits, make a set of dummies, so that nobody can tell a bundle
    with answers from one without. When half of the live slots are taken, answers come first.
    """
    live_slots = sum(row.slots for row in sent.live_sets(session, today.isoformat()))
    filling = _Filling(instance, epoch, seq, LIVE_SLOTS_MAX - live_slots)
    carried = [
        reply
        for reply, case, source in sent.waiting_replies(session)
        if filling.add(reply, case, source, today)
    ]
    if not carried and not (even_empty and live_slots < LIVE_SLOTS_MAX // 2):
        return 0
    for reply in carried:
        reply.out_seq = seq
    data = slots.build_set(instance, filling.slots)
    session.add(
        SetRow(
            epoch=epoch,
            seq=seq,
            slots=len(data) // sizes.SLOT,
            sha256=hashlib.sha256(data).digest(),
            expires_on=(today + LIFETIME).isoformat(),
            data=data,
        )
    )
    session.flush()
    return len(carried)


def message_of(reply: ReplyRow, case: CaseRow, sent_on: date) -> bytes:
    """What the source reads. Raises `MessageError` when it is too long."""
    return encode_message(
        Message(
            reply.text,
            case.code,
            Stage(reply.stage),
            sent_on.isoformat(),
            reply.due_on,
            may=tuple(May(word) for word in reply.may.split()),
            consent=consent_of(reply),
        )
    )


def consent_of(reply: ReplyRow) -> ConsentAsked | None:
    """What the source is asked to agree to, if to anything."""
    if not reply.consent_body and not reply.consent_fields:
        return None
    return ConsentAsked(reply.consent_body, tuple(reply.consent_fields.splitlines()))


class _Filling:
    """The real slots of a set while it is filled."""

    def __init__(self, instance: InstanceId, epoch: Epoch, seq: int, room: int) -> None:
        self._instance = instance
        self._epoch = epoch
        self._seq = seq
        # A set grows by doubling, so only the largest power of two below the room is of use.
        self._room = 1 << (room.bit_length() - 1) if room >= slots.SET_MIN else 0
        self._used: Counter[int] = Counter()
        self.slots: list[bytes] = []

    def add(self, reply: ReplyRow, case: CaseRow, source: SourceRow, today: date) -> bool:
        """Whether the answer is in."""
        parts = slots.split_message(message_of(reply, case, today))
        if len(self.slots) + len(parts) > self._room:
            return False
        try:
            sealed = self._seal(source, parts)
        except RecipientError:
            reply.held_back = CANNOT_SEAL
            source.answerable = False
            return False
        self.slots += sealed
        self._used[source.id] += len(parts)
        return True

    def _seal(self, source: SourceRow, parts: Sequence[slots.Part]) -> list[bytes]:
        return [
            slots.seal_part(
                self._instance,
                hybrid.PublicKey(source.reply_key),
                slots.address(source.reply_address, self._epoch, self._seq, k),
                part,
            )
            for k, part in enumerate(parts, start=self._used[source.id])
        ]
