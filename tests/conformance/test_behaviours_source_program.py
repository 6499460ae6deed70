"""Tried from outside: behaviours 7, 12, 13, 29 and 35, of the program at work.

Real source servers, whose clock a test can turn and whose derivation of a codename a test can hold up.
"""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import crypto
from demo.journey import Source
from demo.processes import free_port
from tests.support.source_process import CHEAP, PROGRAM, Browser, Server
from tests.support.source_site import BOUNDARY, shown_codename
from tests.support.waiting import wait_until

PREPARED = """
from datetime import UTC, datetime, timedelta
from pathlib import Path
import nacl.pwhash.argon2id as argon2id
import source_app.clock
folder, derive = Path({folder!r}), argon2id.kdf
def later(): return datetime.now(UTC) + timedelta(hours=len(list(folder.glob("hour-*"))))
def kdf(*given, **named):
    while (folder / "hold").exists():
        (folder / "held").touch()
        derive(*given, **named)
    return derive(*given, **named)
source_app.clock.system_clock, argon2id.kdf = later, kdf
"""
"""Turns the clock by an hour for each file `hour-*`. While there is a file `hold`, a derivation goes on,
and a file `held` says so: it works and does not sleep, because else a lock that it keeps would not show."""
COUNTING = """
import os, sqlite3.dbapi2 as sqlite, sys
import nacl.pwhash.argon2id as argon2id
counts = os.open({counts!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
derive, connect = argon2id.kdf, sqlite.connect
def note(what): os.write(counts, what.encode() + b"\\n")
def kdf(*given, **named): note("derivation"); return derive(*given, **named)
def connected(*given, **named):
    made = connect(*given, **named)
    made.set_trace_callback(lambda _: note("statement"))
    return made
argon2id.kdf, sqlite.connect = kdf, connected
sys.addaudithook(lambda event, _: note(event) if event in ("open", "subprocess.Popen") else None)
"""
"""Lets the program write a line for each derivation, database statement, opened file and program started."""
ONE_PROCESS = CHEAP.replace("workers = 2", "workers = 1").replace("threads = 8", "threads = 40")
"""With threads enough for several sendings at once."""
KIND = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
LARGE = os.urandom(5_000_000)
WORD_LIST = "eff_large_wordlist.txt"

Change = Callable[[list[str]], list[str]]
"""What is done to the words of the list."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server whose clock and derivations a test can touch."""
    made = Server(tmp_path, PREPARED.format(folder=str(tmp_path)), cost=ONE_PROCESS)
    made.start()
    yield made
    made.stop()


def test_7_an_upload_that_outlives_its_session_is_kept(server: Server) -> None:
    """SecureDrop: thrown away after the whole of it was sent."""
    browser = Browser(server)
    browser.ask("GET", "/report")
    body = browser.filled("sent slowly", LARGE)
    sent = browser.ask(
        "POST",
        "/report",
        content=_while_the_session_ends(server, Browser(server, browser.cookie), body),
        headers={**KIND, "Content-Length": str(len(body))},
    )
    assert sent.status_code == 303
    (opened,) = (server.station.open(path.read_bytes()) for path in server.files("envelopes"))
    assert (opened.parcel.text, opened.files) == ("sent slowly", (LARGE,))
    assert browser.ask("GET", sent.headers["Location"]).status_code == 200
    assert len(shown_codename(browser.page).split()) == 8
    assert browser.ask("GET", "/inbox").status_code == 200


