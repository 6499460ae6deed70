"""Roles: what each opens and leaves shut, and that the reviewed table is the one in force (behaviour 37)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from cases.kinds import WITHOUT_PERSON, Role
from journalist_app.errors import RoleError, SettingsError
from journalist_app.security.access import NO_RULE, OPEN, RULES
from journalist_app.services import roles
from journalist_app.services.ceremony import PlannedOfficer
from journalist_app.services.new_officer import NewOfficer
from journalist_app.services.roles import HOLDERS, OFFICERS_ROLES, Right
from tests.house.reference import ROOT, access_page
from tests.support.server_side import SampleSource
from tests.support.station import LiveStation, OfficerBrowser, live_station

FILL = {
    "case_id": "1",
    "file_id": "1",
    "backup_id": "00",
    "copy_id": "00",
    "reply_id": "1",
    "proposal_id": "1",
    "parcel_id": "1",
    "other_id": "2",
    "officer_id": "00",
    "kind": "triaged",
    "referral": "R1",
    "filename": "officer.css",
}


@dataclass
class Staff:
    """A station with one officer for each role, and the report of one source."""

    live: LiveStation
    app: Flask
    browsers: dict[Role, OfficerBrowser]


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Staff:
    people = tuple(PlannedOfficer(role.value, frozenset({role})) for role in OFFICERS_ROLES)
    live = live_station(tmp_path_factory.mktemp("staff"), people)
    server = live.server()
    server.receive(SampleSource(1), files=(("bill.pdf", b"%PDF"),))
    server.export(live.stick)
    app = live.app()
    browsers = {}
    for officer in live.born.officers:
        (role,) = officer.roles
        browsers[role] = OfficerBrowser(app)
        assert browsers[role].sign_in(live, officer).status_code == 303
    desk = live.desk_of(_who(live, Role.ADMINISTRATOR))
    desk.receiving().import_stick(live.stick, accepted_key=bytes(server.key).hex())
    desk.unlocked.close()
    return Staff(live, app, browsers)


def _who(live: LiveStation, role: Role) -> NewOfficer:
    return next(officer for officer in live.born.officers if officer.roles == {role})


def views(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every endpoint, method and a path of it."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: FILL[found[1]], rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield rule.endpoint, method, path


def test_every_view_has_a_rule_and_no_rule_stands_without_a_view(staff: Staff) -> None:
    known = {endpoint for endpoint, _, _ in views(staff.app)}
    assert known == RULES.keys() | OPEN
    assert not RULES.keys() & OPEN


def test_the_reviewed_page_is_what_is_in_force() -> None:
    written = (ROOT / "docs" / "reference" / "access.md").read_text(encoding="utf-8")
    assert access_page() == written, "look at the change, then: make docs"


def test_every_view_refuses_every_role_that_is_not_named_for_it(staff: Staff) -> None:
    for endpoint, method, path in views(staff.app):
        if endpoint in OPEN or endpoint == "sign_in.sign_out":
            continue
        for role, browser in staff.browsers.items():
            if endpoint == "keys.replace" and role in HOLDERS[Right.KEEP_KEYS]:
                continue  # it would end every session
            answer = browser.post(path, page="/") if method == "POST" else browser.get(path)
            said = "Your roles do not let you" in answer.get_data(as_text=True)
            shut = role not in HOLDERS[RULES[endpoint].right]
            assert (answer.status_code == 403 and said) == shut, (endpoint, method, role)


def test_a_visitor_who_is_not_signed_in_is_led_to_the_door(staff: Staff) -> None:
    stranger = OfficerBrowser(staff.app)
    for endpoint, method, path in views(staff.app):
        if endpoint not in OPEN:
            answer = stranger.post(path) if method == "POST" else stranger.get(path)
            assert (answer.status_code, answer.location) == (303, "/sign-in"), (endpoint, method)


def test_a_view_without_a_rule_is_shut_for_everybody(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, "cases.index")
    for browser in staff.browsers.values():
        answer = browser.get("/cases")
        assert (answer.status_code, NO_RULE in answer.get_data(as_text=True)) == (403, True)


@pytest.mark.parametrize("role", OFFICERS_ROLES)
def test_no_page_leads_to_a_closed_door(staff: Staff, role: Role) -> None:
    browser = staff.browsers[role]
    adapter = staff.app.url_map.bind("localhost")
    for page in ("/", "/cases", "/cases/1", "/import", "/people", "/access", "/keys", "/audit", "/deleted"):
        answer = browser.get(page)
        if answer.status_code == 200:
            html = answer.get_data(as_text=True)
            for path, method in _doors(html):
                endpoint, _ = adapter.match(path, method=method)
                assert endpoint in OPEN or role in HOLDERS[RULES[endpoint].right], (page, path)


def _doors(html: str) -> Iterator[tuple[str, str]]:
    for path in re.findall(r'<a href="(/[^"#?]*)', html):
        yield path, "GET"
    for method, path in re.findall(r'<form[^>]* method="(\w+)" action="([^"#?]+)', html):
        yield path, method.upper()


def test_who_keeps_the_keys_never_reads_a_report_and_who_reads_keeps_no_keys() -> None:
    assert not HOLDERS[Right.KEEP_KEYS] & HOLDERS[Right.READ_CASES]
    for blind in (Role.ADMINISTRATOR, Role.AUDITOR, Role.CUSTODIAN, Role.PAYMENT, Role.STATISTICS):
        assert blind not in HOLDERS[Right.READ_CASES] | HOLDERS[Right.ANSWER]
    assert HOLDERS.keys() == set(Right)
    assert not any(holders & WITHOUT_PERSON for holders in HOLDERS.values())


def test_roles_are_typed_as_people_write_them() -> None:
    assert roles.parse_roles(" Intake,second officer,  PROTECTION-OFFICER") == {
        Role.INTAKE,
        Role.SECOND_OFFICER,
        Role.PROTECTION_OFFICER,
    }
    for typed in ("", "king", "intake,,handler", "system", "intake; handler"):
        with pytest.raises(SettingsError, match="No such role"):
            roles.parse_roles(typed)
    assert roles.unpack_roles(roles.pack_roles(roles.USUAL_ROLES)) == roles.USUAL_ROLES
    with pytest.raises(RoleError, match="It takes one of: intake, handler, administrator"):
        roles.require(frozenset({Role.AUDITOR}), Right.CARRY)


def test_a_ceremony_without_an_administrator_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="must be an administrator"):
        live_station(tmp_path, (PlannedOfficer("Anna", frozenset({Role.INTAKE})),))
    assert not (tmp_path / "vault").exists()
