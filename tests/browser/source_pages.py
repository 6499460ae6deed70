"""Every page of the source app, one after the other, as a person comes to it.

What nobody can bring about at will (a fault of ours, too many people, a closed site) is found under the
addresses /fault, /busy and /closed, which the test that takes this tour gives to its server.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.chromium import Chromium, ChromiumError
from tests.support.waiting import wait_until

LIMIT_MIB: Final = 64
MESSAGE: Final = "The bridge was paid for twice. 다리 공사비가 두 번 지급되었습니다."
OUTCOME: Final = "iframe[name=answer]"
PROGRESS: Final = "iframe.progress"
ALERT: Final = ".notice[role=alert]"
_WATCHED: Final = "main button[formtarget=answer]"
_PLAIN: Final = "main button.quiet"
_BUTTON: Final = "main form button"
_TEXT: Final = "textarea[name=message]"


@dataclass(frozen=True)
class Stop:
    """A page that the browser shows now. `frame`: where on it something new stands, or nothing."""

    name: str
    frame: str = ""


@dataclass(frozen=True)
class Site:
    """Where the pages are, a codename that was answered, and the file in which the server notes templates."""

    host: str
    codename: str
    rendered: Path


def tour(browser: Chromium, site: Site, language: str, files: Path) -> Iterator[Stop]:
    """Walk through all pages in a language. `files`: a folder for what is sent."""
    walk = _Walk(browser, site, language)
    yield from _reading(walk)
    yield from _refusals(walk)
    yield from _sending(walk, files)
    yield from _codename(walk)
    yield from _returning(walk)
    yield from _acting(walk)
    yield from _leaving(walk)


class _Walk:
    """One person's way through the site in one language."""

    def __init__(self, browser: Chromium, site: Site, language: str) -> None:
        self.browser = browser
        self.site = site
        self.language = language

    def address(self, path: str, host: str = "") -> str:
        """The address of a page in our language."""
        return f"http://{host or self.site.host}{path}{'&' if '?' in path else '?'}l={self.language}"

    def open(self, path: str) -> None:
        """A page by its address."""
        self.browser.open(self.address(path))

    def see(self, css: str, frame: str = "") -> None:
        """Wait until a page, or a frame of it, shows what only the expected one has."""
        wait_until(lambda: self._sees(css, frame), f"{frame} {css} in {self.language}")

    def _sees(self, css: str, frame: str) -> bool:
        try:
            return bool(self.browser.run(_SEES, css, frame, frame == PROGRESS))
        except ChromiumError:
            return False  # the page went away while it was looked at

    def click(self, css: str, then: str) -> None:
        """Click, and wait for what the next page has."""
        self.browser.click(css)
        self.see(then)


_SEES: Final = """
const [css, frame, again] = arguments;
const page = () => frame ? document.querySelector(frame)?.contentDocument : document;
const sees = () => page()?.readyState === "complete" && page().querySelector(css) !== null;
const pause = () => new Promise(done => setTimeout(done, 20));
if (again && !sees()) document.querySelector(frame)?.contentWindow.location.reload();
return (async () => {
    for (let tries = 0; tries < 50 && !sees(); tries++) await pause();
    return sees();
})();
"""
"""Looks for one second, because a page mostly follows at once; the small page that reloads itself slowly is
reloaded first."""
_POST: Final = """
const form = document.createElement("form");
form.method = "post";
form.action = arguments[0];
document.body.append(form);
form.submit();
"""


def _reading(walk: _Walk) -> Iterator[Stop]:
    pages = {
        "first": ("/", ".doors"),
        "before": ("/before", "main section h2"),
        "rights": ("/rights", "main section h2"),
        "key": ("/key", ".words"),
        "limits": ("/limits", "main h2"),
        "lost": ("/lost", "main a[href^='/report']"),
        "return": ("/return", "#codename"),
        "return-ended": ("/return?ended=1", ".notice"),
        "return-arrived": ("/return?arrived=1", ".notice.good"),
        "report": ("/report", "#message"),
    }
    for name, (path, mark) in pages.items():
        walk.open(path)
        walk.see(mark)
        yield Stop(name)


def _refusals(walk: _Walk) -> Iterator[Stop]:
    for name, path in {
        "404": "/nothing",
        "500": "/fault",
        "503-busy": "/busy",
        "503-closed": "/closed",
    }.items():
        walk.open(path)
        walk.see("main p[role=alert]")
        yield Stop(name)
    walk.open("/key")
    walk.browser.run(_POST, walk.address("/key"))
    walk.see("main p[role=alert]")
    yield Stop("405")
    walk.open("/return")
    walk.browser.run("document.querySelector('#codename').value = 'word '.repeat(20000)")
    walk.click(_BUTTON, "main p[role=alert]")
    yield Stop("413")
    walk.browser.open("data:text/html,<title>elsewhere</title><body>")
    walk.browser.run(_POST, walk.address("/return"))
    walk.see("main p[role=alert]")
    yield Stop("403")
    port = walk.site.host.rpartition(":")[2]
    walk.browser.open(walk.address("/", f"localhost:{port}"))
    walk.see("main .codename")
    yield Stop("403-foreign")


