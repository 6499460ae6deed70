"""No page of the officer app shuts anybody out: axe-core on every page in a real Chromium, light and dark.

The rules are those of WCAG 2.2, levels A and AA. The pages are those of the app's own routes, so that a new
one is walked through or fails here; pictures of them lie under build/screens/officer/, to be looked at. The
station is one in memory behind a real socket: what is tried here is what a browser makes of its pages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, Final

import pytest
from flask import Flask
from werkzeug.serving import make_server

from cases.kinds import ReportEvent as E
from crypto import canonical
from journalist_app.services.answering import Written
from tests.support.case_office import CaseOffice
from tests.support.chromium import Chromium, chromium
from tests.support.station import HOST

SCREENS: Final = Path("build/screens/officer")
AXE: Final = Path("tests/peers/node_modules/axe-core/axe.min.js")
ALL_RULES: Final = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS: Final = {"type": "rule", "values": ["color-contrast"]}
PHONE: Final = (400, 800)
DESKTOP: Final = (1280, 900)
NO_PAGES: Final = {"static", "viewing.picture"}
REFUSED: Final = {"keys.ask_destroy"}
"""No week is over at this station yet: the page says so."""
_RUN: Final = """
const [only] = arguments;
if (typeof axe !== "object") return null;
const name = (rule, node) => `${rule.id} at ${node.target.join(" ")}: ${node.any[0]?.message ?? node.html}`;
return axe.run(document, {runOnly: only, resultTypes: ["violations"]}).then(found =>
    found.violations.flatMap(rule => rule.nodes.map(node => name(rule, node))));
"""
_SHOWN: Final = """
const page = document.documentElement;
return [page.scrollWidth - page.clientWidth, document.title, document.querySelector("h1")?.textContent ?? ""];
"""
ANSWERS: Final[list[canonical.Value]] = [
    {"id": "pack", "value": "kr 1"},
    {"id": "danger_now", "value": "yes"},
    {"id": "who", "value": "The harbour master, 항만 관리소장"},
]


@dataclass(frozen=True)
class Stop:
    """A page, and with whose eyes it is looked at."""

    endpoint: str
    who: str
    path: str

    @property
    def name(self) -> str:
        """What its pictures are called."""
        return f"{self.endpoint.replace('.', '-')}-{self.who.lower()}"


@dataclass
class Seen:
    """What was found wrong, each with the page's name."""

    endpoints: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    inaccessible: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)


