"""A message to a source, as it stands in reply slots (protocol 1, section 7).

Canonical JSON: text, case code, stage, the day it was sent, and the day by which the source
hears next, where there is one.

Check 10 of a reader of slots: canonical JSON of this version with exactly its keys, a known
stage.
"""

from dataclasses import dataclass, field
from typing import Final

from cases.stages import Stage
from crypto import canonical, sizes
from crypto.errors import CanonicalError
from transfer.errors import MessageError

VERSION: Final = 1


@dataclass(frozen=True)
class Message:
    """What a source reads. Dates are "YYYY-MM-DD"."""

    text: str = field(repr=False)
    case_code: str
    stage: Stage
    sent_on: str
    due_on: str | None


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
    try:
        data = canonical.encode(value)
        _parse(value)
    except CanonicalError as error:
        raise MessageError("The message has a date or characters that cannot be sent.") from error
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
    canonical.fields(value, {"v": int, **text}, {"due_on": str})
    # 10
    if value["v"] != VERSION or value["stage"] not in {stage.value for stage in Stage}:
        raise CanonicalError("another version or an unknown stage")
    return Message(
        canonical.string(value["text"]),
        canonical.string(value["case_code"]),
        Stage(canonical.string(value["stage"])),
        canonical.date_field(value["sent_on"]),
        canonical.date_field(value["due_on"]) if "due_on" in value else None,
    )
