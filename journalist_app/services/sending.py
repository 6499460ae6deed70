"""Export: everything that the world outside may know, as one OUT bundle on a stick.

1 what is said is decided, numbered and committed in one transaction; 2 then it is written;
3 then its hash is kept. A cut between 1 and 3 leaves a bundle that is decided and unwritten:
the next export writes that one, under the same number and with the same bytes, because the
same statement always packs to the same bundle. So no number ever stands for two bundles.

OUT is a full statement, not a difference: descriptor, newest batch, board, live sets, what is
published, and what was received. Where nothing is new there is no new bundle; a stick that lacks the last
one gets it again.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from crypto.board import Board, sign_board, verify_board
from crypto.signing import SigningSeed, verifying_key
from crypto.slots import Epoch
from crypto.source_keys import InstanceId
from journalist_app.clock import Clock, day_of
from journalist_app.services import clock_check, slotting, statements
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import answers, received, sent
from journalist_app.store.tables import OutRow, StationRow
from transfer.errors import TransferError
from transfer.manifest import Direction, DocumentKind
from transfer.medium import Bundle, bundle_name, find_bundles
from transfer.pack import OutDraft, pack_out
from transfer.unpack import verify_out

STATE_AGAIN_AFTER: Final = timedelta(days=7)


@dataclass
class ExportSummary:
    """What an export did."""

    bundles: list[str] = field(default_factory=list)
    again: bool = False
    replies: int = 0
    held_back: int = 0

    @property
    def nothing_new(self) -> bool:
        """Whether nothing was written, because the stick holds all that there is to say."""
        return not self.bundles


class Sending:
    """Exports to sticks."""

    def __init__(self, unlocked: Unlocked, clock: Clock) -> None:
        self._unlocked = unlocked
        self._folders = unlocked.folders
        self._vault = unlocked.vault
        with self._vault.read() as session:
            station = statements.station_row(session)
            self._instance = InstanceId(station.instance_id)
            self._seed = SigningSeed(station.signing_seed)
            self._now = clock()
            self._today = day_of(self._now, station.time_zone)

    def export(self, stick: Path) -> ExportSummary:
        """Write what is new. Raises `ClockQuestionError`, `BusyError` and the errors of `transfer`."""
        with self._folders.only_one():
            clock_check.require(self._unlocked, self._now)
            summary = ExportSummary()
            last = self._last_seq()
            if last is not None and not self._was_written(last):
                self._write(stick, last, summary)
            decided = self._decide(summary)
            if decided is not None:
                self._write(stick, decided, summary)
            elif last is not None and not summary.bundles and self._hash_on(stick, last) is None:
                self._write(stick, last, summary)
                summary.again = True
            return summary

    def _decide(self, summary: ExportSummary) -> int | None:
        """Number and keep the next statement, or None where there is nothing new to say."""
        with self._vault.write() as session:
            statements.keep_descriptor_fresh(session, self._today)
            statements.keep_publication_fresh(session, self._today)
            last = sent.last_out(session)
            station = statements.station_row(session)
            acks = sent.encode_acks(received.acks(session))
            waiting = answers.count_waiting(session)
            differs = last is None or self._differs(session, station, last, acks)
            if not waiting and not differs:
                return None
            seq = 1 if last is None else last.seq + 1
            epoch = Epoch(station.epoch)
            summary.replies = slotting.make_set(
                session, self._instance, epoch, seq, self._today, even_empty=differs
            )
            summary.held_back = waiting - summary.replies
            if not summary.replies and not differs:
                return None
            self._keep(session, station, seq, acks)
            return seq

    def _differs(self, session: Session, station: StationRow, last: OutRow, acks: bytes) -> bool:
        """Whether we would say something else than in the last bundle, or said it a week ago."""
        said = verify_board(verifying_key(self._seed), self._instance, last.board).sets
        live = tuple(sent.as_live_set(row) for row in sent.live_sets(session, self._today.isoformat()))
        old = self._today - date.fromisoformat(last.made_on) >= STATE_AGAIN_AFTER
        same = (last.acks, last.descriptor, last.batch, last.publication, said) == (
            acks,
            station.descriptor,
            station.batch,
            station.publication,
            live,
        )
        return old or not same

    def _keep(self, session: Session, station: StationRow, seq: int, acks: bytes) -> None:
        today = self._today.isoformat()
        sent.forget_expired_sets(session, today)
        live = tuple(sent.as_live_set(row) for row in sent.live_sets(session, today))
        board = Board(self._instance, Epoch(station.epoch), seq, today, live)
        session.add(
            OutRow(
                seq=seq,
                epoch=station.epoch,
                made_on=today,
                sha256=b"",
                acks=acks,
                descriptor=station.descriptor,
                batch=station.batch,
                publication=station.publication,
                board=sign_board(self._seed, board),
            )
        )

    def _write(self, stick: Path, seq: int, summary: ExportSummary) -> None:
        sha256 = self._hash_on(stick, seq) or pack_out(stick, self._seed, self._draft(seq)).sha256
        with self._vault.write() as session:
            session.get_one(OutRow, seq).sha256 = sha256
        summary.bundles.append(bundle_name(Direction.OUT, seq))

    def _hash_on(self, stick: Path, seq: int) -> bytes | None:
        """The hash of our bundle `seq` where it lies finished on the stick.

        Our signature over number and epoch is enough: we sign one statement under a number.
        """
        with self._vault.read() as session:
            epoch = session.get_one(OutRow, seq).epoch
        for bundle in find_bundles(stick, Direction.OUT):
            if bundle.seq == seq:
                return self._hash_if_ours(bundle, epoch)
        return None

    def _hash_if_ours(self, bundle: Bundle, epoch: bytes) -> bytes | None:
        try:
            verified = verify_out(bundle, verifying_key(self._seed), self._instance)
        except TransferError:
            return None
        return verified.sha256 if verified.manifest.epoch == epoch else None

    def _draft(self, seq: int) -> OutDraft:
        with self._vault.read() as session:
            row = session.get_one(OutRow, seq)
            board = verify_board(verifying_key(self._seed), self._instance, row.board)
            documents = [
                (DocumentKind.DESCRIPTOR, row.descriptor),
                (DocumentKind.BATCH, row.batch),
                (DocumentKind.BOARD, row.board),
                *((DocumentKind.SET, sent.set_data(session, live)) for live in board.sets),
            ]
            if row.publication:
                documents.append((DocumentKind.PUBLICATION, row.publication))
            acks = sent.parse_acks(row.acks)
            return OutDraft(self._instance, Epoch(row.epoch), seq, row.made_on, acks, documents)

    def _last_seq(self) -> int | None:
        with self._vault.read() as session:
            last = sent.last_out(session)
            return None if last is None else last.seq

    def _was_written(self, seq: int) -> bool:
        with self._vault.read() as session:
            return session.get_one(OutRow, seq).sha256 != b""
