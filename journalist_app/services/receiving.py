"""Import: from a stick into the vault, in the order of the server's log.

For each bundle: 1 the signature of an accepted server, or first contact; 2 its place in the
order; 3 it joins on to our log, and no entry that we have differs; 4 its log entries and its
number are kept in one transaction, before any object, so that a cut resumes; 5 each object is
copied once while it is hashed, only our copy is opened, and one transaction keeps the result of a batch.

An object that does not open is quarantined, a damaged copy is named and left for the next
bundle; neither stops the others. Used by the page and the command line alike.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self, TypeAlias

from sqlalchemy.orm import Session

from crypto import sizes, words
from crypto.age.keys import HybridIdentity
from crypto.envelope import ObjectId
from crypto.signing import Signed, VerifyingKey
from crypto.slots import Epoch
from crypto.source_keys import InstanceId
from journalist_app.clock import Clock, day_of
from journalist_app.errors import DiskError, RefusedObjectError, ServerWordsError, UnknownServerError
from journalist_app.services import admitting, clock_check, key_files, statements
from journalist_app.services.admitting import Admitted
from journalist_app.services.deletion_standing import tidy
from journalist_app.services.opening import Keys, Opened, open_envelope
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import received
from transfer.continuity import Position, Verdict, check_joins, judge, missing_seqs, spoken_seqs
from transfer.errors import DamagedObjectError, ForkError, NoBundleError
from transfer.log import extend
from transfer.manifest import Direction, InManifest, InObject
from transfer.medium import Bundle, find_bundles
from transfer.unpack import VerifiedIn, copy_object, parse_in_unchecked, verify_in

BATCH_OBJECTS: Final = 200
BATCH_BYTES: Final = 16 * sizes.MIB
"""Of envelopes. What was opened waits in memory until it is kept, and a power cut repeats a batch at most."""
SMALL_BYTES: Final = 1 * sizes.MIB
"""An envelope up to this size is imported before larger ones."""
_Batch: TypeAlias = list[tuple[int, InObject]]


@dataclass
class ImportSummary:
    """What an import did, in counts and plain sentences."""

    bundles: list[str] = field(default_factory=list)
    old_bundles: list[str] = field(default_factory=list)
    missing_seqs: list[range] = field(default_factory=list)
    reports: int = 0
    messages: int = 0
    already_here: int = 0
    accepted_server: bool = False
    quarantined: list[tuple[str, str]] = field(default_factory=list)
    damaged_copies: dict[ObjectId, str] = field(default_factory=dict)
    flagged: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """The numbers of bundles that were made and never came here."""
        return [spoken_seqs(seqs) for seqs in self.missing_seqs]

    @property
    def damaged(self) -> list[str]:
        """What is said of each object of which no bundle on the stick has a whole copy."""
        return list(self.damaged_copies.values())

    @property
    def nothing_new(self) -> bool:
        """Whether the stick held no bundle that was not here."""
        return not (self.bundles or self.damaged or self.accepted_server)


class Receiving:
    """Imports from sticks."""

    def __init__(self, unlocked: Unlocked, clock: Clock) -> None:
        self._unlocked = unlocked
        self._folders = unlocked.folders
        self._vault = unlocked.vault
        with self._vault.read() as session:
            station = statements.station_row(session)
            self._instance = InstanceId(station.instance_id)
            self._now = clock()
            self._today = day_of(self._now, station.time_zone)

    def import_stick(self, stick: Path, *, accepted_key: str = "", accepted_words: str = "") -> ImportSummary:
        """Import every bundle on a stick that is new here.

        `accepted_key` (hex) or `accepted_words` is what a person compared, at first contact.
        Raises `UnknownServerError`, `ServerWordsError`, `StateFileError`, `ClockQuestionError`, `BusyError`,
        `DiskError` and the errors of `transfer`; what was imported before one of them is kept.
        """
        with self._folders.only_one():
            bundles = find_bundles(stick, Direction.IN)
            if not bundles:
                raise NoBundleError(
                    "There is no bundle from the server on this stick. Export on the server first, "
                    "or try another stick."
                )
            clock_check.require(self._unlocked, self._now)
            keys = self._keys()
            self._folders.clear_incoming()
            summary = ImportSummary()
            for bundle in bundles:
                accepted = _Acceptance(accepted_key, " ".join(accepted_words.lower().split()))
                self._import_bundle(bundle, accepted, keys, summary)
            tidy(self._unlocked, self._now)
            return summary

    def _keys(self) -> Keys:
        file = key_files.require_whole(self._unlocked)
        with self._vault.read() as session:
            oldest = statements.station_row(session).oldest_window
        # An older key file, or one from before a cut, still has keys that were destroyed: never used again.
        pairs = (pair for state in file.states for pair in state.seeds())
        live = ((window, HybridIdentity(seed)) for window, seed in pairs if window >= oldest)
        return Keys(tuple(live), oldest)

    def _import_bundle(
        self,
        bundle: Bundle,
        accepted: "_Acceptance",
        keys: Keys,
        summary: ImportSummary,
    ) -> None:
        verified = self._verify(bundle, accepted, summary)  # 1
        manifest = verified.manifest
        try:
            with self._vault.read() as session:
                last = _position(session, manifest.key_id)
                verdict = judge(manifest.epoch, manifest.seq, verified.sha256, last)  # 2
                if verdict is Verdict.OLD:
                    summary.old_bundles.append(bundle.name)
                    return
                heads = _heads(session, manifest)  # 3
        except ForkError as error:
            with self._vault.write() as session:
                self._note(session, bundle, verified, str(error))
            raise
        if verdict is Verdict.NEW:
            if missing := missing_seqs(last, manifest.seq):
                summary.missing_seqs.append(missing)
            summary.bundles.append(bundle.name)
            with self._vault.write() as session:
                self._keep_place(session, bundle, verified, heads)  # 4
        for batch in _batches(manifest):
            self._import_batch(bundle, manifest, batch, keys, summary)  # 5

    def _verify(self, bundle: Bundle, accepted: "_Acceptance", summary: ImportSummary) -> VerifiedIn:
        key = parse_in_unchecked(bundle).key_id
        with self._vault.read() as session:
            known = received.server(session, key) is not None
        verified = verify_in(bundle, key, self._instance)
        if not known:
            accepted.check(key)
            with self._vault.write() as session:
                statements.accept_server(session, key, self._today)
            summary.accepted_server = True
        return verified

    def _keep_place(self, session: Session, bundle: Bundle, verified: VerifiedIn, heads: list[bytes]) -> None:
        manifest = verified.manifest
        server = received.server(session, manifest.key_id)
        if server is None:
            raise UnknownServerError(manifest.key_id.hex(), words.fingerprint(manifest.key_id))
        server.epoch, server.seq, server.sha256 = manifest.epoch, manifest.seq, verified.sha256
        server.made_on, server.imported_on = manifest.made_on, self._today.isoformat()
        if manifest.board is not None:
            server.board_epoch, server.board_seq = manifest.board.epoch, manifest.board.seq
        known = received.heads(session, manifest)
        for number, (found, head) in enumerate(
            zip(manifest.objects, heads, strict=True), manifest.from_index + 1
        ):
            if number not in known:
                received.add_log(session, manifest, number, found.entry, head)
        self._note(session, bundle, verified, "")

    def _note(self, session: Session, bundle: Bundle, verified: VerifiedIn, alarm: str) -> None:
        today = self._today.isoformat()
        signed = Signed(bundle.manifest, bundle.signature)
        received.note_bundle(session, verified.manifest, verified.sha256, signed, today, alarm)

    def _import_batch(
        self, bundle: Bundle, manifest: InManifest, batch: _Batch, keys: Keys, summary: ImportSummary
    ) -> None:
        with self._vault.read() as session:
            ids = [found.entry.object_id for _, found in batch]
            here = received.held_numbers(session, manifest, batch[0][0], batch[-1][0])
            known = received.known_objects(session, ids)
        arrived, again = [], []
        for number, found in batch:
            if number in here or found.entry.object_id in known:
                again.append(number)
            elif (one := self._arrive(bundle, number, found, keys, summary)) is not None:
                arrived.append(one)
                known.add(found.entry.object_id)
        self._folders.keep_envelopes([one.found.entry.object_id for one in arrived])
        with self._vault.write() as session:
            kept = self._keep(session, arrived)
            received.mark_held(session, manifest, [*again, *(one.number for one in arrived)])
        summary.already_here += len(again)
        for done in kept:
            done.tell(summary)

    def _arrive(
        self, bundle: Bundle, number: int, found: InObject, keys: Keys, summary: ImportSummary
    ) -> "_Arrived | None":
        """Copy an object and open our copy; None where the stick has no whole one."""
        object_id = found.entry.object_id
        try:
            self._copy(bundle, found)
        except DamagedObjectError as error:
            summary.damaged_copies[object_id] = str(error)
            return None
        summary.damaged_copies.pop(object_id, None)
        try:
            opened = open_envelope(
                self._folders.arriving(object_id), found.entry.window, keys, self._instance
            )
        except RefusedObjectError as refused:
            return _Arrived(number, found, None, str(refused))
        return _Arrived(number, found, opened, "")

    def _keep(self, session: Session, arrived: Sequence["_Arrived"]) -> list["_Kept"]:
        parcels = [(one.found, one.opened) for one in arrived if one.opened is not None]
        admitted = iter(admitting.admit(session, parcels, self._today))
        kept = [_Kept.of(one, None if one.opened is None else next(admitted)) for one in arrived]
        for each in kept:
            if each.admitted is None:
                received.quarantine(session, each.one.found, each.refusal, self._today.isoformat())
        return kept

    def _copy(self, bundle: Bundle, found: InObject) -> None:
        path = self._folders.arriving(found.entry.object_id)
        try:
            with path.open("xb") as file:
                copy_object(bundle, found, file.write)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise DiskError from error
        except DamagedObjectError:
            path.unlink()
            raise


@dataclass(frozen=True)
class _Arrived:
    """An object of which our own disk has a whole copy: opened, or the reason why not."""

    number: int
    found: InObject
    opened: Opened | None
    refusal: str


@dataclass(frozen=True)
class _Kept:
    """What became of it."""

    one: _Arrived
    admitted: Admitted | None
    refusal: str

    @classmethod
    def of(cls, one: _Arrived, outcome: Admitted | RefusedObjectError | None) -> Self:
        """What became of an object; no outcome for one that did not open."""
        if isinstance(outcome, Admitted):
            return cls(one, outcome, "")
        return cls(one, None, str(outcome) if outcome else one.refusal)

    def tell(self, summary: ImportSummary) -> None:
        """Count it, now that it is kept."""
        entry, opened = self.one.found.entry, self.one.opened
        if self.admitted is None or opened is None:
            summary.quarantined.append((entry.object_id.hex()[:16], self.refusal))
            return
        summary.reports += self.admitted.opens_case
        summary.messages += not self.admitted.opens_case
        if opened.parcel.head.window != entry.window:
            summary.flagged.append(
                f"{entry.object_id.hex()[:16]} was sealed in week {opened.parcel.head.window} "
                f"and labelled {entry.window}. It was opened all the same."
            )


def _batches(manifest: InManifest) -> Iterator[_Batch]:
    """The objects with their numbers: a few at a time, for one transaction each.

    In the order of the log, the small ones first: what is read soonest does not wait for a large file.
    """
    numbered = list(enumerate(manifest.objects, start=manifest.from_index + 1))
    yield from _in_batches(row for row in numbered if row[1].entry.size_bytes <= SMALL_BYTES)
    yield from _in_batches(row for row in numbered if row[1].entry.size_bytes > SMALL_BYTES)


def _in_batches(rows: Iterable[tuple[int, InObject]]) -> Iterator[_Batch]:
    batch: _Batch = []
    size_bytes = 0
    for number, found in rows:
        if batch and (len(batch) == BATCH_OBJECTS or size_bytes + found.entry.size_bytes > BATCH_BYTES):
            yield batch
            batch, size_bytes = [], 0
        batch.append((number, found))
        size_bytes += found.entry.size_bytes
    if batch:
        yield batch


@dataclass(frozen=True)
class _Acceptance:
    """What a person said about an unknown server's key."""

    key_hex: str
    words: str

    def check(self, key: VerifyingKey) -> None:
        """Raises `UnknownServerError` when nothing was said, `ServerWordsError` when other words."""
        shown = words.fingerprint(key)
        if self.words and self.words != " ".join(shown):
            raise ServerWordsError
        if self.key_hex != key.hex() and not self.words:
            raise UnknownServerError(key.hex(), shown)


def _position(session: Session, key: VerifyingKey) -> Position | None:
    server = received.server(session, key)
    if server is None or not server.seq:
        return None
    return Position(Epoch(server.epoch), server.seq, server.sha256)


def _heads(session: Session, manifest: InManifest) -> list[bytes]:
    """The log's head after each object of a bundle, compared with what we have already."""
    known = received.heads(session, manifest)
    check_joins(manifest, known.get)
    heads = []
    head = manifest.from_head
    for number, found in enumerate(manifest.objects, start=manifest.from_index + 1):
        head = extend(head, number, found.entry)
        if known.get(number) not in (None, head):
            raise ForkError(
                f"Bundle {manifest.seq} tells another story about object {number} than an earlier bundle. "
                "Nothing was imported. Keep the stick, and find out which machine made it."
            )
        heads.append(head)
    return heads
