"""Tried from outside, over HTTP: behaviours 13, 19, 21, 22 and 33, of what every page has and where it leads.

Real source servers; one has a derivation that takes seconds, one speaks a language from right to left.
"""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

import demo.browser
from cases.stages import Stage
from crypto import sizes
from crypto.parcel import Kind
from demo.browser import Page, Upload
from source_app.languages import CATALOGUES
from source_app.security.headers import CLEAR_SITE_DATA, HEADERS
from tests.support.pseudo_locale import TAG, write_pseudo_locale
from tests.support.source_process import CHEAP, Browser, Server
from tests.support.waiting import wait_until
from transfer.message import ConsentAsked, May, Message

PASSES = 1_500
"""A derivation of seconds: many pages are answered meanwhile, unless it keeps the interpreter to itself."""
LONG_DERIVATION = """
from pathlib import Path
import source_app.services.derivation as derivation
folder, derive = Path({folder!r}), derivation.derive_master
def long_derivation(codename, instance, cost):
    (folder / "began").touch()
    made = derive(codename, instance, derivation.Cost(cost.memory_bytes, {passes}))
    (folder / "ended").touch()
    return made
derivation.derive_master = long_derivation
"""
OTHER_CATALOGUES = """
from pathlib import Path
import source_app.languages
source_app.languages.CATALOGUES = Path({folder!r})
"""
ONE_PROCESS = CHEAP.replace("workers = 2", "workers = 1")
PUBLIC = ("/", "/before", "/rights", "/report", "/return", "/key", "/lost", "/limits", "/leave")
PROTECTED = ("/inbox", "/withdraw", "/inbox/0123456789abcdef/read", "/inbox/0123456789abcdef/consent")
SCRIPT = re.compile(r"<script|\son[a-z]+\s*=|javascript:", re.IGNORECASE)
ENDED = "Your session has ended"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that speaks English, and from right to left."""
    folder = tmp_path_factory.mktemp("pages")
    catalogues = shutil.copytree(CATALOGUES, folder / "catalogues")
    write_pseudo_locale(catalogues)
    made = Server(folder, OTHER_CATALOGUES.format(folder=str(catalogues)))
    made.station.languages = ("en", TAG)
    made.carry()
    made.start()
    yield made
    made.stop()


def test_13_a_derivation_leaves_the_interpreter_to_the_others(tmp_path: Path) -> None:
    """SecureDrop: a second and a half of making a key, with the interpreter locked."""
    before = LONG_DERIVATION.format(folder=str(tmp_path), passes=PASSES)
    server = Server(tmp_path, before, cost=ONE_PROCESS)
    server.start()
    try:
        with ThreadPoolExecutor(1) as somebody:
            starting = somebody.submit(Browser(server).report, "the first of somebody")
            wait_until((tmp_path / "began").exists, "a derivation to begin")
            for path in ("/", "/report", "/return"):
                assert Browser(server).ask("GET", path).status_code == 200
            assert not (tmp_path / "ended").exists(), "the pages came only after the derivation"
            assert starting.result().status_code == 303
        assert (tmp_path / "ended").exists()
    finally:
        server.stop()


def test_19_a_whole_journey_with_scripts_off(server: Server, tmp_path: Path) -> None:
    """GlobaLeaks: an empty page. This browser knows no scripts, and no page holds any."""
    (tmp_path / "evidence").write_bytes(b"the evidence")
    browser = demo.browser.Browser(f"http://{server.host}")
    walked = [browser.get("/")]
    assert {"/report", "/return"} <= set(walked[0].links)
    walked.append(browser.get("/report"))
    files = [Upload("evidence.txt", tmp_path / "evidence")]
    walked.append(browser.upload(walked[-1], "/report", {"message": "a whole journey"}, files))
    codename = walked[-1].by_id["codename"]
    walked.append(browser.get("/codename/check"))
    places = [int(number) for number in re.findall(r"Word number (\d)", walked[-1].text)]
    first, second = (codename.split()[place - 1] for place in places)
    walked.append(browser.submit(walked[-1], "/codename/check", {"first": first, "second": second}))
    assert walked[-1].path == "/inbox"
    server.carry(_asking(server))

    browser = demo.browser.Browser(f"http://{server.host}")
    walked.append(browser.submit(browser.get("/return"), "/return", {"codename": codename}))
    assert "What do you say to this?" in walked[-1].text
    acts = [link for link in walked[-1].links if link.startswith(("/inbox/", "/withdraw"))]
    assert [link.rpartition("/")[2] for link in acts] == ["read", "consent", "object", "withdraw"]
    for link in acts:
        walked.append(browser.get(link))
        values = {"message": "my reasons"} if link.endswith("/object") else {}
        walked.append(browser.upload(walked[-1], link, values, []))
        assert walked[-1].path == "/inbox"
    walked.append(browser.upload(walked[-1], "/inbox", {"message": "once more"}, []))
    walked.append(browser.submit(walked[-1], "/leave"))
    assert "You have left" in walked[-1].text
    walked.append(browser.get("/inbox"))
    assert walked[-1].path == "/return"

    assert [page.status for page in walked] == [200] * len(walked)
    assert [page.path for page in walked if SCRIPT.search(page.html)] == []
    sent = [opened.parcel.head.kind for opened in server.carry()]
    assert sent == [Kind.MESSAGE, Kind.CONSENT, Kind.MESSAGE, Kind.REQUEST, Kind.MESSAGE]


def _asking(server: Server) -> Message:
    """An answer that asks for everything that a source can do about it."""
    text, today = "What do you say to this?", server.station.today
    asked = ConsentAsked("the prosecutor", ("name",))
    return Message(text, "R17", Stage.RESULT, today, None, (May.READ, May.OBJECT), asked)


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/", {}, 200),
        ("HEAD", "/", {}, 200),
        ("GET", "/static/style.css", {}, 200),
        ("GET", "/robots.txt", {}, 200),
        ("GET", "/inbox", {}, 303),
        ("POST", "/return", {"data": {"codename": "x"}}, 400),
        ("POST", "/report", {"content": b"no form"}, 400),
        ("GET", "/", {"headers": {"Host": "foreign.example"}}, 403),
        ("POST", "/return", {"data": {}, "headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
        ("GET", "/no/such/page", {}, 404),
        ("GET", "/static/none.css", {}, 404),
        ("PUT", "/inbox", {"content": b""}, 405),
        ("POST", "/return", {"content": iter([b"x"])}, 411),
        ("POST", "/return", {"content": bytes(65 * sizes.KIB)}, 413),
    ],
)
def test_21_every_sort_of_answer_has_the_same_headers(
    server: Server, method: str, path: str, options: dict[str, object], status: int
) -> None:
    answer = Browser(server).ask(method, path, **options)
    assert answer.status_code == status
    assert _ours(answer) == HEADERS
    if status >= 400:
        assert '<link rel="stylesheet"' in answer.text, "in the look of the site"


@pytest.mark.parametrize(
    ("method", "path", "framed"),
    [
        ("GET", "/sending/" + "0" * 32, True),
        ("POST", "/report?in=frame", True),
        ("POST", "/inbox?in=frame", True),
        ("GET", "/report?in=frame", False),
        ("POST", "/report", False),
    ],
)
def test_21_what_our_frames_show_differs_in_who_may_frame_it_alone(
    server: Server, method: str, path: str, framed: bool
) -> None:
    wanted = dict(HEADERS)
    if framed:
        policy = wanted["Content-Security-Policy"]
        wanted["Content-Security-Policy"] = policy.replace("ancestors 'none'", "ancestors 'self'")
    content = {"content": b""} if method == "POST" else {}
    assert _ours(Browser(server).ask(method, path, **content)) == wanted


def _ours(answer: httpx.Response) -> dict[str, str | None]:
    return {name: answer.headers.get(name) for name in HEADERS}


@pytest.mark.parametrize("path", PROTECTED)
def test_22_a_protected_page_leads_to_the_codename_form(server: Server, path: str) -> None:
    new = Browser(server)
    answer = new.ask("GET", path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/return")
    assert ENDED not in new.ask("GET", "/return").text
    assert 'name="codename"' in new.page


def test_22_a_first_visit_never_says_that_a_session_ended(server: Server) -> None:
    for path in (*PUBLIC, "/no-such-page"):
        assert ENDED not in Browser(server).ask("GET", path).text, path
    visitor = Browser(server)
    for path in (*PUBLIC, *PUBLIC):
        assert ENDED not in visitor.ask("GET", path).text, "nor does the next page of the same visit"


def test_22_whoever_has_left_is_told_even_with_a_copy_of_the_cookie(server: Server) -> None:
    browser = Browser(server)
    assert browser.report("and then gone").status_code == 303
    assert browser.ask("GET", "/inbox").status_code == 200
    kept = browser.cookie
    token = re.search(r'action="/leave">\s*<input[^>]* value="([^"]*)"', browser.page)
    assert token
    left = browser.ask("POST", "/leave", data={"csrf_token": token[1], "sure": "1"})
    assert left.headers["Clear-Site-Data"] == CLEAR_SITE_DATA
    for path in PROTECTED:
        copy = Browser(server, kept)
        led = copy.ask("GET", path)
        assert led.status_code == 303
        assert ENDED in copy.ask("GET", led.headers["Location"]).text


def test_33_every_page_has_the_direction_of_its_language(server: Server) -> None:
    browser = Browser(server)
    assert browser.report("somebody with a session").status_code == 303
    for path in (*PUBLIC, "/codename", "/codename/check", "/inbox", "/withdraw", "/none"):
        for language, direction in (("en", "ltr"), (TAG, "rtl")):
            answer = browser.ask("GET", path, headers={"Accept-Language": language})
            assert f'<html lang="{language}" dir="{direction}">' in answer.text, path


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", "/report", {}),
        ("POST", "/return", {}),
        ("PUT", "/report", {}),
        ("GET", "/", {"Host": "foreign.example"}),
        ("GET", "/sending/" + "0" * 32, {}),
        ("POST", "/report?in=frame", {}),
    ],
)
def test_33_refusals_and_frames_speak_the_same_language(
    server: Server, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = Browser(server).ask(method, path, headers={**headers, "Accept-Language": TAG}, content=b"")
    assert f'<html lang="{TAG}" dir="rtl">' in answer.text


def test_33_a_choice_goes_along_in_every_link(server: Server) -> None:
    page = _page(server, f"/?l={TAG}")
    inner = [link for link in page.links if not re.search(r"[?&]l=en\b", link)]
    assert inner
    assert [link for link in inner if f"l={TAG}" not in link] == []
    for link in inner:
        assert 'dir="rtl"' in _page(server, link).html, link


def _page(server: Server, path: str) -> Page:
    return demo.browser.Browser(f"http://{server.host}").get(path)
