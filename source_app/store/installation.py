"""What this installation is and whom it trusts: the one row, the documents in force, reply sets.

Statements here store what a service has verified; nothing here verifies. Each statement that
changes trust is followed by `raise_generation` in the same transaction.
"""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from crypto.signing import VerifyingKey
from crypto.slots import Epoch
from source_app.store.tables import DOCUMENTS, INSTALLATION, REPLY_SETS
from transfer.continuity import Position
from transfer.manifest import DocumentKind

GENERATION: Final = "SELECT generation FROM installation"
"""For `Database.number`."""


@dataclass(frozen=True)
class Installation:
    """The one row. `acked_*`: up to where the station holds our log, and day and number of the IN
    bundle that it saw last."""

    epoch: Epoch
    root: VerifyingKey | None
    generation: int
    last_out: Position | None
    out_made_on: str | None
    acked_index: int
    acked_made_on: str | None
    acked_seq: int


@dataclass(frozen=True)
class StoredDocument:
    """A signed document in force, and the number that may never fall."""

    number: int
    body: bytes


def installation(connection: sa.Connection) -> Installation:
    """The one row."""
    row = connection.execute(sa.select(INSTALLATION)).one()
    last_out = None
    if row.out_seq is not None:
        last_out = Position(Epoch(row.out_epoch), row.out_seq, row.out_sha256)
    return Installation(
        Epoch(row.epoch),
        None if row.root is None else VerifyingKey(row.root),
        row.generation,
        last_out,
        row.out_made_on,
        row.acked_index,
        row.acked_made_on,
        row.acked_seq or 0,
    )


def generation(connection: sa.Connection) -> int:
    """A number that rises with every import."""
    return int(connection.exec_driver_sql(GENERATION).scalar_one())


def raise_generation(connection: sa.Connection) -> None:
    """Let every worker load trust anew."""
    connection.execute(sa.update(INSTALLATION).values(generation=INSTALLATION.c.generation + 1))


def pin_root(connection: sa.Connection, root: VerifyingKey) -> None:
    """Trust this root from now on."""
    connection.execute(sa.update(INSTALLATION).values(root=root))


def set_last_out(connection: sa.Connection, last: Position, made_on: str) -> None:
    """The OUT bundle that was accepted last."""
    connection.execute(
        sa.update(INSTALLATION).values(
            out_epoch=last.epoch, out_seq=last.seq, out_sha256=last.sha256, out_made_on=made_on
        )
    )


def set_acked(connection: sa.Connection, index: int, seq: int, made_on: str | None) -> None:
    """The station holds our log up to `index`; it says so of bundle `seq`, made on `made_on`."""
    connection.execute(
        sa.update(INSTALLATION)
        .where(INSTALLATION.c.acked_index <= index)
        .values(acked_index=index, acked_seq=seq, acked_made_on=made_on)
    )


def document(connection: sa.Connection, kind: DocumentKind) -> StoredDocument | None:
    """The document of a kind that is in force."""
    row = connection.execute(sa.select(DOCUMENTS).where(DOCUMENTS.c.kind == kind.value)).first()
    return StoredDocument(row.number, row.body) if row else None


def set_document(connection: sa.Connection, kind: DocumentKind, number: int, body: bytes) -> None:
    """Put a document in force in place of the one before."""
    connection.execute(sa.delete(DOCUMENTS).where(DOCUMENTS.c.kind == kind.value))
    connection.execute(sa.insert(DOCUMENTS).values(kind=kind.value, number=number, body=body))


def reply_set(connection: sa.Connection, sha256: bytes) -> bytes | None:
    """The slots of a live set."""
    return connection.execute(sa.select(REPLY_SETS.c.body).where(REPLY_SETS.c.sha256 == sha256)).scalar()


def set_reply_sets(connection: sa.Connection, live: dict[bytes, bytes]) -> None:
    """Keep exactly these sets, by hash."""
    held = set(connection.execute(sa.select(REPLY_SETS.c.sha256)).scalars())
    gone = held - live.keys()
    connection.execute(sa.delete(REPLY_SETS).where(REPLY_SETS.c.sha256.in_(gone)))
    for sha256, body in live.items():
        if sha256 not in held:
            connection.execute(sa.insert(REPLY_SETS).values(sha256=sha256, body=body))
