"""How deletions stand, and finishing what is left: envelopes on the disk, deletions that are complete.

Rows go first, in one transaction with the word that they are deleted; then the envelopes. A cut between the
two leaves envelopes that no row opens any longer: the next sign-in or import removes them. So there is never
a row without its envelope. Gathers what `deletion_rules` judges.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final

from sqlalchemy.orm import Session

from crypto.envelope import ObjectId
from crypto.windows import window_start
from journalist_app.clock import day_of
from journalist_app.errors import DiskError
from journalist_app.services import statements
from journalist_app.services.deletion_rules import Facts, ServerWord, Still, still_open
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import deletion_facts, deletions, received, sent, vault_keys
from journalist_app.store.deletion_tables import DeletionRow
from journalist_app.store.tables import ServerRow
from transfer.manifest import parse_in

REKEY_EVERY: Final = timedelta(days=30)


@dataclass(frozen=True)
class Deleted:
    """A deletion as the page lists it. `shown_until`: when the last answer leaves the board."""

    number: int
    deleted_on: date
    officer: str
    second: str
    shown_until: date | None
    completed_on: date | None
    still: tuple[Still, ...]


def tidy(unlocked: Unlocked, now: datetime) -> None:
    """Remove envelopes that a cut left, and close the deletions that are complete. Nobody else may be
    changing envelopes. Raises `DiskError`."""
    with unlocked.vault.read() as session:
        if not deletions.incomplete(session):
            return
        left = [ObjectId(each) for each in deletions.objects_left(session)]
    try:
        unlocked.folders.remove_envelopes(left)
    except OSError as error:
        raise DiskError from error
    if unlocked.vault.empty_log():
        with unlocked.vault.write() as session:
            close_complete(unlocked, session, now)


def close_complete(unlocked: Unlocked, session: Session, now: datetime) -> None:
    """Keep of each deletion of which nothing is open that it is complete."""
    today = day_of(now, statements.station_row(session).time_zone).isoformat()
    world = World(session)
    for row in deletions.incomplete(session):
        left = [unlocked.folders.envelope(ObjectId(each)) for each in deletions.objects_left(session, row.id)]
        if not world.still(row) and not any(path.exists() for path in left):
            deletions.complete(session, row, today)


def deleted_cases(session: Session, officer_id: str) -> tuple[Deleted, ...]:
    """Every deletion that an officer may know of."""
    world = World(session)
    zone = statements.station_row(session).time_zone
    return tuple(
        Deleted(
            row.case_number,
            day_of(datetime.fromisoformat(row.deleted_at), zone),
            row.officer,
            row.second,
            None if row.shown_until is None else date.fromisoformat(row.shown_until),
            None if row.completed_on is None else date.fromisoformat(row.completed_on),
            () if row.completed_on is not None else world.still(row),
        )
        for row in deletions.known_to(session, officer_id)
    )


def wait_for_key(session: Session, today: date) -> int:
    """How many deletions wait for another key of the vault, where it has had its own for a month."""
    since = statements.station_row(session).key_since
    if since and today - date.fromisoformat(since) < REKEY_EVERY:
        return 0
    key_no = vault_keys.number(session)
    return sum(row.key_no == key_no for row in deletions.incomplete(session))


class World:
    """What the conditions ask of the vault, read once for all deletions."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._station = statements.station_row(session)
        self._key_no = vault_keys.number(session)

    def still(self, row: DeletionRow) -> tuple[Still, ...]:
        """What is open of a deletion that was not found complete before."""
        window, key_no = row.newest_window, row.key_no
        if window is None or key_no is None:
            return ()
        deleted_at = datetime.fromisoformat(row.deleted_at)
        facts = Facts(
            (window_start(window + 1) - timedelta(days=1)).date(),
            window >= self._station.oldest_window,
            deletion_facts.copies_that_open(self._session, window),
            tuple(word for server in self._servers if (word := self._word(row, server)) is not None),
            self._key_no > key_no,
            deletion_facts.keeps_key(self._session, key_no),
            sum(made_at <= deleted_at for made_at in self._backups),
        )
        return still_open(facts)

    def _word(self, row: DeletionRow, server: ServerRow) -> ServerWord | None:
        number = deletion_facts.last_number(self._session, row.id, server)
        if number is None:
            return None
        spoke_on = min(date.fromisoformat(server.made_on), date.fromisoformat(server.imported_on))
        for seq, made_on, acks in self._outs:
            if acks.get((server.key_id, server.epoch), 0) >= number:
                heard_on = self._heard_on(server, seq, made_on)
                return ServerWord(told=True, heard_on=heard_on, spoke_on=spoke_on)
        return ServerWord(told=False, heard_on=None, spoke_on=spoke_on)

    def _heard_on(self, server: ServerRow, seq: int, made_on: str) -> date | None:
        """The day on which a server first says that it shows the board of an OUT bundle, or a later one."""
        if server.board_epoch != self._station.epoch or server.board_seq < seq:
            return None
        for data in deletion_facts.manifests_in(self._session, server, made_on):
            manifest = parse_in(data)
            board = manifest.board
            if board is not None and board.epoch == self._station.epoch and board.seq >= seq:
                return date.fromisoformat(manifest.made_on)
        return date.fromisoformat(server.made_on)

    @cached_property
    def _servers(self) -> tuple[ServerRow, ...]:
        return tuple(row for row in received.servers(self._session) if row.seq)

    @cached_property
    def _outs(self) -> list[tuple[int, str, dict[tuple[bytes, bytes], int]]]:
        return [
            (
                seq,
                made_on,
                {(bytes(ack.key_id), bytes(ack.epoch)): ack.index for ack in sent.parse_acks(acks)},
            )
            for seq, made_on, acks in deletion_facts.bundles_out(self._session, self._station.epoch)
        ]

    @cached_property
    def _backups(self) -> list[datetime]:
        return [datetime.fromisoformat(made_at) for made_at in deletion_facts.backups_made(self._session)]
