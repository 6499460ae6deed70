"""Tried from outside, over HTTP: behaviours 5, 14, 19, 21–26, 28 and 33.

A real process; a codename costs less than for real, and each derivation is counted in a file.
"""

import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

import crypto.words
from source_app.security.headers import HEADERS
from tests.support.hostile import held
from tests.support.shipped import FOLDER
from tests.support.source_process import Browser, Server
from tests.support.source_site import BOUNDARY, multipart, shown_codename

COUNTED = """
import source_app.services.derivation as derivation
real = derivation.derive_master
def counted(*given):
    with open("{folder}/derived", "a") as file:
        file.write("x")
    return real(*given)
derivation.derive_master = counted
"""
PAGES = ("/", "/before", "/rights", "/key", "/lost", "/limits", "/report", "/return", "/leave")
KIND = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    made = Server(folder, before=COUNTED.format(folder=folder), pack=FOLDER / "kr")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def browser(server: Server) -> Browser:
    return Browser(server)


def derived(server: Server) -> int:
    """How many codenames were derived so far."""
    file = server.folder / "derived"
    return len(file.read_text()) if file.exists() else 0


def reported(server: Server, text: str = "a text") -> tuple[Browser, str]:
    """Somebody who has reported, and their codename."""
    made = Browser(server)
    assert made.report(text).status_code == 303
    made.ask("GET", "/codename")
    return made, shown_codename(made.page)


def enter(browser: Browser, codename: str) -> httpx.Response:
    """The Return form, filled in."""
    browser.ask("GET", "/return")
    form = {"csrf_token": hidden(browser, "csrf_token"), "codename": codename}
    return browser.ask("POST", "/return", data=form)


