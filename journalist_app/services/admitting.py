"""Whose parcel it is: what was pinned at a source's first parcel, and which case it joins.

Author, reply key and reply address belong together from the first parcel on; a parcel with
the same author and another key or address is refused. The reply key is tried once: when
nothing can be sealed to it, the source is marked as one that cannot be answered, and the
report is read like any other. From the first parcel that our own server sealed, everything of
that source is shown as something that the server could have written.
"""

import hmac
import secrets
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
from journalist_app.store import answers, received, search_index
from journalist_app.store.tables import CaseRow, SourceRow
from transfer.manifest import InObject

_CODE_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LENGTH: Final = 8


@dataclass(frozen=True)
class Admitted:
    """Where a parcel went."""

    case_id: int
    opens_case: bool


def admit(session: Session, found: InObject, opened: Opened, today: date) -> Admitted:
    """Keep a parcel with its source and case. Raises `RefusedObjectError`."""
    head = opened.parcel.head
    source = received.source_by_id(session, source_id(head.author))
    opens_case = source is None
    if source is None:
        source = _new_source(head)
        session.add(source)
        session.flush()
        case = _new_case(session, source, found.entry.received_on)
        session.add(case)
        session.flush()
        search_index.add(session, case.id, f"{case.alias} {case.code}")
        case_life.note_received(session, case, today, restricted=_said_yes(opened, CONCERNS_AGENCY))
    else:
        _check_pinned(source, head)
        case = received.case_of(session, source)
    source.server_sealed = source.server_sealed or head.origin is Origin.SERVER
    danger = _said_yes(opened, DANGER_NOW)
    quiet = case.muted and not danger
    case.unanswered = case.unanswered or not quiet
    case.junk = case.junk and quiet
    case.danger = case.danger or danger
    received.add_parcel(session, case, found, opened.parcel, opened.file_key, today.isoformat())
    _note_read(session, case, found, opened)
    return Admitted(case.id, opens_case)


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


def _new_case(session: Session, source: SourceRow, received_on: str) -> CaseRow:
    alias = " ".join(words.random_words(2))
    while received.alias_is_taken(session, alias):
        alias = " ".join(words.random_words(2))
    return CaseRow(
        alias=alias,
        code="".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH)),
        source=source.id,
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
    )


def _check_pinned(source: SourceRow, head: Head) -> None:
    same_key = hmac.compare_digest(source.reply_key, head.reply_key)
    same_address = hmac.compare_digest(source.reply_address, head.reply_address)
    if not same_key or not same_address:
        raise RefusedObjectError(
            "It names a known source, but asks for answers to another key or address than their first parcel."
        )
