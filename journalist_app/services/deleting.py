"""Deletes a case whose time is over: whole, by two officers, as the law of the case allows (ADR 10).

1 the facts are judged by `cases.life`, holds, running periods and the time of keeping among them; 2 in one
transaction every row of the case goes, with its words in the search, its source and what was pinned of them,
and the word stays that the case of this number was deleted; 3 the envelopes are removed; 4 the database's log
of writes is emptied, because it holds what was. A cut after 2 is gone on from at the next sign-in or import.

The rows of the servers' logs stay: acknowledgements are counted along them, and an object that comes again is
known by them. Whoever writes again after their case was deleted opens a new one.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from cases import life
from cases.case import Case
from cases.errors import CaseError
from cases.event import Actor
from cases.events import Destroyed
from cases.guards import kept_until
from cases.kinds import ReportEvent, Role
from cases.machines.acts import ACTS
from cases.machines.report import ENDED, ReportState
from journalist_app.clock import Clock, day_of
from journalist_app.errors import DeletionError, InstalledPackError, NotFoundError, StepError
from journalist_app.services import audit, case_history, clock_check, statements
from journalist_app.services.case_history import History
from journalist_app.services.deletion_standing import Deleted, close_complete, deleted_cases, tidy
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import answers, case_list, deletions, notes, vault_keys
from journalist_app.store.case_tables import CaseRow
from journalist_app.store.deletion_tables import DeletionRow

CLOSED_PAGE: Final = 50
_ACT: Final = ACTS[ReportEvent.DESTROYED]


@dataclass(frozen=True)
class Goes:
    """What goes with a case, counted."""

    messages: int
    files: int
    size_bytes: int
    answers: int
    notes: int
    steps: int


@dataclass(frozen=True)
class DeletionPage:
    """A case before it is deleted. `refusal`: why the law keeps it; empty where it may be deleted.

    `shown_until`: until when its answers are readable on the board that was made already.
    """

    case_id: int
    alias: str
    code: str
    kept_until: date | None
    refusal: str
    shown_until: date | None
    goes: Goes


@dataclass(frozen=True)
class ClosedCase:
    """A closed case in the list. `next`: the step that leads on; `refusal`: why it cannot be deleted now."""

    case_id: int
    code: str
    state: ReportState = field(repr=False)
    kept_until: date | None
    refusal: str
    next: ReportEvent | None


class Deleting:
    """Deletes cases, for one officer."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock) -> None:
        self._unlocked = unlocked
        self._vault = unlocked.vault
        self._officer = officer
        self._clock = clock

    def page(self, case_id: int) -> DeletionPage:
        """What would go, and whether it may. Raises `NotFoundError`."""
        with self._vault.read() as session:
            row = self._row(session, case_id)
            history, refusal = self._judged(session, row)
            until = deletions.shown_until(session, case_id)
            return DeletionPage(
                case_id,
                row.alias,
                row.code,
                None if history is None else kept_until(history.case, history.pack),
                refusal,
                None if until is None else date.fromisoformat(until),
                _goes(session, case_id, 0 if history is None else len(history.events)),
            )

    def closed(self, page: int) -> tuple[tuple[ClosedCase, ...], bool]:
        """A page of the closed cases that this officer may know of, and whether more follow."""
        with self._vault.read() as session:
            states = [state.value for state in ENDED]
            offset = (page - 1) * CLOSED_PAGE
            rows = deletions.closed_cases(session, self._officer.officer_id, states, offset, CLOSED_PAGE + 1)
            lines = tuple(self._closed(session, row) for row in rows[:CLOSED_PAGE])
            return lines, len(rows) > CLOSED_PAGE

    def deleted(self) -> tuple[Deleted, ...]:
        """The deletions, and what is open of each; those that are complete are closed by looking."""
        with self._vault.write() as session:
            close_complete(self._unlocked, session, self._clock())
            return deleted_cases(session, self._officer.officer_id)

    def delete(self, case_id: int, code: str, second: Officer) -> None:
        """Delete a case; `code` is what the officer typed to name it, `second` agrees.

        Raises `NotFoundError`, `DeletionError`, `StepError`, `CaseError`, `ClockQuestionError`, `BusyError`
        (then nothing was deleted), and `DiskError`.
        """
        now = self._clock()
        with self._unlocked.folders.only_one():
            clock_check.require(self._unlocked, now)
            with self._vault.write() as session:
                row = self._row(session, case_id)
                if "".join(code.split()).upper() != row.code:
                    raise DeletionError("This is not the code of this case. Nothing was deleted.")
                history = _history(session, case_id)
                agreed = Actor(_role(second, _ACT.seconds, "agree to this"), second.officer_id)
                life.advance(history.case, self._event(session, agreed), history.pack)  # 1
                self._remove(session, row, second, now)  # 2
            tidy(self._unlocked, now)  # 3, 4

    def _remove(self, session: Session, row: CaseRow, second: Officer, now: datetime) -> None:
        deletion = DeletionRow(
            case_number=row.id,
            deleted_at=now.isoformat(),
            officer=self._officer.name,
            second=second.name,
            newest_window=deletions.newest_window(session, row.id),
            key_no=vault_keys.number(session),
            shown_until=deletions.shown_until(session, row.id),
            completed_on=None,
        )
        deletions.note(session, deletion, row.id, audit.subjects_in(session, [row.id]))
        deletions.remove_case(session, row)

    def _judged(self, session: Session, row: CaseRow) -> tuple[History | None, str]:
        """The history of a case, and why the law refuses to delete it, as far as one officer can tell."""
        try:
            history = _history(session, row.id)
        except DeletionError as refused:
            return None, str(refused)
        try:
            agreed = self._somebody_else(history.case)
            life.advance(history.case, self._event(session, agreed), history.pack)
        except (CaseError, DeletionError, StepError) as refused:
            return history, str(refused)
        return history, ""

    def _somebody_else(self, case: Case) -> Actor:
        """Whoever may agree: of a restricted case that is another of its readers."""
        if not case.restricted:
            return Actor(Role.SECOND_OFFICER, "somebody")
        others = sorted(case.readers - {self._officer.officer_id})
        if not others:
            raise DeletionError(
                "Nobody but you reads this case, and it takes two to delete it. The head names another "
                "reader."
            )
        return Actor(Role.SECOND_OFFICER, others[0])

    def _closed(self, session: Session, row: CaseRow) -> ClosedCase:
        history, refusal = self._judged(session, row)
        state = ReportState(row.state)
        kept = state is ReportState.RETAINED
        return ClosedCase(
            row.id,
            row.code,
            state,
            None if history is None else kept_until(history.case, history.pack),
            refusal if kept or history is None else "",
            None if kept else ReportEvent.RETAINED,
        )

    def _event(self, session: Session, second: Actor) -> Destroyed:
        today = day_of(self._clock(), statements.station_row(session).time_zone)
        by = Actor(_role(self._officer, _ACT.actors, "delete a case"), self._officer.officer_id)
        return Destroyed(on=today, recorded_on=today, by=by, second=second)

    def _row(self, session: Session, case_id: int) -> CaseRow:
        found = case_list.case(session, case_id, self._officer.officer_id)
        if found is None:
            raise NotFoundError
        return found[0]


def _history(session: Session, case_id: int) -> History:
    try:
        history = case_history.read(session, case_id)
    except (CaseError, InstalledPackError) as error:
        raise DeletionError(f"{error} Until its rules are here again, it is kept.") from error
    if history is None:
        raise DeletionError(
            "This case came in before a pack of rules was installed: no rule says how long it is kept, so it "
            "may not be deleted."
        )
    return history


def _goes(session: Session, case_id: int, steps: int) -> Goes:
    parcels = case_list.parcels(session, case_id)
    return Goes(
        len(parcels),
        sum(len(parcel.files) for parcel in parcels),
        sum(parcel.size_bytes for parcel in parcels),
        len(answers.of_case(session, case_id)),
        len(notes.of_case(session, case_id)),
        steps,
    )


def _role(officer: Officer, fitting: frozenset[Role], what: str) -> Role:
    found = officer.roles & fitting
    if not found:
        named = ", ".join(sorted(role.value.replace("_", " ") for role in fitting))
        raise StepError(f"{officer.name} cannot {what}: it takes one of: {named}.")
    return min(found)
