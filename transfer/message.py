"""A message to a source, as it stands in reply slots (protocol 1, section 7).

Canonical JSON: text, case code, stage, the day it was sent; and where they are: the day by which the
source hears next, what the source may do about it, what the source is asked to agree to.

Check 10 of a reader of slots: canonical JSON of this version with exactly its keys, a known stage; `may` in
order, none twice, none unknown; a consent names a body and fields, short and in visible characters.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cases.stages import Stage
from crypto import canonical, sizes
from crypto.errors import CanonicalError
from transfer.errors import MessageError

VERSION: Final = 1
BODY_MAX: Final = 200
FIELDS_MAX: Final = 10
FIELD_MAX: Final = 60


class May(StrEnum):
    """What a source may do about a message besides writing."""

    READ = "read"
    """Say “I have read this”: a legal period may start with it."""
    OBJECT = "object"


@dataclass(frozen=True)
class ConsentAsked:
    """The source is asked whether this body may learn these fields of their identity."""

    body: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """What a source reads. Dates are "YYYY-MM-DD"."""

    text: str = field(repr=False)
    case_code: str
    stage: Stage
    sent_on: str
    due_on: str | None
    may: tuple[May, ...] = ()
    consent: ConsentAsked | None = None


def encode_message(message: Message) -> bytes:
    """The bytes that go into slots. Raises `MessageError` when a reader would refuse them."""
    value: canonical.Object = {
        "v": VERSION,
        "text": message.text,
        "case_code": message.case_code,
        "stage": message.stage.value,
        "sent_on": message.sent_on,
    }
    if message.due_on is not None:
        value["due_on"] = message.due_on
    if message.may:
        value["may"] = [*sorted(each.value for each in message.may)]
    if message.consent is not None:
        value["consent"] = {"body": message.consent.body, "fields": list(message.consent.fields)}
    try:
        data = canonical.encode(value)
        _parse(value)
    except CanonicalError as error:
        raise MessageError("The message has a date, a consent or characters that cannot be sent.") from error
    if len(data) > sizes.MESSAGE_MAX:
        raise MessageError(
            f"The message is too long: {len(data):,} bytes, and {sizes.MESSAGE_MAX:,} fit. Send it in parts."
        )
    return data


def parse_message(data: bytes) -> Message:
    """The message in `data`. Raises `MessageError`."""
    try:
        return _parse(canonical.parse(data, max_bytes=sizes.MESSAGE_MAX))
    except CanonicalError as error:
        raise MessageError("This message cannot be read.") from error


def _parse(value: canonical.Object) -> Message:
    text = dict.fromkeys(("text", "case_code", "stage", "sent_on"), str)
    canonical.fields(value, {"v": int, **text}, {"due_on": str, "may": list, "consent": dict})
    # 10
    if value["v"] != VERSION or value["stage"] not in {stage.value for stage in Stage}:
        raise CanonicalError("another version or an unknown stage")
    return Message(
        canonical.string(value["text"]),
        canonical.string(value["case_code"]),
        Stage(canonical.string(value["stage"])),
        canonical.date_field(value["sent_on"]),
        canonical.date_field(value["due_on"]) if "due_on" in value else None,
        _may(canonical.array(value["may"])) if "may" in value else (),
        _consent(value["consent"]) if "consent" in value else None,
    )


def _may(rows: list[canonical.Value]) -> tuple[May, ...]:
    names = [canonical.string(row) for row in rows]
    if not names or names != sorted(set(names)) or not set(names) <= set(May):  # 10
        raise CanonicalError("what may be done is unknown, empty or in disorder")
    return tuple(May(name) for name in names)


def _consent(row: canonical.Value) -> ConsentAsked:
    value = canonical.fields(row, {"body": str, "fields": list})
    body = canonical.string(value["body"])
    names = tuple(canonical.string(each) for each in canonical.array(value["fields"]))
    if (
        not _is_short(body, BODY_MAX) or not 0 < len(names) <= FIELDS_MAX or len(set(names)) < len(names)
    ):  # 10
        raise CanonicalError("a consent to nothing, or to nobody")
    if len(set(names)) < len(names) or not all(_is_short(name, FIELD_MAX) for name in names):  # 10
        raise CanonicalError("a field that is none")
    return ConsentAsked(body, names)


def _is_short(text: str, most: int) -> bool:
    return 0 < len(text) <= most and text.isprintable() and text == text.strip()
