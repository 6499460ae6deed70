"""What went out: sets of slots, OUT bundles. Questions and records.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crypto import canonical, sizes
from crypto.board import LiveSet
from crypto.signing import VerifyingKey
from crypto.slots import Epoch
from journalist_app.store.tables import OutRow, SetRow
from transfer.manifest import Ack

_ACKS_MAX = 1 * sizes.MIB


def last_out(session: Session) -> OutRow | None:
    """The newest OUT bundle, written or only decided."""
    return session.scalar(select(OutRow).order_by(OutRow.seq.desc()).limit(1))


def bundles_out(session: Session, limit: int = 10) -> Sequence[OutRow]:
    """The last OUT bundles, newest first."""
    return session.scalars(select(OutRow).order_by(OutRow.seq.desc()).limit(limit)).all()


def live_sets(session: Session, today: str) -> Sequence[SetRow]:
    """The sets that have not expired, in the order in which they were made."""
    return session.scalars(select(SetRow).where(SetRow.expires_on > today).order_by(SetRow.id)).all()


def as_live_set(row: SetRow) -> LiveSet:
    """A set as the board names it."""
    return LiveSet(Epoch(row.epoch), row.seq, row.slots, row.sha256, row.expires_on)


def set_data(session: Session, live: LiveSet) -> bytes:
    """The slots of a set that a board names."""
    question = select(SetRow.data).where(SetRow.epoch == live.epoch, SetRow.seq == live.seq)
    return session.scalars(question).one()


def forget_expired_sets(session: Session, today: str) -> None:
    """Delete the sets that no board names any longer."""
    session.execute(delete(SetRow).where(SetRow.expires_on <= today))


def encode_acks(acks: Sequence[Ack]) -> bytes:
    """Acknowledgements as they are kept."""
    rows: list[canonical.Value] = [
        {
            "key_id": ack.key_id.hex(),
            "epoch": ack.epoch.hex(),
            "seq": ack.seq,
            "sha256": ack.sha256.hex(),
            "index": ack.index,
            "head": ack.head.hex(),
        }
        for ack in acks
    ]
    return canonical.encode({"acks": rows})


def parse_acks(data: bytes) -> list[Ack]:
    """Kept acknowledgements."""
    value = canonical.parse(data, max_bytes=_ACKS_MAX)
    return [_ack(row) for row in canonical.array(value["acks"])]


def _ack(row: canonical.Value) -> Ack:
    text = dict.fromkeys(("key_id", "epoch", "sha256", "head"), str)
    value = canonical.fields(row, {"seq": int, "index": int, **text})
    return Ack(
        VerifyingKey(canonical.hex_field(value["key_id"], sizes.ED25519_PUBLIC)),
        Epoch(canonical.hex_field(value["epoch"], sizes.EPOCH)),
        canonical.integer(value["seq"]),
        canonical.hex_field(value["sha256"], sizes.SHA256),
        canonical.integer(value["index"]),
        canonical.hex_field(value["head"], sizes.SHA256),
    )
