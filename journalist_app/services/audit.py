"""The audit log: who asked for what, and when, reading included; never what was read.

A line is written before the thing is done: where it cannot be written nothing is done, and somebody who tried
is there too. What came of it stands with the thing itself. Nothing takes a line away, and the first action of
a day seals what came before. Lines are written at the door (`security.access`, `cli.station`), so that no
view and no command can forget it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from crypto import signing
from crypto.errors import CanonicalError, SignatureError
from journalist_app.clock import Clock
from journalist_app.errors import AuditBrokenError
from journalist_app.services import audit_chain, statements
from journalist_app.services.audit_chain import Line, Seal
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import audit_lines, deletions, visible
from journalist_app.store.tables import AuditRow, AuditSealRow

PAGE: Final = 100
"""Lines on a page."""
_FORM: Final = "%Y-%m-%dT%H:%M:%SZ"


class Action(StrEnum):
    """What an officer asked for, as the log says it."""

    SIGN_IN = "signed in"
    SIGN_OUT = "signed out"
    LIST_CASES = "read the list of cases"
    READ_CASE = "read"
    SAVE_FILE = "saved"
    LOOK_AT_FILE = "looked at"
    CLEAN_FILE = "made a clean copy of"
    SAVE_CLEAN = "saved a clean copy of"
    ANSWER = "wrote an answer"
    CHANGE_ANSWER = "changed an answer"
    TAKE_BACK_ANSWER = "took back an answer"
    RECORD_STEP = "asked to record"
    AGREE_TO_STEP = "agreed to"
    DECLINE_STEP = "declined"
    MAKE_ARCHIVE = "made an archive of"
    READ_LETTER = "looked at a letter of"
    MAKE_LETTER = "made a letter of"
    DELETE_CASE = "asked to delete"
    LIST_DELETIONS = "read the list of deleted cases"
    WRITE_NOTE = "wrote a note"
    SORT = "sorted"
    SET_ASIDE = "set cases aside as junk"
    TAKE_FROM_JUNK = "took cases out of the junk"
    NAME_READERS = "asked to name the readers of restricted"
    IMPORT = "imported from a stick"
    EXPORT = "exported to a stick"
    RENEW_WORDS = "asked for another passphrase"
    RENEW_CODES = "asked for fresh recovery codes"
    RENEW_PHONE = "asked for another phone to count"
    ADD_OFFICER = "asked to add an officer"
    CHANGE_ROLES = "asked for other roles of"
    RESET_OFFICER = "asked for fresh secrets of"
    WITHDRAW_OFFICER = "asked to withdraw"
    CONFIRM_CLOCK = "spoke about the clock"
    RENEW_KEYS = "made intake keys"
    AGREE = "agreed as the second officer"
    DESTROY_KEYS = "destroyed intake keys"
    FINISH_DESTRUCTION = "brought key stick and vault to agree"
    LOSE_KEYS = "said that intake keys are lost"
    REPLACE_KEY = "asked for another vault key"
    COPY_KEYS = "copied the key file"
    DESTROY_COPY = "said to have destroyed"
    MAKE_BACKUP = "made a backup"
    VERIFY_BACKUP = "read a backup back"
    TRUST_PACK_KEY = "trusted a pack key"
    DISTRUST_PACK_KEY = "trusted a pack key no longer"
    INSTALL_PACK = "installed a pack"
    USE_PACK = "changed the pack in use"
    MAKE_OPENPGP_KEY = "made the agency's OpenPGP key"
    KEEP_INSTITUTION = "kept an institution's OpenPGP key"
    FORGET_INSTITUTION = "forgot an institution's OpenPGP key"
    DECRYPT = "decrypted an OpenPGP message"
    ENCRYPT = "encrypted an OpenPGP message"
    READ_AUDIT = "read the audit log"
    VERIFY_AUDIT = "verified the audit log"


@dataclass(frozen=True)
class Verified:
    """A log that is whole: its lines, how many of them are sealed, the head after the last."""

    lines: int
    sealed_lines: int
    head: bytes


class Audit:
    """The log of one vault."""

    def __init__(self, unlocked: Unlocked, clock: Clock) -> None:
        self._vault = unlocked.vault
        self._vault_id = unlocked.vault_id
        self._clock = clock

    def note(self, officer: Officer, action: Action, subject: str = "") -> None:
        """Write a line. Raises `DiskError`."""
        now = self._clock().astimezone(UTC)
        with self._vault.write() as session:
            last = audit_lines.last(session)
            if last is not None and last.at[:10] < now.date().isoformat():
                self._seal(session, last, now)
            line = Line(
                1 + (last.number if last else 0),
                now.strftime(_FORM),
                officer.officer_id,
                officer.name,
                action.value,
                subject,
            )
            head = audit_chain.extend(last.head if last else audit_chain.start(self._vault_id), line)
            session.add(AuditRow(**vars(line), head=head))

    def lines(self, reader: Officer, before: int | None = None) -> list[Line]:
        """A page of lines, newest first; those below number `before`.

        Lines about a case from which the reader was recused are left out, and those about what is in it.

        """
        with self._vault.read() as session:
            if before is None:
                last = audit_lines.last(session)
                before = 1 + (last.number if last else 0)
            shut = _shut_subjects(session, reader)
            rows = audit_lines.before(session, before, PAGE)
            return [line_of(row) for row in rows if row.subject.partition(",")[0] not in shut]

    def verify(self) -> Verified:
        """Look at every line and every seal. Raises `AuditBrokenError`, which names the first broken line."""
        with self._vault.read() as session:
            key = signing.verifying_key(signing.SigningSeed(statements.station_row(session).signing_seed))
            seals = {row.number: row for row in audit_lines.seals(session)}
            head, number = audit_chain.start(self._vault_id), 0
            for row in audit_lines.in_order(session):
                if row.number != number + 1:
                    raise AuditBrokenError(_missing(number + 1, row.number - 1))
                head, number = audit_chain.extend(head, line_of(row)), row.number
                if head != row.head:
                    raise AuditBrokenError(
                        f"Line {number}, of {row.at}, is not what was written, or not where it was."
                    )
                seal = seals.get(number)
                if seal and _opened(key, self._vault_id, seal) != Seal(number, head, seal.on):
                    raise AuditBrokenError(
                        f"Line {number}, of {row.at}, is not what this station sealed on {seal.on}."
                    )
        if seals and max(seals) > number:
            raise AuditBrokenError(_missing(number + 1, max(seals)))
        return Verified(number, max(seals, default=0), head)

    def _seal(self, session: Session, last: AuditRow, now: datetime) -> None:
        seed = signing.SigningSeed(statements.station_row(session).signing_seed)
        seal = Seal(last.number, last.head, now.date().isoformat())
        data = audit_chain.sign_seal(seed, self._vault_id, seal)
        session.add(AuditSealRow(number=seal.number, on=seal.on, data=data))


def _shut_subjects(session: Session, reader: Officer) -> set[str]:
    """What the log calls the cases from which somebody was recused, and what is or was in them."""
    cases = visible.shut_case_ids(session, reader.officer_id)
    return subjects_in(session, cases) | set(deletions.shut_subjects(session, reader.officer_id))


def subjects_in(session: Session, cases: Sequence[int]) -> set[str]:
    """What the log calls these cases and what is in them."""
    return {
        *(f"case {each}" for each in cases),
        *(f"file {each}" for each in visible.file_ids(session, cases)),
        *(f"parcel {each}" for each in visible.parcel_ids(session, cases)),
        *(f"proposal {each}" for each in visible.proposal_ids(session, cases)),
        *(f"reply {each}" for each in visible.reply_ids(session, cases)),
    }


def _opened(key: signing.VerifyingKey, vault_id: bytes, row: AuditSealRow) -> Seal | None:
    try:
        return audit_chain.verify_seal(key, vault_id, row.data)
    except (SignatureError, CanonicalError):
        return None


def _missing(first: int, last: int) -> str:
    named = f"Line {first} is" if first == last else f"Lines {first} to {last} are"
    return f"{named} missing from the audit log."


def line_of(row: AuditRow) -> Line:
    """A line as it is kept."""
    return Line(row.number, row.at, row.officer_id, row.officer, row.action, row.subject)
