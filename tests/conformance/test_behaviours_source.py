"""Tried from outside what others promise or get wrong: behaviours 1, 2, 4, 6, 8, 9, 27 and 30–32.

Real processes, real sockets, the real cost of a codename. The comments name what was seen elsewhere.
"""

import base64
import http.client
import os
import shutil
import signal
import sqlite3
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from demo.browser import Browser, Upload
from demo.journey import Desk, Source
from tests.support.running import LiveInstance, live_instance
from tests.support.source_process import Server
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveInstance]:
    with live_instance(tmp_path_factory.mktemp("live")) as instance:
        yield instance


@pytest.fixture
def url(live: LiveInstance) -> str:
    return live.access.source_url


def stored(live: LiveInstance) -> dict[str, int]:
    """Names and sizes of the stored envelopes; every one has its row and nothing is half there."""
    data = live.place.source_settings.parent / "data"
    with sqlite3.connect(data / "source.sqlite3") as database:
        rows = {name.hex() for (name,) in database.execute("SELECT object_id FROM objects")}
    database.close()
    files = {path.name: path.stat().st_size for path in (data / "envelopes").iterdir()}
    assert files.keys() == rows
    assert list((data / "incoming").iterdir()) == []
    return files


def report(url: str, text: str) -> str:
    return Source(url).report(text, [])


def ask(url: str, method: str, path: str, **headers: str) -> tuple[int, str]:
    """One bare request."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_1_sixteen_at_once_have_sixteen_receipts(live: LiveInstance, url: str) -> None:
    """GlobaLeaks: one of sixteen, the others a 500."""
    before = stored(live)
    with ThreadPoolExecutor(16) as people:
        codenames = list(people.map(report, [url] * 16, [f"report {n}" for n in range(16)]))
    assert len(set(codenames)) == 16
    assert len(stored(live)) == len(before) + 16


def test_2_a_kill_right_after_the_receipt_loses_nothing(live: LiveInstance, url: str, tmp_path: Path) -> None:
    """GlobaLeaks: the attachments are destroyed."""
    content = os.urandom(3_000_000)
    (tmp_path / "a").write_bytes(content)
    Source(url).report("what was acknowledged stays", [Upload("evidence.bin", tmp_path / "a")])
    master = live.processes.pid("cleandrop-source serve")
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    for worker in workers:
        os.kill(int(worker), signal.SIGKILL)
    wait_until(lambda: answers(url), "another worker to answer")
    desk = Desk(live.access.officer_url)
    desk.sign_in(live.access.officers[0])
    saved = desk.save_files(desk.wait_for_case("what was acknowledged stays"), tmp_path)
    assert [path.read_bytes() for path in saved] == [content]
    desk.sign_out()


def answers(url: str) -> bool:
    try:
        return ask(url, "GET", "/")[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def test_4_the_fiftieth_report_from_one_address_is_taken(live: LiveInstance, url: str) -> None:
    """GlobaLeaks: refused after the fifth of an hour; behind an onion all have one address."""
    before = stored(live)
    for number in range(50):
        report(url, f"number {number}")
    assert len(stored(live)) == len(before) + 50


def test_6_the_cookie_can_not_be_read_and_no_table_holds_sessions(live: LiveInstance, url: str) -> None:
    """SecureDrop: the codename stands in it in base64."""
    browser = Browser(url)
    page = browser.upload(browser.get("/report"), "/report", {"message": "who am I"}, [])
    cookie = browser.cookie_header.partition("=")[2]
    plain = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4)).decode("latin-1").casefold()
    assert not [word for word in page.by_id["codename"].split() if word in plain + cookie.casefold()]
    with sqlite3.connect(live.place.source_settings.parent / "data" / "source.sqlite3") as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    database.close()
    assert tables == {"alembic_version", "bundles", "documents", "installation", "objects", "reply_sets"}


def test_8_a_stored_size_tells_the_bucket_alone(live: LiveInstance, url: str) -> None:
    """SecureDrop: the plaintext and 578 bytes."""
    before = stored(live)
    for length in (1, 140, 10_000):
        report(url, "x" * length)
    new = stored(live)
    assert {size for name, size in new.items() if name not in before} == {78_094}


def test_9_two_files_of_one_name_are_both_kept(live: LiveInstance, url: str, tmp_path: Path) -> None:
    """OnionShare: the second overwrites the first."""
    contents = [b"the first", b"the second", b"the first"]
    for number, content in enumerate(contents):
        (tmp_path / str(number)).write_bytes(content)
    uploads = [Upload("same name.txt", tmp_path / str(number)) for number in range(len(contents))]
    Source(url).report("three files of one name", uploads)
    desk = Desk(live.access.officer_url)
    desk.sign_in(live.access.officers[1])
    saved = desk.save_files(desk.wait_for_case("three files of one name"), tmp_path)
    assert [path.read_bytes() for path in saved] == contents
    desk.sign_out()


def test_27_a_codename_in_the_text_is_refused_before_anything_is_stored(live: LiveInstance, url: str) -> None:
    codename = report(url, "the first report")
    before = stored(live)
    browser = Browser(url)
    text = f"My codename is {codename.upper().replace(' ', '-')}, please answer."
    page = browser.upload(browser.get("/report"), "/report", {"message": text}, [])
    assert page.status == 400
    assert "contains a codename" in page.text
    assert page.form("/report").fields["message"] == text
    assert stored(live) == before


@pytest.mark.parametrize("path", ["/", "/report", "/return", "/static/style.css", "/no-such-page"])
@pytest.mark.parametrize("host", ["whistle.example", "127.0.0.1", "a..b", "x" * 300])
def test_30_under_another_name_the_right_address_is_shown(url: str, path: str, host: str) -> None:
    status, page = ask(url, "GET", path, Host=host)
    assert status == 403
    assert urllib.parse.urlsplit(url).netloc in page
    assert "<form" not in page


def test_31_without_a_key_for_this_week_the_site_is_closed(tmp_path: Path) -> None:
    server = Server(tmp_path)
    shutil.rmtree(tmp_path / "data")  # a server that never imported anything
    server.start()
    try:
        address = f"http://{server.host}"
        status, page = ask(address, "GET", "/report")
        assert status == 503
        assert "Nothing was stored" in page
        assert ask(address, "POST", "/report", **{"Content-Length": "0"})[0] in (400, 503)
        assert server.files("envelopes") == server.files("incoming") == []
    finally:
        server.stop()


def test_32_no_token_no_robots_no_odd_methods(live: LiveInstance, url: str) -> None:
    before = stored(live)
    browser = Browser(url)
    page = browser.get("/report")
    page.form("/report").fields.pop("csrf_token")
    again = browser.upload(page, "/report", {"message": "without a token"}, [])
    assert again.status == 400
    assert again.form("/report").fields["message"] == "without a token"
    assert "Not sent" in again.text
    assert ask(url, "GET", "/robots.txt")[1].splitlines() == ["User-agent: *", "Disallow: /"]
    for method in ("TRACE", "PROPFIND", "CONNECT", "FOO"):
        assert ask(url, method, "/report")[0] == 405, method
    assert stored(live) == before
