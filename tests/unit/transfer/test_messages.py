"""A message to a source: what is sent can be read, and nothing else can."""

from dataclasses import replace

import pytest

from cases.stages import Stage
from crypto import canonical, sizes, slots
from transfer.errors import MessageError
from transfer.message import ConsentAsked, May, Message, encode_message, parse_message

MESSAGE = Message("Danke – 日本\n", "ABC-123", Stage.UNDER_REVIEW, "2026-11-22", "2026-12-01")
VALUE = canonical.parse(encode_message(MESSAGE), max_bytes=10_000)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("due_on", ["2026-12-01", None])
def test_a_message_comes_back(stage: Stage, due_on: str | None) -> None:
    message = replace(MESSAGE, stage=stage, due_on=due_on)
    assert parse_message(encode_message(message)) == message


@pytest.mark.parametrize("may", [(), (May.READ,), (May.OBJECT, May.READ)])
@pytest.mark.parametrize("consent", [None, ConsentAsked("Court", ("name", "workplace"))])
def test_what_it_asks_comes_back(may: tuple[May, ...], consent: ConsentAsked | None) -> None:
    message = replace(MESSAGE, may=may, consent=consent)
    assert parse_message(encode_message(message)) == message


def test_the_longest_message_fits_24_slots() -> None:
    room = sizes.MESSAGE_MAX - len(encode_message(replace(MESSAGE, text="")))
    longest = replace(MESSAGE, text="x" * room)
    assert len(slots.split_message(encode_message(longest))) == 24
    with pytest.raises(MessageError, match="too long"):
        encode_message(replace(MESSAGE, text="x" * (room + 1)))


@pytest.mark.parametrize(
    "message",
    [
        replace(MESSAGE, text="\ud800"),
        replace(MESSAGE, sent_on="22.11.2026"),
        replace(MESSAGE, due_on="2026-02-30"),
        replace(MESSAGE, due_on=""),
        replace(MESSAGE, may=(May.READ, May.READ)),
        replace(MESSAGE, consent=ConsentAsked("", ("name",))),
        replace(MESSAGE, consent=ConsentAsked("Court", ())),
        replace(MESSAGE, consent=ConsentAsked("Court", ("name", "name"))),
        replace(MESSAGE, consent=ConsentAsked("Court\u202e", ("name",))),
        replace(MESSAGE, consent=ConsentAsked("C" * 201, ("name",))),
        replace(MESSAGE, consent=ConsentAsked("Court", ("n" * 61,))),
        replace(MESSAGE, consent=ConsentAsked("Court", tuple(map(str, range(11))))),
    ],
)
def test_what_the_source_could_not_read_is_not_sent(message: Message) -> None:
    with pytest.raises(MessageError):
        encode_message(message)


CHANGES: list[canonical.Object] = [
    {"v": 2},
    {"stage": "won"},
    {"stage": 1},
    {"sent_on": "today"},
    {"due_on": ""},
    {"extra": "x"},
    {"text": ["a"]},
    {"may": []},
    {"may": ["read", "object"]},
    {"may": ["delete"]},
    {"may": "read"},
    {"consent": {"body": "Court"}},
    {"consent": {"body": "Court", "fields": ["name"], "until": "2027-01-01"}},
    {"consent": {"body": "Court", "fields": [1]}},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_another_form_is_refused(change: canonical.Object) -> None:
    with pytest.raises(MessageError):
        parse_message(canonical.encode({**VALUE, **change}))


@pytest.mark.parametrize("key", ["v", "text", "case_code", "stage", "sent_on"])
def test_every_key_is_needed(key: str) -> None:
    with pytest.raises(MessageError):
        parse_message(canonical.encode({k: v for k, v in VALUE.items() if k != key}))


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff", b"x" * (sizes.MESSAGE_MAX + 1)])
def test_noise_is_refused(data: bytes) -> None:
    with pytest.raises(MessageError):
        parse_message(data)
