"""From the import of a report to the clocks on its page; a pack never stands in the way of an import."""

import re
from datetime import date
from pathlib import Path

import pytest

from cases.clock import Standing
from cases.kinds import Scope, Status
from crypto import canonical
from journalist_app.errors import UnknownServerError
from journalist_app.services.case_life import ClockLine, Rules, RulesMissing
from journalist_app.store.case_tables import CaseEventRow
from journalist_app.store.tables import PackFileRow
from journalist_app.wording import spell_standing, spell_subject
from tests.support import pack_files, server_side
from tests.support.server_side import SampleServer, SampleSource
from tests.support.signed_pack import TEN_WORDS, pack_folder, public_key
from tests.support.station import LiveStation, OfficerBrowser, live_station


class Office:
    """A station and the server whose reports come to it."""

    def __init__(self, folder: Path) -> None:
        (folder / "station").mkdir()
        self.folder = folder
        self.live: LiveStation = live_station(folder / "station")
        self.server: SampleServer = self.live.server()

    def install(self, version: int = 1, deadlines: str = pack_files.DEADLINES) -> None:
        """Trust Testland's keeper and install an edition of the pack."""
        desk = self.live.desk()
        desk.packs().trust(public_key(self.folder), TEN_WORDS)
        desk.packs().install(pack_folder(self.folder, version, deadlines=deadlines))
        desk.unlocked.close()

    def report(self, source: int = 1) -> int:
        """A message of this source comes in; the number of the newest case."""
        self.server.receive(SampleSource(source))
        self.server.export(self.live.stick)
        desk = self.live.desk()
        try:
            desk.receiving().import_stick(self.live.stick)
        except UnknownServerError as asked:
            desk.receiving().import_stick(self.live.stick, accepted_key=asked.key_hex)
        newest = max(line.case_id for line in desk.reading().cases().lines)
        desk.unlocked.close()
        return newest

    def rules(self, case_id: int) -> Rules | RulesMissing:
        """The rules and clocks of a case, as of the station's today."""
        desk = self.live.desk()
        rules = desk.reading().case(case_id).rules
        desk.unlocked.close()
        return rules

    def clocks(self, case_id: int) -> dict[str, ClockLine]:
        """By what they are called."""
        rules = self.rules(case_id)
        assert isinstance(rules, Rules)
        return {line.title: line for line in rules.clocks}

    def page(self, case_id: int) -> str:
        """What a person reads on the page of a case."""
        browser = OfficerBrowser(self.live.app())
        browser.sign_in(self.live)
        html = browser.get(f"/cases/{case_id}").get_data(as_text=True)
        return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_report_gets_the_clocks_of_the_pack_in_use(office: Office) -> None:
    office.install()
    case = office.report()
    rules = office.rules(case)
    assert isinstance(rules, Rules)
    assert (rules.ref.id, rules.ref.version, rules.status) == ("testland", 1, Status.DRAFT)
    assert [(line.title, line.due_on, line.days_left) for line in rules.clocks] == [
        ("acknowledge (en)", date(2026, 11, 29), 7),
        ("handle (en)", date(2027, 1, 21), 60),
        ("feedback (en)", date(2027, 2, 28), 98),
    ]
    assert office.clocks(case)["handle (en)"].articles == (
        ("TA 3(1)", "TA (en)"),
        ("TA Decree 3", "TA Decree (en)"),
    )
    office.live.clock.turn(days=10)
    assert office.clocks(case)["acknowledge (en)"].standing is Standing.MISSED


def test_a_second_message_is_no_second_receipt(office: Office) -> None:
    office.install()
    case = office.report()
    office.live.clock.turn(days=2)
    assert office.report() == case
    assert office.clocks(case)["acknowledge (en)"].due_on == date(2026, 11, 29)


def test_an_open_case_keeps_its_edition_and_a_new_one_takes_the_newest(office: Office) -> None:
    office.install()
    old = office.report()
    office.install(2)
    new = office.report(source=2)
    found = [office.rules(case) for case in (old, new)]
    assert [rules.ref.version for rules in found if isinstance(rules, Rules)] == [1, 2]


def test_a_case_from_before_the_first_pack_says_so(office: Office) -> None:
    case = office.report()
    assert office.rules(case) == RulesMissing("", pack_in_use=False)
    assert "Install one with cleandrop-officer pack install" in office.page(case)
    office.install()
    assert office.rules(case) == RulesMissing("", pack_in_use=True)
    assert "came in before a pack of rules was installed" in office.page(case)