def _while_the_session_ends(server: Server, copy: Browser, body: bytes) -> Iterator[bytes]:
    """A body of which the rest is sent when its session is over, as a copy of its cookie shows."""
    yield body[: len(body) // 2]
    wait_until(lambda: bool(server.files("incoming")), "the upload to begin")
    for hour in range(13):
        (server.folder / f"hour-{hour}").touch()
    copy.ask("GET", "/return")
    assert "Your session has ended" in copy.page
    yield body[len(body) // 2 :]


def test_12_the_inbox_costs_the_same_with_twenty_answers_as_with_none(tmp_path: Path) -> None:
    """SecureDrop: a decryption by another program for each answer."""
    counts = tmp_path / "counts"
    server = Server(tmp_path, COUNTING.format(counts=str(counts)), cost=ONE_PROCESS)
    server.start()
    try:
        people = [_answered(server, number) for number in (0, 1, 20)]
        for person, codename in people:
            person.return_with(codename)  # what is loaded once is loaded now
        none, one, twenty = (_cost(counts, person, codename) for person, codename in people)
        assert "Answer number 19." in people[2][0].inbox().text
    finally:
        server.stop()
    assert twenty == one
    # a page with a case asks once what its stages are called, however many answers it has
    assert twenty - none in (Counter(), Counter(statement=1))
    assert none - twenty == Counter()
    assert none["derivation"] == 1
    assert none["statement"] > 0
    assert none["open"] > 0


def _answered(server: Server, number: int) -> tuple[Source, str]:
    """Somebody who got so many answers, and their codename."""
    person = Source(f"http://{server.host}")
    codename = person.report("a report", [])
    server.answer(number)
    return person, codename


def _cost(counts: Path, person: Source, codename: str) -> Counter[str]:
    """What coming back costs the server."""
    before = len(counts.read_text().splitlines())
    person.return_with(codename)
    return Counter(counts.read_text().splitlines()[before:])


def test_13_while_a_report_is_started_everybody_else_is_served(server: Server) -> None:
    """SecureDrop: a second and a half in which nobody is."""
    known = Browser(server)
    assert known.report("from somebody who is known").status_code == 303
    hold = server.folder / "hold"
    hold.touch()
    with ThreadPoolExecutor(1) as somebody:
        starting = somebody.submit(Browser(server).report, "the first of somebody")
        try:
            wait_until((server.folder / "held").exists, "a derivation to begin")
            for path in ("/", "/report", "/return", "/before", "/static/style.css"):
                assert Browser(server).ask("GET", path).status_code == 200
            assert known.ask("GET", "/inbox").status_code == 200
            more = known.ask("POST", "/inbox", content=known.filled("more", b"2"), headers=KIND)
            assert more.status_code == 303
            assert not starting.done()
        finally:
            hold.unlink()
        assert starting.result().status_code == 303
    assert len(server.files("envelopes")) == 3


@pytest.fixture(scope="module")
def taking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("taking"))
    made.start()
    yield made
    made.stop()


@pytest.mark.parametrize(
    "name",
    [
        "../../bin/gpg",
        "/etc/passwd",
        "..",
        "nul\0.txt",
        "\u202eexe.txt",
        "\U0001f600.pdf",
        "x" * 255,
        "%2e%2e%2fdata",
        "$(reboot);`id`|.sh",
        "",
    ],
    ids=ascii,
)
def test_29_a_file_name_is_data_and_no_path(taking: Server, name: str) -> None:
    browser = Browser(taking)
    browser.ask("GET", "/report")
    paths = _paths(taking)
    body = browser.filled("", b"the content").replace(b'"a.bin"', f'"{name}"'.encode())
    assert browser.ask("POST", "/report", content=body, headers=KIND).status_code == 303
    (new,) = _paths(taking) - paths
    assert new.parent == taking.folder / "data" / "envelopes"
    opened = taking.station.open(new.read_bytes())
    assert [entry.name for entry in opened.parcel.files] == [name]
    assert opened.files == (b"the content",)


def _paths(server: Server) -> set[Path]:
    """Everything beside and under the server's folder."""
    return set(server.folder.parent.rglob("*"))


def _whole(words: list[str]) -> list[str]:
    return words


def _short(words: list[str]) -> list[str]:
    return words[:-1]


def _doubled(words: list[str]) -> list[str]:
    return [words[1], *words[1:]]


def _overlong(words: list[str]) -> list[str]:
    return ["abcdefghij", *words[1:]]


def _foreign(words: list[str]) -> list[str]:
    return ["caf\u00e9", *words[1:]]


DAMAGES = [_short, _doubled, _overlong, _foreign]


@pytest.mark.parametrize("damage", DAMAGES)
def test_35_with_a_damaged_word_list_nothing_starts(tmp_path: Path, damage: Change) -> None:
    assert _said_with(tmp_path / "whole", _whole, "status").returncode == 0
    said = _said_with(tmp_path / "damaged", damage, "serve")
    assert said.returncode == 1
    assert sorted(path.name for path in (tmp_path / "damaged").iterdir()) == ["crypto", "source.toml"]


@pytest.mark.parametrize("damage", DAMAGES)
def test_35_a_damaged_word_list_is_said_in_one_sentence(tmp_path: Path, damage: Change) -> None:
    said = _said_with(tmp_path / "damaged", damage, "serve")
    assert "word list" in said.stderr
    assert len(said.stderr.splitlines()) == 1


def _said_with(folder: Path, change: Change, verb: str) -> subprocess.CompletedProcess[str]:
    """The program over a copy of `crypto` whose word list was changed."""
    copy = folder / "crypto"
    shutil.copytree(Path(crypto.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    words = (copy / WORD_LIST).read_text("ascii").split()
    (copy / WORD_LIST).write_text("\n".join(change(words)) + "\n", "utf-8")
    settings = folder / "source.toml"
    settings.write_text(
        f'data_dir = "data"\nrun_dir = "run"\nallowed_hosts = ["source.example"]\n'
        f"bind = '127.0.0.1:{free_port()}'\nallow_disk_run_dir = true\n{CHEAP}"
    )
    program = f"import sys; sys.path.insert(0, {str(folder)!r})\n{PROGRAM}"
    return subprocess.run(
        [sys.executable, "-P", "-c", program, "--config", str(settings), verb],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
