"""Whole stories over the gap, both sides in memory: reports, answers, lost sticks, time."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.simulator import BothSides

TEXT = "The tender was written for one firm. 입찰이 한 회사에 맞춰졌습니다."


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[BothSides]:
    """Both sides, introduced to each other."""
    both = BothSides(tmp_path)
    yield both
    both.close()


def test_a_report_its_files_and_the_answers_go_round(sides: BothSides) -> None:
    source = sides.visitor()
    files = [("files", "plan.pdf", b"first " * 30_000), ("files", "plan.pdf", b"second"), ("files", "", b"")]
    codename = source.report(TEXT, files)
    sides.carry_in()

    (case,) = sides.cases()
    assert TEXT in sides.page(case)
    assert sides.saved_files(case) == [b"first " * 30_000, b"second"]

    sides.answer(case, "Which firm was it?", "questions", "2027-01-21")
    sides.carry_out()
    later = sides.visitor()
    later.enter(codename.upper())
    assert "Which firm was it?" in later.get("/inbox").get_data(as_text=True)
    assert "21 January 2027" in later.page

    later.send("It was the one from across the street.", path="/inbox")
    sides.carry_in()
    assert sides.cases() == [case], "a second message of one source joins its case"
    assert "across the street" in sides.page(case)


def test_what_is_acknowledged_is_deleted_fourteen_days_later_and_not_before(sides: BothSides) -> None:
    sides.visitor().report(TEXT)
    sides.carry_in()
    sides.carry_out()
    assert len(sides.site.envelopes()) == 1, "kept, so that a restored station can find it again"

    sides.clock.turn(days=13)
    sides.site.services.retention.delete_due(sides.clock.now.date().isoformat())
    assert len(sides.site.envelopes()) == 1
    sides.clock.turn(days=1)
    sides.site.services.retention.delete_due(sides.clock.now.date().isoformat())
    assert sides.site.envelopes() == []


def test_a_lost_stick_loses_nothing_in_either_direction(sides: BothSides) -> None:
    source = sides.visitor()
    codename = source.report(TEXT)
    sides.site.services.exporter.export(sides.stick)
    sides.lose_stick()
    source.get("/inbox")
    sides.visitor().report("Another report, made while the stick was on its way.")
    page = sides.carry_in()
    assert len(sides.cases()) == 2
    assert "Made and never brought here: IN 2." in page

    case = next(path for path in sides.cases() if TEXT in sides.page(path))
    sides.answer(case, "We have it.")
    sides.officer_exports()
    sides.lose_stick()
    sides.answer(case, "And one more thing.")
    sides.carry_out()
    source.enter(codename)
    inbox = source.get("/inbox").get_data(as_text=True)
    assert "We have it." in inbox
    assert "And one more thing." in inbox


def test_the_same_stick_again_changes_nothing(sides: BothSides) -> None:
    sides.visitor().report(TEXT)
    sides.carry_in()
    before = _without_tokens(sides.page(sides.cases()[0]))
    sides.officer_imports()
    assert len(sides.cases()) == 1
    assert _without_tokens(sides.page(sides.cases()[0])) == before


@pytest.mark.parametrize("stick", ["the same", "another"])
def test_a_flipped_byte_on_the_stick_costs_one_object_and_a_new_export_brings_it(
    sides: BothSides, stick: str
) -> None:
    sides.visitor().report(TEXT)
    sides.visitor().report("The second report of that day.")
    sides.site.services.exporter.export(sides.stick)
    part = (
        max(sides.stick.glob("cleandrop-in-*"), key=lambda path: int(path.name.split("-")[-1]))
        / "part-0000.bin"
    )
    data = bytearray(part.read_bytes())
    data[20_000] ^= 1
    part.write_bytes(data)

    page = sides.officer_imports()
    assert "damaged" in page
    assert TEXT not in "".join(sides.page(path) for path in sides.cases())

    sides.carry_out()
    assert len(sides.site.envelopes()) == 2, "what the station does not hold is not acknowledged"
    if stick == "another":
        sides.lose_stick()
    sides.carry_in()
    assert len(sides.cases()) == 2
    sides.carry_out()
    assert sides.site.services.exporter.export(sides.stick).name is None


def test_an_answer_can_be_read_for_ninety_days_and_the_last_of_a_case_for_longer(sides: BothSides) -> None:
    source = sides.visitor()
    codename = source.report(TEXT)
    sides.carry_in()
    sides.answer(sides.cases()[0], "We have it.")
    sides.answer(sides.cases()[0], "We look into it.")
    sides.carry_out()
    sides.clock.turn(days=88)
    source = sides.visitor()
    source.enter(codename)
    assert "We have it." in source.get("/inbox").get_data(as_text=True)

    sides.clock.turn(days=4)
    sides.sign_in_again()
    sides.visitor().report("So that there is something to carry.")
    sides.carry_in()
    sides.carry_out()
    source.enter(codename)
    inbox = source.get("/inbox").get_data(as_text=True)
    assert "We have it." not in inbox
    assert inbox.count("We look into it.") == 1


def test_no_key_for_this_week_closes_the_door_and_keeps_the_way_back(sides: BothSides) -> None:
    source = sides.visitor()
    codename = source.report(TEXT)
    sides.clock.turn(weeks=53)
    stranger = sides.visitor()
    assert stranger.get("/report").status_code == 503
    assert len(sides.site.envelopes()) == 1
    assert stranger.enter(codename).status_code == 303


def _without_tokens(page: str) -> str:
    """A page but for its forms' tokens, which tell the second in which they were made."""
    return re.sub(r'(name="csrf_token"[^>]* value=")[^"]*', r"\1", page)
