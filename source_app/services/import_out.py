"""Reads an OUT bundle: trusts nothing of it before it is verified, and changes all or nothing.

Checks of `Importer.run`: 1 the newest bundle of the stick; 2 its descriptor has a whole chain
from the pinned root (at first contact: from a root whose ten words a person compared); 3 the
station that it names signed the bundle; 4 its place after the last one (new, same, old, fork,
restart); 5 no number falls: descriptor, batch, board, the station's certificate; 6 every live set
of the board is here or stored, with its hash; 7 an acknowledgement of our key names a bundle that
we made and our own head. Then everything is stored in one transaction. An alarm changes nothing.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection

from cases.errors import CaseError
from crypto import sizes, words
from crypto.board import Board, verify_board
from crypto.errors import CryptoError
from crypto.signing import VerifyingKey
from crypto.source_keys import instance_id
from crypto.trust import VerifiedDescriptor, parse_descriptor_unchecked, verify_descriptor
from crypto.windows import verify_batch
from source_app.clock import Clock, legal_date
from source_app.errors import ImportRefusedError, UnknownRootError
from source_app.services.trust import published_pack
from source_app.store import bundles, log
from source_app.store.database import Database
from source_app.store.installation import (
    Installation,
    document,
    installation,
    pin_root,
    raise_generation,
    reply_set,
    set_acked,
    set_document,
    set_last_out,
    set_reply_sets,
)
from transfer.continuity import Position, Verdict, check_ack, judge, missing_seqs
from transfer.errors import ForkError, NoBundleError
from transfer.manifest import Ack, Direction, DocumentKind, OutManifest
from transfer.medium import Bundle, find_bundles
from transfer.publication import verify_publication
from transfer.unpack import VerifiedOut, parse_out_unchecked, read_document, verify_out


@dataclass(frozen=True)
class Imported:
    """What an import did. `verdict` says whether the bundle was new; `missing` numbers never came here."""

    name: str
    verdict: Verdict
    missing: range = range(0)
    acked_index: int = 0
    confirmed: bool = False


@dataclass(frozen=True)
class _Statement:
    """A bundle whose every document was verified."""

    position: Position
    made_on: str
    root: VerifyingKey
    trust: VerifiedDescriptor
    descriptor: tuple[int, bytes]
    batch: tuple[int, bytes]
    board: Board
    board_bytes: bytes
    sets: dict[bytes, bytes]
    ack: Ack | None
    time_zone: str
    publication: tuple[int, bytes] | None


class Importer:
    """The use case of importing. One at a time: the caller holds the lock of the stick."""

    def __init__(self, database: Database, server_key: VerifyingKey, keep_days: int, clock: Clock) -> None:
        self._database = database
        self._server_key = server_key
        self._keep_days = keep_days
        self._clock = clock

    def run(self, stick: Path, accepted_root: str | None = None) -> Imported:
        """Import the newest OUT bundle of a stick.

        `accepted_root`: the ten words that a person compared, at first contact. Raises
        `NoBundleError`, `UnknownRootError`, `ImportRefusedError`, `TransferError`.
        """
        bundle = _newest(stick)  # 1
        with self._database.reading() as connection:
            known = installation(connection)
        try:
            descriptor, descriptor_bytes = _descriptor(bundle, known.root, accepted_root)  # 2
            verified = verify_out(bundle, descriptor.station, descriptor.descriptor.instance_id)  # 3
            verdict = judge(verified.manifest.epoch, bundle.seq, verified.sha256, known.last_out)  # 4
            if verdict is not Verdict.NEW:
                return Imported(bundle.name, verdict)
            statement = _statement(bundle, verified, descriptor, descriptor_bytes, self._server_key)
        except CryptoError as error:
            raise ImportRefusedError(
                f"{bundle.name} has a document that is not signed as it should be, or is damaged. Nothing "
                "was imported. Export again at the station; if this stays, find out who made it."
            ) from error
        self._apply(statement)
        return Imported(
            bundle.name,
            verdict,
            missing_seqs(known.last_out, bundle.seq),
            statement.ack.index if statement.ack else 0,
            self._server_key in descriptor.servers,
        )

    def _apply(self, new: _Statement) -> None:
        today = legal_date(self._clock(), new.time_zone)
        with self._database.writing() as connection:
            known = installation(connection)
            _check_numbers(connection, new)  # 5
            _check_station(connection, new)  # 5
            live = _live_sets(connection, new)  # 6
            self._acknowledge(connection, known, new.ack, today)  # 7
            pin_root(connection, new.root)
            set_document(connection, DocumentKind.DESCRIPTOR, *new.descriptor)
            set_document(connection, DocumentKind.BATCH, *new.batch)
            set_document(connection, DocumentKind.BOARD, new.board.seq, new.board_bytes)
            if new.publication is not None:
                set_document(connection, DocumentKind.PUBLICATION, *new.publication)
            set_reply_sets(connection, live)
            set_last_out(connection, new.position, new.made_on)
            raise_generation(connection)
        self._database.fold()  # the answers of a set that is gone

    def _acknowledge(self, connection: Connection, known: Installation, ack: Ack | None, today: date) -> None:
        if ack is None:
            return
        made = bundles.made(connection, ack.seq)
        # an export that broke off after the stick had it left no hash; its head decides then
        if ack.epoch != known.epoch or made is None or made.sha256 not in (None, ack.sha256):
            raise ForkError(
                f"The station acknowledges a bundle number {ack.seq} that this server never made. Nothing "
                "was imported and nothing deleted. Keep the stick, and find out who made that bundle."
            )
        check_ack(ack, _Heads(connection).at)
        set_acked(connection, ack.index, ack.seq, made.made_on)
        delete_after = (today + timedelta(days=self._keep_days)).isoformat()
        log.schedule_deletion(connection, ack.index, delete_after)


class _Heads:
    """Our log's heads, in the form in which `transfer.continuity` asks for them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def at(self, index: int) -> bytes | None:
        return log.head_at(self._connection, index)


