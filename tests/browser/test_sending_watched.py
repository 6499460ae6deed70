"""A sending watched in a real Firefox with scripts off: progress while it arrives, refusals while it is sent.

Behaviour 10, and the ways around: without frames, and after an answer that never came.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.firefox import Firefox, firefox
from tests.support.slow_line import SlowLine, slow_line
from tests.support.source_process import Server
from tests.support.waiting import wait_until

SCREENS = Path("build/screens")
TEXT = "It was paid twice."
SEND = "form[action='/report'] button[formtarget=answer]"
PLAIN = "form[action='/report'] button:not([formtarget])"
PROGRESS = "iframe.progress"
MIB = 1 << 20


@pytest.fixture
def line() -> Iterator[SlowLine]:
    """One mebibyte a second."""
    with slow_line(MIB) as made:
        yield made


@pytest.fixture
def server(tmp_path: Path, line: SlowLine) -> Iterator[Server]:
    """A server behind that line, which takes eight mebibytes at once."""
    made = Server(tmp_path, hosts=[line.host], settings="max_report_mib = 8")
    made.start()
    line.lead_to(made.port)
    yield made
    made.stop()


@pytest.fixture
def browser(server: Server, line: SlowLine) -> Iterator[Firefox]:
    with firefox(SCREENS) as made:
        made.open(f"http://{line.host}/report")
        made.type("textarea[name=message]", TEXT)
        yield made


def choose(browser: Firefox, folder: Path, mebibytes: int) -> None:
    path = folder / "ledger.bin"
    path.write_bytes(b"x" * mebibytes * MIB)
    browser.type("input[name=files]", str(path))


def progress_text(browser: Firefox) -> str:
    with browser.frame(PROGRESS):
        return browser.text


def typed(browser: Firefox) -> str:
    return str(browser.element("textarea[name=message]").get_property("value"))


def test_progress_is_seen_while_it_arrives_and_then_the_way_on(
    server: Server, browser: Firefox, tmp_path: Path
) -> None:
    choose(browser, tmp_path, 7)
    browser.click(SEND)
    wait_until(lambda: "percent has arrived" in progress_text(browser), "progress")
    browser.screenshot("source-sending")
    assert server.files("envelopes") == []
    wait_until(lambda: "It has arrived" in progress_text(browser), "its end")
    assert typed(browser) == TEXT
    with browser.frame(PROGRESS):
        browser.follow("a[href='/codename']")
    wait_until(lambda: browser.url.endswith("/codename"), "the codename")
    assert len(browser.element("#codename").text.split()) == 8
    assert len(server.files("envelopes")) == 1


def test_10_too_much_is_said_while_the_browser_still_sends_and_the_text_stays(
    server: Server, browser: Firefox, tmp_path: Path
) -> None:
    choose(browser, tmp_path, 40)
    browser.click(SEND)
    wait_until(lambda: "larger than this site accepts" in progress_text(browser), "the refusal")
    browser.screenshot("source-too-large")
    assert typed(browser) == TEXT
    assert server.files("envelopes") == server.files("incoming") == []


def test_without_frames_the_same_form_is_sent_and_the_codename_shown(
    server: Server, browser: Firefox, tmp_path: Path
) -> None:
    choose(browser, tmp_path, 1)
    browser.click(PLAIN)
    wait_until(lambda: browser.url.endswith("/codename"), "the codename")
    assert len(server.files("envelopes")) == 1


def test_a_refusal_without_frames_brings_the_text_back(server: Server, browser: Firefox) -> None:
    browser.element("textarea[name=message]").clear()
    browser.type("textarea[name=message]", "   ")
    browser.click(PLAIN)
    wait_until(lambda: "There is nothing in it yet" in browser.text, "the refusal")
    assert typed(browser) == "   "
    assert server.files("envelopes") == []
