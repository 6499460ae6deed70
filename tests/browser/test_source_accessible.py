"""No page of the source app shuts anybody out: axe-core on every page in a real Chromium, light and dark.

The rules are those of WCAG 2.2, levels A and AA. Every page is walked through once in each language, the last
of which is written from right to left; pictures of them lie under build/screens/source/, to be looked at.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from cases.stages import Stage
from demo.journey import Source
from tests.browser.source_pages import LIMIT_MIB, MESSAGE, PROGRESS, Site, Stop, tour
from tests.support import pseudo_locale
from tests.support.chromium import Chromium, ChromiumError, chromium
from tests.support.shipped import FOLDER
from tests.support.slow_line import SlowLine, slow_line
from tests.support.source_process import CHEAP, Server
from transfer.message import ConsentAsked, May, Message

LANGUAGES: Final = ("en", "ko", pseudo_locale.TAG)
ANSWER: Final = MESSAGE + "\n\nhttps://source.example/" + "a-long-name-without-a-space/" * 4
SCREENS: Final = Path("build/screens/source")
AXE: Final = Path("tests/peers/node_modules/axe-core/axe.min.js")
ALL_RULES: Final = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}
COLOURS: Final = {"type": "rule", "values": ["color-contrast"]}
TEMPLATES: Final = Path("source_app/templates")
FOUNDATIONS: Final = {"layout.html", "act.html"}
"""Templates that pages are built upon, and that are no pages."""
PHONE: Final = (360, 740)
DESKTOP: Final = (1280, 900)
MIB: Final = 1 << 20
"""What is sent passes at this many bytes a second, so that a sending can be looked at."""
TRIES: Final = 5
RIGHT_TO_LEFT: Final = pseudo_locale.TAG
_RUN: Final = """
const [only, reloads] = arguments;
if (typeof axe !== "object") return null;
const name = (rule, node) => `${rule.id} at ${node.target.join(" ")}: ${node.any[0]?.message ?? node.html}`;
const named = rules => rules.flatMap(rule => rule.nodes.map(node => name(rule, node)));
const wanted = {runOnly: only, iframes: false, resultTypes: ["violations", "incomplete"]};
if (reloads) wanted.rules = {"meta-refresh": {enabled: false}};
return axe.run(document, wanted).then(found => [
    ...named(found.violations),
    ...named(found.incomplete.filter(rule => rule.id === "color-contrast")),
]);
"""
"""`reloads`: the small page that shows how far a sending is reloads itself. Without scripts nothing else can
show it while it happens; nobody loses a text, a place or time by it (success criterion 2.2.1 allows it)."""
_TOLD: Final = """
const page = document.documentElement;
const [wide, high] = [page.scrollWidth - page.clientWidth, page.scrollHeight - page.clientHeight];
return [wide, high, page.lang, page.dir, document.title];
"""


_BEFORE: Final = """
from pathlib import Path
from flask import template_rendered
from source_app import errors, wiring
from source_app.views import pages
def note(app, template, **_):
    with open(%r, "a") as file:
        file.write(template.name + "\\n")
template_rendered.connect(note)
def raising(error):
    def view():
        raise error
    return view
faults = {"fault": ArithmeticError(), "busy": errors.BusyError(), "closed": errors.ClosedError()}
for name, error in faults.items():
    pages.blueprint.add_url_rule("/" + name, name, raising(error))
wiring.open_web.__defaults__ = ((wiring.CATALOGUES, Path(%r)),)
"""
"""What the server runs first: it notes what it renders, has the addresses of faults, and a third language."""


@dataclass
class Seen:
    """What was found wrong on the pages of a language, each with the page's name."""

    pages: list[str] = field(default_factory=list)
    rendered: set[str] = field(default_factory=set)
    inaccessible: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)
    cut_off: list[str] = field(default_factory=list)
    other_tongue: list[str] = field(default_factory=list)


@contextmanager
def open_site(place: Path, line: SlowLine) -> Iterator[Site]:
    """A server behind `line` that speaks all `LANGUAGES`, until the context is left."""
    catalogues = pseudo_locale.write_pseudo_locale(place / "catalogues")
    rendered = place / "rendered"
    (place / "server").mkdir()
    server = Server(
        place / "server",
        _BEFORE % (str(rendered), str(catalogues)),
        [line.host],
        settings=f"max_report_mib = {LIMIT_MIB}",
        cost=CHEAP.replace(
            "threads = 8", "threads = 48"
        ),  # a sending that was left may hold its place for a while
        pack=FOLDER / "kr",
    )
    server.station.languages = LANGUAGES
    server.station.number += 1
    server.start()
    try:
        line.lead_to(server.port)
        codename = Source(f"http://{server.host}").report(MESSAGE, [])
        server.carry(*_answers(server.station.today))
        yield Site(line.host, codename, rendered)
    finally:
        server.stop()


