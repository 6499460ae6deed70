"""How a key file stands to what this vault knows, and bringing the one in use up to date.

The vault knows which batches were published and up to where windows were destroyed. A file may
lack keys that it should have (an old copy, or a batch made since), still have keys that were
destroyed (an old copy put in place, or a power cut in the midst), or have gone further than the
vault (which was restored from before a destruction). With keys lacking, nothing is imported: what
they open would be taken for damaged, and the server would be told to delete it.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from crypto import sizes
from crypto.vault import UNNAMED_COPY, KeyFile
from crypto.windows import destroy_through
from journalist_app.clock import day_of
from journalist_app.errors import KeyFileError
from journalist_app.services import statements
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import keys, vault_keys
from journalist_app.store.tables import BatchRow, KeyCopyRow

IN_USE_LABEL = "Key stick"


@dataclass(frozen=True)
class Standing:
    """`lacking`: batches that the file should open and does not. `destroyed_from`: the oldest window
    that it opens though it was destroyed. `gone_through`: the newest window that the vault takes for
    one that opens, and that the file stepped past."""

    lacking: tuple[int, ...] = ()
    destroyed_from: int | None = None
    gone_through: int | None = None


def standing(file: KeyFile, batches: Sequence[BatchRow], oldest_window: int) -> Standing:
    """Compare a file with what the vault knows."""
    states = {state.batch_no: state for state in file.states}
    lacking, gone_through = [], None
    for batch in batches:
        state = states.get(batch.batch_no)
        first = max(batch.first_window, oldest_window)
        if batch.lost_on is not None or batch.last_window < first:
            continue
        if state is None or state.last_window < batch.last_window:
            lacking.append(batch.batch_no)
        elif state.first_window > first:
            gone_through = max(gone_through or 0, state.first_window - 1)
    holds = file.first_window
    destroyed_from = holds if holds is not None and holds < oldest_window else None
    return Standing(tuple(lacking), destroyed_from, gone_through)


def look(unlocked: Unlocked) -> tuple[KeyFile, Standing]:
    """The key file in use and how it stands. Raises `StateFileError`."""
    file = unlocked.key_file()
    with unlocked.vault.read() as session:
        return file, standing(file, keys.batches(session), statements.station_row(session).oldest_window)


def require_whole(unlocked: Unlocked) -> KeyFile:
    """The key file in use, with every key that it should have. Raises `StateFileError`."""
    file, found = look(unlocked)
    if found.lacking:
        raise KeyFileError(
            "The key file on the key stick is an older copy: keys that were made since are not in it, and "
            'reports that need them would be taken for damaged. Put in the newest key stick, or open "Intake '
            'keys" if it is lost.'
        )
    return file


def settle(unlocked: Unlocked, now: datetime) -> None:
    """Make key file and vault agree on what is destroyed, and keep that they do.

    Each step may be cut off and is done again: 1 what the file stepped past cannot be published any
    longer; 2 the file is rewritten without every window that was destroyed, and read back, and what
    stood before it is overwritten; 3 the vault notes it. Raises `StateFileError`.
    """
    file, found = look(unlocked)
    with unlocked.vault.write() as session:
        station = statements.station_row(session)
        today = day_of(now, station.time_zone)
        if found.gone_through is not None:
            station.oldest_window = found.gone_through + 1
            statements.issue_descriptor(session, today)  # 1
        oldest = station.oldest_window
    stepped = replace(named(file), states=destroy_through(file.states, oldest - 1))
    if stepped != file or not unlocked.is_sealed_anew():
        unlocked.save_key_file(stepped)  # 2
    unlocked.folders.clear_cut_off_state()  # 2
    with unlocked.vault.write() as session:
        keys.finish_destructions(session, now)
        note_copy(session, stepped, IN_USE_LABEL, today)  # 3


def named(file: KeyFile) -> KeyFile:
    """The file with an id of its own, where it has none."""
    return replace(file, copy_id=new_copy_id()) if file.copy_id == UNNAMED_COPY else file


def new_copy_id() -> bytes:
    """An id that no other copy has."""
    return secrets.token_bytes(sizes.COPY_ID)


def note_copy(session: Session, file: KeyFile, label: str, today: date) -> None:
    """Keep what a copy holds now that it was written. `label` names one that was not in the list."""
    oldest = statements.station_row(session).oldest_window
    number = vault_keys.number(session)
    row = keys.copy(session, file.copy_id)
    if row is None:
        row = KeyCopyRow(
            copy_id=file.copy_id, label=label, made_on=today.isoformat(), destroyed_on=None, destroyed_by=""
        )
        session.add(row)
    row.updated_on = today.isoformat()
    row.first_window = oldest if file.first_window is None else file.first_window
    row.batch_no = max((state.batch_no for state in file.states), default=0)
    row.destroyed_on, row.destroyed_by = None, ""  # it is here: whoever said so was mistaken
    row.key_no = number
    session.flush()
    vault_keys.forget_unneeded(session)
