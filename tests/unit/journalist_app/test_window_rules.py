"""When a week's key may be destroyed: each condition alone, and each of them not met."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crypto.windows import window_start
from journalist_app.services.window_rules import Facts, Wanted, Word, ready_through, window_lines

END = window_start(151)
"""Of window 150."""
DUE = END + timedelta(days=14)
HEARD = Word(DUE, {})
GOOD = Facts(DUE, 150, 201, (HEARD,), {}, {}, {})


@pytest.mark.parametrize(
    ("changes", "unmet"),
    [
        pytest.param({}, set(), id="all met"),
        pytest.param({"now": DUE - timedelta(seconds=1)}, {Wanted.TIME}, id="a second too early"),
        pytest.param(
            {"servers": (Word(DUE - timedelta(seconds=1), {}),)}, {Wanted.HEARD}, id="an old bundle"
        ),
        pytest.param({"servers": (HEARD, Word(END, {}))}, {Wanted.HEARD}, id="one of two servers is old"),
        pytest.param({"servers": (HEARD, Word(None, {}))}, {Wanted.HEARD}, id="one never spoke"),
        pytest.param({"servers": ()}, {Wanted.HEARD}, id="no server at all"),
        pytest.param({"servers": (Word(DUE, {150: 1}),)}, {Wanted.NONE_OUTSTANDING}, id="outstanding"),
        pytest.param(
            {"servers": (Word(DUE, {149: 1}),)}, {Wanted.NONE_OUTSTANDING}, id="outstanding from before"
        ),
        pytest.param({"servers": (Word(DUE, {151: 9, 150: 0}),)}, set(), id="outstanding in the next"),
        pytest.param(
            {"servers": (HEARD, Word(DUE, {150: 1}))}, {Wanted.NONE_OUTSTANDING}, id="on the other server"
        ),
        pytest.param({"missing": {150: 2}}, {Wanted.HELD}, id="missing here"),
        pytest.param({"missing": {151: 2}}, set(), id="missing in the next"),
        pytest.param({"not_backed_up": {150: 1}}, {Wanted.BACKED_UP}, id="in no backup"),
        pytest.param({"not_backed_up": {140: 1}}, {Wanted.BACKED_UP}, id="an older one in no backup"),
        pytest.param({"not_backed_up": {151: 1}, "quarantined": {150: 3}}, set(), id="of no concern"),
    ],
)
def test_each_condition(changes: dict[str, object], unmet: set[Wanted]) -> None:
    (line, *_) = window_lines(replace(GOOD, **changes))  # type: ignore[arg-type]
    assert line.window == 150
    assert line.unmet == unmet
    assert line.ready == (not unmet)


def test_the_earlier_of_both_clocks_counts() -> None:
    far = timedelta(days=3650)
    assert not window_lines(replace(GOOD, now=DUE + far, servers=(Word(END, {}),)))[0].ready
    assert window_lines(replace(GOOD, now=END - timedelta(seconds=1), servers=(Word(DUE + far, {}),))) == ()


def test_a_week_that_is_not_over_has_no_line_and_time_cannot_be_forced() -> None:
    lines = window_lines(replace(GOOD, now=DUE - timedelta(seconds=1)))
    assert [(line.window, line.ready, line.forcible) for line in lines] == [
        (150, False, False),
        (151, False, False),
    ]
    assert window_lines(replace(GOOD, now=END - timedelta(seconds=1))) == ()


def test_six_weeks_after_its_end_two_officers_may_and_are_told_the_number() -> None:
    facts = replace(GOOD, servers=(Word(DUE, {149: 1, 150: 2, 151: 7}),), missing={150: 1})
    before = replace(facts, now=END + timedelta(weeks=6, seconds=-1))
    assert [(line.overdue, line.forcible) for line in window_lines(before)[:1]] == [(False, False)]
    (line, *_) = window_lines(replace(facts, now=END + timedelta(weeks=6)))
    assert (line.overdue, line.ready, line.forcible, line.lost) == (True, False, True, 3)
    (line, *_) = window_lines(replace(facts, now=END + timedelta(weeks=6), missing={150: 5}))
    assert line.lost == 5


def test_what_the_bundle_itself_brought_is_not_lost() -> None:
    facts = replace(GOOD, servers=(Word(DUE, {149: 1, 150: 2}, {150: 2}), Word(DUE, {150: 1}, {150: 4})))
    (line, *_) = window_lines(replace(facts, now=END + timedelta(weeks=6)))
    assert (line.outstanding, line.lost, line.ready) == (4, 1, False)


def test_windows_are_ready_in_order() -> None:
    later = replace(GOOD, now=DUE + timedelta(weeks=3), servers=(Word(DUE + timedelta(weeks=3), {152: 1}),))
    lines = window_lines(later)
    assert [line.window for line in lines] == [150, 151, 152, 153, 154, 155]
    assert [line.ready for line in lines] == [True, True, False, False, False, False]
    assert ready_through(lines) == 151
    assert ready_through(()) is None


def test_after_the_last_key_there_is_nothing_to_destroy() -> None:
    ten_years = replace(GOOD, now=datetime(2036, 11, 22, tzinfo=UTC))
    assert [line.window for line in window_lines(ten_years)] == list(range(150, 202))
    assert window_lines(replace(ten_years, first_window=202)) == ()


def test_a_line_names_its_days() -> None:
    line = window_lines(GOOD)[0]
    days = (line.first_day, line.last_day, line.due_on, line.heard_on)
    assert [str(day) for day in days] == ["2026-11-16", "2026-11-22", "2026-12-07", "2026-12-07"]
