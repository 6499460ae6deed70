"""Writes an IN bundle: the sealed envelopes that this stick does not carry yet.

Where it starts: at the end of the highest finished bundle of our own that lies on this stick,
else after what the station acknowledged; so a blank stick gets everything that is still owed,
and a lost stick is mended by the next. What the station did not take of a bundle that it saw was
damaged on this stick, and goes onto it again. Nothing new and a confirmed key: no bundle, but once a
week one without objects. The station needs it to know that nothing of a week is outstanding, before
it destroys that week's key. Before the key is confirmed, one empty bundle tells who we are.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from crypto.signing import SigningSeed, verifying_key
from source_app.clock import Clock, legal_date
from source_app.errors import NotInstalledError
from source_app.services.trust import Trust, TrustReader
from source_app.store import bundles, log
from source_app.store.database import Database
from source_app.store.envelopes import EnvelopeStore
from source_app.store.installation import installation
from transfer.errors import BundleSignatureError, DamagedBundleError
from transfer.manifest import OBJECTS_MAX, BoardShown, Direction
from transfer.medium import Bundle, find_bundles
from transfer.pack import InDraft, PackedBundle, pack_in
from transfer.unpack import verify_in

SPEAK_AGAIN_AFTER: Final = timedelta(days=7)


@dataclass(frozen=True)
class Exported:
    """What an export did. `name` is None when there was nothing to write; `left` waits for the next."""

    name: str | None
    objects: int
    left: int


@dataclass(frozen=True)
class _Plan:
    draft: InDraft
    left: int


class Exporter:
    """The use case of exporting. One at a time: the caller holds the lock of the stick."""

    def __init__(
        self,
        database: Database,
        envelopes: EnvelopeStore,
        trust: TrustReader,
        seed: SigningSeed,
        clock: Clock,
    ) -> None:
        self._database = database
        self._envelopes = envelopes
        self._trust = trust
        self._seed = seed
        self._clock = clock

    def export(self, stick: Path) -> Exported:
        """Write what is new. Raises `NotInstalledError`, `TransferError`."""
        trust = self._trust.current()
        if trust is None:
            raise NotInstalledError(
                "This server does not know its instance yet. Import the first OUT bundle of the station."
            )
        carried = self._carried(stick, trust)
        plan = self._plan(trust, carried)
        if plan is None:
            return Exported(None, 0, 0)
        packed = self._write(stick, plan.draft)
        return Exported(packed.name, len(plan.draft.entries), plan.left)

    def _carried(self, stick: Path, trust: Trust) -> int | None:
        """Up to where our highest bundle on the stick reaches, or None."""
        for bundle in reversed(find_bundles(stick, Direction.IN, skip_damaged=True)):
            end = self._end_of(bundle, trust)
            if end is not None:
                return end
        return None

    def _end_of(self, bundle: Bundle, trust: Trust) -> int | None:
        try:
            manifest = verify_in(bundle, verifying_key(self._seed), trust.instance_id).manifest
        except (BundleSignatureError, DamagedBundleError):
            return None  # of another machine, or damaged: as if it were not there
        with self._database.reading() as connection:
            found = installation(connection)
        if manifest.epoch != found.epoch:
            return None
        if bundle.seq <= found.acked_seq:
            return found.acked_index
        return manifest.from_index + len(manifest.objects)

    def _plan(self, trust: Trust, carried: int | None) -> _Plan | None:
        today = legal_date(self._clock(), trust.descriptor.time_zone)
        with self._database.writing() as connection:
            found = installation(connection)
            start = max(found.acked_index, carried or 0)
            entries = log.entries_after(connection, start, OBJECTS_MAX)
            head = log.head_at(connection, start)
            introduced = trust.confirmed or carried is not None
            if head is None or (not entries and introduced and not _spoke_long_ago(connection, today)):
                return None
            outstanding = Counter(log.count_by_window(connection, found.acked_index))
            outstanding.update(self._envelopes.arriving_by_window())
            end = start + len(entries)
            seq = bundles.reserve(connection, start, end, today.isoformat())
            left = log.position(connection).index - end
        draft = InDraft(
            trust.instance_id,
            found.epoch,
            seq,
            today.isoformat(),
            start,
            head,
            entries,
            dict(outstanding),
            BoardShown(trust.board.epoch, trust.board.seq),
        )
        return _Plan(draft, left)

    def _write(self, stick: Path, draft: InDraft) -> PackedBundle:
        packed = pack_in(stick, self._seed, draft, self._envelopes.open)
        with self._database.writing() as connection:
            bundles.finish(connection, packed.seq, packed.sha256)
        return packed


def _spoke_long_ago(connection: Connection, today: date) -> bool:
    last = bundles.made(connection, bundles.last_seq(connection))
    return last is not None and today - date.fromisoformat(last.made_on) >= SPEAK_AGAIN_AFTER
