"""What proves that the objects of a case came, and from which server: signed manifests and certificates.

Questions alone; takes the session of the caller's transaction. A manifest names the objects of other cases
too, by hash, size, week and day: it was signed whole.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from journalist_app.store.case_tables import ParcelRow
from journalist_app.store.tables import InRow, LogRow, ServerRow, StationRow
from transfer.manifest import parse_in


def files(session: Session, case_id: int) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file: for every object the first manifest that lists it, and who signed it."""
    servers: set[bytes] = set()
    for row in _bundles(session, case_id):
        stem = f"in-{row.key_id.hex()[:8]}-{row.epoch.hex()[:8]}-{row.seq}"
        yield f"{stem}.manifest.json", row.manifest
        if row.signature:
            yield f"{stem}.manifest.sig", row.signature
        servers.add(row.key_id)
    for key_id in sorted(servers):
        server = session.get(ServerRow, key_id)
        if server is not None:
            yield f"server-{key_id.hex()[:8]}.certificate", server.certificate
    station = session.get_one(StationRow, 1)
    yield "station.certificate", station.certificate
    yield "root.key", station.root_key.hex().encode() + b"\n"


def _bundles(session: Session, case_id: int) -> Iterator[InRow]:
    mine = select(ParcelRow.object_id).where(ParcelRow.case == case_id)
    logs = select(LogRow.key_id, LogRow.epoch).where(LogRow.object_id.in_(mine)).distinct()
    left = set(session.scalars(mine))
    for key_id, epoch in session.execute(logs).all():
        question = select(InRow).where(InRow.key_id == key_id, InRow.epoch == epoch, InRow.alarm == "")
        for row in session.scalars(question.order_by(InRow.seq).execution_options(yield_per=1)):
            listed = {bytes(found.entry.object_id) for found in parse_in(row.manifest).objects}
            if listed & left:
                left -= listed
                yield row
            if not left:
                return
