"""Progress without scripts: what the small page says, to whom, and how a sending in the frame is answered."""

import os
import re
from io import BytesIO
from pathlib import Path

import pytest

from source_app.security.headers import HEADERS
from source_app.store.progress_files import ProgressFiles, Standing
from tests.support.source_site import BOUNDARY, Site, Visitor, multipart

FRAME = "/report?in=frame"


def progress(visitor: Visitor, upload_id: str) -> str:
    """The small page, opened beside what is open."""
    return visitor.client.get(f"/sending/{upload_id}", base_url="http://source.example").get_data(
        as_text=True
    )


def reload_of(page: str) -> str:
    found = re.search(r'http-equiv="refresh" content="(\d+)"', page)
    return found[1] if found else ""


class Slow(BytesIO):
    """A body that looks at the small page when half of it was read."""

    def __init__(self, visitor: Visitor, data: bytes) -> None:
        super().__init__(data)
        self.half = len(data) // 2
        self.visitor = visitor
        self.upload_id = visitor.hidden("upload_id")
        self.seen: list[str] = []

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > self.half and not self.seen:
            self.seen.append(progress(self.visitor, self.upload_id))
        return super().read(size)


def body_of(visitor: Visitor, content: bytes) -> bytes:
    hidden = [(name, visitor.hidden(name)) for name in ("csrf_token", "upload_id")]
    return multipart([*hidden, ("message", "text"), ("files", "a", content)])


def test_before_anything_comes_it_is_blank_and_asks_again_soon(visitor: Visitor) -> None:
    page = progress(visitor, visitor.hidden("upload_id"))
    assert reload_of(page) == "4"
    assert "<link" not in page
    assert re.sub(r"<title>.*</title>|<[^>]*>|\s", "", page) == ""


def test_while_it_arrives_it_says_how_far_it_is(site: Site, visitor: Visitor) -> None:
    body = body_of(visitor, b"x" * 2_000_000)
    slow = Slow(visitor, body)
    answer = visitor.client.post(
        FRAME,
        base_url="http://source.example",
        input_stream=slow,
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        headers={"Content-Length": str(len(body))},
    )
    assert answer.status_code == 200
    (page,) = slow.seen
    assert reload_of(page) == "2"
    percent = re.search(r'<progress id="bar" max="100" value="(\d+)"', page)
    assert percent
    assert 0 <= int(percent[1]) < 100
    assert "of 2.0 MB" in page


def test_when_it_is_stored_both_frames_lead_on(site: Site, visitor: Visitor) -> None:
    upload_id = visitor.hidden("upload_id")
    assert visitor.send("text", path=FRAME).status_code == 200
    assert 'target="_top" href="/codename"' in visitor.page
    page = progress(visitor, upload_id)
    assert 'target="_top" href="/codename"' in page
    assert reload_of(page) == ""
    assert (
        len(
            visitor.get("/codename")
            .get_data(as_text=True)
            .partition('id="codename">')[2]
            .split("<")[0]
            .split()
        )
        == 8
    )


def test_a_refused_sending_says_why_in_both(site: Site, visitor: Visitor) -> None:
    upload_id = visitor.hidden("upload_id")
    assert visitor.send(" ", path=FRAME).status_code == 400
    assert "There is nothing in it yet" in visitor.page
    assert "<form" not in visitor.page
    page = progress(visitor, upload_id)
    assert "There is nothing in it yet" in page
    assert reload_of(page) == "4"
    assert site.holds_nothing()


def test_too_much_is_refused_where_the_first_file_begins(site: Site, visitor: Visitor) -> None:
    upload_id = visitor.hidden("upload_id")
    slow = Slow(visitor, body_of(visitor, b"x" * 5_000_000))
    answer = visitor.client.post(
        FRAME,
        base_url="http://source.example",
        input_stream=slow,
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        headers={"Content-Length": str(len(slow.getvalue()))},
    )
    assert answer.status_code == 413
    answer.close()
    assert slow.tell() < 2_000_000
    assert "larger than this site accepts" in progress(visitor, upload_id)
    assert site.holds_nothing()


