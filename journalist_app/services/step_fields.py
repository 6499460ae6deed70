"""What a step of a case asks an officer for: one field for each thing that its event says.

The fields are those of the event (`cases.events`), so that no event is without its form. What can be
chosen comes from the case and from the rules that it keeps; what has only one right value (a number
for a new matter, the edition that names a body) is not asked for. What an officer sends back is read
by the same table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeAlias

from cases import outlook
from cases.event import Event, Hold, Refusal, Risk
from cases.events import EVENT_TYPES, Sending
from cases.kinds import ReportEvent as E
from cases.machines.acts import ACTS, Notice
from cases.packs.pack import Pack
from cases.packs.schema import Category, CheckItem, ClosingReason, Institution
from journalist_app.errors import StepError
from journalist_app.services.case_history import History
from journalist_app.services.case_life import LANGUAGE

IDENTITY_FIELDS: Final = ("name", "contact", "workplace", "everything")
_SENDINGS: Final = tuple(kind for kind, made in EVENT_TYPES.items() if issubclass(made, Sending))
_NOT_ASKED: Final = frozenset({"by", "second", "recorded_on", "text_ref", "listed_in"})
_NUMBER_MAX: Final = 10_000

Choices: TypeAlias = tuple[tuple[str, str], ...]
"""Value and title."""


class Sort(StrEnum):
    """How a field is filled in."""

    DAY = "day"
    YES_NO = "yes_no"
    ONE = "one"
    SEVERAL = "several"
    NUMBER = "number"
    WORD = "word"


@dataclass(frozen=True)
class Field:
    """One field. `must`: something has to be chosen or written."""

    name: str
    sort: Sort
    choices: Choices = ()
    must: bool = True


@dataclass(frozen=True)
class Ground:
    """What the fields of a step are made from. `people`: who can sign in, id and name."""

    history: History
    bodies: Pack
    """The newest edition of the case's own pack: it names bodies."""
    people: Choices
    languages: tuple[str, ...]
    today: date


def fields_of(kind: E, ground: Ground) -> tuple[Field, ...]:
    """What the step asks for."""
    asked = [_field(kind, each.name, ground) for each in fields(EVENT_TYPES[kind])]
    return tuple(each for each in asked if each is not None)


