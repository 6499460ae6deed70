"""What lies on the source server after reports: nothing of a text, a file or a codename.

A real server process takes a report, a message and a sending that breaks off; then every file
that it could have written is searched, byte for byte: data, memory-backed folder, logs, the
temporary folder, the stick.
"""

import re
import secrets
import socket
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.browser import Browser, Upload
from demo.journey import Source
from tests.support.running import LiveInstance, live_instance
from tests.support.waiting import wait_until

WORDS = "the-warehouse-ledger-was-copied-on-a-sunday"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of the processes."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def live(tmp_path: Path, temporary: Path) -> Iterator[LiveInstance]:
    """A running instance of its own, which finds its temporary folder in `temporary`."""
    with live_instance(tmp_path) as running:
        yield running


def test_no_byte_of_a_report_is_found_on_the_server(
    live: LiveInstance, tmp_path: Path, temporary: Path
) -> None:
    content = secrets.token_bytes(3_000_000)
    file = tmp_path / "upload"
    file.write_bytes(content)
    source = Source(live.access.source_url)
    codename = source.report(f"{WORDS} text", [Upload(f"{WORDS}.name", file)])
    source.return_with(codename)
    _break_off(live, f"{WORDS} broken".encode() + content)
    wait_until(lambda: _unfinished(live) == [], "the broken sending to be cleared away")

    needles = [WORDS.encode(), codename.encode(), codename.replace(" ", "-").encode()]
    needles += [content[start : start + 32] for start in range(0, len(content), 100_000)]
    needles += [" ".join(codename.split()[i : i + 2]).encode() for i in range(7)]
    places = [live.place.source_settings.parent, live.place.run_dir, live.place.stick, temporary]
    searched = [path for place in places for path in _files(place)]
    searched += live.place.folder.glob("*.log")
    assert any(path.stat().st_size > len(content) for path in searched), "the envelope is among the files"
    assert [path for path in searched if _holds(path, needles)] == []


def _break_off(live: LiveInstance, body: bytes) -> None:
    """Send half of a report with a good token, then pull the plug."""
    url = live.access.source_url
    browser = Browser(url)
    page = browser.get("/report")
    boundary = "x" * 30
    answers = {name: f"{WORDS} {name}" for name in re.findall(r'name="(q\.[^"]+)"', page.html)}
    assert answers, "the pack asks something"
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {**page.form("/report").fields, **answers, "message": f"{WORDS} text"}.items()
    )
    head += (
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{WORDS}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    address = urllib.parse.urlsplit(url)
    with socket.create_connection((address.hostname or "", address.port or 0)) as connection:
        request = (
            f"POST /report HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {browser.cookie_header}\r\n"
            f"Content-Type: multipart/form-data; boundary={boundary}\r\n"
            f"Content-Length: {10 * len(body)}\r\n\r\n"
        )
        connection.sendall(request.encode() + head.encode() + body)
        wait_until(lambda: bool(_unfinished(live)), "the sending to be on its way")


def _unfinished(live: LiveInstance) -> list[Path]:
    return list((live.place.source_settings.parent / "data" / "incoming").iterdir())


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _holds(path: Path, needles: list[bytes]) -> bool:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return False  # a database's side file that was folded in meanwhile
    return any(needle in data for needle in needles)
