"""A source server in a few lines, for the station's tests: it seals, logs and exports.

Everything that crosses the gap is made with `crypto` and `transfer` alone, so the station
under test meets real envelopes and real bundles. `SampleSource` is somebody who reports and
reads the answers.
"""

import io
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from crypto import canonical, hybrid, signing, slots, trust
from crypto.board import LiveSet, verify_board
from crypto.envelope import EnvelopeWriter, ObjectId
from crypto.parcel import Head, Kind, Origin, ParcelWriter
from crypto.slots import Epoch
from crypto.source_keys import InstanceId, Master, SourceKeys, derive_keys
from crypto.windows import IntakeBatch, verify_batch
from transfer.log import LogEntry, extend, log_start
from transfer.manifest import BoardShown, Direction, DocumentKind
from transfer.medium import find_bundles
from transfer.message import Message, parse_message
from transfer.pack import InDraft, PackedBundle, pack_in
from transfer.publication import Publication, verify_publication
from transfer.unpack import VerifiedOut, parse_out_unchecked, read_document, verify_out

RECEIVED_ON = "2026-11-22"
EPOCH = Epoch(b"e" * 16)


@dataclass(frozen=True)
class SampleSource:
    """Somebody who reports. `number` makes them somebody else."""

    number: int = 1

    @property
    def keys(self) -> SourceKeys:
        """What their codename stands for."""
        return derive_keys(Master(bytes([self.number]) * 32))

    def head(self, instance: InstanceId, window: int) -> Head:
        """The HEAD of their first report."""
        keys = self.keys
        return Head(
            instance_id=instance,
            window=window,
            kind=Kind.REPORT,
            origin=Origin.CLIENT,
            author=keys.author,
            reply_key=keys.reply_key,
            reply_address=keys.reply_address,
            sealed_on=RECEIVED_ON,
            language="en",
        )

    def read(self, instance: InstanceId, statement: "Statement") -> list[Message]:
        """The answers for them in an OUT bundle, oldest set first."""
        keys = self.keys
        parts = [
            slots.open_part(instance, keys, slot)
            for live, data in statement.sets
            for slot in slots.SlotSet(data).find(keys.reply_address, live.epoch, live.seq)
        ]
        return [parse_message(data) for data in slots.join_parts(parts).values()]


@dataclass(frozen=True)
class Statement:
    """An OUT bundle, verified and read as the server does at first contact."""

    verified: VerifiedOut
    descriptor: trust.VerifiedDescriptor
    batch: IntakeBatch
    sets: tuple[tuple[LiveSet, bytes], ...]
    publication: Publication | None = None


def read_out(stick: Path) -> Statement:
    """The newest OUT bundle on a stick, trusted as its own root says."""
    bundle = find_bundles(stick, Direction.OUT)[-1]
    documents: dict[DocumentKind, list[bytes]] = {kind: [] for kind in DocumentKind}
    for item in parse_out_unchecked(bundle).documents:
        documents[item.kind].append(read_document(bundle, item))
    raw = documents[DocumentKind.DESCRIPTOR][0]
    descriptor = trust.verify_descriptor(trust.parse_descriptor_unchecked(raw).root, raw)
    instance = descriptor.descriptor.instance_id
    board = verify_board(descriptor.station, instance, documents[DocumentKind.BOARD][0])
    return Statement(
        verify_out(bundle, descriptor.station, instance),
        descriptor,
        verify_batch(descriptor.station, instance, documents[DocumentKind.BATCH][0]),
        tuple(zip(board.sets, documents[DocumentKind.SET], strict=True)),
        *(
            verify_publication(descriptor.station, instance, data)
            for data in documents[DocumentKind.PUBLICATION] or ()
        ),
    )


@dataclass
class SampleServer:
    """A server that knows one batch of intake keys. Its log is a list."""

    instance: InstanceId
    batch: IntakeBatch
    window: int
    seed: signing.SigningSeed = field(default_factory=signing.generate_seed)
    epoch: Epoch = field(default=EPOCH)
    seq: int = 0
    entries: list[LogEntry] = field(default_factory=list)
    store: dict[ObjectId, bytes] = field(default_factory=dict)
    made_on: str = RECEIVED_ON
    outstanding: dict[int, int] | None = None
    """What the next bundles say; None for everything in the log."""
    board: BoardShown | None = None

    @property
    def key(self) -> signing.VerifyingKey:
        """The key that bundles are signed with."""
        return signing.verifying_key(self.seed)

    def receive(
        self,
        source: SampleSource,
        text: str = "They paid twice.",
        files: tuple[tuple[str, bytes], ...] = (),
        forms: tuple[canonical.Object, ...] = (),
        **head: object,
    ) -> ObjectId:
        """Seal a parcel and log it; `head` changes fields of its HEAD."""
        sealed = io.BytesIO()
        envelope = EnvelopeWriter((self.batch.recipient(self.window),), sealed.write)
        changed = replace(source.head(self.instance, self.window), **head)  # type: ignore[arg-type]
        parcel = ParcelWriter(envelope, changed)
        if text:
            parcel.text(text)
        for form in forms:
            parcel.form(form)
        for name, data in files:
            parcel.begin_file(name, "application/pdf")
            parcel.file_data(data)
            parcel.end_file()
        parcel.finish()
        return self.accept(envelope.finish(), sealed.getvalue())

    def accept(self, object_id: ObjectId, envelope: bytes) -> ObjectId:
        """Log whatever bytes, under the window of this week."""
        self.store[object_id] = envelope
        self.entries.append(LogEntry(object_id, len(envelope), self.window, RECEIVED_ON))
        return object_id

    def head(self, index: int) -> bytes:
        """The log's head after entry `index`."""
        head = log_start(self.epoch)
        for number, entry in enumerate(self.entries[:index], start=1):
            head = extend(head, number, entry)
        return head

    def export(self, stick: Path, from_index: int = 0) -> PackedBundle:
        """The next IN bundle, with all objects after `from_index`."""
        self.seq += 1
        draft = InDraft(
            self.instance,
            self.epoch,
            self.seq,
            self.made_on,
            from_index,
            self.head(from_index),
            self.entries[from_index:],
            self._outstanding(),
            self.board,
        )
        return pack_in(stick, self.seed, draft, self._open)

    def _outstanding(self) -> dict[int, int]:
        if self.outstanding is not None:
            return self.outstanding
        return {self.window: len(self.entries)} if self.entries else {}

    def _open(self, object_id: ObjectId) -> BinaryIO:
        return io.BytesIO(self.store[object_id])


HOSTILE_KEY = hybrid.PublicKey(b"\xff" * 1184 + bytes(32))
"""Of the right length, and nothing can be sealed to it: lattice out of range, curve of low order."""
