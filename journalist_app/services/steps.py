"""The steps of a case: what an officer may record now, and recording it under the law of the case.

`cases.life` decides whether a step is legal and what follows; here an officer is matched with the roles
that a step asks for, and what is written for it is kept as a note: both, or neither. What a source does (an
objection, "I have read this", answers, consent, the wish to withdraw) came in a parcel; somebody of the
desk says which step it was, so that no parcel alone changes anything (protocol 1, section 2; ADR 9).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from cases import outlook
from cases.event import Actor
from cases.events import EVENT_TYPES
from cases.kinds import ReportEvent as E
from cases.kinds import Role
from cases.machines.acts import ACTS, Notice
from journalist_app.clock import Clock, day_of
from journalist_app.errors import NotFoundError, StepError
from journalist_app.services import case_history, statements
from journalist_app.services.case_history import History
from journalist_app.services.packs import load
from journalist_app.services.roles import Right
from journalist_app.services.sign_in import Officer
from journalist_app.services.step_fields import Choices, Field, Ground, bodies_of, fields_of, values_of
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import case_list, notes, officers, packs, visible
from journalist_app.store.case_tables import CaseRow
from journalist_app.store.tables import StationRow

DESK: Final = frozenset({Role.INTAKE, Role.HANDLER})
SAID_BY_SOURCE: Final = frozenset(
    kind for kind, act in ACTS.items() if Role.SOURCE in act.actors and not act.actors & DESK
)
"""What only a source does; the desk records that they did, on the day of the parcel in which it came."""
_BY_MACHINE: Final = frozenset({E.RECEIVED, E.DESTROYED})
"""What no form is for: receipt is the import; destruction comes with deleting."""
NOTE_MAX: Final = 20_000


@dataclass(frozen=True)
class StepPage:
    """What the page of a step shows. `seconds` are the roles of which one must agree."""

    kind: E
    fields: tuple[Field, ...]
    seconds: frozenset[Role]
    second_may_be: bool
    """Whether a second officer need not agree, and may have to by the rule that is chosen."""
    needs_words: bool
    notice: Notice
    today: date


class Steps:
    """Records steps, for one officer."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock) -> None:
        self._vault = unlocked.vault
        self._officer = officer
        self._clock = clock

    def page(self, case_id: int, kind: E) -> StepPage:
        """What a step asks for. Raises `NotFoundError`, `CaseError`, `StepError`."""
        with self._vault.read() as session:
            row = self._row(session, case_id, kind)
            ground = self._ground(session, row)
            if not self._officer.may(Right.READ_CASES):
                self._actor(kind, ground.history)  # of a case that they do not read they see no other step
            act = ACTS[kind]
            may_be = kind is E.CLOCK_EXTENDED
            asked = fields_of(kind, ground)
            return StepPage(kind, asked, act.seconds, may_be, act.words, act.notice, ground.today)

    def record(
        self,
        case_id: int,
        kind: E,
        typed: Mapping[str, Sequence[str]],
        words: str = "",
        second: Officer | None = None,
    ) -> None:
        """Record a step. Raises `NotFoundError`, `StepError`, and `CaseError` for what the law refuses; then
        nothing was kept."""
        with self._vault.write() as session:
            self.record_in(session, case_id, kind, typed, words, second)

    def record_in(
        self,
        session: Session,
        case_id: int,
        kind: E,
        typed: Mapping[str, Sequence[str]],
        words: str,
        second: Officer | None,
    ) -> None:
        """The same in the caller's transaction."""
        row = self._row(session, case_id, kind)
        ground = self._ground(session, row)
        values, text = values_of(kind, ground, typed), _plain(words)
        text_ref = ""
        if text:
            today = ground.today.isoformat()
            text_ref = notes.reference(notes.add(session, case_id, self._officer.officer_id, today, text))
        event = EVENT_TYPES[kind](
            **values,
            recorded_on=ground.today,
            by=self._actor(kind, ground.history),
            second=_second(_seconds(kind, values, ground), second),
            text_ref=text_ref,
        )
        case_history.add(session, row, ground.history, event, bodies_of(event, ground))

    def check(self, case_id: int, kind: E, typed: Mapping[str, Sequence[str]], words: str) -> StepPage:
        """What the step asks for, once what was typed is found to be what it asks; the law is not asked yet.

        Raises `NotFoundError`, `StepError`, `CaseError`.
        """
        with self._vault.read() as session:
            ground = self._ground(session, self._row(session, case_id, kind))
            values_of(kind, ground, typed)
            self._actor(kind, ground.history)
        if ACTS[kind].words and not _plain(words):
            raise StepError("Write the words for it.")
        return self.page(case_id, kind)

    def readers_to_choose(self, case_id: int) -> Choices:
        """Who can be named a reader of a restricted case. Raises `NotFoundError`."""
        with self._vault.read() as session:
            self._row(session, case_id, E.RESTRICTED)
            return _people(session)

    def name_readers(self, case_id: int, readers: Sequence[str]) -> None:
        """Say who reads a restricted case, with or without rules. Raises `NotFoundError`, `StepError`,
        `CaseError`."""
        with self._vault.read() as session:
            row = self._row(session, case_id, E.RESTRICTED)
            has_rules = case_history.read(session, row.id) is not None
            known = [each for each, _ in _people(session) if each in set(readers)]
            today = self._today(session).isoformat()
        if not known:
            raise StepError("Choose at least one officer.")
        if has_rules:
            self.record(case_id, E.RESTRICTED, {"on": [today], "readers": known})
            return
        with self._vault.write() as session:
            visible.put(session, case_id, frozenset(known), frozenset())

    def note(self, case_id: int, text: str) -> None:
        """Keep a note for colleagues. Raises `NotFoundError`, `StepError`."""
        plain = text.replace("\r\n", "\n").strip()
        if not 0 < len(plain) <= NOTE_MAX:
            raise StepError(f"A note has 1 to {NOTE_MAX:,} characters.")
        with self._vault.write() as session:
            if case_list.case(session, case_id, self._officer.officer_id) is None:
                raise NotFoundError
            notes.add(session, case_id, self._officer.officer_id, self._today(session).isoformat(), plain)

    def _row(self, session: Session, case_id: int, kind: E) -> CaseRow:
        """The case, where this officer may see it: or may say who does, as its head."""
        found = case_list.case(session, case_id, self._officer.officer_id)
        if found is not None:
            return found[0]
        if kind is E.RESTRICTED and Role.HEAD in self._officer.roles:
            for row in visible.without_readers(session, self._officer.officer_id):
                if row.id == case_id:
                    return row
        raise NotFoundError

    def _ground(self, session: Session, row: CaseRow) -> Ground:
        history = case_history.read(session, row.id)
        if history is None:
            raise StepError(
                "This case came in before a pack of rules was installed, so its steps cannot be recorded. "
                "Keep notes."
            )
        newest = packs.newest(session, history.pack.head.id)
        station = statements.station_row(session)
        return Ground(
            history,
            history.pack if newest is None else load(newest),
            _people(session),
            tuple(station.languages.split()),
            self._day(station),
        )

    def _actor(self, kind: E, history: History) -> Actor:
        if kind in SAID_BY_SOURCE:
            if not self._officer.roles & DESK:
                raise StepError("What a source did is recorded by the desk: intake or handler.")
            return Actor(Role.SOURCE)
        fitting = self._officer.roles & ACTS[kind].actors
        if not fitting:
            named = ", ".join(sorted(role.value.replace("_", " ") for role in ACTS[kind].actors))
            raise StepError(f"This step is recorded by: {named}. Your roles are others.")
        is_handler = history.case.handler == self._officer.officer_id
        order = (*((Role.HANDLER,) if is_handler else ()), Role.HEAD, Role.SUPERVISOR, *Role)
        return Actor(next(role for role in order if role in fitting), self._officer.officer_id)

    def _today(self, session: Session) -> date:
        return self._day(statements.station_row(session))

    def _day(self, station: StationRow) -> date:
        return day_of(self._clock(), station.time_zone)


