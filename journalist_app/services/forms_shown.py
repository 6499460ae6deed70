"""The forms of a parcel as an officer reads them: titles for ids, in the words of the pack that asked.

A form or an answer that this program does not know is shown under its id; nothing that came is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from cases import source_forms
from cases.packs.pack import Pack
from cases.source_forms import SourceForm
from journalist_app.errors import InstalledPackError
from journalist_app.services.case_life import LANGUAGE
from journalist_app.services.packs import load
from journalist_app.store import packs
from journalist_app.store.received import KeptForm

TITLES: Final[Mapping[str, str]] = {
    SourceForm.REPORT: "Answers to the questions of the report",
    SourceForm.NOTICE_READ: "“I have read this”",
    SourceForm.CONSENT: "Consent",
    SourceForm.OBJECTION: "They do not agree",
    SourceForm.WITHDRAWAL: "They want to take the report back",
}
_ANSWERS: Final[Mapping[str, str]] = {
    source_forms.PACK: "Asked by the pack",
    source_forms.CONCERNS_AGENCY: "Concerns somebody in this agency",
    source_forms.MESSAGE_ID: "About our message",
    source_forms.CASE_CODE: "Case code",
    source_forms.BODY: "Who would learn it",
    source_forms.FIELD: "What it would learn",
    source_forms.CONSENTS: "They agree",
    source_forms.LANGUAGE: "Explained in",
    source_forms.FREE: "Says it is their own free wish",
}


@dataclass(frozen=True)
class FormShown:
    """A form: what it is, and each question with its answer."""

    title: str
    answers: tuple[tuple[str, str], ...] = field(repr=False)


def shown(session: Session, form: KeptForm) -> FormShown:
    """A form with its words."""
    asked_by = dict(form.answers).get(source_forms.PACK, "") if form.form == SourceForm.REPORT else ""
    pack = _edition(session, asked_by)
    rows = tuple((_question(name, pack), _answer(value, pack)) for name, value in form.answers)
    return FormShown(TITLES.get(form.form, form.form), rows)


def _edition(session: Session, named: str) -> Pack | None:
    """The edition that a report names, "kr 1", if it is here and can be read."""
    name, _, version = named.partition(" ")
    row = packs.edition(session, name, int(version)) if version.isdecimal() and len(version) < 10 else None
    try:
        return load(row) if row else None
    except InstalledPackError:
        return None


def _question(name: str, pack: Pack | None) -> str:
    words = pack.say(f"question.{name}", LANGUAGE).title if pack else ""
    return words or _ANSWERS.get(name, name)


def _answer(value: str, pack: Pack | None) -> str:
    return (pack.say(f"choice.{value}", LANGUAGE).title if pack else "") or value
