"""A sample station in memory: the other side of the gap, for tests of the source server.

It holds a root, a station key and the private keys of its windows; it certifies servers, seals
replies, signs OUT bundles, and opens what a server sealed. It keeps no cases and checks little:
the real station is the officer app.
"""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crypto import envelope, hybrid, parcel, signing, slots, words
from crypto.board import Board, LiveSet, sign_board
from crypto.slots import Epoch
from crypto.source_keys import instance_id
from crypto.trust import Certificate, Descriptor, Role, sign_certificate, sign_descriptor
from crypto.windows import IntakeState, new_state, sign_batch, window_of
from tests.support.sealing import identities
from transfer.log import extend
from transfer.manifest import Ack, Direction, DocumentKind
from transfer.medium import find_bundles
from transfer.message import Message, encode_message
from transfer.pack import OutDraft, PackedBundle, pack_out
from transfer.publication import AgencyKey, Publication, sign_publication
from transfer.unpack import verify_in

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
REPLY_DAYS = 90


@dataclass(frozen=True)
class OpenedParcel:
    """What a server sealed, opened: its records, and the bytes of its files in order."""

    parcel: parcel.Parcel
    files: tuple[bytes, ...]


@dataclass
class SampleStation:
    """A station and its root. Change `today` to let days pass; fields are there to be bent by tests."""

    now: datetime = NOW
    windows: int = 4
    root_seed: signing.SigningSeed = field(default_factory=signing.generate_seed)
    station_seed: signing.SigningSeed = field(default_factory=signing.generate_seed)
    epoch: Epoch = Epoch(b"station epoch..!")  # noqa: RUF009 - bytes do not change
    station_serial: int = 1
    number: int = 1
    seq: int = 0
    oldest_window: int = 0
    time_zone: str = "UTC"
    languages: tuple[str, ...] = ("en",)
    pack: dict[str, bytes] | None = None
    openpgp: AgencyKey | None = None
    publication_number: int | None = None
    """None: that of the bundle."""
    servers: list[signing.VerifyingKey] = field(default_factory=list)
    acks: dict[signing.VerifyingKey, Ack] = field(default_factory=dict)
    live: list[tuple[LiveSet, bytes]] = field(default_factory=list)
    waiting: list[tuple[hybrid.PublicKey, bytes, Message]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root = signing.verifying_key(self.root_seed)
        self.instance_id = instance_id(self.root)
        self.state: IntakeState = new_state(1, window_of(self.now), self.windows)

    @property
    def root_words(self) -> str:
        """The ten words that stand on the trust card."""
        return " ".join(words.fingerprint(self.root))

    @property
    def today(self) -> str:
        """The station's day."""
        return self.now.date().isoformat()

    def renew(self, batch_no: int) -> None:
        """A new batch from this week on."""
        self.state = new_state(batch_no, window_of(self.now), self.windows)

    def certify(self, server: signing.VerifyingKey) -> None:
        """Take a server into the descriptor."""
        self.servers.append(server)
        self.number += 1

    def reply(self, to: parcel.Head, message: Message) -> None:
        """A message that goes into the next OUT bundle."""
        self.waiting.append((to.reply_key, to.reply_address, message))

    def write_out(self, stick: Path) -> PackedBundle:
        """The next OUT bundle, with everything that is in force."""
        self.seq += 1
        self._seal_waiting()
        documents = [
            (DocumentKind.DESCRIPTOR, self.descriptor()),
            (DocumentKind.BATCH, self.batch()),
            (DocumentKind.BOARD, self.board()),
            *((DocumentKind.SET, data) for _, data in self.live),
        ]
        if self.pack is not None or self.openpgp is not None:
            documents.append((DocumentKind.PUBLICATION, self.publication()))
        draft = OutDraft(
            self.instance_id, self.epoch, self.seq, self.today, tuple(self.acks.values()), documents
        )
        return pack_out(stick, self.station_seed, draft)

    def read_in(self, stick: Path, server: signing.VerifyingKey) -> list[OpenedParcel]:
        """Open everything in the newest IN bundle of a server, and acknowledge it in the next OUT."""
        bundle = find_bundles(stick, Direction.IN)[-1]
        verified = verify_in(bundle, server, self.instance_id)
        manifest, head = verified.manifest, verified.manifest.from_head
        opened = []
        for index, wanted in enumerate(manifest.objects, manifest.from_index + 1):
            data = (stick / bundle.name / f"part-{wanted.part:04d}.bin").read_bytes()
            data = data[wanted.offset : wanted.offset + wanted.entry.size_bytes]
            opened.append(self.open(data))
            head = extend(head, index, wanted.entry)
        end = manifest.from_index + len(manifest.objects)
        self.acks[server] = Ack(server, manifest.epoch, manifest.seq, verified.sha256, end, head)
        return opened

    def open(self, data: bytes) -> OpenedParcel:
        """An envelope with one of this station's keys."""
        header = envelope.parse_intake_header(data)
        seeds = tuple(seed for _, seed in self.state.seeds())
        file_key = envelope.unwrap_file_key(header, identities(*seeds))
        stream = envelope.open_payload(file_key, _ReadAt(data).read, len(data))
        scanned = parcel.scan_parcel(stream)
        return OpenedParcel(scanned, tuple(b"".join(parcel.read_file(stream, e)) for e in scanned.files))

    def descriptor(self) -> bytes:
        """The descriptor, signed."""
        key = signing.verifying_key(self.station_seed)
        station = self._certificate(self.root_seed, Role.STATION, key, self.station_serial)
        servers = (
            self._certificate(self.station_seed, Role.SERVER, key, n) for n, key in enumerate(self.servers, 1)
        )
        return sign_descriptor(
            self.station_seed,
            Descriptor(
                self.instance_id,
                self.number,
                self.today,
                self.root,
                (station, *servers),
                self.state.batch_no,
                self.oldest_window,
                self.time_zone,
                self.languages,
            ),
        )

    def publication(self) -> bytes:
        """What is published, signed."""
        number = self.seq if self.publication_number is None else self.publication_number
        return sign_publication(
            self.station_seed,
            Publication(self.instance_id, number, self.today, self.pack, self.openpgp),
        )

    def batch(self) -> bytes:
        """The batch of intake keys, signed."""
        return sign_batch(self.station_seed, self.instance_id, self.state, self.now.date())

    def board(self) -> bytes:
        """The board of live sets, signed."""
        sets = tuple(live for live, _ in self.live)
        return sign_board(self.station_seed, Board(self.instance_id, self.epoch, self.seq, self.today, sets))

    def add_set(self, real: Iterable[bytes]) -> None:
        """A live set of these slots, first carried by the bundle that is being made."""
        data = slots.build_set(self.instance_id, list(real))
        expires_on = (self.now + timedelta(days=REPLY_DAYS)).date().isoformat()
        count = len(data) // 4096
        digest = hashlib.sha256(data).digest()
        self.live.append((LiveSet(self.epoch, self.seq, count, digest, expires_on), data))

    def _seal_waiting(self) -> None:
        if not self.waiting:
            return
        sealed: list[bytes] = []
        used: dict[bytes, int] = {}
        for reply_key, reply_address, message in self.waiting:
            for part in slots.split_message(encode_message(message)):
                k = used.get(reply_address, 0)
                used[reply_address] = k + 1
                where = slots.address(reply_address, self.epoch, self.seq, k)
                sealed.append(slots.seal_part(self.instance_id, reply_key, where, part))
        self.waiting.clear()
        self.add_set(sealed)

    def _certificate(
        self, issuer: signing.SigningSeed, role: Role, key: signing.VerifyingKey, serial: int
    ) -> bytes:
        return sign_certificate(issuer, Certificate(self.instance_id, role, key, serial, self.today))


class _ReadAt:
    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    def read(self, offset: int, size: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(size)
