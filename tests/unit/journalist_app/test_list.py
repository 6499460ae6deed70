"""The list of cases: which, in what order, found by which words, and nothing that is shut."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from cases.kinds import ReportEvent as E
from journalist_app.listing import PAGE, Show, Sort, Wanted
from journalist_app.services.answering import Written
from journalist_app.store import search_index
from tests.support.case_office import CaseOffice
from tests.support.server_side import SampleSource
from tests.support.station import OfficerBrowser

DANGER = {"form": "report", "version": 1, "answers": [{"id": "danger_now", "value": "yes"}]}


@pytest.fixture
def office(tmp_path: Path) -> CaseOffice:
    made = CaseOffice(tmp_path)
    made.report(1, text="The bridge was paid for twice. 다리 공사비가 두 번 지급되었습니다.")
    made.report(2, DANGER, text="Somebody threatens me.")  # type: ignore[arg-type]
    made.report(3, text="Café au lait, 2024년도 결산서", files=(("Überweisung_März.pdf", b"%PDF"),))
    return made


def listed(office: CaseOffice, name: str = "Inge", **wanted: object) -> list[int]:
    desk = office.desk(name)
    try:
        asked = Wanted(**{"show": Show.ALL, **wanted})  # type: ignore[arg-type]
        return [line.case_id for line in desk.reading().cases(asked).lines]
    finally:
        desk.unlocked.close()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("bridge", [1]),
        ("BRIDGE paid", [1]),
        ("brid", [1]),
        ("bridge threatens", []),
        ("다리", [1]),
        ("공사", [1]),
        ("공사비", [1]),
        ("사비가", [1]),
        ("공비", []),
        ("지급되", [1]),
        ("번", [1]),
        ("결산", [3]),
        ("년도", [3]),
        ("2024", [3]),
        ("cafe", [3]),
        ("überweisung", [3]),
        ("marz", [3]),
        ("threatens", [2]),
        ("paid for twice", [1]),
        ('"bridge', [1]),
        ("bridge*", [1]),
        ("NEAR(bridge paid)", []),
        ("words:bridge", []),
        ("' OR 1=1 --", []),
        ("!!!", []),
        ("  ", [2, 1, 3]),
        ("", [2, 1, 3]),
    ],
)
def test_words_are_found_where_they_stand(office: CaseOffice, words: str, found: list[int]) -> None:
    assert listed(office, words=words) == found


def test_answers_notes_and_the_names_of_cases_are_found(office: CaseOffice) -> None:
    desk = office.desk("Inge")
    desk.answering().reply(2, Written("Are you in Rotterdam?", "received"))
    desk.steps().note(3, "Ask the auditor general.")
    alias, code = (getattr(desk.reading().case(1), name) for name in ("alias", "code"))
    desk.unlocked.close()
    assert listed(office, words="rotterdam") == [2]
    assert listed(office, words="auditor general") == [3]
    assert listed(office, words=alias) == [1]
    assert listed(office, words=code.lower()) == [1]


def test_danger_stands_on_top_and_orders_are_kept(office: CaseOffice) -> None:
    assert listed(office, sort=Sort.URGENT) == [2, 1, 3]
    office.desk("Inge").answering().reply(1, Written("Thank you.", "received"))
    assert listed(office, sort=Sort.URGENT) == [2, 3, 1]
    assert listed(office, sort=Sort.NEWEST) == [3, 2, 1]
    assert listed(office, sort=Sort.OLDEST) == [1, 2, 3]
    office.assigned()
    assert listed(office, sort=Sort.DUE) == [1, 2, 3]


def test_what_is_asked_for_is_shown(office: CaseOffice) -> None:
    office.assigned()
    office.desk("Inge").answering().reply(1, Written("Thank you.", "received"))
    assert listed(office, "Hanna", show=Show.MINE) == [1]
    assert listed(office, "Henrik", show=Show.MINE) == []
    assert listed(office, show=Show.NOBODYS) == [2, 3]
    assert listed(office, show=Show.WAITING) == [2, 3]
    assert listed(office, show=Show.LATE) == []
    office.live.clock.turn(days=200)
    assert listed(office, show=Show.LATE) == [2, 3, 1], "also those that nobody has touched"
    assert listed(office, show=Show.CLOSED) == []
    assert listed(office, show=Show.OPEN) == [2, 3, 1]


def test_what_is_shut_is_found_by_no_word(office: CaseOffice) -> None:
    office.step("Boss", E.RECUSED, person=office.id_of("Henrik"))
    assert listed(office, "Henrik", words="bridge") == []
    assert listed(office, "Henrik") == [2, 3]
    form = {"form": "report", "version": 1, "answers": [{"id": "concerns_agency", "value": "yes"}]}
    office.report(4, form, text="Unique word: hippopotamus.")  # type: ignore[arg-type]
    assert listed(office, words="hippopotamus") == []
    assert listed(office, "Boss", show=Show.RESTRICTED) == []


def test_pages_follow_each_other(tmp_path: Path) -> None:
    office = CaseOffice(tmp_path)
    for number in range(1, PAGE + 4):
        office.server.receive(SampleSource(number))
    office.server.export(office.live.stick)
    desk = office.desk("Admin")
    desk.receiving().import_stick(office.live.stick, accepted_key=office.server.key.hex())
    inge = office.desk("Inge")
    first = inge.reading().cases(Wanted(Show.ALL, Sort.OLDEST))
    second = inge.reading().cases(Wanted(Show.ALL, Sort.OLDEST, page=2))
    third = inge.reading().cases(Wanted(Show.ALL, Sort.OLDEST, page=3))
    assert (len(first.lines), first.more) == (PAGE, True)
    assert (len(second.lines), second.more) == (3, False)
    assert (third.lines, third.more) == ((), False)
    assert {line.case_id for line in (*first.lines, *second.lines)} == set(range(1, PAGE + 4))


@pytest.mark.parametrize(
    "asked",
    [
        "show=king",
        "sort=king",
        "page=-3",
        "page=x",
        "page=99999999999999999999",
        "words=%00",
        "words=" + "x" * 5_000,
    ],
)
def test_an_address_that_nobody_made_shows_a_list(office: CaseOffice, asked: str) -> None:
    browser = OfficerBrowser(office.live.app())
    browser.sign_in(office.live, next(o for o in office.live.born.officers if o.name == "Inge"))
    answer = browser.get(f"/cases?{asked}")
    assert answer.status_code == 200
    assert "<h1>Cases</h1>" in answer.get_data(as_text=True)


def test_what_is_forgotten_is_overwritten(office: CaseOffice) -> None:
    desk = office.desk("Inge")
    with desk.unlocked.vault.write() as session:
        assert session.execute(text("SELECT v FROM search_config WHERE k = 'secure-delete'")).scalar() == 1
        search_index.forget(session, 1)
    assert listed(office, words="bridge") == []
    with desk.unlocked.vault.read() as session:
        blocks = b"".join(bytes(row[0]) for row in session.execute(text("SELECT block FROM search_data")))
        assert b"bridge" not in blocks
        assert b"threatens" in blocks


def test_questions_are_bounded() -> None:
    asked = search_index.question("word " * 1_000)
    assert asked.count("AND") == search_index.TERMS_MAX - 1
    with sqlite3.connect(":memory:") as plain:
        plain.execute("CREATE VIRTUAL TABLE found USING fts5(words)")
        plain.execute("SELECT * FROM found WHERE found MATCH ?", (asked,))
