"""New intake keys, and what to do when a key stick is lost.

`renew_intake` makes a batch from fresh randomness. The key file with the old and the new batch is
written before the batch is published in the database: a cut in between leaves keys that nobody
seals to, never a published key that nobody can open. The old batches' windows stay until they are
destroyed. `declare_lost` is for keys that no key stick holds any longer: two officers say so, are
told what it costs, and a new batch takes over.
"""

from datetime import datetime

from crypto.vault import KeyFile
from crypto.windows import new_state, window_of
from journalist_app.clock import Clock, day_of
from journalist_app.errors import DestructionError, StateFileError
from journalist_app.services import clock_check, key_files, statements
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import keys


def renew_intake(unlocked: Unlocked, clock: Clock) -> tuple[int, int]:
    """Make the next batch, of 52 windows from this week on: its number and its last window.

    Raises `StateFileError` without the newest key stick, `ClockQuestionError`, `BusyError`.
    """
    now = clock()
    with unlocked.folders.only_one():
        clock_check.require(unlocked, now)
        return _renew(unlocked, key_files.require_whole(unlocked), now)


def lost_batches(unlocked: Unlocked) -> tuple[int, ...]:
    """The batches that the key file in use does not open, all of them where there is none."""
    try:
        return key_files.look(unlocked)[1].lacking
    except StateFileError:
        return _look_without_file(unlocked)


def declare_lost(unlocked: Unlocked, clock: Clock, officer: Officer, second: Officer) -> tuple[int, int]:
    """Two officers say that keys are lost; gives the new batch's number and last window.

    Raises `DestructionError`, `ClockQuestionError`, `StateFileError`, `BusyError`.
    """
    now = clock()
    if officer.officer_id == second.officer_id:
        raise DestructionError("It takes two officers: somebody else has to sign in here.")
    with unlocked.folders.only_one():
        clock_check.require(unlocked, now)
        lost = lost_batches(unlocked)
        if not lost:
            raise DestructionError("Nothing is lost: the key file on the key stick has every key.")
        lost_by = f"{officer.name}, {second.name}"
        return _renew(unlocked, _what_is_left(unlocked), now, lost, lost_by)


def _what_is_left(unlocked: Unlocked) -> KeyFile:
    if not unlocked.folders.has_state():
        return KeyFile(key_files.new_copy_id(), ())
    try:
        return unlocked.key_file()
    except StateFileError as error:
        raise StateFileError(
            "The key stick holds a file intake.state that is damaged or of another vault. It was left as it "
            "is: put in an empty stick."
        ) from error


def _look_without_file(unlocked: Unlocked) -> tuple[int, ...]:
    with unlocked.vault.read() as session:
        oldest = statements.station_row(session).oldest_window
        return key_files.standing(KeyFile(b"", ()), keys.batches(session), oldest).lacking


def _renew(
    unlocked: Unlocked, file: KeyFile, now: datetime, lost: tuple[int, ...] = (), lost_by: str = ""
) -> tuple[int, int]:
    with unlocked.vault.write() as session:
        station = statements.station_row(session)
        today = day_of(now, station.time_zone)
        for batch in keys.batches(session):
            if batch.batch_no in lost:
                batch.lost_on, batch.lost_by = today.isoformat(), lost_by
        number = max(station.batch_no, *(state.batch_no for state in file.states), 0) + 1
        state = new_state(number, max(window_of(now), station.oldest_window))
        renewed = KeyFile(key_files.named(file).copy_id, (*file.states, state))
        unlocked.save_key_file(renewed)
        statements.issue_batch(session, state, today)
        statements.issue_descriptor(session, today)
        session.flush()
        key_files.note_copy(session, renewed, key_files.IN_USE_LABEL, today)
        return state.batch_no, state.last_window
