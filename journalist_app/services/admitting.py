"""Whose parcel it is: what was pinned at a source's first parcel, and which case it joins.

Author, reply key and reply address belong together from the first parcel on; a parcel with
the same author and another key or address is refused. The reply key is tried once: when
nothing can be sealed to it, the source is marked as one that cannot be answered, and the
report is read like any other. From the first parcel that our own server sealed, everything of
that source is shown as something that the server could have written.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from cases.source_forms import CONCERNS_AGENCY, DANGER_NOW, MESSAGE_ID, YES, SourceForm
from cases.stages import Stage
from crypto import hybrid, words
from crypto.errors import RecipientError
from crypto.parcel import Head, Origin
from crypto.source_keys import source_id
from journalist_app.errors import RefusedObjectError
from journalist_app.services import case_life
from journalist_app.services.opening import Opened
from journalist_app.store import answers, case_events, numbers, received, search_index
from journalist_app.store.case_tables import CaseRow, ParcelRow, SourceRow
from transfer.manifest import InObject

_CODE_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LENGTH: Final = 8


@dataclass(frozen=True)
class Admitted:
    """Where a parcel went."""

    case_id: int
    opens_case: bool


@dataclass(frozen=True)
class _Home:
    """A source and their case; `opened_by`: the parcel that opens it, None for one that is here already."""

    source: SourceRow
    case: CaseRow
    opened_by: Opened | None


@dataclass(frozen=True)
class _Parcel:
    """A parcel that goes to a case."""

    home: _Home
    found: InObject
    opened: Opened


def admit(
    session: Session, arrivals: Sequence[tuple[InObject, Opened]], today: date
) -> list[Admitted | RefusedObjectError]:
    """Keep parcels with their sources and cases, in their order; for each where it went, or why not.

    Several at once, so that a flood of reports is asked and written for in few statements.
    """
    homes = {key: _Home(*rows, None) for key, rows in received.homes(session, _authors(arrivals)).items()}
    outcomes: list[_Parcel | RefusedObjectError] = []
    for found, opened in arrivals:
        head = opened.parcel.head
        key = source_id(head.author)
        if key not in homes:
            homes[key] = _Home(_new_source(head), _new_case(found.entry.received_on), opened)
        outcomes.append(
            _Parcel(homes[key], found, opened) if _is_pinned(homes[key].source, head) else _refused()
        )
    parcels = [each for each in outcomes if isinstance(each, _Parcel)]
    for each in parcels:
        _note_arrival(each)
    _open_cases(session, [home for home in homes.values() if home.opened_by is not None], today)
    _keep(session, parcels, today)
    return [
        Admitted(each.home.case.id, each.opened is each.home.opened_by) if isinstance(each, _Parcel) else each
        for each in outcomes
    ]


def _authors(arrivals: Sequence[tuple[InObject, Opened]]) -> list[bytes]:
    return [source_id(opened.parcel.head.author) for _, opened in arrivals]


def _note_arrival(parcel: _Parcel) -> None:
    source, case, opened = parcel.home.source, parcel.home.case, parcel.opened
    danger = _said_yes(opened, DANGER_NOW)
    quiet = case.muted and not danger
    source.server_sealed = source.server_sealed or opened.parcel.head.origin is Origin.SERVER
    case.unanswered = case.unanswered or not quiet
    case.junk = case.junk and quiet
    case.danger = case.danger or danger


def _open_cases(session: Session, homes: Sequence[_Home], today: date) -> None:
    receipts = case_life.Receipts(session, today)
    sources, cases = numbers.next_free(session, SourceRow), numbers.next_free(session, CaseRow)
    events = []
    for n, (home, alias) in enumerate(zip(homes, _new_aliases(session, len(homes)), strict=True)):
        home.source.id, home.case.id = sources + n, cases + n
        home.case.source, home.case.alias = home.source.id, alias
        restricted = home.opened_by is not None and _said_yes(home.opened_by, CONCERNS_AGENCY)
        events.append((home.case.id, receipts.receive(home.case, restricted=restricted)))
    session.add_all(home.source for home in homes)
    session.flush()
    session.add_all(home.case for home in homes)
    session.flush()
    case_events.add_first(session, [(case_id, data) for case_id, data in events if data])


def _keep(session: Session, parcels: Sequence[_Parcel], today: date) -> None:
    rows = [
        received.parcel_row(
            each.home.case, each.found, each.opened.parcel, each.opened.file_key, today.isoformat()
        )
        for each in parcels
    ]
    for number, row in enumerate(rows, numbers.next_free(session, ParcelRow)):
        row.id = number
    session.add_all(rows)
    session.flush()
    search_index.add_all(
        session,
        [(each.home.case.id, _words(each)) for each in parcels],
        {each.home.case.id for each in parcels if each.home.opened_by is not None},
    )
    for each in parcels:
        _note_read(session, each.home.case, each.found, each.opened)


def _words(parcel: _Parcel) -> str:
    """What a parcel is found by; the one that opens a case also by what that is called."""
    inside = parcel.opened.parcel
    case = parcel.home.case
    called = [case.alias, case.code] if parcel.opened is parcel.home.opened_by else []
    answers = [value for form in _forms(parcel.opened) for _, value in form.answers]
    return " ".join([*called, inside.text, *answers, *(file.name for file in inside.files)])


def _note_read(session: Session, case: CaseRow, found: InObject, opened: Opened) -> None:
    """Keep that they said to have read an answer: it need not be issued again. No period begins by it."""
    for form in _forms(opened):
        if form.form == SourceForm.NOTICE_READ:
            message_id = dict(form.answers).get(MESSAGE_ID, "")
            answers.note_read(session, case.id, message_id, found.entry.received_on)


def _forms(opened: Opened) -> list[received.KeptForm]:
    return received.forms_of(b"[" + b",".join(opened.parcel.forms) + b"]")


def _said_yes(opened: Opened, question: str) -> bool:
    """Whether the source answered a question of the report's form with yes."""
    return any(form.form == SourceForm.REPORT and (question, YES) in form.answers for form in _forms(opened))


def _new_source(head: Head) -> SourceRow:
    try:
        hybrid.check_public_key(head.reply_key)
        answerable = True
    except RecipientError:
        answerable = False
    return SourceRow(
        source_id=source_id(head.author),
        author=head.author,
        reply_key=head.reply_key,
        reply_address=head.reply_address,
        answerable=answerable,
        server_sealed=False,
    )


def _new_case(received_on: str) -> CaseRow:
    return CaseRow(
        alias="",
        code="".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH)),
        stage=Stage.RECEIVED.value,
        received_on=received_on,
        due_on=None,
        unanswered=True,
        danger=False,
        state="",
        handler="",
        restricted=False,
        clock_due_on=None,
        junk=False,
        muted=False,
        ended_on=None,
    )


def _new_aliases(session: Session, count: int) -> list[str]:
    """As many pairs of words, of which no case bears one."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {" ".join(words.random_words(2)) for _ in range(count - len(found))}
        found |= drawn - received.taken_aliases(session, drawn)
    return list(found)


def _is_pinned(source: SourceRow, head: Head) -> bool:
    same_key = hmac.compare_digest(source.reply_key, head.reply_key)
    same_address = hmac.compare_digest(source.reply_address, head.reply_address)
    return same_key and same_address


def _refused() -> RefusedObjectError:
    return RefusedObjectError(
        "It names a known source, but asks for answers to another key or address than their first parcel."
    )
