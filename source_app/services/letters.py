"""What a source can send: for each sort the kind of its parcel, the fields it reads, the form it makes.

A letter knows nothing of how it travels; `services.reports` seals it. `Letter.form` is asked once, when
all fields are here and before any file; `needs_content` says whether a text, a file or an answer must be
there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from cases import source_forms
from cases.packs.pack import Pack
from cases.source_forms import SourceForm
from crypto import canonical
from crypto.parcel import Kind
from source_app.services import questions
from source_app.services.inbox import Answer
from source_app.services.questions import Answers

CONSENTS_FIELD: Final = "consents"
FREE_FIELD: Final = "free"
CASE_FIELD: Final = "case_code"


@dataclass(frozen=True)
class Letter:
    """One sort of sending."""

    kind: Kind
    language: str
    fields: frozenset[str]
    """The fields whose values `form` wants, besides those that every sending has."""
    form: Callable[[Answers], canonical.Object | None]
    needs_content: bool
    """Whether it is empty without a text, a file or an answer."""


def report(pack: Pack | None, day: date, language: str) -> Letter:
    """A report, with the answers to the pack's questions."""
    return Letter(
        Kind.REPORT,
        language,
        questions.fields(pack, day),
        partial(questions.report_form, pack, day),
        needs_content=True,
    )


def message(language: str) -> Letter:
    """Something more, without a form."""
    return Letter(Kind.MESSAGE, language, frozenset(), _no_form, needs_content=True)


def notice_read(answer: Answer, language: str) -> Letter:
    """“I have read this”."""
    return _about(SourceForm.NOTICE_READ, answer, language, needs_content=False)


def objection(answer: Answer, language: str) -> Letter:
    """The source does not agree, with reasons."""
    return _about(SourceForm.OBJECTION, answer, language, needs_content=True)


def consent(answer: Answer, language: str) -> Letter:
    """Yes or no to what the officers asked; what is no yes is a no."""
    return Letter(
        Kind.CONSENT,
        language,
        frozenset({CONSENTS_FIELD}),
        partial(_consent_form, answer, language),
        needs_content=False,
    )


def withdrawal(case_codes: tuple[str, ...], language: str) -> Letter:
    """The wish to take a report back. `case_codes` are those that this source knows."""
    return Letter(
        Kind.REQUEST,
        language,
        frozenset({FREE_FIELD, CASE_FIELD}),
        partial(_withdrawal_form, case_codes),
        needs_content=False,
    )


def _no_form(_answers: Answers) -> None:
    return None


def _about(form: SourceForm, answer: Answer, language: str, *, needs_content: bool) -> Letter:
    return Letter(
        Kind.MESSAGE, language, frozenset(), partial(_form_about, form, answer), needs_content=needs_content
    )


def _form_about(form: SourceForm, answer: Answer, _answers: Answers) -> canonical.Object:
    return questions.filled(form, _which(answer))


def _which(answer: Answer) -> list[tuple[str, str]]:
    return [(source_forms.MESSAGE_ID, answer.message_id), (source_forms.CASE_CODE, answer.case_code)]


def _consent_form(answer: Answer, language: str, answers: Answers) -> canonical.Object:
    asked = answer.consent
    agrees = source_forms.YES in answers.get(CONSENTS_FIELD, ())
    rows = _which(answer)
    if asked is not None:
        rows += [(source_forms.BODY, asked.body), *((source_forms.FIELD, each) for each in asked.fields)]
    rows += [
        (source_forms.CONSENTS, source_forms.YES if agrees else source_forms.NO),
        (source_forms.LANGUAGE, language),
    ]
    return questions.filled(SourceForm.CONSENT, rows)


def _withdrawal_form(case_codes: tuple[str, ...], answers: Answers) -> canonical.Object:
    named = [code for code in answers.get(CASE_FIELD, ()) if code in case_codes]
    codes = named[:1] or (list(case_codes) if len(case_codes) == 1 else [])
    free = source_forms.YES if source_forms.YES in answers.get(FREE_FIELD, ()) else source_forms.NO
    rows = [*((source_forms.CASE_CODE, code) for code in codes), (source_forms.FREE, free)]
    return questions.filled(SourceForm.WITHDRAWAL, rows)
