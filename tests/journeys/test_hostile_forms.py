"""Every field of every form, filled in as no person would: the real process refuses or takes it as data.

What is refused stored nothing; what is taken is one whole envelope; nothing typed is written down anywhere.
"""

import re
import secrets
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

from cases.stages import Stage
from tests.support.hostile import MARK, check_answer, check_untouched, held, places_with, send
from tests.support.shipped import FOLDER
from tests.support.source_process import COOKIE, Browser, Server
from tests.support.source_site import BOUNDARY, shown_codename
from tests.support.waiting import wait_until
from transfer.message import ConsentAsked, May, Message

Fields = list[tuple[str, bytes]]
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
SMALL = "application/x-www-form-urlencoded"
LARGE = b"x" * 10_000_000


@dataclass(frozen=True)
class Form:
    """A form of a page as a person sends it: where to, and its fields in order."""

    action: str
    fields: tuple[tuple[str, bytes], ...]
    takes_files: bool
    cookie: str


@dataclass(frozen=True)
class Scene:
    """A server, and somebody with an open session who was asked for everything that can be asked."""

    server: Server
    browser: Browser
    codename: str
    forms: dict[str, Form]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    server = Server(tmp_path_factory.mktemp("server"), pack=FOLDER / "kr")
    server.start()
    browser = Browser(server)
    forms = dict([_form(browser, "/report", "/report")])
    assert browser.report("a text").status_code == 303
    browser.ask("GET", "/codename")
    codename = shown_codename(browser.page)
    forms |= [_form(browser, "/codename/check", "/codename/check", codename=codename)]
    asks = ConsentAsked("The prosecutor", ("name",))
    today = server.station.today
    server.carry(
        Message("Read.", "R17", Stage.RESULT, today, None, (May.READ, May.OBJECT)),
        Message("Consent?", "R17", Stage.RESULT, today, None, consent=asks),
    )
    forms |= [_form(browser, "/inbox", "/inbox")]
    for act in ("read", "object", "consent"):
        path = re.findall(rf'href="(/inbox/[0-9a-f]+/{act})"', browser.page)[0]
        forms |= [_form(browser, path, path, name=f"/inbox/…/{act}")]
        browser.ask("GET", "/inbox")
    forms |= [_form(browser, "/withdraw", "/withdraw")]
    forms |= [_form(Browser(server), "/return", "/return", codename=codename)]  # it ends its session
    leaver = Browser(server)
    assert leaver.report("a text").status_code == 303
    forms |= [_form(leaver, "/leave", "/leave")]
    yield Scene(server, browser, codename, forms)
    server.stop()


def _form(browser: Browser, page: str, action: str, name: str = "", **typed: str) -> tuple[str, Form]:
    assert browser.ask("GET", page).status_code == 200, page
    found = re.search(rf'<form[^>]*action="{action}[^>]*>.*?</form>', browser.page, re.DOTALL)
    if found is None:  # the form of a page without another address is sent to the page itself
        found = re.search(r"<main>.*?(<form.*?</form>)", browser.page, re.DOTALL)
    assert found, f"no form on {page}"
    text = found[0]
    fields = []
    for tag in re.findall(r"<(?:input|textarea|select)[^>]*>", text):
        field = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if field and 'type="file"' not in tag:
            default = typed.get(field[1], unescape(value[1]) if value else "some words")
            fields.append((field[1], default.encode()))
    return name or page, Form(action, tuple(fields), "multipart" in text, browser.cookie)


NAMES = [
    ("/report", "csrf_token upload_id message"),
    ("/codename/check", "csrf_token second"),
    ("/inbox", "csrf_token upload_id message"),
    ("/inbox/…/read", "csrf_token upload_id"),
    ("/inbox/…/object", "csrf_token upload_id message"),
    ("/inbox/…/consent", "csrf_token upload_id consents"),
    ("/withdraw", "csrf_token upload_id message free"),
    ("/return", "csrf_token codename"),
    ("/leave", "csrf_token"),
]


def _missing(_value: bytes) -> list[bytes]:
    return []


def _twice(value: bytes) -> list[bytes]:
    return [value, MARK]


def _large(_value: bytes) -> list[bytes]:
    return [MARK + LARGE]


def _nul(value: bytes) -> list[bytes]:
    return [MARK + b"\0" + value]


def _no_utf8(value: bytes) -> list[bytes]:
    return [MARK + b"\xff\xfe\xed\xa0\x80" + value]


def _turned(value: bytes) -> list[bytes]:
    return [MARK + "\u202e\u2066\u200f".encode() + value]


@pytest.mark.parametrize("harm", [_missing, _twice, _large, _nul, _no_utf8, _turned])
@pytest.mark.parametrize("form", [name for name, _ in NAMES])
def test_a_field_as_no_person_fills_it_in(
    scene: Scene, form: str, harm: Callable[[bytes], list[bytes]]
) -> None:
    sent = scene.forms[form]
    assert set(dict(NAMES)[form].split()) <= {name for name, _ in sent.fields}
    for harmed in dict.fromkeys(name for name, _ in sent.fields):
        fields: Fields = []
        for name, value in sent.fields:
            fresh = secrets.token_hex(16).encode() if name == "upload_id" else value
            fields += [(name, each) for each in (harm(fresh) if name == harmed else [fresh])]
        before = held(scene.server)
        answer = send(scene.server, _request(scene, sent, fields))
        status, after = check_answer(answer), held(scene.server)
        assert status in (200, 303, 400, 403, 413), (harmed, status)
        stored = status == 303 and sent.takes_files
        assert after.rows - before.rows == len(after.envelopes) - len(before.envelopes), harmed
        assert after.rows - before.rows in ((0, 1) if stored else (0,)), harmed
        assert after.incoming == before.incoming
    assert places_with(scene.server, MARK) == []
    assert b"Traceback" not in scene.server.log.read_bytes()


