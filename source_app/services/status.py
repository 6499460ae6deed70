"""What an administrator sees at a glance: open or closed and why, what waits, how long keys last.

`cleandrop-source status` prints it, as text or JSON. Counts and days, nothing finer, and nothing
of any sender.
"""

from dataclasses import asdict, dataclass
from typing import Any

from source_app.errors import ClosedError, sentence
from source_app.services.gate import IntakeGate
from source_app.services.trust import TrustReader
from source_app.store import bundles, log
from source_app.store.database import Database
from source_app.store.envelopes import EnvelopeStore
from source_app.store.installation import installation


@dataclass(frozen=True)
class Status:
    """The state of the server; counts and days, nothing finer. `closed_because` is empty when open."""

    closed_because: str
    log_index: int
    acked_index: int
    waiting: int
    arriving: int
    last_in_seq: int
    last_out_seq: int
    weeks_left: int
    confirmed: bool

    def as_json(self) -> dict[str, Any]:
        """The same for a machine, with `open` as a plain answer."""
        return {"open": not self.closed_because, **asdict(self)}


def read_status(database: Database, envelopes: EnvelopeStore, trust: TrustReader, gate: IntakeGate) -> Status:
    """The state of this moment."""
    try:
        gate.require_open()
        closed_because = ""
    except ClosedError as error:
        closed_because = sentence(error)
    known = trust.current()
    with database.reading() as connection:
        found = installation(connection)
        end = log.position(connection).index
        last_in = bundles.last_seq(connection)
    return Status(
        closed_because=closed_because,
        log_index=end,
        acked_index=found.acked_index,
        waiting=end - found.acked_index,
        arriving=sum(envelopes.arriving_by_window().values()),
        last_in_seq=last_in,
        last_out_seq=found.last_out.seq if found.last_out else 0,
        weeks_left=gate.weeks_left(),
        confirmed=known is not None and known.confirmed,
    )