def test_a_damaged_pack_stops_no_import_and_the_page_says_what_is_wrong(office: Office) -> None:
    office.install()
    desk = office.live.desk()
    with desk.unlocked.vault.write() as session:
        session.get_one(PackFileRow, ("testland", 1, "laws.toml")).data = b"["
    desk.unlocked.close()
    case = office.report()
    rules = office.rules(case)
    assert isinstance(rules, RulesMissing)
    assert "cannot be read by this program" in rules.trouble
    assert "cannot be read by this program" in office.page(case)


@pytest.mark.parametrize(
    "data",
    [
        b"no JSON",
        canonical.encode({"kind": "received"}),
        canonical.encode({"kind": "closed", "on": "2026-11-22"}),
    ],
)
def test_a_history_that_makes_no_sense_is_told_and_the_case_still_shown(office: Office, data: bytes) -> None:
    office.install()
    case = office.report()
    desk = office.live.desk()
    with desk.unlocked.vault.write() as session:
        session.get_one(CaseEventRow, (case, 1)).data = data
    desk.unlocked.close()
    rules = office.rules(case)
    assert isinstance(rules, RulesMissing)
    assert rules.trouble
    assert "No clocks can be shown." in office.page(case)


def test_a_history_from_which_something_was_taken_is_told(office: Office) -> None:
    office.install()
    case = office.report()
    desk = office.live.desk()
    with desk.unlocked.vault.write() as session:
        session.get_one(CaseEventRow, (case, 1)).number = 2
    desk.unlocked.close()
    rules = office.rules(case)
    assert isinstance(rules, RulesMissing)
    assert "is missing from what is kept of it" in rules.trouble


@pytest.mark.parametrize(
    ("said", "instead"), [(rb'"version":1', rb'"version":9'), (rb'"digest":"..', rb'"digest":"00')]
)
def test_a_case_whose_edition_is_not_here_is_told(office: Office, said: bytes, instead: bytes) -> None:
    office.install()
    case = office.report()
    desk = office.live.desk()
    with desk.unlocked.vault.write() as session:
        row = session.get_one(CaseEventRow, (case, 1))
        row.data = re.sub(said, instead, row.data)
    desk.unlocked.close()
    rules = office.rules(case)
    assert isinstance(rules, RulesMissing)
    assert "are not here as they were then" in rules.trouble


def test_a_server_whose_clock_is_ahead_gives_a_case_that_counts_from_today(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_side, "RECEIVED_ON", "2026-11-25")
    office.install()
    assert office.clocks(office.report())["acknowledge (en)"].started_on == date(2026, 11, 22)


def test_the_page_tells_each_clock_its_article_and_that_it_is_a_draft(office: Office) -> None:
    office.install()
    page = office.page(office.report())
    assert "pack testland, edition 1, draft" in page
    assert (
        "handle (en) for each matter of the report 21 January 2027 60 days left TA 3(1) ; TA Decree 3 draft"
        in page
    )
    assert "begins by 29 November 2026" in page
    assert "draft : read in its source, not yet checked by a lawyer" in page


def test_a_pack_without_a_period_for_new_reports_says_so(office: Office) -> None:
    office.install(deadlines=pack_files.DEADLINES.replace('["received"]', '["closed"]'))
    assert "set no period that begins when a report is received" in office.page(office.report())


@pytest.mark.parametrize(
    ("standing", "days", "stopped_on", "said"),
    [
        (Standing.RUNNING, 12, None, "12 days left"),
        (Standing.WARNING, 1, None, "1 day left"),
        (Standing.DUE_TODAY, 0, None, "today is the last day"),
        (Standing.MISSED, -2, None, "2 days over"),
        (Standing.DEEMED, -2, None, "over: silence counts as the answer"),
        (Standing.ENDED, -2, None, "over"),
        (Standing.UNCOUNTED, None, None, "not counted: the pack’s calendar does not reach so far"),
        (Standing.WAITING, None, None, "has not begun"),
        (Standing.STOPPED_IN_TIME, 3, date(2026, 11, 20), "done on 20 November 2026"),
        (Standing.STOPPED_LATE, -3, date(2026, 11, 20), "done on 20 November 2026, too late"),
    ],
)
def test_how_a_clock_stands_is_said(
    standing: Standing, days: int | None, stopped_on: date | None, said: str
) -> None:
    line = ClockLine("x", Scope.REFERRAL, "r1", (), Status.DRAFT, standing, None, None, days, stopped_on)
    assert spell_standing(line) == said
    assert spell_subject(line) == "referral r1"
