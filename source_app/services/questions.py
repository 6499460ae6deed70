"""The questions that the pack asks of every report, and what was answered, as a form of the parcel.

The questions, their order and their words are the pack's; without a pack there are none. `what` is
the free text of the report, and `files` the files: both have fields of their own. An answer that no
question asked for changes nothing; a text is kept as it was typed, for officers to read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cases import source_forms
from cases.packs.pack import Pack
from cases.packs.schema import Answer, Question
from cases.source_forms import SourceForm
from crypto import canonical, sizes
from source_app.errors import AnswersTooLongError

WHAT: Final = "what"
PREFIX: Final = "q."
"""Before the id of a question, in the name of its field."""

Answers = Mapping[str, Sequence[str]]
"""What came in fields, by the name of the field, in the order in which it came."""


@dataclass(frozen=True)
class Asked:
    """A question as a page shows it. `answer` is a word of `cases.packs.schema.Answer`."""

    field: str
    answer: str
    title: str
    help: str
    choices: tuple[tuple[str, str], ...]


def asked(pack: Pack | None, day: date, language: str) -> tuple[Asked, ...]:
    """The questions of every report on a day, in the order of the pack; none without a pack."""
    return tuple(_asked(pack, question, language) for question in _core(pack, day)) if pack else ()


def fields(pack: Pack | None, day: date) -> frozenset[str]:
    """The names of the fields that answers come in."""
    ids = (question.id for question in _core(pack, day)) if pack else ()
    return frozenset({PREFIX + source_forms.CONCERNS_AGENCY, *(PREFIX + name for name in ids)})


def report_form(pack: Pack | None, day: date, answers: Answers) -> canonical.Object | None:
    """The form that the answers make, or None where nothing was answered. Raises `AnswersTooLongError`."""
    rows = _concerns_agency(answers)
    for question in _core(pack, day) if pack else ():
        rows += [(question.id, value) for value in _values(question, answers)]
    if not rows:
        return None
    if pack:
        rows.insert(0, (source_forms.PACK, f"{pack.ref.id} {pack.ref.version}"))
    form = filled(SourceForm.REPORT, rows)
    if len(canonical.encode(form)) > sizes.FORM_MAX:
        raise AnswersTooLongError
    return form


def filled(form: SourceForm, rows: Sequence[tuple[str, str]]) -> canonical.Object:
    """A form as it stands in a parcel."""
    answers: list[canonical.Value] = [{"id": name, "value": value} for name, value in rows]
    return {"form": form.value, "version": source_forms.VERSION, "answers": answers}


def _core(pack: Pack, day: date) -> list[Question]:
    others = (WHAT,)
    return [
        each
        for each in pack.in_force(Question, day)
        if each.core and each.id not in others and each.answer is not Answer.FILES
    ]


def _asked(pack: Pack, question: Question, language: str) -> Asked:
    words = pack.say(f"{question.kind}.{question.words or question.id}", language)
    choices = tuple((each, pack.say(f"choice.{each}", language).title or each) for each in question.choices)
    return Asked(PREFIX + question.id, question.answer.value, words.title, words.help, choices)


def _values(question: Question, answers: Answers) -> list[str]:
    given = [value.strip() for value in answers.get(PREFIX + question.id, ()) if value.strip()]
    if question.answer is Answer.CHOICES:
        return [choice for choice in question.choices if choice in given]
    if question.answer is Answer.CHOICE:
        given = [value for value in given if value in question.choices]
    elif question.answer is Answer.YES_NO:
        given = [value for value in given if value in (source_forms.YES, source_forms.NO)]
    return given[:1]


def _concerns_agency(answers: Answers) -> list[tuple[str, str]]:
    given = answers.get(PREFIX + source_forms.CONCERNS_AGENCY, ())
    return [(source_forms.CONCERNS_AGENCY, source_forms.YES)] if source_forms.YES in given else []