@contextmanager
def served(app: Flask) -> Iterator[None]:
    """The app behind the socket that its settings name."""
    server = make_server("localhost", int(HOST.rpartition(":")[2]), app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def office_at_work(place: Path) -> CaseOffice:
    """An office with something on every page: cases, answers, a step that waits, a body that has a matter."""
    office = CaseOffice(place)
    report: canonical.Object = {"form": "report", "version": 1, "answers": ANSWERS}
    files = (("ledger.pdf", b"%PDF-1.4 of no pages"), ("notes.txt", "다리 bridge\n".encode() * 40))
    office.report(1, report, text="They paid twice for the bridge.\n다리 공사비가 두 번.", files=files)
    concerns: canonical.Object = {
        "form": "report",
        "version": 1,
        "answers": [{"id": "concerns_agency", "value": "yes"}],
    }
    office.report(2, concerns)
    office.report(3, {"form": "withdrawal", "version": 1, "answers": [{"id": "free", "value": "yes"}]})
    office.assigned()
    page = office.desk("Hanna").steps().page(1, E.VERIFIED)
    points = [value for each in page.fields if each.name == "checked" for value, _ in each.choices]
    office.step("Hanna", E.VERIFIED, checked=points)
    page = office.desk("Hanna").steps().page(1, E.TRANSFERRED)
    body = next(each.choices[0][0] for each in page.fields if each.name == "institution")
    office.step("Hanna", E.TRANSFERRED, "Sven", allegation="A1", institution=body, redacted=True, lead=True)
    office.desk("Inge").answering().reply(1, Written("Which month was it? 몇 월이었습니까?", "questions"))
    office.desk("Inge").answering().reply(1, Written("Not yet said.", "questions"), draft=True)
    desk = office.desk("Inge")
    desk.sorting().flag(1, "press")
    desk.sorting().link(1, office.page("Inge", 3).code)
    desk.steps().note(1, "Ask the bank first.")
    triage = {"on": [office.today], "risk": ["low"], "in_scope": ["1"]}
    desk.proposals().propose(3, E.TRIAGED, triage, "")
    return office


def stops(office: CaseOffice) -> list[Stop]:
    """Every page once, and some with other eyes."""
    hanna = office.id_of("Hanna")
    walked = {
        "Admin": {
            "home.home": "/",
            "own_access.index": "/access",
            "own_access.ask_codes": "/access/codes",
            "own_access.ask_passphrase": "/access/passphrase",
            "own_access.ask_phone": "/access/phone",
            "clock.ask": "/clock",
            "sticks.choose": "/import",
            "people.index": "/people",
            "people.person": f"/people/{hanna}",
            "people.ask_reset": f"/people/{hanna}/reset",
            "people.ask_roles": f"/people/{hanna}/roles",
            "people.ask_withdraw": f"/people/{hanna}/withdraw",
            "people.ask_add": "/people/add",
            "keys.index": "/keys",
            "keys.ask_destroy": "/keys/destroy",
            "keys.ask_lost": "/keys/lost",
            "keys.ask_replace": "/keys/vault",
        },
        "Hanna": {
            "home.home": "/",
            "cases.index": "/cases",
            "cases.case": "/cases/1",
            "answers.ask": "/cases/1/reply?about=1",
            "answers.ask_change": "/answers/1",
            "steps.ask": "/cases/1/steps/transferred",
            "letters.ask": "/cases/1/letters/R1",
            "viewing.view": "/files/1/view",
        },
        "Boss": {"archives.ask": "/cases/1/archive"},
        "Sven": {"proposals.ask": "/proposals/1"},
        "Rita": {"deleting.index": "/deleted", "deleting.ask": "/cases/1/delete"},
        "Audit": {"audit.index": "/audit"},
        "Head": {"steps.ask_readers": "/restricted/2"},
    }
    return [Stop(endpoint, who, path) for who, pages in walked.items() for endpoint, path in pages.items()]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> CaseOffice:
    return office_at_work(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def seen(office: CaseOffice) -> Seen:
    """What a walk through all pages found."""
    found = Seen()
    with chromium() as browser, served(office.live.app()):
        browser.set_size(*PHONE)
        browser.open(f"http://{HOST}/sign-in")
        _look(browser, Stop("sign_in.form", "nobody", "/sign-in"), found)
        who = ""
        for stop in stops(office):
            if stop.who != who:
                who = stop.who
                _sign_in(browser, office, who)
            browser.open(f"http://{HOST}{stop.path}")
            _look(browser, stop, found)
    return found


def test_axe_finds_nothing_on_any_page_light_or_dark(seen: Seen) -> None:
    assert seen.inaccessible == []


def test_no_page_scrolls_sideways_on_a_phone(seen: Seen) -> None:
    assert seen.too_wide == []


def test_every_page_of_the_app_was_shown(office: CaseOffice, seen: Seen) -> None:
    rules = office.live.app().url_map.iter_rules()
    assert {rule.endpoint for rule in rules if "GET" in (rule.methods or ())} - NO_PAGES == seen.endpoints
    assert seen.broken == []


def _sign_in(browser: Chromium, office: CaseOffice, name: str) -> None:
    officer = next(each for each in office.live.born.officers if each.name == name)
    browser.forget_cookies()
    browser.open(f"http://{HOST}/sign-in")
    browser.type("[name=officer]", name)
    browser.type("[name=passphrase]", officer.passphrase)
    browser.type("[name=code]", office.live.code(officer))
    browser.click("main form button")


def _look(browser: Chromium, stop: Stop, seen: Seen) -> None:
    seen.endpoints.add(stop.endpoint)
    browser.run("for (const each of document.querySelectorAll('details')) each.open = true")
    too_wide, title, heading = browser.run(_SHOWN)
    if too_wide > 0:
        seen.too_wide.append(f"{stop.name}: by {too_wide} pixels")
    refused = (heading == "Not done") != (stop.endpoint in REFUSED) or (heading == "Sign in") != (
        stop.who == "nobody"
    )
    if not title or not heading or refused:
        seen.broken.append(f"{stop.name}: {title}, {heading}")
    seen.inaccessible += [f"{stop.name}: {each}" for each in _faults(browser, ALL_RULES)]
    browser.screenshot(SCREENS / f"{stop.name}-phone.png")
    browser.set_dark(True)
    seen.inaccessible += [f"{stop.name} in the dark: {each}" for each in _faults(browser, COLOURS)]
    browser.set_dark(False)
    browser.set_size(*DESKTOP)
    browser.screenshot(SCREENS / f"{stop.name}-desktop.png")
    browser.set_size(*PHONE)


def _faults(browser: Chromium, rules: dict[str, Any]) -> list[str]:
    found = browser.run(_RUN, rules)
    if found is None:
        found = browser.run(f"{AXE.read_text('utf-8')}\n{_RUN}", rules)
    return [str(each) for each in found]
