"""The forms of a parcel as an officer reads them: titles for ids, in the words of the pack that asked.

A form or an answer that this program does not know is shown under its id; nothing that came is left out. A
form that says what its source did leads to the step that records it, filled in as far as the form says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from cases import source_forms
from cases.kinds import ReportEvent
from cases.packs.pack import Pack
from cases.source_forms import SourceForm
from journalist_app.errors import InstalledPackError
from journalist_app.services.case_life import LANGUAGE
from journalist_app.services.case_work import Happened
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


_STEPS: Final[Mapping[str, ReportEvent]] = {
    SourceForm.NOTICE_READ: ReportEvent.NOTICE_READ,
    SourceForm.CONSENT: ReportEvent.CONSENT_RECORDED,
    SourceForm.OBJECTION: ReportEvent.OBJECTED,
    SourceForm.WITHDRAWAL: ReportEvent.WITHDRAWAL_ASKED,
}


@dataclass(frozen=True)
class StepLink:
    """The step that records what a form says, and what its page begins with: field and value."""

    kind: ReportEvent
    given: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True)
class FormShown:
    """A form: what it is, and each question with its answer."""

    title: str
    answers: tuple[tuple[str, str], ...] = field(repr=False)
    step: StepLink | None = None


def step_of(form: KeptForm, received_on: str, told: Happened | None) -> StepLink | None:
    """The step for a form that came on a day. `told`: the step that the message tells of which it answers."""
    if form.form not in _STEPS:
        return None
    kind = _STEPS[form.form]
    given = [("on", received_on)]
    if kind is ReportEvent.NOTICE_READ and told is not None:
        given += [("of", told.kind.value), ("subject", told.subject)]
    if kind is ReportEvent.OBJECTED and told is not None:
        given.append(("allegation", told.subject))
    if kind is ReportEvent.CONSENT_RECORDED:
        given += list(_consent(form))
    return StepLink(kind, tuple(given))


def _consent(form: KeptForm) -> Iterator[tuple[str, str]]:
    agreed = (source_forms.CONSENTS, source_forms.YES) in form.answers
    for name, value in form.answers:
        if name == source_forms.BODY:
            yield "institution", value
        elif name == source_forms.LANGUAGE:
            yield "language", value
        elif name == source_forms.FIELD and agreed:
            yield "identity_fields", "everything" if value.startswith("everything") else value


def shown(session: Session, form: KeptForm, received_on: str = "", told: Happened | None = None) -> FormShown:
    """A form with its words."""
    asked_by = dict(form.answers).get(source_forms.PACK, "") if form.form == SourceForm.REPORT else ""
    pack = _edition(session, asked_by)
    rows = tuple((_question(name, pack), _answer(value, pack)) for name, value in form.answers)
    return FormShown(TITLES.get(form.form, form.form), rows, step_of(form, received_on, told))


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
