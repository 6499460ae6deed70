"""The audit log: what stands in it, what breaks it, and that verifying names the first broken line."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from cases.kinds import Role
from crypto import signing
from crypto.errors import CanonicalError, SignatureError
from journalist_app.errors import AuditBrokenError
from journalist_app.security.access import RULES
from journalist_app.services import audit_chain
from journalist_app.services.audit import Action
from journalist_app.services.audit_chain import Line, Seal
from journalist_app.services.ceremony import PlannedOfficer
from journalist_app.services.roles import HOLDERS, Right
from journalist_app.store import audit_lines
from journalist_app.wiring import Desk
from tests.support.officer_shell import Shell
from tests.support.server_side import SampleSource
from tests.support.station import LiveStation, OfficerBrowser, live_station

VAULT = bytes(16)
LINE = Line(1, "2026-11-22T12:00:00Z", "aa", "Anna", "read", "case 1")
OFFICERS = (PlannedOfficer("Anna"), PlannedOfficer("Clara", frozenset({Role.AUDITOR})))


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    return live_station(tmp_path, OFFICERS)


@pytest.fixture
def desk(live: LiveStation) -> Iterator[Desk]:
    opened = live.desk()
    yield opened
    opened.unlocked.close()


def noted(desk: Desk) -> list[tuple[str, str, str]]:
    return [(line.officer, line.action, line.subject) for line in reversed(desk.audit().lines(desk.officer))]


def three_days(live: LiveStation, desk: Desk) -> None:
    """Two lines on each of three days."""
    for _ in range(3):
        for case in (1, 2):
            desk.audit().note(desk.officer, Action.READ_CASE, f"case {case}")
        live.clock.turn(days=1)


def forge(desk: Desk, *statements: str) -> None:
    """As somebody who holds the vault and took the triggers away."""
    with desk.unlocked.vault.write() as session:
        for table in ("audit", "audit_seals"):
            for verb in ("update", "delete"):
                session.execute(sa.text(f"DROP TRIGGER {table}_no_{verb}"))
        for statement in statements:
            session.execute(sa.text(statement))


def test_what_was_asked_for_stands_in_it_reading_included(live: LiveStation) -> None:
    server = live.server()
    server.receive(SampleSource(1), "A secret word.", (("bill.pdf", b"%PDF"),))
    server.export(live.stick)
    browser = OfficerBrowser(live.app())
    browser.sign_in(live)
    html = browser.post("/import", page="/import").get_data(as_text=True)
    (key,) = re.findall(r'name="accept_server" value="([0-9a-f]{64})"', html)
    browser.post("/import", page="/import", accept_server=key)
    browser.get("/")
    browser.get("/cases")
    browser.get("/cases/1")
    browser.post("/files/1", page="/")
    browser.post("/cases/1/reply", page="/cases/1", text="Which bridge?", stage="questions")
    browser.get("/cases/7")
    browser.get("/audit")
    browser.post("/sign-out", page="/")
    desk = live.desk()
    lines = noted(desk)
    desk.unlocked.close()
    assert [line[1:] for line in lines] == [
        ("signed in", ""),
        ("imported from a stick", ""),
        ("imported from a stick", ""),
        ("read the list of cases", ""),
        ("read", "case 1"),
        ("saved", "file 1"),
        ("read", "case 1"),
        ("wrote an answer", "case 1"),
        ("read", "case 7"),
        ("signed out", ""),
    ], "a page that was refused for want of a role is not there: nothing was seen"
    assert {line[0] for line in lines} == {"Anna"}
    assert "secret" not in str(lines)


def test_where_no_line_can_be_written_nothing_is_done(
    live: LiveStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = live.app()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    browser = OfficerBrowser(app)
    browser.sign_in(live)
    assert browser.get("/cases").status_code == 200

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("journalist_app.services.audit_chain.extend", full)
    assert browser.get("/cases").status_code == 500


def test_a_log_that_is_whole(live: LiveStation, desk: Desk) -> None:
    assert desk.audit().verify().lines == 0
    three_days(live, desk)
    seen = desk.audit().verify()
    assert (seen.lines, seen.sealed_lines) == (6, 4), "each day seals the day before"
    assert desk.audit().lines(desk.officer, before=3)[0].number == 2


@pytest.mark.parametrize(
    ("forgery", "said"),
    [
        ("UPDATE audit SET officer = 'Boris' WHERE number = 3", "Line 3, of 2026-11-23"),
        ("UPDATE audit SET at = '2026-11-01T00:00:00Z' WHERE number = 1", "Line 1, of 2026-11-01"),
        ("UPDATE audit SET head = x'00' WHERE number = 5", "Line 5, of 2026-11-24"),
        ("DELETE FROM audit WHERE number = 2", "Line 2 is missing"),
        ("DELETE FROM audit WHERE number IN (1, 2, 3)", "Lines 1 to 3 are missing"),
        ("DELETE FROM audit WHERE number > 2", "Lines 3 to 4 are missing"),
        ("UPDATE audit_seals SET data = x'00' WHERE number = 2", "Line 2, of 2026-11-22"),
        ("UPDATE audit_seals SET number = 3 WHERE number = 4", "Line 3, of 2026-11-23"),
    ],
)
def test_the_first_broken_line_is_named(live: LiveStation, desk: Desk, forgery: str, said: str) -> None:
    three_days(live, desk)
    forge(desk, "PRAGMA defer_foreign_keys = ON", *_without_dangling(forgery), forgery)
    with pytest.raises(AuditBrokenError, match=said):
        desk.audit().verify()


def _without_dangling(forgery: str) -> list[str]:
    """A seal whose line goes is kept all the same: the forger turns the key off."""
    return (
        [
            "CREATE TABLE kept AS SELECT * FROM audit_seals",
            "DROP TABLE audit_seals",
            "ALTER TABLE kept RENAME TO audit_seals",
        ]
        if forgery.startswith("DELETE")
        else []
    )


def test_a_log_made_anew_is_shown_by_the_seals(live: LiveStation, desk: Desk) -> None:
    three_days(live, desk)
    forge(desk)
    head = audit_chain.start(desk.unlocked.vault_id)
    with desk.unlocked.vault.write() as session:
        for row in audit_lines.in_order(session):
            line = Line(row.number, row.at, row.officer_id, "Boris", row.action, row.subject)
            row.officer, row.head = "Boris", (head := audit_chain.extend(head, line))
    with pytest.raises(AuditBrokenError, match=r"Line 2, of 2026-11-22.* this station sealed on 2026-11-23"):
        desk.audit().verify()


def test_an_auditor_sees_it_and_no_report(live: LiveStation) -> None:
    auditor = next(officer for officer in live.born.officers if officer.name == "Clara")
    browser = OfficerBrowser(live.app())
    browser.sign_in(live, auditor)
    page = browser.get("/audit").get_data(as_text=True)
    assert "signed in" in page
    assert re.search("22 November 2026, 12:0[0-9]:[0-9]{2} UTC", page)
    assert page.count(">Home</a>") == 1
    assert "Older lines" not in page
    browser.post("/audit/verify", page="/audit")
    assert "lines are as written" in browser.get("/audit").get_data(as_text=True)
    assert browser.get("/cases").status_code == 403
    assert OFFICERS[0].roles.isdisjoint(HOLDERS[Right.READ_AUDIT]), "nobody audits their own work by default"


def test_every_view_that_reads_or_changes_has_its_words() -> None:
    silent = {endpoint for endpoint, rule in RULES.items() if rule.action is None}
    assert silent == {
        "home.home",
        "own_access.index",
        "own_access.ask_passphrase",
        "own_access.ask_codes",
        "own_access.ask_phone",
        "own_access.phone",
        "people.index",
        "answers.ask",
        "viewing.picture",
        "steps.ask",
        "archives.ask",
        "deleting.ask",
        "steps.ask_readers",
        "people.ask_add",
        "people.person",
        "people.ask_roles",
        "people.ask_reset",
        "people.ask_withdraw",
        "clock.ask",
        "sticks.choose",
        "keys.index",
        "keys.ask_destroy",
        "keys.ask_lost",
        "keys.ask_replace",
    }


def test_a_seal_is_for_one_vault_and_one_version() -> None:
    seed = signing.SigningSeed(bytes(32))
    key = signing.verifying_key(seed)
    seal = Seal(7, bytes(32), "2026-11-27")
    data = audit_chain.sign_seal(seed, VAULT, seal)
    assert audit_chain.verify_seal(key, VAULT, data) == seal
    with pytest.raises(CanonicalError):
        audit_chain.verify_seal(key, bytes(15) + b"1", data)
    with pytest.raises(SignatureError):
        audit_chain.verify_seal(key, VAULT, data[:-1] + b" ")
    with pytest.raises(SignatureError):
        audit_chain.verify_seal(signing.verifying_key(signing.SigningSeed(b"1" * 32)), VAULT, data)


@pytest.mark.parametrize(
    "other",
    [
        replace(LINE, number=2),
        replace(LINE, at="2026-11-22T12:00:01Z"),
        replace(LINE, officer_id="ab"),
        replace(LINE, officer="Boris"),
        replace(LINE, action="saved"),
        replace(LINE, subject="case 2"),
    ],
)
def test_a_head_depends_on_every_part_of_a_line(other: Line) -> None:
    head = audit_chain.start(VAULT)
    assert audit_chain.extend(head, LINE) != audit_chain.extend(head, other)
    assert audit_chain.extend(head, LINE) != audit_chain.extend(bytes(32), LINE)


def test_the_command_says_how_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = Shell(tmp_path, monkeypatch, capsys)
    shell.ceremony("Clara: auditor", "Boris", "Anna")
    status, said, _ = shell.type("verify-audit", sign_in=True)
    assert (status, "whole: 1 line, sealed up to line 0" in said) == (0, True)
    status, said, _ = shell.type("verify-audit", "--json", sign_in=True)
    assert (status, json.loads(said)["lines"]) == (0, 2)
    status, _, why = shell.type("export", "--stick", str(shell.stick), sign_in=True)
    assert (status, "Your roles do not let you import and export" in why) == (1, True)
