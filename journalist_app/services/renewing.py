"""`intake renew`: a new batch of intake keys from fresh randomness.

The state file with the old and the new batch is written before the batch is published in the
database: a cut in between leaves keys that nobody seals to, never a published key that nobody
can open. The old batch's windows stay until they are destroyed.
"""

from crypto.windows import new_state, window_of
from journalist_app.clock import Clock, day_of
from journalist_app.services import statements
from journalist_app.services.unlocked import Unlocked


def renew_intake(unlocked: Unlocked, clock: Clock) -> tuple[int, int]:
    """Make the next batch, of 52 windows from this week on: its number and its last window.

    Raises `StateFileError` without the key stick, `BusyError`.
    """
    now = clock()
    with unlocked.folders.only_one():
        states = unlocked.states()
        with unlocked.vault.write() as session:
            station = statements.station_row(session)
            today = day_of(now, station.time_zone)
            state = new_state(station.batch_no + 1, window_of(now))
            unlocked.save_states((*(s for s in states if s.batch_no <= station.batch_no), state))
            statements.issue_batch(session, state, today)
            statements.issue_descriptor(session, today)
            return state.batch_no, station.last_window
