"""Tried from outside, over HTTP: behaviours 11, 20, 28 and 34, of answers and of what is left behind.

A real source server; the station is a sample. The docstrings name what was seen elsewhere.
"""

import secrets
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from cases.stages import Stage
from crypto import hybrid, sizes, slots
from crypto.parcel import Head
from demo.browser import Browser, Form, Page
from demo.journey import Source
from tests.support.source_process import CHEAP, Server
from transfer.message import May, Message, encode_message

AT_ONCE = "delete_after_days = 0"
"""The setting under which an acknowledged envelope goes with the import that says so."""
DAMAGED = "Something meant for you could not be read"
NO_ANSWER = "There is no answer for this codename yet"


class Heard(Server):
    """Keeps what its commands say, on both outputs."""

    said = ""

    def run(self, *words: str) -> str:
        done = subprocess.run(
            self.command(*words), check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.said += done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    """A server in one process, which would keep what it once read; it lets go what the station has."""
    cost = CHEAP.replace("workers = 2", "workers = 1")
    made = Heard(tmp_path_factory.mktemp("source"), settings=AT_ONCE, cost=cost)
    made.start()
    yield made
    made.stop()


def report(server: Server) -> str:
    """The codename of a new report."""
    return Source(f"http://{server.host}").report("a report", [])


def reported(server: Server, *answers: Message) -> tuple[str, Head]:
    """The codename of a new report, and its head as the station has it, once `answers` are here."""
    codename = report(server)
    return codename, server.carry(*answers)[-1].parcel.head


def carry_back(server: Server) -> None:
    """The station's next bundle, imported."""
    server.station.write_out(server.folder / "stick")
    server.run("import", "--stick", str(server.folder / "stick"))


def message(server: Server, text: str, *may: May, code: str = "R17") -> Message:
    return Message(text, code, Stage.UNDER_REVIEW, server.station.today, None, may)


def returned(server: Server, codename: str) -> tuple[Browser, Page]:
    """A fresh browser with the inbox of a codename."""
    browser = Browser(f"http://{server.host}")
    page = browser.submit(browser.get("/return"), "/return", {"codename": codename})
    assert page.path == "/inbox"
    return browser, page


def inbox(server: Server, codename: str) -> str:
    return Source(f"http://{server.host}").return_with(codename).text


def contents(folder: Path) -> dict[Path, bytes]:
    """Every file under a folder but the lock table of the database, which readers write too."""
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
    return {path: path.read_bytes() for path in paths}


def seal(server: Server, head: Head, k: int, part: slots.Part, key: hybrid.PublicKey | None = None) -> bytes:
    """Slot `k` for a source in the next bundle. `key`: another than theirs."""
    where = slots.address(head.reply_address, server.station.epoch, server.station.seq + 1, k)
    return slots.seal_part(server.station.instance_id, key or head.reply_key, where, part)


def first_part(content: bytes) -> slots.Part:
    return slots.split_message(content)[0]


def add_set(server: Server, real: list[bytes]) -> None:
    """A set of these slots, first carried by the next bundle."""
    server.station.seq += 1
    server.station.add_set(real)
    server.station.seq -= 1


def test_11_what_was_deleted_is_named_in_no_log(server: Heard) -> None:
    """SecureDrop: the source's id and the file's name, once for each file."""
    server.carry()
    report(server)
    (name,) = (path.name for path in server.files("envelopes"))
    server.carry()
    server.run("status", "--json")
    assert server.files("envelopes") == [], "deleted"
    data, run = (contents(server.folder / each) for each in ("data", "run"))
    # the row of a deleted envelope stays in the database: the chain that the station checks needs its id
    files = {path: body for path, body in data.items() if "sqlite3" not in path.name} | run
    assert name not in server.said + server.log.read_text()
    traces = (name.encode(), bytes.fromhex(name))
    assert [path for path, body in files.items() if name in path.name or _has_any(body, traces)] == []


def _has_any(body: bytes, traces: tuple[bytes, ...]) -> bool:
    return any(trace in body for trace in traces)


@pytest.mark.parametrize("number", [0, 1])
def test_20_a_message_whose_slot_became_a_dummy_is_gone_and_the_other_stays(
    server: Server, number: int
) -> None:
    texts = ["first of two answers", "second of two answers"]
    codename, head = reported(server)
    parts = [first_part(encode_message(message(server, text))) for text in texts]
    real = [seal(server, head, k, part) for k, part in enumerate(parts)]
    add_set(server, real)
    carry_back(server)
    page = inbox(server, codename)
    assert [text for text in texts if text in page] == texts
    _replace_by_dummy(server, real[number])
    carry_back(server)
    page = inbox(server, codename)
    assert [text for text in texts if text in page] == [texts[1 - number]]
    assert DAMAGED not in page


def test_20_the_only_message_leaves_no_sign_that_it_was(server: Server) -> None:
    codename, head = reported(server)
    untouched = inbox(server, codename)
    slot = seal(server, head, 0, first_part(encode_message(message(server, "the only answer"))))
    add_set(server, [slot])
    carry_back(server)
    assert "the only answer" in inbox(server, codename)
    _replace_by_dummy(server, slot)
    carry_back(server)
    assert inbox(server, codename) == untouched


def test_20_a_message_goes_with_the_set_whose_time_is_over(server: Server) -> None:
    codename, _ = reported(server, message(server, "for ninety days"))
    assert "for ninety days" in inbox(server, codename)
    server.station.live.pop()
    carry_back(server)
    assert NO_ANSWER in inbox(server, codename)


def _replace_by_dummy(server: Server, slot: bytes) -> None:
    """As a station does: in the newest set, under the same number, with as many slots."""
    live, data = server.station.live.pop()
    held = [data[at : at + sizes.SLOT] for at in range(0, len(data), sizes.SLOT)]
    held[held.index(slot)] = slots.dummy(server.station.instance_id)
    seq, server.station.seq = server.station.seq, live.seq
    server.station.add_set(held)
    server.station.seq = seq


def test_20_that_it_was_read_is_known_to_nobody_until_the_source_says_so(server: Server) -> None:
    """SecureDrop: a receipt in the database, which the source does not see."""
    codename, _ = reported(server, message(server, "please read this", May.READ))
    browser, _ = returned(server, codename)
    before = contents(server.folder / "data")
    page = browser.get("/inbox")
    assert "please read this" in page.text
    (link,) = [link for link in page.links if link.endswith("/read")]
    act = browser.get(link)
    assert contents(server.folder / "data") == before
    assert "Nothing new" in server.run("export", "--stick", str(server.folder / "stick"))
    act.forms[-1].action = link
    assert browser.upload(act, link, {}, []).path == "/inbox"
    (envelope,) = server.files("envelopes")
    (form,) = server.station.open(envelope.read_bytes()).parcel.forms
    assert b"notice_read" in form


def test_28_the_message_of_another_is_like_one_that_never_was(server: Server) -> None:
    mine, _ = reported(server)
    secret = message(server, "for the other alone", May.READ, May.OBJECT, code="R99")
    other, head = reported(server, secret)
    others_browser, others_page = returned(server, other)
    (read,) = [link for link in others_page.links if link.endswith("/read")]
    message_id = read.split("/")[2]
    assert "for the other alone" in others_browser.get(read).text
    browser, page = returned(server, mine)
    assert "R99" not in page.text
    for found in (message_id, head.reply_address.hex(), head.author.hex()):
        nothing = secrets.token_hex(len(found) // 2)
        for path in ("/inbox/{}/read", "/inbox/{}/object", "/inbox/{}/consent", "/sending/{}"):
            real, made_up = (browser.get(path.format(each)) for each in (found, nothing))
            assert (real.status, real.text) == (made_up.status, made_up.text)
            assert "for the other alone" not in real.text
    before = server.files("envelopes")
    for act in ("read", "object"):
        assert _forged(browser, page, f"/inbox/{message_id}/{act}").status == 404
    assert server.files("envelopes") == before
    assert others_browser.get("/inbox").text == others_page.text


def test_28_the_ids_of_anothers_sending_and_case_tell_and_change_nothing(server: Server) -> None:
    mine, _ = reported(server)
    other, _ = reported(server, message(server, "hello", code="R99"))
    others_browser, others_page = returned(server, other)
    upload_id = others_page.form("/inbox").fields["upload_id"]
    others_browser.upload(others_page, "/inbox", {"message": "once more"}, [])
    assert "It has arrived" in others_browser.get(f"/sending/{upload_id}").text
    browser, page = returned(server, mine)
    envelope = server.files("envelopes")[-1].name
    for path, found in (
        ("/sending/{}", upload_id),
        ("/envelopes/{}", envelope),
        ("/inbox/{}/read", envelope),
    ):
        probed, made_up = (browser.get(path.format(each)) for each in (found, secrets.token_hex(32)))
        assert (probed.status, probed.text) == (made_up.status, made_up.text)
    before = server.files("envelopes")
    assert browser.upload(page, "/inbox", {"message": "mine", "upload_id": upload_id}, []).path == "/inbox"
    assert _forged(browser, browser.get("/inbox"), "/withdraw", case_code="R99", free="yes").path == "/inbox"
    new = [server.station.open(path.read_bytes()) for path in server.files("envelopes") if path not in before]
    assert sorted(each.parcel.text for each in new) == ["", "mine"]
    assert not [form for each in new for form in each.parcel.forms if b"R99" in form]


def _forged(browser: Browser, page: Page, path: str, **values: str) -> Page:
    """A form of `page` sent to another address, with its token."""
    form = Form(path, page.form("/inbox").fields)
    return browser.upload(replace(page, forms=[form]), path, values, [])


def test_34_broken_answers_never_break_the_inbox(server: Server) -> None:
    codename, head = reported(server)
    nobody = hybrid.public_key(hybrid.generate_seed())
    good = first_part(encode_message(message(server, "the whole one")))
    half = first_part(encode_message(message(server, "x" * 5_000)))
    real = [
        seal(server, head, 0, good, nobody),
        seal(server, head, 1, first_part(b"{}")),
        seal(server, head, 2, half),
        seal(server, head, 3, good)[: -sizes.AEAD_TAG] + bytes(sizes.AEAD_TAG),
        seal(server, head, 4, good),
    ]
    add_set(server, real)
    carry_back(server)
    browser, page = returned(server, codename)
    assert page.status == 200
    assert page.text.count("the whole one") == 1
    assert page.text.count(DAMAGED) == 1
    assert browser.upload(page, "/inbox", {"message": "an answer is damaged"}, []).status == 200


def test_34_a_set_that_rotted_on_the_disk_hides_no_other(server: Server) -> None:
    codename, head = reported(server, message(server, "the older answer"))
    server.station.reply(head, message(server, "the newer answer"))
    carry_back(server)
    whole = server.station.live[-2][1]
    browser, page = returned(server, codename)
    assert "the older answer" in page.text
    for rotten in (b"", bytes(len(whole)), whole[:-1], whole[sizes.SLOT :] + whole[: sizes.SLOT], None):
        _rot(server, rotten)
        page = browser.get("/inbox")
        assert page.status == 200
        assert "the newer answer" in page.text
        assert "the older answer" not in page.text
        assert DAMAGED in page.text


def _rot(server: Server, body: bytes | None) -> None:
    """Put other bytes, or nothing, in the place of the set before the newest."""
    sha256 = server.station.live[-2][0].sha256
    with closing(sqlite3.connect(server.folder / "data" / "source.sqlite3")) as database, database:
        if body is None:
            database.execute("DELETE FROM reply_sets WHERE sha256 = ?", (sha256,))
        else:
            database.execute("UPDATE reply_sets SET body = ? WHERE sha256 = ?", (body, sha256))
