"""Lets envelopes go: some days after the station said, signed, that it holds them.

Rows are marked first, in a transaction; then the files are removed. A crash between the two
leaves files that no kept row names, and the next start sweeps them.
"""

from source_app.store import log
from source_app.store.database import Database
from source_app.store.envelopes import EnvelopeStore


class Retention:
    """The use case of deleting."""

    def __init__(self, database: Database, envelopes: EnvelopeStore) -> None:
        self._database = database
        self._envelopes = envelopes

    def delete_due(self, today: str) -> int:
        """Remove the envelopes whose day has come, and give their number."""
        with self._database.writing() as connection:
            ids = log.mark_deleted(connection, today)
        if ids:
            self._envelopes.remove(ids)
        return len(ids)

    def sweep_broken(self) -> None:
        """Remove what a worker that died had begun to receive. At any time."""
        self._envelopes.sweep_broken()

    def sweep(self) -> None:
        """Remove what a crash left. Only while nothing is being received. Raises `StorageError`."""
        with self._database.reading() as connection:
            kept, let_go = log.kept_ids(connection), log.let_go_ids(connection)
        self._envelopes.sweep(kept, let_go)
