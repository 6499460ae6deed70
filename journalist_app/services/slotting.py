"""Turns the answers that wait, and those that run out, into the slots of one set.

Each part of an answer goes to the next address of its source for this bundle, k = 0, 1, 2 …
One source whose key cannot be sealed to is held back with the reason and stops nobody else.
What does not fit under the limit of live slots waits for the next bundle. A set lives 90 days; before its
end the last answer of each case and every notice that was not read is issued again, under the id and the
day that it had (protocol 1, section 7). New answers come first.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from cases.errors import CaseError
from cases.stages import Stage
from crypto import hybrid, sizes, slots
from crypto.errors import RecipientError
from crypto.slots import LIVE_SLOTS_MAX, Epoch
from crypto.source_keys import InstanceId
from journalist_app.errors import InstalledPackError
from journalist_app.services import case_history
from journalist_app.store import answers, sent
from journalist_app.store.case_tables import CaseRow, ReplyRow, SourceRow
from journalist_app.store.tables import SetRow
from transfer.message import ConsentAsked, May, Message, encode_message

LIFETIME: Final = timedelta(days=90)
AGAIN_BEFORE: Final = timedelta(days=21)
"""Two weekly exports, and one that is late, lie in it."""
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
    carried = [out[0] for out in answers.waiting(session) if filling.add(*out, today)]
    for reply in carried:
        reply.out_seq = seq
    again = [out[0] for out in _running_out(session, today) if filling.add(*out, today)]
    if not carried and not again and not (even_empty and live_slots < LIVE_SLOTS_MAX // 2):
        return 0
    expires_on = (today + LIFETIME).isoformat()
    for reply in (*carried, *again):
        reply.shown_until = expires_on
    data = slots.build_set(instance, filling.slots)
    session.add(
        SetRow(
            epoch=epoch,
            seq=seq,
            slots=len(data) // sizes.SLOT,
            sha256=hashlib.sha256(data).digest(),
            expires_on=expires_on,
            data=data,
        )
    )
    session.flush()
    return len(carried)


def _running_out(session: Session, today: date) -> list[answers.Outgoing]:
    """What is issued again: the last word of a case, and notices whose periods can still begin or run."""
    until = (today + AGAIN_BEFORE).isoformat()
    return [
        out
        for out in answers.running_out(session, until)
        if answers.is_last_that_left(session, out[0]) or not _is_over(session, out[1], today)
    ]


def _is_over(session: Session, case: CaseRow, today: date) -> bool:
    """Whether every period of a case that begins with reading has passed, by the rules that it keeps."""
    try:
        history = case_history.read(session, case.id)
    except (CaseError, InstalledPackError):
        return False
    served = [clock for clock in history.case.clocks if clock.deadline.served] if history else []
    return bool(served) and not any(clock.in_time(today) for clock in served)


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
        message_id = reply.message_id or f"{slots.new_message_id():016x}"
        sent_on = reply.sent_on or today.isoformat()
        message = message_of(reply, case, date.fromisoformat(sent_on))
        parts = slots.split_message(message, int(message_id, 16))
        if len(self.slots) + len(parts) > self._room:
            return False
        try:
            sealed = self._seal(source, parts)
        except RecipientError:
            reply.held_back = CANNOT_SEAL
            source.answerable = False
            return False
        reply.message_id, reply.sent_on = message_id, sent_on
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