def values_of(kind: E, ground: Ground, typed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The values of the event, but for who and when it was entered. Raises `StepError`."""
    values = {field.name: _value(field, typed.get(field.name, ())) for field in fields_of(kind, ground)}
    named = {each.name for each in fields(EVENT_TYPES[kind])}
    numbered = {name: number for name, number in _numbers(kind, ground.history).items() if name in named}
    if "listed_in" in named:
        values["listed_in"] = ground.bodies.ref
    return {**values, **numbered}


def bodies_of(event: Event, ground: Ground) -> tuple[Pack, ...]:
    """The editions that an event names besides the case's own."""
    return (ground.bodies,) if isinstance(event, Sending) else ()


def _field(kind: E, name: str, ground: Ground) -> Field | None:
    if name in _NOT_ASKED or name in _numbers(kind, ground.history):
        return None
    if (kind, name) in _OWN:
        return _OWN[kind, name](ground)
    return _FIELDS[name](ground)


def _numbers(kind: E, history: History) -> dict[str, str]:
    """The names of what an event makes: found by nobody but us, so nobody is asked."""
    case = history.case
    made = {
        E.ALLEGATION_ADDED: ("allegation", f"A{len(case.allegations) + 1}"),
        E.QUESTIONS_ASKED: ("questions", f"Q{len(case.questions) + 1}"),
        E.HOLD_PLACED: ("hold", f"H{len(history.events) + 1}"),
        **dict.fromkeys(_SENDINGS, ("referral", f"R{len(case.referrals) + 1}")),
    }
    return dict([made[kind]]) if kind in made else {}


def _value(field: Field, typed: Sequence[str]) -> Any:
    first = typed[0].strip() if typed else ""
    if field.sort is Sort.YES_NO:
        return bool(first)
    if field.sort is Sort.SEVERAL:
        chosen = set(typed)
        return tuple(value for value, _ in field.choices if value in chosen)
    if not first and field.must:
        raise StepError(f"Fill in “{field.name.replace('_', ' ')}”.")
    if field.sort is Sort.DAY:
        return _day(field, first)
    if field.sort is Sort.NUMBER:
        return _number(field, first)
    if field.sort is Sort.ONE:
        return _chosen(field, first)
    return first


def _day(field: Field, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise StepError(f"Write “{field.name.replace('_', ' ')}” as a day, like 2027-01-15.") from None


def _number(field: Field, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= _NUMBER_MAX):
        raise StepError(f"Write “{field.name.replace('_', ' ')}” as a whole number.")
    return int(text)


def _chosen(field: Field, text: str) -> Any:
    if text and text not in {value for value, _ in field.choices}:
        raise StepError(f"Choose one of what is offered for “{field.name.replace('_', ' ')}”.")
    return _CODES[field.name](text) if field.name in _CODES else text


def _matters(ground: Ground) -> Choices:
    pack, day = ground.history.pack, ground.history.case.received_on
    found = ground.history.case.allegations.values()
    return tuple((each.id, f"{each.id}: {_category(pack, each.category, day)}") for each in found)


def _category(pack: Pack, name: str, day: date) -> str:
    record = pack.find(Category, name, day)
    return pack.title(record, LANGUAGE) if record else name


def _referrals(ground: Ground) -> Choices:
    names = dict(_institutions(ground))
    found = ground.history.case.referrals.values()
    return tuple(
        (e.id, f"{e.id}: {e.allegation} at {names.get(e.institution, e.institution)}") for e in found
    )


def _institutions(ground: Ground) -> Choices:
    return _titles(ground.bodies, ground.bodies.in_force(Institution, ground.today))


def _titles(pack: Pack, records: Sequence[Any]) -> Choices:
    return tuple((each.id, pack.title(each, LANGUAGE)) for each in records)


def _of_pack(kind: type[Any], ground: Ground) -> Choices:
    pack, day = ground.history.pack, ground.history.case.received_on
    return _titles(pack, pack.in_force(kind, day))


def _codes(code: type[StrEnum]) -> Choices:
    return tuple((each.value, each.value.replace("_", " ")) for each in code)


def _clocks(ground: Ground) -> Choices:
    pack = ground.history.pack
    found = {
        clock.deadline.id: pack.title(clock.deadline, LANGUAGE)
        for clock in ground.history.case.clocks
        if clock.stopped_on is None and clock.deadline.extend is not None
    }
    return tuple(found.items())


def _notices(ground: Ground) -> Choices:
    told = [kind for kind in ground.history.case.latest if ACTS[kind].notice is not Notice.NOTHING]
    return tuple((kind.value, f"{kind.value.replace('_', ' ')}: {ACTS[kind].notice}") for kind in told)


def _subjects(ground: Ground) -> Choices:
    return (("", "the whole report"), *_matters(ground), *_referrals(ground))


def _rounds(ground: Ground) -> Choices:
    found = ground.history.case.questions.values()
    return tuple((each.id, f"{each.id}, asked on {each.asked_on}") for each in found)


def _holds(ground: Ground) -> Choices:
    return tuple((name, f"{name}: {held.sort}") for name, held in ground.history.case.holds.items())


def _one(name: str, choices: Callable[[Ground], Choices], *, must: bool = True) -> Callable[[Ground], Field]:
    return lambda ground: Field(name, Sort.ONE, choices(ground), must)


def _several(name: str, choices: Callable[[Ground], Choices]) -> Callable[[Ground], Field]:
    return lambda ground: Field(name, Sort.SEVERAL, choices(ground), must=False)


def _plain(name: str, sort: Sort, *, must: bool = True) -> Callable[[Ground], Field]:
    return lambda _: Field(name, sort, (), must)


def _sent_to(kind: E) -> Callable[[Ground], Field]:
    return lambda ground: Field(
        "institution", Sort.ONE, _titles(ground.bodies, outlook.bodies(ground.bodies, kind, ground.today))
    )


_IDENTITY: Final[Choices] = tuple((each, each) for each in IDENTITY_FIELDS)
_CODES: Final[Mapping[str, Callable[[str], StrEnum]]] = {
    "risk": Risk,
    "ground": Refusal,
    "sort": Hold,
    "of": E,
}
_YES_NO: Final = (
    "restricted",
    "urgent",
    "conflict",
    "in_scope",
    "secrets",
    "no_conflict_declared",
    "senior",
    "redacted",
    "accused_body",
    "reidentification_checked",
    "lead",
    "objection_explained",
    "new_evidence",
    "free",
)
_FIELDS: Final[Mapping[str, Callable[[Ground], Field]]] = {
    **{name: _plain(name, Sort.YES_NO, must=False) for name in _YES_NO},
    **{name: _plain(name, Sort.DAY) for name in ("on", "answer_by", "objected_on")},
    "length": _plain("length", Sort.NUMBER),
    "duplicate_of": _plain("duplicate_of", Sort.WORD, must=False),
    "risk": _one("risk", lambda _: _codes(Risk)),
    "ground": _one("ground", lambda _: _codes(Refusal)),
    "sort": _one("sort", lambda _: _codes(Hold)),
    "of": _one("of", _notices),
    "handler": _one("handler", lambda ground: ground.people),
    "person": _one("person", lambda ground: ground.people),
    "readers": _several("readers", lambda ground: ground.people),
    "allegation": _one("allegation", _matters),
    "allegations": _several("allegations", _matters),
    "category": _one("category", lambda ground: _of_pack(Category, ground)),
    "accused": _several("accused", _institutions),
    "questions": _one("questions", _rounds),
    "referral": _one("referral", _referrals),
    "left": _one("left", _referrals),
    "institution": _one("institution", _institutions),
    "attached": _several("attached", lambda _: _IDENTITY),
    "identity_fields": _several("identity_fields", lambda _: _IDENTITY),
    "language": _one("language", lambda ground: tuple((each, each) for each in ground.languages)),
    "checked": _several("checked", lambda ground: _of_pack(CheckItem, ground)),
    "deadline": _one("deadline", _clocks),
    "subject": _one("subject", _subjects, must=False),
    "reason": _one("reason", lambda ground: _of_pack(ClosingReason, ground)),
    "hold": _one("hold", _holds),
}
_OWN: Final[Mapping[tuple[E, str], Callable[[Ground], Field]]] = {
    (kind, "institution"): _sent_to(kind) for kind in (E.TRANSFERRED, E.FORWARDED, E.COMPLAINT_FILED)
}
"""Where a field has other choices in one event than in all others."""