def test_after_a_refusal_the_same_page_can_send_again(site: Site, visitor: Visitor) -> None:
    parts = [(name, visitor.hidden(name)) for name in ("csrf_token", "upload_id")]
    assert visitor.send_parts([*parts, ("message", "")], path=FRAME).status_code == 400
    assert visitor.send_parts([*parts, ("message", "text")], path=FRAME).status_code == 200
    assert "It has arrived" in progress(visitor, parts[1][1])
    assert len(site.stored()) == 1


def test_nobody_else_sees_how_far_it_is(site: Site, visitor: Visitor) -> None:
    upload_id = visitor.hidden("upload_id")
    visitor.send(" ", path=FRAME)
    other = Visitor(site)
    assert "nothing in it" not in progress(other, upload_id)
    other.get("/report")
    assert "nothing in it" not in progress(other, upload_id)


def test_it_sets_no_cookie_for_a_stranger_and_keeps_a_writer_in(site: Site, visitor: Visitor) -> None:
    stranger = Visitor(site)
    progress(stranger, "0" * 32)
    assert stranger.cookie == ""
    before = visitor.cookie
    progress(visitor, visitor.hidden("upload_id"))
    assert visitor.cookie not in ("", before)


def test_an_open_inbox_is_not_kept_alive_by_it(site: Site) -> None:
    codename = Visitor(site).report()
    back = Visitor(site)
    back.enter(codename)
    back.get("/inbox")
    before = back.cookie
    progress(back, back.hidden("upload_id"))
    assert back.cookie == before


def test_a_lost_answer_is_found_again_although_the_cookie_is_the_old_one(
    site: Site, visitor: Visitor
) -> None:
    old = visitor.cookie
    upload_id = visitor.hidden("upload_id")
    visitor.send("text", path=FRAME)
    visitor.client.set_cookie("__Host-session", old, domain="source.example")
    assert 'href="/codename"' in progress(visitor, upload_id)
    assert visitor.get("/codename").status_code == 200
    assert 'id="codename"' in visitor.page


def test_only_our_own_pages_may_frame_it_and_nothing_else_differs(visitor: Visitor) -> None:
    policy = HEADERS["Content-Security-Policy"]
    framed = {**HEADERS, "Content-Security-Policy": policy.replace("ancestors 'none'", "ancestors 'self'")}
    assert framed != HEADERS
    for answer in (
        visitor.get(f"/sending/{visitor.hidden('upload_id')}"),
        visitor.send_parts([], path=FRAME),
        visitor.send_parts([], path=FRAME, headers={"Sec-Fetch-Site": "cross-site"}),
    ):
        assert {name: answer.headers.get(name) for name in HEADERS} == framed
    plain = visitor.get(FRAME)
    assert {name: plain.headers.get(name) for name in HEADERS} == HEADERS


def test_notes_in_memory_name_nobody_and_go_when_it_has_arrived(site: Site, visitor: Visitor) -> None:
    upload_id = visitor.hidden("upload_id")
    visitor.send(" ", path=FRAME)
    notes = list((site.settings.run_dir / "progress").iterdir())
    assert len(notes) == 1
    assert upload_id not in notes[0].name
    assert set(notes[0].read_text()) <= set('{}":,_ 0123456789abcdefghijklmnopqrstuvwxyzER')
    parts = [("csrf_token", visitor_token(site, visitor)), ("upload_id", upload_id), ("message", "text")]
    assert visitor.send_parts(parts, path=FRAME).status_code == 200
    assert list((site.settings.run_dir / "progress").iterdir()) == []


def visitor_token(site: Site, visitor: Visitor) -> str:
    visitor.get("/report")
    return visitor.hidden("csrf_token")


def test_notes_never_fill_the_folder_and_what_still_arrives_keeps_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("source_app.store.progress_files.NOTES_MAX", 40)
    notes = ProgressFiles(tmp_path)
    for number in range(200):
        for name in (f"thrown-in-{number}", "arriving"):
            notes.write(name, Standing(number, 1_000))
            os.utime(tmp_path / "progress" / name, (number + 1, number + 1))
    assert len(list((tmp_path / "progress").iterdir())) <= 40
    assert notes.read("arriving") == Standing(199, 1_000)
    assert notes.read("thrown-in-199") == Standing(199, 1_000)
    assert notes.read("thrown-in-0") is None
