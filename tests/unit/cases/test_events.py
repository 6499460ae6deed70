"""Events: what they may hold, and that each has one written form that is read back as it was."""

from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import event_form
from cases.errors import EventFormatError
from cases.event import Actor, Event, Hold, Refusal, Risk
from cases.events import EVENT_TYPES, AllegationAdded, ConsentRecorded
from cases.kinds import ReportEvent as E
from cases.kinds import Role
from cases.packs.pack import PackRef
from crypto import canonical
from crypto.canonical import Object
from tests.support.lives import INTAKE, SOURCE, make

DAY = date(2026, 3, 2)


@pytest.mark.parametrize("kind", E)
def test_an_event_is_read_back_as_it_was(kind: E) -> None:
    event = make(kind, 4)
    data = canonical.encode(event_form.encode(event))
    assert event_form.parse(canonical.parse(data, max_bytes=4096)) == event
    assert type(event) is EVENT_TYPES[kind]


def test_the_written_form_of_an_event() -> None:
    event = make(E.ALLEGATION_ADDED, 2, second=Actor(Role.HANDLER, "h1"), accused=("ministry",), senior=True)
    assert event_form.encode(event) == {
        "kind": "allegation_added",
        "on": "2026-03-04",
        "recorded_on": "2026-03-04",
        "by": {"role": "intake", "person": "i1"},
        "second": {"role": "handler", "person": "h1"},
        "text_ref": "",
        "allegation": "m1",
        "category": "bribery",
        "accused": ["ministry"],
        "senior": 1,
    }


NOT_AN_EVENT: dict[str, Any] = {
    "a list": [],
    "nothing": {},
    "unknown kind": {"kind": "celebrated"},
    "kind that is no text": {"kind": 7},
    "kind of a request": {"kind": "relief_filed"},
    "unknown key": {"mood": "good"},
    "missing key": {"senior": ...},
    "flag out of range": {"senior": 2},
    "flag that is no number": {"senior": "yes"},
    "true": {"senior": True},
    "no such day": {"on": "2026-02-30"},
    "day in another spelling": {"on": "2026-2-3"},
    "day that is no text": {"on": 20260304},
    "list of numbers": {"accused": [1]},
    "no list": {"accused": "ministry"},
    "empty id": {"allegation": ""},
    "a sentence": {"category": "he took money"},
    "a sentence in a list": {"accused": ["ministry", "the minister"]},
    "too long": {"text_ref": "x" * 65},
    "unknown role": {"by": {"role": "friend", "person": "i1"}},
    "role of nobody": {"by": {"person": "i1"}},
    "a name": {"by": {"role": "intake", "person": "Somebody Else"}},
    "more of an actor": {"by": {"role": "intake", "person": "i1", "mood": "good"}},
    "no second": {"second": ""},
}


@pytest.mark.parametrize("change", NOT_AN_EVENT.values(), ids=NOT_AN_EVENT)
def test_what_is_not_an_event_is_refused(change: Any) -> None:
    value: Any = change
    if isinstance(change, dict) and change:
        good = event_form.encode(make(E.ALLEGATION_ADDED, 2))
        value = {key: each for key, each in {**good, **change}.items() if each is not ...}
    with pytest.raises(EventFormatError):
        event_form.parse(value)


@pytest.mark.parametrize(
    "pack",
    [
        {"id": "kr", "version": 1, "digest": "00" * 31},
        {"id": "kr", "version": 1, "digest": "AB" * 32},
        {"id": "kr", "version": "1", "digest": "00" * 32},
        {"id": "kr", "version": True, "digest": "00" * 32},
        {"id": "kr", "version": 1},
        {"id": "What Mr K told me", "version": 1, "digest": "00" * 32},
        {"id": "kr\u202e", "version": 1, "digest": "00" * 32},
        "kr",
    ],
)
def test_an_edition_is_named_in_full(pack: Any) -> None:
    value = event_form.encode(make(E.RECEIVED, 0)) | {"pack": pack}
    with pytest.raises(EventFormatError):
        event_form.parse(value)


def test_a_number_is_a_number() -> None:
    value = event_form.encode(make(E.CLOCK_EXTENDED, 3))
    assert event_form.parse(value | {"length": 5}).length == 5  # type: ignore[attr-defined]
    with pytest.raises(EventFormatError, match="not an integer"):
        event_form.parse(value | {"length": True})


def test_an_event_holds_no_sentence_when_it_is_made() -> None:
    with pytest.raises(
        EventFormatError, match="“category” of the event “allegation_added” is not an id"
    ) as told:
        AllegationAdded(on=DAY, recorded_on=DAY, by=INTAKE, allegation="m1", category="my boss takes money")
    assert "boss" not in str(told.value)
    with pytest.raises(EventFormatError, match="“identity_fields” of the event “consent_recorded” holds"):
        ConsentRecorded(
            on=DAY, recorded_on=DAY, by=SOURCE, institution="ministry", identity_fields=("",), language="en"
        )
    with pytest.raises(EventFormatError, match="A person is named by an id"):
        Actor(Role.INTAKE, "Mr Nobody")


def test_every_event_of_a_report_has_its_record() -> None:
    assert set(EVENT_TYPES) == set(E)
    assert {kind: each.kind for kind, each in EVENT_TYPES.items()} == {kind: kind for kind in E}


def test_no_event_has_room_for_a_text() -> None:
    held = {str(field.type) for each in EVENT_TYPES.values() for field in fields(each)}
    plain = (str, int, bool, date, tuple[str, ...], Actor, Actor | None, PackRef)
    assert held == {str(each) for each in (*plain, E, Risk, Refusal, Hold)}


IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", fullmatch=True)
ACTORS = st.builds(Actor, st.sampled_from(Role), st.just("") | IDS)
EVENTS: st.SearchStrategy[Event] = st.sampled_from(list(E)).flatmap(
    lambda kind: st.builds(
        make,
        st.just(kind),
        st.integers(0, 4000),
        by=ACTORS,
        second=st.none() | ACTORS,
        text_ref=st.just("") | IDS,
    )
)


@given(EVENTS)
def test_any_event_has_one_form(event: Event) -> None:
    value = event_form.encode(event)
    assert event_form.parse(value) == event
    assert event_form.encode(event_form.parse(value)) == value


VALUES = st.recursive(
    st.integers(0, 9) | st.sampled_from(["", "m1", "2026-03-02", "intake"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
    max_leaves=4,
)


@given(EVENTS, st.data())
def test_a_changed_form_is_another_event_or_none(event: Event, data: st.DataObject) -> None:
    good = event_form.encode(event)
    key = data.draw(st.sampled_from(sorted(good)))
    changed: Object = {**good, key: data.draw(VALUES)}
    try:
        found = event_form.parse(changed)
    except EventFormatError:
        return
    assert event_form.encode(found) == changed
