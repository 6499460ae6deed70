"""Letters to the bodies that get a matter: begun with the words of the rules, edited, and never kept.

A letter names the body, the case by its code, and the matter by its category: nothing that a source wrote is
in it but what the officer puts there. Who the source is goes along only as far as it was attached and they
still agree. Before it is printed or encrypted, an officer says that it was read for what could give the
source away; what was said of that when the matter was sent is shown beside.
"""

import io
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from cases import outlook
from cases.errors import CaseError
from cases.events import Sending
from cases.kinds import Status
from cases.packs.pack import Pack
from cases.packs.schema import Category, Institution, Law, PublicText
from journalist_app.clock import Clock, day_of
from journalist_app.errors import InstalledPackError, LetterError, NotFoundError
from journalist_app.services import case_history, statements
from journalist_app.services.case_history import History
from journalist_app.services.openpgp import OpenPgp
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import case_list
from journalist_app.wording import spell_day_in

LETTER_MAX: Final = 100_000
"""Characters."""
_IDENTITY: Final = {False: "letter_without_identity", True: "letter_with_identity"}


@dataclass(frozen=True)
class Cited:
    """A place in a law that the letter stands on, and how far the rule was checked."""

    place: str
    law: str
    status: Status


@dataclass(frozen=True)
class Letter:
    """What the page of a letter begins with.

    `redacted`, `reidentified`: what was said at the sending of whether the text gives the source away.
    `attached`: what of the identity went along, as far as the source agrees to it today.
    """

    referral: str
    body: str
    sent_on: date
    text: str = field(repr=False)
    language: str
    languages: tuple[str, ...]
    cited: tuple[Cited, ...]
    attached: tuple[str, ...]
    redacted: bool
    reidentified: bool
    keys: tuple[str, ...]
    """Institutions whose OpenPGP keys are kept here."""


class Letters:
    """Begins letters and encrypts them, for one officer."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock) -> None:
        self._vault = unlocked.vault
        self._officer = officer
        self._clock = clock
        self._openpgp = OpenPgp(unlocked, clock)

    def start(self, case_id: int, referral: str, language: str = "") -> Letter:
        """The letter to the body of a referral, in a language of the rules. Raises `NotFoundError`."""
        keys = tuple(each.name for each in self._openpgp.institutions())
        with self._vault.read() as session:
            found = case_list.case(session, case_id, self._officer.officer_id)
            history = _history(session, case_id) if found else None
            if found is None or history is None:
                raise NotFoundError
            station = statements.station_row(session)
            event = next(
                (e for e in history.events if isinstance(e, Sending) and e.referral == referral), None
            )
            if event is None:
                raise NotFoundError
            code, agency = found[0].code, station.instance_name
            today = day_of(self._clock(), station.time_zone)
        pack, attached = history.editions[event.listed_in], _attached(history, event)
        languages = pack.head.languages
        chosen = language if language in languages else languages[0]
        filled = {
            "agency": agency,
            "day": spell_day_in(today, chosen),
            "body": _title(pack, Institution, event.institution, event.on, chosen),
            "code": f"{code} {referral}",
            "matter": _matter(history, event.allegation, chosen),
            "identity_fields": ", ".join(attached),
        }
        text, records = _text(history, event, pack, chosen, filled)
        return Letter(
            referral,
            filled["body"],
            event.on,
            text,
            chosen,
            languages,
            _cited(pack, records, chosen),
            attached,
            event.redacted,
            event.reidentification_checked,
            keys,
        )

    def check(self, text: str, *, read: bool) -> str:
        """The letter as it goes out. Raises `LetterError` unless somebody says to have read it."""
        plain = text.replace("\r\n", "\n").strip()
        if not 0 < len(plain) <= LETTER_MAX:
            raise LetterError(f"A letter has 1 to {LETTER_MAX:,} characters.")
        if not read:
            raise LetterError(
                "Read the letter with the eyes of that body, for what could give the source away; then say "
                "so."
            )
        return plain

    def seal(self, case_id: int, referral: str, text: str, to: str, *, read: bool) -> bytes:
        """The letter, signed by the agency and encrypted to an institution.

        Raises `NotFoundError`, `LetterError`, `InstitutionError`, `AgencyKeyMissingError`,
        `OpenPgpRefusedError`.
        """
        self.start(case_id, referral)
        return self._openpgp.seal_bytes(io.BytesIO(f"{self.check(text, read=read)}\n".encode()), to)


def _history(session: Session, case_id: int) -> History | None:
    try:
        return case_history.read(session, case_id)
    except (CaseError, InstalledPackError):
        return None


def _text(
    history: History, event: Sending, pack: Pack, language: str, filled: dict[str, str]
) -> tuple[str, list[PublicText]]:
    """What the letter says, and the records that it comes from; nothing where the rules have no letter."""
    records = list(outlook.letters(history.case, event, pack))
    said = pack.find(PublicText, _IDENTITY[bool(filled["identity_fields"])], event.on)
    if said is not None and records:
        records.append(said)
        filled = {**filled, "identity": _fill(_words(pack, said, language), filled)}
    letters = [each for each in records if each is not said]
    return "\n\n".join(_fill(_words(pack, each, language), filled) for each in letters), records


def _attached(history: History, event: Sending) -> tuple[str, ...]:
    agreed = history.case.consent.get(event.institution)
    return tuple(each for each in event.attached if agreed is not None and each in agreed.fields)


def _words(pack: Pack, record: PublicText, language: str) -> str:
    return pack.say(f"{PublicText.kind}.{record.words or record.id}", language).text.strip()


def _fill(text: str, filled: dict[str, str]) -> str:
    for name, value in filled.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _matter(history: History, allegation: str, language: str) -> str:
    pack, case = history.pack, history.case
    return _title(pack, Category, case.allegations[allegation].category, case.received_on, language)


def _title(pack: Pack, kind: type[Category | Institution], name: str, day: date, language: str) -> str:
    record = pack.find(kind, name, day)
    return pack.title(record, language) if record else name


def _cited(pack: Pack, records: list[PublicText], language: str) -> tuple[Cited, ...]:
    found = {
        str(place): Cited(str(place), pack.say(f"{Law.kind}.{place.law}", language).title, record.status)
        for record in records
        for place in record.basis
    }
    return tuple(found.values())
