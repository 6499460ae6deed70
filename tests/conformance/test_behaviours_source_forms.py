"""Tried from outside, over HTTP: behaviours 14 and 23–26, of what is typed and what comes of it.

A real source server without a pack; each derivation of a codename is counted in a file.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from crypto import codename, sizes, words
from demo.browser import Browser, Page
from demo.journey import Source
from tests.support.hostile import held
from tests.support.instance import OpenedParcel
from tests.support.source_process import Browser as BareBrowser
from tests.support.source_process import Server
from tests.support.source_site import BOUNDARY, shown_codename

COUNTED = """
import nacl.pwhash.argon2id as argon2id
def counted(*given, derive=argon2id.kdf, **named):
    with open({file!r}, "a") as file:
        file.write("x")
    return derive(*given, **named)
argon2id.kdf = counted
"""
CHANGING = re.compile(r'value="[^"]*"|/sending/[0-9a-f]{32}|(?<=>)[^<]*(?=</textarea>)')
"""What two pages that say the same may differ in: tokens, ids of sendings, what was typed."""
NEVER_USED = codename.complete(words.WORDS[:7])
KIND = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
COME_BACK = "Come back in about a week"
ODD_TEXT = ' </textarea><b>"&amp;\n\n  \u202eright to left \U0001f600 end'
FORGED: dict[str, str] = {
    "log_index": "1",
    "object_id": "00" * 32,
    "size_bytes": "1",
    "window": "1",
    "received_on": "1999-01-01",
    "sealed_on": "1999-01-01",
    "delete_after": "1999-01-01",
    "deleted": "1",
    "kind": "request",
    "origin": "page",
    "language": "zz",
    "author": "00" * 32,
    "reply_address": "00" * 32,
    "codename": NEVER_USED,
    "master": "00" * 32,
    "id": "00" * 16,
    "sent": "1",
    "case_code": "R1",
    "consents": "yes",
    "q.nobody-asked": "yes",
}
"""Names of columns, of fields of a parcel and of a session, and of fields of other forms."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("forms")
    (folder / "derivations").touch()
    made = Server(folder, COUNTED.format(file=str(folder / "derivations")))
    made.start()
    yield made
    made.stop()


def derivations(server: Server) -> int:
    return len((server.folder / "derivations").read_text())


def browser_at(server: Server) -> Browser:
    return Browser(f"http://{server.host}")


def entered(server: Server, typed: str) -> Page:
    """What comes of a codename typed into a fresh browser."""
    browser = browser_at(server)
    return browser.submit(browser.get("/return"), "/return", {"codename": typed})


def same(page: Page) -> str:
    """A page without what is new each time it is drawn."""
    return CHANGING.sub("", page.html)


def rows(server: Server) -> list[dict[str, Any]]:
    """The rows of the log in its order."""
    with closing(sqlite3.connect(server.folder / "data" / "source.sqlite3")) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM objects ORDER BY log_index")]


def opened(server: Server, row: dict[str, Any]) -> OpenedParcel:
    """The envelope of a row, opened by the station."""
    name = row["object_id"].hex()
    return server.station.open((server.folder / "data" / "envelopes" / name).read_bytes())


def test_14_a_report_with_forged_fields_is_like_one_without(server: Server) -> None:
    """GlobaLeaks: whoever may change one column of a report may change them all."""
    codenames = []
    for extra in ({}, FORGED):
        browser = browser_at(server)
        page = browser.upload(browser.get("/report"), "/report", {"message": "a report", **extra}, [])
        codenames.append(page.by_id["codename"])
    plain, forged = rows(server)[-2:]
    for name in ("size_bytes", "window", "received_on", "delete_after", "deleted"):
        assert forged[name] == plain[name], name
    assert forged["log_index"] == plain["log_index"] + 1
    first, second = (opened(server, row).parcel for row in (plain, forged))
    for name in ("instance_id", "window", "kind", "origin", "sealed_on", "language"):
        assert getattr(second.head, name) == getattr(first.head, name), name
    assert (second.text, second.forms, second.files) == (first.text, first.forms, first.files)
    assert second.head.author.hex() != FORGED["author"]
    assert second.head.reply_address.hex() != FORGED["reply_address"]
    assert NEVER_USED not in codenames


def test_14_a_repeated_field_and_forged_fields_of_the_small_form_change_nothing(server: Server) -> None:
    browser = BareBrowser(server)
    browser.ask("GET", "/report")
    again = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="message"\r\n\r\nthe second\r\n'.encode()
    body = browser.filled("the first", b"1")
    at = body.index(f"--{BOUNDARY}\r\n".encode() + b'Content-Disposition: form-data; name="files"')
    sent = browser.ask("POST", "/report", content=body[:at] + again + body[at:], headers=KIND)
    assert sent.status_code == 303
    assert opened(server, rows(server)[-1]).parcel.text == "the first"

    known = Source(f"http://{server.host}").report("known", [])
    author = opened(server, rows(server)[-1]).parcel.head.author
    visitor = browser_at(server)
    inbox = visitor.submit(visitor.get("/return"), "/return", {**FORGED, "codename": known})
    visitor.upload(inbox, "/inbox", {"message": "more", **FORGED}, [])
    assert opened(server, rows(server)[-1]).parcel.head.author == author


