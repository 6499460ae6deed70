"""Cases sorted by hand: flags, links, junk in bulk, sources that are muted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cases.kinds import ReportEvent as E
from journalist_app.errors import NotFoundError, SortingError
from journalist_app.listing import Show, Wanted
from journalist_app.services.answering import Written
from tests.support.case_office import CaseOffice

IN_DANGER = {
    "form": "report",
    "version": 1,
    "answers": [{"id": "pack", "value": "kr 1"}, {"id": "danger_now", "value": "yes"}],
}


@pytest.fixture
def office(tmp_path: Path) -> CaseOffice:
    """An office with three reports; in the third somebody says to be in danger."""
    office = CaseOffice(tmp_path)
    office.report(1)
    office.report(2)
    office.report(3, IN_DANGER)  # type: ignore[arg-type]
    return office


def listed(office: CaseOffice, show: Show = Show.OPEN, name: str = "Inge", flag: str = "") -> list[int]:
    desk = office.desk(name)
    lines = desk.reading().cases(Wanted(show, flag=flag)).lines
    desk.unlocked.close()
    return sorted(line.case_id for line in lines)


def waiting(office: CaseOffice) -> tuple[int, int]:
    seen = office.desk("Inge").overview()
    return seen.cases, seen.unanswered


# Junk


def test_junk_is_set_aside_in_bulk_and_whoever_is_in_danger_stays(office: CaseOffice) -> None:
    done = office.desk("Inge").sorting().set_aside([1, 3, 99])
    assert (done.done, done.in_danger) == (1, 1)
    assert listed(office) == [2, 3]
    assert listed(office, Show.JUNK) == [1]
    assert listed(office, Show.ALL) == [1, 2, 3]
    assert waiting(office) == (2, 2)
    assert office.desk("Hanna").sorting().take_back([1]) == 1
    assert listed(office) == [1, 2, 3]
    assert waiting(office) == (3, 3)


def test_a_new_message_brings_a_case_back_from_the_junk(office: CaseOffice) -> None:
    office.desk("Inge").sorting().set_aside([1])
    office.report(1)
    assert listed(office) == [1, 2, 3]
    assert office.page("Inge").parcels[1].kind == "report"


def test_danger_that_is_told_later_is_on_top_even_of_a_muted_case(office: CaseOffice) -> None:
    sorting = office.desk("Inge").sorting()
    sorting.set_aside([1])
    sorting.mute(1, True)
    office.report(1, IN_DANGER)  # type: ignore[arg-type]
    assert listed(office) == [1, 2, 3]
    assert office.page("Inge").danger
    assert waiting(office) == (3, 3)


def test_a_muted_source_brings_nothing_up_and_loses_nothing(office: CaseOffice) -> None:
    desk = office.desk("Inge")
    desk.sorting().mute(1, True)
    desk.sorting().set_aside([1])
    office.report(1)
    assert listed(office, Show.JUNK) == [1]
    assert waiting(office) == (2, 2)
    assert len(office.page("Inge").parcels) == 2
    desk.sorting().mute(1, False)
    office.report(1)
    assert listed(office) == [1, 2, 3]
    assert waiting(office) == (3, 3)


def test_muting_does_not_answer_what_waits(office: CaseOffice) -> None:
    office.desk("Inge").sorting().mute(1, True)
    assert waiting(office) == (3, 3)
    office.desk("Inge").answering().reply(1, Written("Thank you.", "received"))
    office.report(1)
    assert waiting(office) == (3, 2)


# Flags and links


def test_flags_are_found_again(office: CaseOffice) -> None:
    sorting = office.desk("Inge").sorting()
    sorting.flag(1, "  press \n inquiry ")
    sorting.flag(1, "press inquiry")
    sorting.flag(2, "언론")
    assert office.page("Inge").flags == ("press inquiry",)
    assert listed(office, flag="press inquiry") == [1]
    assert office.desk("Hanna").reading().cases().flags == ("press inquiry", "언론")
    sorting.unflag(1, "press inquiry")
    assert office.desk("Hanna").reading().cases().flags == ("언론",)


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\u202eb"])
def test_a_flag_is_a_word_that_can_be_seen(office: CaseOffice, name: str) -> None:
    with pytest.raises(SortingError, match="40 characters"):
        office.desk("Inge").sorting().flag(1, name)


def test_a_case_has_no_more_than_twenty_flags(office: CaseOffice) -> None:
    sorting = office.desk("Inge").sorting()
    for number in range(20):
        sorting.flag(1, f"flag {number}")
    with pytest.raises(SortingError, match="at most 20"):
        sorting.flag(1, "one more")


def test_cases_are_linked_both_ways_by_their_code(office: CaseOffice) -> None:
    sorting = office.desk("Inge").sorting()
    code = office.page("Inge", 2).code
    sorting.link(1, f" {code[:4].lower()} {code[4:]} ")
    sorting.link(2, office.page("Inge", 1).code)
    assert [each.case_id for each in office.page("Inge", 1).links] == [2]
    assert [each.case_id for each in office.page("Inge", 2).links] == [1]
    sorting.unlink(2, 1)
    assert office.page("Inge", 1).links == ()


@pytest.mark.parametrize(("code", "said"), [("NOSUCH22", "No case has this code"), ("", "No case has")])
def test_a_link_needs_a_code_that_there_is(office: CaseOffice, code: str, said: str) -> None:
    with pytest.raises(SortingError, match=said):
        office.desk("Inge").sorting().link(1, code)


def test_a_case_is_not_linked_to_itself(office: CaseOffice) -> None:
    with pytest.raises(SortingError, match="the code of this case"):
        office.desk("Inge").sorting().link(1, office.page("Inge").code)


def test_what_is_shut_is_neither_sorted_nor_shown_by_a_link_or_flag(office: CaseOffice) -> None:
    sorting = office.desk("Inge").sorting()
    code = office.page("Inge", 2).code
    sorting.flag(2, "secret word")
    sorting.link(1, code)
    office.step("Boss", E.RECUSED, case=2, person=office.id_of("Henrik"))
    desk = office.desk("Henrik")
    assert desk.reading().case(1).links == ()
    assert desk.reading().cases().flags == ()
    assert desk.reading().cases(Wanted(flag="secret word")).lines == ()
    calls: tuple[Callable[[], None], ...] = (
        lambda: desk.sorting().flag(2, "word"),
        lambda: desk.sorting().unflag(2, "secret word"),
        lambda: desk.sorting().link(2, office.page("Inge", 1).code),
        lambda: desk.sorting().unlink(1, 2),
        lambda: desk.sorting().mute(2, True),
    )
    for call in calls:
        with pytest.raises(NotFoundError):
            call()
    with pytest.raises(SortingError, match="No case has this code"):
        desk.sorting().link(1, code)
    assert desk.sorting().set_aside([2]).done == 0
    assert listed(office) == [1, 2, 3]
    assert office.page("Inge", 2).flags == ("secret word",)