def _newest(stick: Path) -> Bundle:
    found = find_bundles(stick, Direction.OUT)
    if not found:
        raise NoBundleError(
            "There is no OUT bundle on this stick. Export at the station first, or try another stick."
        )
    return found[-1]


def _descriptor(
    bundle: Bundle, root: VerifyingKey | None, accepted_root: str | None
) -> tuple[VerifiedDescriptor, bytes]:
    listed = [d for d in parse_out_unchecked(bundle).documents if d.kind is DocumentKind.DESCRIPTOR]
    if len(listed) != 1:
        raise ImportRefusedError(f"{bundle.name} has no descriptor. Nothing was imported. Export again.")
    data = read_document(bundle, listed[0])
    if root is None:
        root = parse_descriptor_unchecked(data).root
        _check_accepted(root, accepted_root)
    return verify_descriptor(root, data, instance_id(root)), data


def _check_accepted(root: VerifyingKey, accepted: str | None) -> None:
    shown = words.fingerprint(root)
    if accepted is None:
        raise UnknownRootError("Compare these ten words with the trust card of your instance.", shown)
    if tuple(accepted.casefold().split()) != shown:
        raise UnknownRootError(
            "The ten words that you typed are not those of this bundle's root. Nothing was imported. "
            "Compare again with the trust card; if they differ, this stick is not from your station.",
            shown,
        )