def _request(scene: Scene, form: Form, fields: Fields) -> bytes:
    if form.takes_files:
        body = b"".join(_part(f'form-data; name="{name}"'.encode(), value) for name, value in fields) + END
        return _head(scene, form, len(body)) + body
    text = b"&".join(name.encode() + b"=" + _quoted(value) for name, value in fields)
    return _head(scene, form, len(text), SMALL) + text


def _quoted(value: bytes) -> bytes:
    return value if len(value) > len(LARGE) else b"".join(b"%%%02x" % byte for byte in value)


def _head(scene: Scene, form: Form, length: int, kind: str = MULTIPART) -> bytes:
    lines = [f"POST {form.action} HTTP/1.1", f"Host: {scene.server.host}", "Connection: close"]
    lines += [f"Cookie: {COOKIE}={form.cookie}", f"Content-Type: {kind}", f"Content-Length: {length}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _part(disposition: bytes, value: bytes, more: bytes = b"") -> bytes:
    start = f"--{BOUNDARY}\r\nContent-Disposition: ".encode()
    return start + disposition + more + b"\r\n\r\n" + value + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()
FILE = b'form-data; name="files"; filename="a"'


def _start(scene: Scene) -> bytes:
    """The token and a new upload id of the message form."""
    token = dict(scene.forms["/inbox"].fields)["csrf_token"]
    fresh = secrets.token_hex(16).encode()
    return _part(b'form-data; name="csrf_token"', token) + _part(b'form-data; name="upload_id"', fresh)


REFUSED_BODIES = {
    "ten thousand parts": lambda: _part(b'form-data; name="message"', MARK) * 10_000 + END,
    "ten thousand files": lambda: _part(FILE, MARK) * 10_000 + END,
    "a part header of a megabyte": lambda: _part(FILE, MARK, b"\r\nX: " + b"x" * 1_000_000) + END,
    "a part without a name": lambda: _part(b"form-data", MARK) + END,
    "another boundary": lambda: (_part(FILE, MARK) + END).replace(BOUNDARY.encode(), b"something-else"),
    "no end": lambda: _part(FILE, MARK),
    "a field after a file": lambda: _part(FILE, MARK) + _part(b'form-data; name="message"', MARK) + END,
    "six megabytes in one field that comes three times": lambda: (
        _part(b'form-data; name="message"', MARK + LARGE[:2_000_000]) * 3 + END
    ),
}


@pytest.mark.parametrize("kind", REFUSED_BODIES)
def test_a_body_that_no_browser_sends_is_refused(scene: Scene, kind: str) -> None:
    body = REFUSED_BODIES[kind]()
    if kind != "another boundary":
        body = _start(scene) + body
    before = held(scene.server)
    answer = send(scene.server, _head(scene, scene.forms["/inbox"], len(body)) + body, half_close=True)
    assert check_answer(answer) in (400, 413)
    check_untouched(scene.server, before)


@pytest.mark.parametrize(
    "name",
    [
        b'"a\\"b\\r\\nX: y"',
        b'"../../bin/gpg"',
        b'"' + "\u202egpj.exe\U0001f98a".encode() + b'"',
        b'"' + b"n" * 10_000 + b'"',
        b"\"a\"; filename*=UTF-8''%00%2e%2e%2f",
        b'"\xff\xfe"',
        b'"\0"',
    ],
)
def test_a_file_name_is_data(scene: Scene, name: bytes) -> None:
    before = held(scene.server)
    body = _start(scene) + _part(b'form-data; name="files"; filename=' + name, MARK) + END
    answer = send(scene.server, _head(scene, scene.forms["/inbox"], len(body)) + body)
    assert check_answer(answer) == 303
    (new,) = held(scene.server).envelopes - before.envelopes
    assert re.fullmatch(r"[0-9a-f]{64}", new)
    assert places_with(scene.server, MARK) == []


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.99])
def test_a_body_that_stops_leaves_nothing(scene: Scene, cut: float) -> None:
    before = held(scene.server)
    body = _start(scene) + _part(FILE, MARK + LARGE) + END
    with socket.create_connection(("127.0.0.1", scene.server.port)) as line:
        line.sendall(_head(scene, scene.forms["/inbox"], len(body)) + body[: int(len(body) * cut)])
        wait_until(lambda: held(scene.server).incoming != before.incoming, "the upload to begin")
    wait_until(lambda: held(scene.server) == before, "what has come of it to be removed")
    check_untouched(scene.server, before)


def test_what_one_request_makes_the_server_hold(scene: Scene) -> None:
    """Fields of four megabytes each are taken one by one, and never more than the answers may be together."""
    idle = _peak_kb(scene.server)
    questions = [name for name, _ in scene.forms["/report"].fields if name.startswith("q")]
    parts = b"".join(_part(f'form-data; name="{name}"'.encode(), LARGE[:4_000_000]) for name in questions)
    body = _start(scene) + parts * 3 + END
    before = held(scene.server)
    answer = send(scene.server, _head(scene, scene.forms["/report"], len(body)) + body, half_close=True)
    assert check_answer(answer) in (400, 413)
    assert _peak_kb(scene.server) - idle < 100_000
    check_untouched(scene.server, before)


def _peak_kb(server: Server) -> int:
    peaks = []
    for pid in server.pids():
        text = Path(f"/proc/{pid}/status").read_text()
        peaks += [int(size) for size in re.findall(r"VmHWM:\s*(\d+)", text)]
    return max(peaks)
