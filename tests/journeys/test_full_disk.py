"""A real disk that fills up, or can only be read: it is said, nothing is half-stored, pages go on."""

import os
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.hostile import Held, check_answer, held, send
from tests.support.source_process import Browser, Server

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")

DISK = 24 * (1 << 20)
BLOCK = 1 << 16
PAGES = ("/", "/report", "/return", "/before", "/key", "/static/style.css")


@contextmanager
def small_disk(path: Path) -> Iterator[None]:
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs", path], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with small_disk(tmp_path / "data"):
        made = Server(tmp_path)
        made.start()
        try:
            yield made
        finally:
            made.stop()


def fill(server: Server, leave_bytes: int) -> Path:
    """Take the room away, all but so much."""
    path = server.folder / "data" / "somebody-elses"
    with path.open("wb", buffering=0) as file:
        while os.statvfs(path).f_bavail * os.statvfs(path).f_frsize >= leave_bytes + BLOCK:
            file.write(b"x" * BLOCK)
    return path


def pages_are_shown(server: Server) -> None:
    for page in PAGES:
        asked = f"GET {page} HTTP/1.1\r\nHost: {server.host}\r\nConnection: close\r\n\r\n"
        assert check_answer(send(server, asked.encode())) == 200, page


def whole(server: Server) -> Held:
    with sqlite3.connect(server.folder / "data" / "source.sqlite3") as database:
        assert database.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    database.close()
    return held(server)


def test_files_are_refused_while_a_text_still_goes(server: Server) -> None:
    visitor = Browser(server)
    fill(server, DISK // 5)
    answer = visitor.report("the text", b"x" * (3 << 20))
    assert (answer.status_code, "no room for files" in answer.text) == (503, True), answer.text
    assert "the text" in answer.text
    assert server.files("incoming") == server.files("envelopes") == []
    assert visitor.report("the text").status_code == 303
    pages_are_shown(server)


def test_with_no_room_at_all_nothing_is_half_stored_and_it_goes_on_by_itself(server: Server) -> None:
    assert Browser(server).report("before").status_code == 303
    before = whole(server)
    filler = fill(server, 0)
    visitor = Browser(server)
    for _ in range(3):
        answer = visitor.report("not stored", b"x" * 100_000)
        assert answer.status_code == 503
        assert "Nothing was stored" in answer.text, answer.text
        assert "not stored" in answer.text, "what was typed comes back"
    pages_are_shown(server)
    assert whole(server) == before
    filler.unlink()
    assert visitor.report("stored").status_code == 303
    after = whole(server)
    assert (after.rows, len(after.envelopes), after.incoming) == (2, 2, frozenset())


def test_a_carrying_that_finds_no_room_changes_nothing(server: Server) -> None:
    Browser(server).report("the text")
    server.carry()
    filler = fill(server, 0)
    server.station.write_out(server.folder / "stick")
    stick = str(server.folder / "stick")
    refused = said_by(server, "import", "--stick", stick)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "disk" in refused.stderr
    pages_are_shown(server)
    filler.unlink()
    server.run("import", "--stick", stick)


def test_a_disk_that_can_only_be_read_is_named_by_every_command(server: Server) -> None:
    assert Browser(server).report("the text").status_code == 303
    before = whole(server)
    server.stop()
    remount(server, "ro")
    try:
        stick = str(server.folder / "stick")
        for words in ("serve", f"export --stick {stick}", f"import --stick {stick}"):
            refused = said_by(server, *words.split())
            assert refused.returncode == 1, refused.stderr
            assert re.search("read|disk|room", refused.stderr)
            assert "Traceback" not in refused.stderr
        assert "BAD" in said_by(server, "doctor").stdout
    finally:
        remount(server, "rw")
    server.start()
    assert whole(server) == before


def said_by(server: Server, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(server.command(*words), capture_output=True, text=True, check=False, timeout=60)


def remount(server: Server, way: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{way}", server.folder / "data"], check=True)
