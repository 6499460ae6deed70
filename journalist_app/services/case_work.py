"""What a case page shows of the work: where it stands, matters and bodies, what happened, what is next.

Plain values, made from the events anew; names of officers stand in for their ids, and the words that were
written for a step beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from cases import outlook
from cases.case import Case
from cases.event import Actor
from cases.kinds import ReportEvent, Role
from cases.machines.acts import Notice
from cases.machines.report import ReportState
from cases.packs.pack import Pack
from cases.packs.schema import Category, Institution
from journalist_app.services import steps
from journalist_app.services.case_history import History
from journalist_app.services.case_life import LANGUAGE
from journalist_app.services.sign_in import Officer
from journalist_app.store import notes, officers


@dataclass(frozen=True)
class Matter:
    """A matter of the report, a matter at a body, or a round of questions: its name and its state."""

    id: str
    title: str
    standing: str
    since: date


@dataclass(frozen=True)
class Happened:
    """One line of the timeline. `text` is what was written for it."""

    number: int
    on: date
    recorded_on: date
    kind: ReportEvent
    by: str
    second: str
    subject: str
    notice: Notice
    text: str = field(repr=False)


@dataclass(frozen=True)
class Note:
    """What an officer wrote for colleagues."""

    written_by: str
    written_on: date
    text: str = field(repr=False)


@dataclass(frozen=True)
class Work:
    """Where a case stands. `handler` is a name, empty where nobody has it."""

    state: ReportState = field(repr=False)
    handler: str
    readers: tuple[str, ...]
    matters: tuple[Matter, ...]
    referrals: tuple[Matter, ...]
    rounds: tuple[Matter, ...]
    timeline: tuple[Happened, ...]
    possible: tuple[ReportEvent, ...]


def work_of(session: Session, case_id: int, history: History, officer: Officer) -> Work:
    """The work on a case, as this officer sees it."""
    people = {row.officer_id: row.name for row in officers.all_of_them(session)}
    written = {notes.reference(row): row.text for row, _ in notes.of_case(session, case_id)}
    case, pack = history.case, history.pack
    return Work(
        case.state,
        people.get(case.handler, ""),
        tuple(sorted(people[each] for each in case.readers if each in people)),
        tuple(
            Matter(each.id, _title(pack, Category, each.category, case), each.state.value, each.since)
            for each in case.allegations.values()
        ),
        tuple(
            Matter(
                each.id,
                f"{each.allegation} at {_body(history, each.institution)}",
                each.state.value,
                each.since,
            )
            for each in case.referrals.values()
        ),
        tuple(
            Matter(each.id, f"to be answered by {each.answer_by}", each.state.value, each.asked_on)
            for each in case.questions.values()
        ),
        tuple(_timeline(history, people, written)),
        steps.possible(history, officer),
    )


def notes_of(session: Session, case_id: int) -> tuple[Note, ...]:
    """The notes of a case, oldest first."""
    return tuple(
        Note(name, date.fromisoformat(row.written_on), row.text)
        for row, name in notes.of_case(session, case_id)
    )


def _timeline(history: History, people: Mapping[str, str], written: Mapping[str, str]) -> list[Happened]:
    return [
        Happened(
            number,
            moment.event.on,
            moment.event.recorded_on,
            moment.event.kind,
            _who(moment.event.by, people),
            _who(moment.event.second, people) if moment.event.second else "",
            moment.subject,
            moment.notice,
            written.get(moment.event.text_ref, ""),
        )
        for number, moment in enumerate(outlook.timeline(history.events, history.editions), start=1)
    ]


def _who(actor: Actor, people: Mapping[str, str]) -> str:
    if actor.role is Role.SOURCE:
        return "the source"
    if not actor.person:
        return "this station"
    return f"{people.get(actor.person, actor.person)} ({actor.role.value.replace('_', ' ')})"


def _title(pack: Pack, kind: type[Category], name: str, case: Case) -> str:
    record = pack.find(kind, name, case.received_on)
    return pack.title(record, LANGUAGE) if record else name


def _body(history: History, name: str) -> str:
    for pack in history.editions.values():
        for record in pack.records:
            if isinstance(record, Institution) and record.id == name:
                return pack.title(record, LANGUAGE)
    return name