def hidden(browser: Browser, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', browser.page.partition("<main>")[2])
    assert found, name
    return unescape(found[1])


def send(browser: Browser, path: str, *parts: tuple[str, str] | tuple[str, str, bytes]) -> httpx.Response:
    """The form with files that is open, with these fields after its hidden ones."""
    kept = [(name, hidden(browser, name)) for name in ("csrf_token", "upload_id")]
    return browser.ask("POST", path, content=multipart([*kept, *parts]), headers=KIND)


@pytest.mark.parametrize("typed", [str.upper, str.title, "  ".join, "-".join, "\r\n".join, " \t\u3000".join])
def test_5_a_codename_is_accepted_however_it_is_typed(server: Server, typed: object) -> None:
    _, codename = reported(server)
    assert callable(typed)
    words = codename if typed in (str.upper, str.title) else codename.split()
    browser = Browser(server)
    assert enter(browser, typed(words)).headers["Location"] == "/inbox"
    assert browser.ask("GET", "/inbox").status_code == 200


def test_14_fields_that_nobody_asked_for_change_nothing(server: Server, browser: Browser) -> None:
    browser.ask("GET", "/report")
    extra = [("received_on", "1999-01-01"), ("id", "7"), ("status", "closed"), ("window", "1"), ("kind", "x")]
    assert send(browser, "/report", *extra, ("message", "with more fields")).status_code == 303
    parcel = server.carry()[-1].parcel
    assert (parcel.text, str(parcel.head.kind.value)) == ("with more fields", "report")
    assert b"1999-01-01" not in b"".join(parcel.forms)


@pytest.mark.parametrize("page", PAGES)
def test_19_no_page_has_a_script_or_asks_for_one(browser: Browser, page: str) -> None:
    answer = browser.ask("GET", page)
    assert not re.search(r"<script|\bon[a-z]+=|javascript:|<noscript", answer.text)
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_21_two_doors_and_the_same_headers_everywhere(browser: Browser) -> None:
    first = browser.ask("GET", "/")
    assert 'href="/report"' in first.text
    assert 'href="/return"' in first.text
    for method, path, status in [
        ("GET", "/none", 404),
        ("PUT", "/report", 405),
        ("GET", "/inbox/0/read", 303),
    ]:
        answer = browser.ask(method, path)
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        if status != 303:
            assert "<main>" in answer.text, "a page of our own"


def test_22_who_has_no_session_is_led_to_the_form_and_only_an_ended_one_is_said(server: Server) -> None:
    new = Browser(server)
    assert new.ask("GET", "/inbox").headers["Location"] == "/return"
    assert "has ended" not in new.ask("GET", "/return").text
    old = Browser(server, cookie="no-longer-good")
    led = old.ask("GET", "/inbox")
    assert led.status_code == 303
    assert "has ended" in old.ask("GET", led.headers["Location"]).text


def test_23_a_mistaken_codename_says_no_more_than_that(server: Server) -> None:
    _, codename = reported(server)
    words = codename.split()
    for at in (0, 3, 6):
        other = [*words]
        other[at] = next(word for word in crypto.words.WORDS if word not in words)
        browser, before = Browser(server), derived(server)
        answer = enter(browser, " ".join(other))
        assert answer.status_code == 400
        assert other[at] not in answer.text.replace(" ".join(other), "")
        assert derived(server) == before
    unknown = enter(Browser(server), " ".join(["zzzqqq", *words[1:]]))
    assert "zzzqqq" in unknown.text


@pytest.mark.parametrize("typed", ["word " * 10_000, "", "\0" * 8, "\u202e" * 8, "1 2 3 4 5 6 7 8", "'; --"])
def test_24_odd_codenames_are_refused_before_any_derivation(server: Server, typed: str) -> None:
    before = derived(server)
    assert enter(Browser(server), typed).status_code in (400, 413)
    assert derived(server) == before


def test_25_an_empty_form_is_refused_with_advice_and_keeps_what_was_typed(
    server: Server, browser: Browser
) -> None:
    browser.ask("GET", "/report")
    question = re.findall(r'<(?:input|textarea) id="(q\.[^"]+)"', browser.page)[0]
    before = held(server)
    assert send(browser, "/report", ("message", " \r\n ")).status_code == 400
    assert "write a few words, or choose a file" in browser.page
    _, codename = reported(server)
    before = held(server)
    answer = send(browser, "/report", (question, "typed once"), ("message", f"my words: {codename}"))
    assert answer.status_code == 400
    assert "typed once" in answer.text
    assert "my words:" in answer.text
    assert held(server) == before


@pytest.mark.parametrize(("text", "files"), [("alone", 0), ("", 1), ("", 3), ("all together", 3)], ids=str)
def test_26_a_text_alone_a_file_alone_several_and_all(
    server: Server, browser: Browser, text: str, files: int
) -> None:
    browser.ask("GET", "/report")
    parts = [("files", f"{number}.bin", bytes([number])) for number in range(files)]
    assert send(browser, "/report", ("message", text), *parts).status_code == 303
    assert "come back" in browser.ask("GET", "/codename").text.lower()
    opened = server.carry()[-1]
    assert opened.files == tuple(bytes([number]) for number in range(files))
    assert (opened.parcel.text or "") == text


def test_28_nobody_reaches_what_belongs_to_another(server: Server) -> None:
    first, _ = reported(server)
    first.ask("GET", "/inbox")
    upload = hidden(first, "upload_id")
    assert send(first, "/inbox", ("message", "more")).status_code == 303
    assert "arrived" in first.ask("GET", f"/sending/{upload}").text.lower()
    server.answer(1)
    first.ask("GET", "/inbox")
    assert "Answer number 0" in first.page
    other, _ = reported(server)
    assert "Answer number 0" not in other.ask("GET", "/inbox").text
    assert "arrived" not in other.ask("GET", f"/sending/{upload}").text.lower()
    before = held(server)
    for act in ("read", "consent", "object"):
        for number in ("0" * 16, "f" * 16, "1"):
            assert other.ask("GET", f"/inbox/{number}/{act}").status_code == 404
            assert other.ask("POST", f"/inbox/{number}/{act}", content=b"").status_code in (400, 404)
    assert held(server) == before


@pytest.mark.parametrize(
    ("asked", "accepts", "language"),
    [
        ("", "", "en"),
        ("", "ko", "ko"),
        ("", "ko-KR,ko;q=0.9,en;q=0.5", "ko"),
        ("", "de, fr;q=0.5", "en"),
        ("?l=ko", "en", "ko"),
        ("?l=en", "ko", "en"),
        ("?l=xx", "ko", "ko"),
    ],
)
def test_33_the_language_is_chosen_then_asked_for_then_the_first(
    browser: Browser, asked: str, accepts: str, language: str
) -> None:
    for page in (*PAGES, "/none"):
        answer = browser.ask("GET", page + asked, headers={"Accept-Language": accepts})
        assert f'<html lang="{language}" dir="ltr">' in answer.text, page