def _sending(walk: _Walk, files: Path) -> Iterator[Stop]:
    browser = walk.browser
    walk.open("/report")
    browser.type(_TEXT, "   ")
    browser.click(_WATCHED)
    walk.see(ALERT, OUTCOME)
    yield Stop("report-refused-in-frame", OUTCOME)
    walk.click(_PLAIN, ALERT)
    yield Stop("report-refused")
    for name, mebibytes, mark in (
        ("report-too-large", LIMIT_MIB + 8, ALERT),
        ("report-sending", LIMIT_MIB - 8, "progress"),
    ):
        walk.open("/report")
        browser.type(_TEXT, MESSAGE)
        browser.type("input[name=files]", str(_file(files, mebibytes)))
        browser.click(_WATCHED)
        walk.see(mark, PROGRESS)
        yield Stop(name, PROGRESS)
    walk.open("/leave")
    walk.see("main .notice")
    yield Stop("leave-while-sending")
    walk.open("/report")
    browser.type(_TEXT, MESSAGE)
    browser.click(_WATCHED)
    walk.see("a.button", OUTCOME)
    yield Stop("report-sent", OUTCOME)
    walk.see("a", PROGRESS)
    yield Stop("report-arrived", PROGRESS)


def _file(place: Path, mebibytes: int) -> Path:
    path = place / f"{mebibytes}.bin"
    with path.open("wb") as file:
        file.truncate(mebibytes << 20)
    return path


def _codename(walk: _Walk) -> Iterator[Stop]:
    browser = walk.browser
    walk.open("/report")
    yield Stop("report-after-arrival")
    walk.open("/return")
    walk.see(".notice a[href^='/codename']")
    yield Stop("return-unchecked")
    walk.open("/codename")
    walk.see("#codename")
    words = browser.text("#codename").split()
    yield Stop("codename")
    walk.click("main a.button", "#second")
    yield Stop("check")
    walk.click(_BUTTON, ALERT)
    yield Stop("check-wrong")
    for field in ("first", "second"):
        place = int("".join(filter(str.isdigit, browser.text(f"label[for={field}]"))))
        browser.type(f"#{field}", words[place - 1])
    walk.click(_BUTTON, "iframe + iframe + p a[href^='/withdraw']")
    yield Stop("inbox-empty")
    walk.open("/report")
    walk.see(".notice")
    yield Stop("report-returning")


def _returning(walk: _Walk) -> Iterator[Stop]:
    browser = walk.browser
    walk.open("/return")
    walk.see(".notice")
    yield Stop("return-inside")
    browser.type("#codename", "one two three")
    walk.click(_BUTTON, ALERT)
    yield Stop("return-short")
    words = walk.site.codename.split()
    walk.open("/return")
    browser.type("#codename", " ".join([words[0] + "q", "x" * 40, *words[2:]]))
    walk.click(_BUTTON, f"{ALERT} li")
    yield Stop("return-wrong")
    walk.open("/return")
    browser.type("#codename", walk.site.codename)
    walk.click(_BUTTON, ".case")
    yield Stop("inbox")
    walk.click(_PLAIN, ALERT)
    yield Stop("inbox-refused")
    browser.type(_TEXT, MESSAGE)
    walk.click(_PLAIN, ".notice.good[role=status]")
    yield Stop("inbox-written")


def _acting(walk: _Walk) -> Iterator[Stop]:
    for act in ("read", "consent", "object"):
        walk.open("/inbox")
        walk.click(f"a[href*='/{act}']", "main article + p")
        yield Stop(act)
        if act == "object":
            walk.click(_BUTTON, ALERT)
            yield Stop("object-refused")
            walk.browser.type(_TEXT, MESSAGE)
        walk.click(_BUTTON, ".notice.good[role=status]")
    yield Stop("act-done")
    walk.click("main a[href^='/withdraw']", "input[name=free]")
    yield Stop("withdraw")
    walk.click(_BUTTON, ".notice.good[role=status]")


def _leaving(walk: _Walk) -> Iterator[Stop]:
    walk.browser.type(_TEXT, MESSAGE)
    walk.browser.forget_cookies()
    walk.click(_PLAIN, "textarea[readonly]")
    yield Stop("return-kept")
    walk.browser.type("#codename", walk.site.codename)
    walk.click(_BUTTON, ".case")
    walk.open("/leave")
    yield Stop("leave")
    walk.click(_BUTTON, "main p strong")
    yield Stop("left")