def _statement(
    bundle: Bundle,
    verified: VerifiedOut,
    descriptor: VerifiedDescriptor,
    descriptor_bytes: bytes,
    server_key: VerifyingKey,
) -> _Statement:
    manifest = verified.manifest
    instance = descriptor.descriptor.instance_id
    batch_bytes = _one(bundle, manifest, DocumentKind.BATCH)
    board_bytes = _one(bundle, manifest, DocumentKind.BOARD)
    acks = [ack for ack in manifest.acks if ack.key_id == server_key]
    return _Statement(
        position=Position(manifest.epoch, bundle.seq, verified.sha256),
        made_on=manifest.made_on,
        root=descriptor.descriptor.root,
        trust=descriptor,
        descriptor=(descriptor.descriptor.number, descriptor_bytes),
        batch=(verify_batch(descriptor.station, instance, batch_bytes).batch_no, batch_bytes),
        board=verify_board(descriptor.station, instance, board_bytes),
        board_bytes=board_bytes,
        sets={hashlib.sha256(data).digest(): data for data in _read(bundle, manifest, DocumentKind.SET)},
        ack=acks[0] if acks else None,
        time_zone=descriptor.descriptor.time_zone,
        publication=_publication(bundle, manifest, descriptor),
    )


def _publication(
    bundle: Bundle, manifest: OutManifest, descriptor: VerifiedDescriptor
) -> tuple[int, bytes] | None:
    """What the station publishes, if it does: number and bytes, once its rules can be read."""
    found = list(_read(bundle, manifest, DocumentKind.PUBLICATION))
    if not found:
        return None
    if len(found) > 1:
        raise ImportRefusedError(
            f"{bundle.name} carries two publications. Nothing was imported. Export again."
        )
    publication = verify_publication(descriptor.station, descriptor.descriptor.instance_id, found[0])
    try:
        published_pack(publication)
    except CaseError as error:
        raise ImportRefusedError(
            f"{bundle.name} carries a pack of rules that this program cannot read. Nothing was imported. "
            "Bring this server to the version of the station, then import again."
        ) from error
    return publication.number, found[0]


def _read(bundle: Bundle, manifest: OutManifest, kind: DocumentKind) -> Iterator[bytes]:
    return (read_document(bundle, listed) for listed in manifest.documents if listed.kind is kind)


def _one(bundle: Bundle, manifest: OutManifest, kind: DocumentKind) -> bytes:
    found = list(_read(bundle, manifest, kind))
    if len(found) != 1:
        raise ImportRefusedError(
            f"{bundle.name} should carry exactly one {kind.value}. Nothing was imported. Export again."
        )
    return found[0]


def _check_numbers(connection: Connection, new: _Statement) -> None:
    numbers = {
        DocumentKind.DESCRIPTOR: new.descriptor[0],
        DocumentKind.BATCH: new.batch[0],
        DocumentKind.BOARD: new.board.seq,
    }
    if new.publication is not None:
        numbers[DocumentKind.PUBLICATION] = new.publication[0]
    for kind, number in numbers.items():
        held = document(connection, kind)
        if held is not None and number < held.number:
            raise ImportRefusedError(
                f"The {kind.value} in this bundle is number {number}, and number {held.number} is in force. "
                "Nothing was imported. The station may run from an old copy: ask the person at the station."
            )


def _check_station(connection: Connection, new: _Statement) -> None:
    held = document(connection, DocumentKind.DESCRIPTOR)
    if held is None:
        return
    known = verify_descriptor(new.root, held.body)
    replaced = new.trust.station != known.station
    if new.trust.station_serial < known.station_serial + replaced:
        raise ImportRefusedError(
            "This bundle was signed with a station key that has been replaced, or that nobody announced. "
            "Nothing was imported. Keep the stick, and ask the person at the station who made it."
        )


def _live_sets(connection: Connection, new: _Statement) -> dict[bytes, bytes]:
    live = {}
    for listed in new.board.sets:
        data = new.sets.get(listed.sha256) or reply_set(connection, listed.sha256)
        if data is None or len(data) != listed.slots * sizes.SLOT:
            raise ImportRefusedError(
                f"The answers of bundle {listed.seq} are missing or damaged. Nothing was imported. "
                "Export again."
            )
        live[listed.sha256] = data
    return live
