"""The IN bundles that this server began, so that a number is never used for two of them.

A number is reserved before anything is written to a stick: an export that dies on the way
costs a number, which the station notes, and never makes two bundles of one number.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from source_app.store.tables import BUNDLES


@dataclass(frozen=True)
class MadeBundle:
    """An IN bundle of ours; `sha256` is None when it was not seen to finish."""

    seq: int
    sha256: bytes | None
    from_index: int
    to_index: int
    made_on: str


def reserve(connection: sa.Connection, from_index: int, to_index: int, made_on: str) -> int:
    """The next number, taken. Inside a writing transaction."""
    seq = connection.execute(sa.select(sa.func.coalesce(sa.func.max(BUNDLES.c.seq), 0))).scalar_one() + 1
    connection.execute(
        sa.insert(BUNDLES).values(seq=seq, from_index=from_index, to_index=to_index, made_on=made_on)
    )
    return int(seq)


def finish(connection: sa.Connection, seq: int, sha256: bytes) -> None:
    """The bundle lies on a stick, whole."""
    connection.execute(sa.update(BUNDLES).where(BUNDLES.c.seq == seq).values(sha256=sha256))


def made(connection: sa.Connection, seq: int) -> MadeBundle | None:
    """The bundle of a number."""
    row = connection.execute(sa.select(BUNDLES).where(BUNDLES.c.seq == seq)).first()
    return MadeBundle(row.seq, row.sha256, row.from_index, row.to_index, row.made_on) if row else None


def last_seq(connection: sa.Connection) -> int:
    """The highest number used, or 0."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(BUNDLES.c.seq), 0))).scalar_one())
