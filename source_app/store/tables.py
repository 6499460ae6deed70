"""The tables of the source server: what a seizure of its disk would show, and no more.

No table holds an address, a time of day, or anything per source. `objects` is the log that the
station keeps too: order, size bucket, week and day. `receipt` lets a second press of Send be
recognised; it is made with a secret that exists in memory alone, and goes after two days.

The schema is made by the history in `migrations/source`; a test holds the two together.
"""

from typing import Final

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, MetaData, String, Table

METADATA: Final = MetaData()

INSTALLATION: Final = Table(
    "installation",
    METADATA,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True),
    Column("epoch", LargeBinary(16), nullable=False),
    Column("root", LargeBinary(32)),
    Column("generation", Integer, nullable=False),
    Column("out_epoch", LargeBinary(16)),
    Column("out_seq", Integer),
    Column("out_sha256", LargeBinary(32)),
    Column("out_made_on", String(10)),
    Column("acked_index", Integer, nullable=False),
    Column("acked_made_on", String(10)),
    Column("acked_seq", Integer),
)
"""One row: our log's epoch, the pinned root, the last OUT bundle, how far the station has our log.

`generation` rises with every import, so that workers notice what another process imported.
"""

OBJECTS: Final = Table(
    "objects",
    METADATA,
    Column("log_index", Integer, primary_key=True),
    Column("object_id", LargeBinary(32), nullable=False, unique=True),
    Column("size_bytes", Integer, nullable=False),
    Column("window", Integer, nullable=False),
    Column("received_on", String(10), nullable=False),
    Column("head", LargeBinary(32), nullable=False),
    Column("receipt", LargeBinary(32), unique=True),
    Column("delete_after", String(10)),
    Column("deleted", Integer, nullable=False),
)
"""The log of accepted envelopes. A row stays when its envelope is deleted: the chain needs it."""

Index("objects_by_window", OBJECTS.c.window)
Index("objects_with_receipt", OBJECTS.c.received_on, sqlite_where=OBJECTS.c.receipt.is_not(None))
Index("objects_kept", OBJECTS.c.delete_after, sqlite_where=OBJECTS.c.deleted == 0)

DOCUMENTS: Final = Table(
    "documents",
    METADATA,
    Column("kind", String(16), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""The signed documents in force: descriptor, batch, board; `number` may never fall."""

REPLY_SETS: Final = Table(
    "reply_sets",
    METADATA,
    Column("sha256", LargeBinary(32), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
"""The live sets of reply slots, by hash. Which of them are live, the board says."""

BUNDLES: Final = Table(
    "bundles",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("sha256", LargeBinary(32)),
    Column("from_index", Integer, nullable=False),
    Column("to_index", Integer, nullable=False),
    Column("made_on", String(10), nullable=False),
)
"""The IN bundles that we began; without `sha256` it was not seen to finish."""
