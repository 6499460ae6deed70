"""How an event is written down: an object of canonical JSON, one form for each event.

`encode` gives what `crypto.canonical.encode` can write, and `parse` accepts nothing else: every
field is there, in its own type, and no other. Days are `YYYY-MM-DD`, yes and no are 1 and 0. The
second person is left out where there was none. The officer app keeps these objects in its vault
and gives them back to `cases.life.replay`; whether they follow from each other is judged there.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

from cases.errors import EventFormatError
from cases.event import Actor, Event, Hold, Refusal, Risk
from cases.events import EVENT_TYPES
from cases.kinds import ReportEvent, Role
from cases.packs.pack import PACK_ID, PackRef
from crypto import canonical
from crypto.canonical import Object, Value
from crypto.errors import CanonicalError

C = TypeVar("C", bound=StrEnum)

_DIGEST_BYTES: Final = 32


def encode(event: Event) -> Object:
    """The object that stands for an event."""
    value: Object = {"kind": event.kind.value}
    for name, form in _FORMS[event.kind]:
        content = getattr(event, name)
        if content is not None:
            value[name] = form.write(content)
    return value


def parse(value: Value) -> Event:
    """The event that an object stands for. Raises `EventFormatError` unless `encode` could have given it."""
    try:
        return _parse(value)
    except CanonicalError as wrong:
        raise EventFormatError(f"This is not an event of a case: {wrong}.") from None


def _parse(value: Value) -> Event:
    if not isinstance(value, dict):
        raise CanonicalError("not an object")
    kind = _choice(ReportEvent, value.get("kind", ""))
    forms = _FORMS[kind]
    names = {name for name, _ in forms} | {"kind"}
    if value.keys() - names or names - value.keys() - {"second"}:
        raise CanonicalError("a key is missing or unknown")
    return EVENT_TYPES[kind](**{name: form.read(value[name]) for name, form in forms if name in value})


def _actor(value: Value) -> Actor:
    found = canonical.fields(value, {"role": str, "person": str})
    return Actor(_choice(Role, found["role"]), canonical.string(found["person"]))


def _pack_ref(value: Value) -> PackRef:
    found = canonical.fields(value, {"id": str, "version": int, "digest": str})
    canonical.hex_field(found["digest"], _DIGEST_BYTES)
    if not PACK_ID.fullmatch(canonical.string(found["id"])):
        raise CanonicalError("not the id of a pack")
    return PackRef(
        canonical.string(found["id"]), _number(found["version"]), canonical.string(found["digest"])
    )


def _number(value: Value) -> int:
    if isinstance(value, bool):
        raise CanonicalError("not an integer")
    return canonical.integer(value)


def _flag(value: Value) -> bool:
    number = _number(value)
    if number not in {0, 1}:
        raise CanonicalError("neither 0 nor 1")
    return bool(number)


def _day(value: Value) -> date:
    return date.fromisoformat(canonical.date_field(value))


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(canonical.string(each) for each in canonical.array(value))


def _choice(choices: type[C], value: Value) -> C:
    try:
        return choices(canonical.string(value))
    except ValueError:
        raise CanonicalError("a word that is not known here") from None


def _one(value: Any) -> Any:
    return value


def _list(value: tuple[str, ...]) -> Value:
    return list(value)


def _actor_object(value: Actor) -> Value:
    return {"role": value.role.value, "person": value.person}


def _pack_object(value: PackRef) -> Value:
    return {"id": value.id, "version": value.version, "digest": value.digest}


class _Form(NamedTuple):
    """How the contents of one field are written and read."""

    write: Callable[[Any], Value]
    read: Callable[[Value], Any]


_CHOICES: Final = (ReportEvent, Risk, Refusal, Hold)
_BY_TYPE: Final[Mapping[Any, _Form]] = {
    str: _Form(_one, canonical.string),
    int: _Form(_one, _number),
    bool: _Form(int, _flag),
    date: _Form(date.isoformat, _day),
    tuple[str, ...]: _Form(_list, _texts),
    Actor: _Form(_actor_object, _actor),
    Actor | None: _Form(_actor_object, _actor),
    PackRef: _Form(_pack_object, _pack_ref),
    **{each: _Form(str, partial(_choice, each)) for each in _CHOICES},
}


_FORMS: Final = {
    kind: tuple((field.name, _BY_TYPE[field.type]) for field in fields(event_type))
    for kind, event_type in EVENT_TYPES.items()
}