def test_23_whichever_word_is_wrong_the_page_is_the_same(server: Server) -> None:
    used = Source(f"http://{server.host}").report("a report", []).split()
    mistaken = [_with_other_word(NEVER_USED.split(), at) for at in (0, 3, 6, 7)]
    mistaken.append(_with_other_word(used, 7))  # of a codename that somebody has
    mistaken.append(" ".join([*NEVER_USED.split()[1::-1], *NEVER_USED.split()[2:]]))
    pages = [entered(server, typed) for typed in mistaken]
    assert {(page.status, page.path) for page in pages} == {(400, "/return")}
    assert len({same(page) for page in pages}) == 1
    assert "together no codename" in pages[0].text


def test_23_only_words_that_are_in_no_list_are_named(server: Server) -> None:
    typed = NEVER_USED.split()
    typed[2], typed[5] = "zzzqqq", typed[5] + "x"
    page = entered(server, " ".join(typed))
    assert page.status == 400
    assert re.findall(r"<bdi>([^<]*)</bdi>", page.html) == [typed[2], typed[5]]


def test_23_a_codename_that_nobody_used_opens_as_one_without_an_answer(server: Server) -> None:
    used = Source(f"http://{server.host}").report("a report", [])
    with_report, without = entered(server, used), entered(server, NEVER_USED)
    assert (without.status, without.path) == (200, "/inbox")
    assert same(without) == same(with_report)


def _with_other_word(right: list[str], at: int) -> str:
    """A codename with one word of the list in place of another, so that it is none."""
    for word in words.WORDS[5_000:]:
        typed = [*right[:at], word, *right[at + 1 :]]
        if word != right[at] and codename.check_word(tuple(typed[:7])) != typed[7]:
            return " ".join(typed)
    raise AssertionError


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("a" * (codename.TYPED_MAX + 1), 400),
        (NEVER_USED + " " * codename.TYPED_MAX, 400),
        (NEVER_USED + " " + NEVER_USED, 400),
        (NEVER_USED.rpartition(" ")[0], 400),
        (NEVER_USED.replace(" ", "\0"), 400),
        ("\u0301" * 200, 400),
        (NEVER_USED.replace(" ", ""), 400),
        ("x" * 60_000, 400),
        ("x" * 66_000, 413),
    ],
    ids=range(9),
)
def test_24_overlong_or_odd_input_costs_no_derivation(server: Server, typed: str, status: int) -> None:
    before = derivations(server)
    assert entered(server, typed).status == status
    assert derivations(server) == before
    assert entered(server, NEVER_USED).path == "/inbox"
    assert derivations(server) == before + 1, "a codename is counted"


@pytest.mark.parametrize("path", ["/report", "/inbox"])
@pytest.mark.parametrize("text", ["", " ", "\n\t \n"], ids=ascii)
def test_25_an_empty_sending_is_refused_with_advice(server: Server, path: str, text: str) -> None:
    browser = browser_at(server)
    page = browser.get("/report")
    if path == "/inbox":
        page = browser.submit(browser.get("/return"), "/return", {"codename": NEVER_USED})
    before = held(server)
    page = browser.upload(page, path, {"message": text}, [])
    assert page.status == 400
    assert "Not sent. There is nothing in it yet: write a few words, or choose a file." in page.text
    assert held(server) == before
    assert browser.upload(page, path, {"message": "now with words"}, []).status == 200


@pytest.mark.parametrize("path", ["/report", "/inbox"])
@pytest.mark.parametrize(
    "added",
    [f"\n{NEVER_USED}", "x" * sizes.TEXT_MAX],
    ids=["a codename in it", "too long"],
)
def test_25_what_was_typed_is_kept_to_the_letter(server: Server, path: str, added: str) -> None:
    browser = browser_at(server)
    page = browser.get("/report")
    if path == "/inbox":
        page = browser.submit(browser.get("/return"), "/return", {"codename": NEVER_USED})
    before = held(server)
    page = browser.upload(page, path, {"message": ODD_TEXT + added}, [])
    assert page.status == 400
    assert page.form(path).fields["message"] == ODD_TEXT + added
    assert held(server) == before
    assert browser.upload(page, path, {"message": "mended"}, []).status == 200


def test_26_a_sending_is_confirmed_and_both_say_when_to_come_back(server: Server) -> None:
    browser = BareBrowser(server)
    sent = browser.report("the first", b"with a file")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/codename")
    browser.ask("GET", sent.headers["Location"])
    assert "Your report has arrived" in browser.page
    assert COME_BACK in browser.page

    returned = BareBrowser(server)
    returned.ask("GET", "/return")
    token = re.search(r'name="csrf_token"[^>]* value="([^"]*)"', returned.page)
    assert token
    form = {"csrf_token": token[1], "codename": shown_codename(browser.page)}
    assert returned.ask("POST", "/return", data=form).headers["Location"] == "/inbox"
    returned.ask("GET", "/inbox")
    more = returned.ask("POST", "/inbox", content=returned.filled("", b"only a file"), headers=KIND)
    assert more.status_code == 303
    returned.ask("GET", more.headers["Location"])
    assert f"Your message has arrived. {COME_BACK}" in returned.page
    last = opened(server, rows(server)[-1])
    assert (last.parcel.text, last.files) == ("", (b"only a file",))