def _plain(words: str) -> str:
    text = words.replace("\r\n", "\n").strip()
    if len(text) > NOTE_MAX:
        raise StepError(f"What is written for a step has at most {NOTE_MAX:,} characters.")
    return text


def _people(session: Session) -> Choices:
    return tuple((each.officer_id, each.name) for each in officers.active(session))


def possible(history: History, officer: Officer) -> tuple[E, ...]:
    """The steps that the tables allow now and whose roles this officer has, in the order of the tables."""
    return tuple(
        kind
        for kind in outlook.possible(history.case, history.pack)
        if kind not in _BY_MACHINE and _may(kind, history, officer)
    )


def _may(kind: E, history: History, officer: Officer) -> bool:
    if kind in SAID_BY_SOURCE:
        return bool(officer.roles & DESK)
    fitting = officer.roles & ACTS[kind].actors
    return bool(fitting - {Role.HANDLER}) or (
        Role.HANDLER in fitting and history.case.handler == officer.officer_id
    )


def _seconds(kind: E, values: Mapping[str, Any], ground: Ground) -> frozenset[Role]:
    """The roles of which one must agree, or, for an extension, the one that its rule asks for."""
    if kind is not E.CLOCK_EXTENDED:
        return ACTS[kind].seconds
    clock = ground.history.case.clocks.find(values["deadline"], values["subject"])
    extend = clock.deadline.extend if clock else None
    return frozenset({extend.approver} if extend and extend.approver else ())


def _second(roles: frozenset[Role], officer: Officer | None) -> Actor | None:
    if officer is None or not roles:
        return None
    fitting = officer.roles & roles
    if not fitting:
        named = ", ".join(sorted(role.value.replace("_", " ") for role in roles))
        raise StepError(f"{officer.name} cannot agree to this: it takes one of: {named}.")
    return Actor(min(fitting), officer.officer_id)
