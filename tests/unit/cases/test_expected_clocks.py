"""A report has its last day before anybody told its matters apart, and no second one afterwards."""

from datetime import date

from cases import life, outlook
from cases.case import Case
from cases.event import Actor
from cases.events import AllegationAdded, Received, WithdrawalAsked, WithdrawalChecked, Withdrawn
from cases.kinds import Role
from cases.packs.pack import Pack
from tests.support.pack_files import testland_pack as pack_of_testland

DAY = date(2026, 11, 22)
PACK = pack_of_testland()
OFFICER = Actor(Role.INTAKE, "anna")


def received() -> Case:
    return life.advance(None, Received(on=DAY, recorded_on=DAY, by=Actor(Role.SYSTEM), pack=PACK.ref), PACK)


def last_days(case: Case, pack: Pack = PACK) -> dict[tuple[str, str], date | None]:
    return {(clock.deadline.id, clock.subject): clock.due_on for clock in outlook.expected_clocks(case, pack)}


def test_before_its_matters_are_told_apart_a_report_has_their_last_day() -> None:
    assert last_days(received()) == {
        ("acknowledge", ""): date(2026, 11, 29),
        ("feedback", ""): date(2027, 2, 28),
        ("handle", ""): date(2027, 1, 21),
    }


def test_afterwards_each_matter_has_its_own_and_the_report_none() -> None:
    later = date(2026, 12, 1)
    added = AllegationAdded(on=later, recorded_on=later, by=OFFICER, allegation="a1", category="waste")
    case = life.advance(received(), added, PACK)
    assert outlook.expected_clocks(case, PACK) is case.clocks
    assert last_days(case)["handle", "a1"] == date(2027, 1, 21)
    assert ("handle", "") not in last_days(case)


def test_a_report_that_was_taken_back_is_not_counted_on() -> None:
    case = received()
    for step in (
        WithdrawalAsked(on=DAY, recorded_on=DAY, by=Actor(Role.SOURCE)),
        WithdrawalChecked(on=DAY, recorded_on=DAY, by=OFFICER, free=True),
        Withdrawn(on=DAY, recorded_on=DAY, by=OFFICER),
    ):
        case = life.advance(case, step, PACK)
    assert ("handle", "") not in last_days(case)
