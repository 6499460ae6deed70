"""Steps that wait for a second officer: proposed by one, agreed to or declined by another, each signed in.

The other way is that the second officer signs in on the page of the step. Nothing is recorded before somebody
agrees; the law is asked then, with the roles that both have then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from cases.kinds import ReportEvent
from cases.machines.acts import ACTS
from crypto import canonical, sizes
from journalist_app.clock import Clock, day_of
from journalist_app.errors import NotFoundError, StepError
from journalist_app.services import statements
from journalist_app.services.roles import unpack_roles
from journalist_app.services.sign_in import Officer
from journalist_app.services.step_fields import Field
from journalist_app.services.steps import Steps
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import notes, officers, proposals
from journalist_app.store.case_tables import ProposalRow
from journalist_app.store.tables import OfficerRow

TYPED_MAX: Final = 64 * sizes.KIB
DECLINED: Final = "Not agreed to: {step}. {why}"


@dataclass(frozen=True)
class Waiting:
    """A step that waits. `mine`: proposed by the officer who asks, who can take it back."""

    proposal_id: int
    case_id: int
    alias: str
    kind: ReportEvent
    proposed_by: str
    proposed_on: date
    mine: bool


@dataclass(frozen=True)
class Proposal:
    """What its page shows: what would be recorded, field by field."""

    waiting: Waiting
    values: tuple[tuple[Field, tuple[str, ...]], ...] = field(repr=False)
    words: str = field(repr=False)
    may_agree: bool


class Proposals:
    """Proposes, agrees and declines, for one officer."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock) -> None:
        self._unlocked = unlocked
        self._vault = unlocked.vault
        self._officer = officer
        self._clock = clock

    def propose(
        self, case_id: int, kind: ReportEvent, typed: Mapping[str, Sequence[str]], words: str
    ) -> None:
        """Let a step wait for somebody who agrees. Raises as `Steps.check` does, and `StepError`."""
        asked = self._steps(self._officer).check(case_id, kind, typed, words)
        if not asked.seconds and not asked.second_may_be:
            raise StepError("This step needs nobody else. Record it.")
        given: canonical.Object = {
            each.name: list(typed[each.name]) for each in asked.fields if typed.get(each.name)
        }
        data = canonical.encode(given)
        if len(data) > TYPED_MAX:
            raise StepError("That is more than this form takes. Choose less.")
        with self._vault.write() as session:
            session.add(
                ProposalRow(
                    case=case_id,
                    officer_id=self._officer.officer_id,
                    proposed_on=day_of(self._clock(), statements.station_row(session).time_zone).isoformat(),
                    kind=kind.value,
                    typed=data,
                    words=words,
                )
            )

    def waiting(self) -> tuple[Waiting, ...]:
        """What this officer can agree to, or has proposed."""
        with self._vault.read() as session:
            people = {row.officer_id: row.name for row in officers.all_of_them(session)}
            found = [
                _waiting(row, case.alias, people, self._officer)
                for row, case in proposals.waiting(session, self._officer.officer_id)
            ]
        return tuple(each for each in found if each.mine or self._may_agree(each.kind))

    def proposal(self, proposal_id: int) -> Proposal:
        """One of them. Raises `NotFoundError`, `StepError`, `CaseError`."""
        with self._vault.read() as session:
            row, alias = self._row(session, proposal_id)
            people = {each.officer_id: each.name for each in officers.all_of_them(session)}
            shown = _waiting(row, alias, people, self._officer)
            typed, words = _typed(row), row.words
        page = self._steps(self._officer).page(shown.case_id, shown.kind)
        values = tuple((each, typed.get(each.name, ())) for each in page.fields)
        return Proposal(shown, values, words, not shown.mine and self._may_agree(shown.kind))

    def agree(self, proposal_id: int) -> int:
        """Record the step, this officer being the second; the number of the case.

        Raises `NotFoundError`, `StepError`, and `CaseError` for what the law refuses; then it waits on.
        """
        with self._vault.write() as session:
            row, _ = self._row(session, proposal_id)
            if row.officer_id == self._officer.officer_id:
                raise StepError("Nobody agrees to their own step.")
            proposer = session.get_one(OfficerRow, row.officer_id)
            if proposer.withdrawn_on is not None:
                raise StepError(f"{proposer.name} is no officer any longer. Decline it, and record it anew.")
            steps = self._steps(Officer(proposer.officer_id, proposer.name, unpack_roles(proposer.roles)))
            kind = ReportEvent(row.kind)
            steps.record_in(session, row.case, kind, _typed(row), row.words, self._officer)
            session.delete(row)
            return row.case

    def decline(self, proposal_id: int, why: str, step: str) -> int:
        """Let a step wait no longer, and note why; whoever proposed it takes it back without a note.

        `step`: what it is called. Raises `NotFoundError`, `StepError`.
        """
        plain = " ".join(why.split())
        with self._vault.write() as session:
            row, _ = self._row(session, proposal_id)
            if row.officer_id != self._officer.officer_id:
                if not plain:
                    raise StepError("Say why: whoever proposed it reads it as a note of the case.")
                today = day_of(self._clock(), statements.station_row(session).time_zone).isoformat()
                text = DECLINED.format(step=step, why=plain)
                notes.add(session, row.case, self._officer.officer_id, today, text)
            session.delete(row)
            return row.case

    def _may_agree(self, kind: ReportEvent) -> bool:
        return kind is ReportEvent.CLOCK_EXTENDED or bool(self._officer.roles & ACTS[kind].seconds)

    def _row(self, session: Session, proposal_id: int) -> tuple[ProposalRow, str]:
        found = proposals.one(session, proposal_id, self._officer.officer_id)
        if found is None:
            raise NotFoundError
        return found[0], found[1].alias

    def _steps(self, officer: Officer) -> Steps:
        return Steps(self._unlocked, officer, self._clock)


def _waiting(row: ProposalRow, alias: str, people: Mapping[str, str], reader: Officer) -> Waiting:
    return Waiting(
        row.id,
        row.case,
        alias,
        ReportEvent(row.kind),
        people.get(row.officer_id, ""),
        date.fromisoformat(row.proposed_on),
        row.officer_id == reader.officer_id,
    )


def _typed(row: ProposalRow) -> dict[str, tuple[str, ...]]:
    given = canonical.parse(row.typed, max_bytes=TYPED_MAX)
    return {
        name: tuple(canonical.string(each) for each in canonical.array(value))
        for name, value in given.items()
    }
