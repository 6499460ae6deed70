"""Whom this server trusts right now: the documents in force, verified, and kept while they last.

What an import stored is verified again when a process loads it, so that a tampered database
speaks with nobody's voice. The gate, the inbox, the key page and the bundles ask here.
"""

from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Connection

from cases.errors import CaseError
from cases.packs import reading
from cases.packs.pack import Pack
from crypto.board import Board, verify_board
from crypto.errors import CryptoError
from crypto.signing import VerifyingKey
from crypto.source_keys import InstanceId, instance_id
from crypto.trust import Descriptor, verify_descriptor
from crypto.windows import IntakeBatch, verify_batch
from source_app.errors import StorageError
from source_app.store.database import Database
from source_app.store.installation import GENERATION, document, generation, installation
from transfer.manifest import DocumentKind
from transfer.publication import Publication, verify_publication


@dataclass(frozen=True)
class Trust:
    """A pinned root and what it puts in force. `confirmed`: the station certified our own key."""

    instance_id: InstanceId
    root: VerifyingKey
    station: VerifyingKey
    confirmed: bool
    descriptor: Descriptor
    batch: IntakeBatch
    board: Board
    out_made_on: str
    publication: Publication | None
    pack: Pack | None
    """The rules that the station published."""
    carried_on: str | None
    """The day of the last bundle of reports that the station says it has."""


class TrustReader:
    """Gives the trust in force; loads it anew when an import has changed it."""

    def __init__(self, database: Database, server_key: VerifyingKey) -> None:
        self._database = database
        self._server_key = server_key
        self._lock = Lock()
        self._loaded: Trust | None = None
        self._generation = -1

    @property
    def server_key(self) -> VerifyingKey:
        """This server's own public key."""
        return self._server_key

    def current(self) -> Trust | None:
        """The trust in force, or None before the first import. Raises `StorageError`."""
        newest = self._database.number(GENERATION)
        with self._lock:
            if newest != self._generation:
                with self._database.reading() as connection:
                    self._loaded = self._load(connection)
                    self._generation = generation(connection)
            return self._loaded

    def current_if_whole(self) -> Trust | None:
        """The same, or None where the database is broken: the page that says so must itself be drawn."""
        try:
            return self.current()
        except StorageError:
            return None

    def _load(self, connection: Connection) -> Trust | None:
        found = installation(connection)
        parts = [
            document(connection, kind)
            for kind in (DocumentKind.DESCRIPTOR, DocumentKind.BATCH, DocumentKind.BOARD)
        ]
        if found.root is None or found.out_made_on is None:
            return None
        descriptor, batch, board = (part.body if part else b"" for part in parts)
        published = document(connection, DocumentKind.PUBLICATION)
        try:
            instance = instance_id(found.root)
            verified = verify_descriptor(found.root, descriptor, instance)
            publication = (
                verify_publication(verified.station, instance, published.body) if published else None
            )
            return Trust(
                instance_id=instance,
                root=found.root,
                station=verified.station,
                confirmed=self._server_key in verified.servers,
                descriptor=verified.descriptor,
                batch=verify_batch(verified.station, instance, batch),
                board=verify_board(verified.station, instance, board),
                out_made_on=found.out_made_on,
                publication=publication,
                pack=published_pack(publication),
                carried_on=found.acked_made_on,
            )
        except (CryptoError, CaseError) as error:
            raise StorageError(
                "The documents in the database are not signed as they were when they were imported. "
                "Restore the data folder from a backup."
            ) from error


def published_pack(publication: Publication | None) -> Pack | None:
    """The rules in a publication, if it has some. Raises `PackError`."""
    if publication is None or publication.pack is None:
        return None
    return reading.load_unjudged(publication.pack)