def _answers(today: str) -> tuple[Message, ...]:
    asked = ConsentAsked("The prosecutor of Seoul", ("name", "workplace"))
    return (
        Message(ANSWER, "R17", Stage.UNDER_REVIEW, today, today, may=(May.READ,)),
        Message(ANSWER, "R17", Stage.QUESTIONS, today, None, consent=asked),
        Message(ANSWER, "R18", Stage.RESULT, today, None, may=(May.OBJECT, May.READ)),
    )


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """What a walk through all pages found, by language."""
    place = tmp_path_factory.mktemp("site")
    with slow_line(MIB) as line, chromium() as browser, open_site(place, line) as site:
        return {language: _walk(browser, site, language, place) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_any_page_light_or_dark(seen: dict[str, Seen], language: str) -> None:
    assert seen[language].inaccessible == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways_on_a_phone(seen: dict[str, Seen], language: str) -> None:
    assert seen[language].too_wide == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_frame_cuts_off_what_it_says_on_a_phone(seen: dict[str, Seen], language: str) -> None:
    assert seen[language].cut_off == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_its_language_and_direction(seen: dict[str, Seen], language: str) -> None:
    assert seen[language].other_tongue == []


def test_every_page_was_walked_through_in_every_language(seen: dict[str, Seen]) -> None:
    pages = {path.name for path in TEMPLATES.glob("[!_]*.html")} - FOUNDATIONS
    for each in seen.values():
        assert pages <= each.rendered
        assert each.pages == seen["en"].pages


def _walk(browser: Chromium, site: Site, language: str, files: Path) -> Seen:
    seen = Seen()
    site.rendered.write_text("")
    browser.set_size(*PHONE)
    for stop in tour(browser, site, language, files):
        seen.pages.append(stop.name)
        _look(browser, stop, language, seen)
    seen.rendered = set(site.rendered.read_text().split())
    return seen


def _look(browser: Chromium, stop: Stop, language: str, seen: Seen) -> None:
    browser.run("scrollTo(0, 0)")
    frames = ["", stop.frame] if stop.frame else [""]
    for frame in frames:
        _read(browser, frame, f"{stop.name} {frame}".strip(), language, seen)
    # Pictures come last: axe does not see through a page that was just laid out anew for one.
    if language == RIGHT_TO_LEFT:
        browser.screenshot(SCREENS / f"{stop.name}-phone-rtl.png")
        return
    for frame in frames:
        seen.inaccessible += _faults(browser, frame, ALL_RULES, f"{stop.name} {frame}".strip())
    browser.set_dark(True)
    for frame in frames:
        seen.inaccessible += _faults(browser, frame, COLOURS, f"{stop.name} {frame} in the dark")
    if language == "en":
        browser.screenshot(SCREENS / f"{stop.name}-phone-en-dark.png")
    browser.set_dark(False)
    browser.screenshot(SCREENS / f"{stop.name}-phone-{language}.png")
    browser.set_size(*DESKTOP)
    browser.screenshot(SCREENS / f"{stop.name}-desktop-{language}.png")
    browser.set_size(*PHONE)


def _read(browser: Chromium, frame: str, where: str, language: str, seen: Seen) -> None:
    direction = "rtl" if language == RIGHT_TO_LEFT else "ltr"
    too_wide, too_high, *speech = _asked(browser, frame, _TOLD)
    if too_wide > 0:
        seen.too_wide.append(f"{where}: by {too_wide} pixels")
    if frame and too_high > 0:
        seen.cut_off.append(f"{where}: by {too_high} pixels")
    if speech[:2] != [language, direction] or not speech[2]:
        seen.other_tongue.append(f"{where}: {speech}")


def _faults(browser: Chromium, frame: str, rules: dict[str, Any], where: str) -> list[str]:
    found = _asked(browser, frame, _RUN, rules, frame == PROGRESS)
    if found is None:
        found = _asked(browser, frame, f"{AXE.read_text('utf-8')}\n{_RUN}", rules, frame == PROGRESS)
    return [f"{where}: {each}" for each in found]


def _asked(browser: Chromium, frame: str, script: str, *arguments: Any) -> Any:
    """What a script says of the page, or of a frame of it; again, where that was reloaded meanwhile."""
    if not frame:
        return browser.run(script, *arguments)
    for _ in range(TRIES):
        with suppress(ChromiumError), browser.frame(frame):
            return browser.run(script, *arguments)
    raise TimeoutError(f"{frame} never stood still")
