"""Destroys the keys of weeks that are over: an officer's step, never a timer (protocol 1, section 5).

Order of a destruction, so that a power cut leaves what is true and can be gone on from: 1 the
facts are gathered and judged; 2 the decision is kept, the oldest window raised and a new descriptor
issued, in one transaction; 3 the key file is rewritten without the keys and read back; 4 the vault
notes that they are gone. A cut after 2 leaves keys that nobody seals to any longer and a decision
that says so: `finish` goes on at 3, and so does the next destruction.

`window_rules` holds the rule, `key_files` the file; this gathers and acts.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from crypto.windows import window_start
from journalist_app.clock import Clock, day_of, day_start
from journalist_app.errors import DestructionError
from journalist_app.services import clock_check, key_files, statements
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.services.window_rules import Facts, Wanted, WindowLine, Word, window_lines
from journalist_app.store import keys
from journalist_app.store.tables import DestructionRow, InRow
from transfer.manifest import parse_in

ALL_MET = "All conditions were met."


@dataclass(frozen=True)
class Destroyed:
    """A decision as the page lists it. `finished`: the key stick was seen to hold the keys no more."""

    first_day: date
    last_day: date
    decided_on: date
    officer: str
    second: str
    lost: int
    why: str
    finished: bool


class Destroying:
    """Destroys the keys of weeks that are over."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock) -> None:
        self._unlocked = unlocked
        self._vault = unlocked.vault
        self._officer = officer
        self._clock = clock

    def lines(self) -> tuple[WindowLine, ...]:
        """Every week that is over and whose key still exists, oldest first."""
        with self._vault.read() as session:
            return window_lines(gather(session, self._clock()))

    def line(self, through: int) -> WindowLine:
        """One of them. Raises `DestructionError`."""
        found = [line for line in self.lines() if line.window == through]
        if not found:
            raise DestructionError
        return found[0]

    def on_the_way(self) -> int:
        """How many objects the servers' newest bundles speak of that they did not bring, of all weeks."""
        with self._vault.read() as session:
            servers = gather(session, self._clock()).servers
        return sum(sum(word.not_here.values()) for word in servers)

    def history(self) -> tuple[Destroyed, ...]:
        """What was destroyed, newest first."""
        with self._vault.read() as session:
            return tuple(_destroyed(row) for row in keys.destructions(session))

    def destroy(self, through: int, *, named_lost: int = 0, second: Officer | None = None) -> WindowLine:
        """Destroy the key of week `through` and of all before it.

        Where conditions are not met: `second` is another officer who agreed, `named_lost` the number
        of lost reports that both were told. Raises `DestructionError`, `ClockQuestionError`,
        `StateFileError` (nothing was decided then), `BusyError`.
        """
        now = self._clock()
        with self._unlocked.folders.only_one():
            clock_check.require(self._unlocked, now)
            line = self.line(through)
            self._judge(line, named_lost, second)  # 1
            self._unlocked.key_file()
            with self._vault.write() as session:
                self._decide(session, line, second, now)  # 2
            key_files.settle(self._unlocked, now)  # 3, 4
        return line

    def finish(self) -> None:
        """Go on with what was cut off, or bring an older key file up to date. Raises `StateFileError`,
        `BusyError`."""
        with self._unlocked.folders.only_one():
            key_files.settle(self._unlocked, self._clock())

    def _judge(self, line: WindowLine, named_lost: int, second: Officer | None) -> None:
        if line.ready:
            return
        if not line.forcible:
            raise DestructionError
        if second is None or second.officer_id == self._officer.officer_id:
            raise DestructionError("It takes two officers: somebody else has to sign in here.")
        if named_lost != line.lost:
            raise DestructionError(
                "What would be lost has changed in the meantime. Nothing was destroyed: read the page again."
            )

    def _decide(self, session: Session, line: WindowLine, second: Officer | None, now: datetime) -> None:
        station = statements.station_row(session)
        session.add(
            DestructionRow(
                first_window=station.oldest_window,
                last_window=line.window,
                decided_at=now.isoformat(),
                officer=self._officer.name,
                second="" if line.ready or second is None else second.name,
                lost=0 if line.ready else line.lost,
                why=_why(line),
                finished_at=None,
            )
        )
        station.oldest_window = line.window + 1
        statements.issue_descriptor(session, day_of(now, station.time_zone))


def gather(session: Session, now: datetime) -> Facts:
    """What the rule asks, as the vault knows it."""
    station = statements.station_row(session)
    return Facts(
        now,
        station.oldest_window,
        station.last_window,
        tuple(_word(session, bundle, station.time_zone) for bundle in keys.newest_bundles(session)),
        keys.missing_by_window(session),
        keys.parcels_after_by_window(session, keys.backed_up_to(session)),
        keys.quarantined_by_window(session),
    )


def _word(session: Session, bundle: InRow | None, time_zone: str) -> Word:
    if bundle is None:
        return Word(None, {})
    manifest = parse_in(bundle.manifest)
    # A server may write any day; but none that came here speaks of days after it came.
    day = min(date.fromisoformat(manifest.made_on), date.fromisoformat(bundle.imported_on))
    made_at = day_start(day, time_zone)
    return Word(made_at, manifest.outstanding, keys.held_by_window(session, manifest))


def _why(line: WindowLine) -> str:
    if line.ready:
        return ALL_MET
    said = {
        Wanted.HEARD: "the server had not been heard of late enough",
        Wanted.NONE_OUTSTANDING: f"{line.outstanding} outstanding on the server",
        Wanted.HELD: f"{line.missing} named in its log and not here",
        Wanted.BACKED_UP: f"{line.not_backed_up} in no verified backup",
    }
    return "Not met: " + "; ".join(said[wanted] for wanted in Wanted if wanted in line.unmet) + "."


def _destroyed(row: DestructionRow) -> Destroyed:
    return Destroyed(
        window_start(row.first_window).date(),
        (window_start(row.last_window + 1) - timedelta(days=1)).date(),
        datetime.fromisoformat(row.decided_at).date(),
        row.officer,
        row.second,
        row.lost,
        row.why,
        row.finished_at is not None,
    )
