"""Sending a report or a message: what is stored, what is refused, and that refusal leaves nothing."""

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from werkzeug.test import TestResponse

from crypto.parcel import Kind, Origin
from source_app.store import log
from source_app.store.envelopes import IncomingFile
from tests.support.source_site import (
    HOST,
    Field,
    FileField,
    Site,
    Visitor,
    multipart,
    shown_codename,
)

Parts = list[Field | FileField]
BIG = secrets.token_bytes(300_000)


def test_text_and_files_arrive_as_they_were_sent(site: Site, visitor: Visitor) -> None:
    files = [("files", "a.txt", b"one"), ("files", "a.txt", BIG), ("files", "empty", b"")]
    assert visitor.send("First line\nsecond  line ", files).headers["Location"] == "/codename"
    (opened,) = site.stored()
    assert opened.parcel.text == "First line\nsecond  line "
    assert [entry.name for entry in opened.parcel.files] == ["a.txt", "a.txt", "empty"]
    assert opened.files == (b"one", BIG, b"")
    head = opened.parcel.head
    assert (head.kind, head.origin, head.sealed_on) == (Kind.REPORT, Origin.SERVER, "2026-11-18")
    assert head.instance_id == site.station.instance_id


def test_a_file_alone_is_a_report(site: Site, visitor: Visitor) -> None:
    assert visitor.send("", [("files", "only.pdf", b"%PDF")]).status_code == 303
    assert site.stored()[0].files == (b"%PDF",)
    assert site.stored()[0].parcel.text == ""


@pytest.mark.parametrize("text", ["", " \n\t \u3000"])
def test_an_empty_report_is_refused_with_guidance(site: Site, visitor: Visitor, text: str) -> None:
    answer = visitor.send(text, [("files", "", b"")])
    assert answer.status_code == 400
    assert "write a few words, or choose a file" in visitor.page
    assert site.holds_nothing()


def test_a_missing_token_brings_the_form_again_with_its_text(site: Site, visitor: Visitor) -> None:
    parts = [("upload_id", visitor.hidden("upload_id")), ("message", "kept <text>")]
    assert visitor.send_parts(parts).status_code == 400
    assert "kept &lt;text&gt;" in visitor.page
    assert visitor.hidden("csrf_token")
    assert site.holds_nothing()


def test_another_sessions_token_is_refused(site: Site, visitor: Visitor) -> None:
    other = Visitor(site)
    other.get("/report")
    other.page = visitor.page
    assert other.send("text").status_code == 400
    assert site.holds_nothing()


def test_a_file_before_the_token_is_refused(site: Site, visitor: Visitor) -> None:
    token, upload_id = visitor.hidden("csrf_token"), visitor.hidden("upload_id")
    parts: Parts = [("files", "x", BIG), ("csrf_token", token), ("upload_id", upload_id), ("message", "text")]
    assert visitor.send_parts(parts).status_code == 400
    assert site.holds_nothing()


def test_a_text_after_a_file_is_refused_and_not_lost_silently(site: Site, visitor: Visitor) -> None:
    token, upload_id = visitor.hidden("csrf_token"), visitor.hidden("upload_id")
    parts: Parts = [
        ("csrf_token", token),
        ("upload_id", upload_id),
        ("files", "x", b"1"),
        ("message", "late"),
    ]
    assert visitor.send_parts(parts).status_code == 400
    assert site.holds_nothing()


def test_extra_and_repeated_fields_change_nothing(site: Site, visitor: Visitor) -> None:
    parts: Parts = [
        ("csrf_token", visitor.hidden("csrf_token")),
        ("kind", "consent"),
        ("upload_id", visitor.hidden("upload_id")),
        ("message", "the text"),
        ("message", "another text"),
        ("author", "00" * 32),
        ("attachment", "x.exe", b"not asked for"),
        ("files", "a", b"1"),
        ("window", "7"),
    ]
    assert visitor.send_parts(parts).status_code == 303
    (opened,) = site.stored()
    assert (opened.parcel.text, opened.files) == ("the text", (b"1",))
    assert opened.parcel.head.kind is Kind.REPORT


def test_a_codename_in_the_text_is_refused_before_anything_is_stored(site: Site, visitor: Visitor) -> None:
    codename = Visitor(site).report()
    answer = visitor.send(f"My word is {codename.title()}.", [("files", "a", b"1")])
    assert answer.status_code == 400
    assert "contains a codename" in visitor.page
    assert len(site.stored()) == 1


def test_a_text_over_one_mebibyte_is_refused_and_kept(site: Site, visitor: Visitor) -> None:
    assert visitor.send("x" * 1_048_577).status_code == 400
    assert "longer than one mebibyte" in visitor.page
    assert "x" * 1_048_577 in visitor.page
    assert site.holds_nothing()


def test_a_text_of_one_mebibyte_arrives(site: Site, visitor: Visitor) -> None:
    assert visitor.send("x" * 1_048_576).status_code == 303
    assert len(site.stored()[0].parcel.text) == 1_048_576


def test_a_body_over_the_limit_is_refused_unread(site: Site, visitor: Visitor) -> None:
    body = BytesIO(b"x" * 5_000_000)
    answer = visitor.send_parts([], input_stream=body, headers={"Content-Length": "5000000"})
    assert answer.status_code == 413
    assert "Send it in several parts" in visitor.page
    assert body.tell() <= 1_048_576 + 3 * 65_536  # what was looked at, and drained
    assert site.holds_nothing()


def test_a_parcel_over_its_limit_is_refused_while_it_arrives(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("source_app.services.reports.sizes.PADDED_MAX", 262_144)
    answer = visitor.send("kept text", [("files", "a", BIG)])
    assert answer.status_code == 413
    assert "kept text" in visitor.page
    assert site.holds_nothing()


def test_a_body_of_unknown_length_is_refused(site: Site, visitor: Visitor) -> None:
    answer = visitor.send_parts([], headers={"Transfer-Encoding": "chunked"})
    assert answer.status_code == 411
    assert site.holds_nothing()


@pytest.mark.parametrize("cut", [100, 700, 150_000, -10])
def test_a_connection_that_breaks_leaves_nothing(site: Site, visitor: Visitor, cut: int) -> None:
    fields = [(name, visitor.hidden(name)) for name in ("csrf_token", "upload_id")]
    whole = multipart([*fields, ("message", "half a text"), ("files", "a", BIG)])
    promised = {"CONTENT_LENGTH": str(len(whole))}
    answer = visitor.send_parts([], input_stream=BytesIO(whole[:cut]), environ_overrides=promised)
    assert answer.status_code == 400
    assert "The connection broke off" in visitor.page
    assert site.holds_nothing()


class SlowBody(BytesIO):
    """A body at which the clock turns once, when half of it was read."""

    def __init__(self, body: bytes, site: Site, **amount: float) -> None:
        super().__init__(body)
        self._half = len(body) // 2
        self._site = site
        self._amount = amount

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        if self._amount and self.tell() > self._half:
            self._site.clock.turn(**self._amount)
            self._amount = {}
        return piece


def slow_sending(site: Site, visitor: Visitor, **amount: float) -> int:
    fields = [(name, visitor.hidden(name)) for name in ("csrf_token", "upload_id")]
    whole = multipart([*fields, ("message", "a slow text"), ("files", "a", BIG)])
    length = {"CONTENT_LENGTH": str(len(whole))}
    slow = SlowBody(whole, site, **amount)
    return visitor.send_parts([], input_stream=slow, environ_overrides=length).status_code


def test_what_begins_in_one_week_and_ends_in_the_next_is_sealed_to_the_first(site: Site) -> None:
    site.clock.turn(days=4, hours=11)  # Sunday, an hour before midnight
    visitor = Visitor(site)
    visitor.get("/report")
    assert slow_sending(site, visitor, hours=47) == 303
    assert site.services.gate.require_open().window == 151
    (opened,) = site.stored()
    assert opened.parcel.head.window == 150
    assert opened.files == (BIG,)
    with site.services.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT window FROM objects").scalars().all() == [150]


def test_what_takes_more_than_two_days_is_stopped_and_leaves_nothing(site: Site, visitor: Visitor) -> None:
    assert slow_sending(site, visitor, days=2, seconds=1) == 400
    assert "took more than two days, so it was stopped" in visitor.page
    assert "a slow text" in visitor.page
    assert site.holds_nothing()


def test_a_body_without_its_end_leaves_nothing(site: Site, visitor: Visitor) -> None:
    fields = [(name, visitor.hidden(name)) for name in ("csrf_token", "upload_id")]
    whole = multipart([*fields, ("message", "a text"), ("files", "a", BIG)])
    assert visitor.send_parts([], data=whole[:-10]).status_code == 400
    assert "a text" in visitor.page
    assert site.holds_nothing()


def test_a_full_disk_leaves_nothing_and_keeps_the_text(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IncomingFile, "write", _no_room)
    assert visitor.send("kept text").status_code == 503
    assert "kept text" in visitor.page
    assert site.holds_nothing()


def _no_room(_self: IncomingFile, _data: bytes) -> None:
    raise OSError(28, "No space left on device")


def test_a_row_that_fails_leaves_no_file(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("source_app.store.log.append", _no_row)
    assert visitor.send("text").status_code == 503
    assert site.holds_nothing()


def _no_row(*_arguments: object) -> int:
    raise OSError


def test_the_envelope_is_durable_before_its_row(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("fsync", "rename"):
        monkeypatch.setattr(os, name, _noting(done, name, getattr(os, name)))
    monkeypatch.setattr(log, "append", _noting(done, "row", log.append))
    assert visitor.send("text").status_code == 303
    assert done[:4] == ["fsync", "rename", "fsync", "row"]


class _noting:  # noqa: N801 - stands for a function
    def __init__(self, done: list[str], name: str, real: object) -> None:
        self._done, self._name, self._real = done, name, real

    def __call__(self, *arguments: object, **options: object) -> object:
        self._done.append(self._name)
        return self._real(*arguments, **options)  # type: ignore[operator]


def test_closed_without_a_key_for_this_week(site: Site, visitor: Visitor) -> None:
    site.clock.turn(weeks=4)
    late = Visitor(site)
    assert late.get("/report").status_code == 503
    assert "come back later" in late.page
    assert late.get("/return").status_code == 200
    assert site.holds_nothing()


def test_a_site_that_closes_while_somebody_types_keeps_the_text(site: Site, visitor: Visitor) -> None:
    site.clock.now = site.clock.now.replace(day=22, hour=23, minute=30) + timedelta(weeks=3)
    visitor.get("/report")  # the last half hour of the last week
    site.clock.turn(minutes=45)
    assert visitor.send("kept text", [("files", "a", BIG)]).status_code == 503
    assert "kept text" in visitor.page
    assert site.holds_nothing()


def test_a_second_press_of_send_stores_one(site: Site, visitor: Visitor) -> None:
    upload_id, page = visitor.hidden("upload_id"), visitor.page
    before = visitor.cookie
    assert visitor.send("text", [("files", "a", BIG)]).status_code == 303
    visitor.get("/codename")
    codename = shown_codename(visitor.page)
    # the answer was lost: the browser still has the old cookie and the old page
    visitor.client.set_cookie("__Host-session", before, domain=HOST)
    visitor.page = page
    again = visitor.send("text", [("files", "a", BIG)], upload_id=upload_id)
    assert (again.status_code, again.headers["Location"]) == (303, "/codename?again=1")
    visitor.get("/codename?again=1")
    assert shown_codename(visitor.page) == codename
    assert "nothing was stored now" in visitor.page, "they may have changed it meanwhile"
    assert len(site.stored()) == 1


def test_a_body_that_comes_drop_by_drop_ends_after_two_days(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("source_app.security.body.LIFE_SECONDS", -1)
    assert visitor.send("text", [("files", "a", BIG)]).status_code == 400
    assert "more than two days" in visitor.page
    assert site.holds_nothing()


def test_a_sending_that_was_stored_is_answered_also_when_the_site_has_closed(
    site: Site, visitor: Visitor
) -> None:
    before, page = visitor.cookie, visitor.page
    visitor.send("text")
    with site.services.database.writing() as connection:
        connection.exec_driver_sql("UPDATE installation SET out_made_on = '2030-01-01', generation = 99")
    visitor.client.set_cookie("__Host-session", before, domain=HOST)
    visitor.page = page
    assert visitor.send("text").headers["Location"] == "/codename?again=1"


def test_after_a_lost_answer_the_report_page_offers_the_codename(site: Site, visitor: Visitor) -> None:
    before = visitor.cookie
    visitor.send("text")
    visitor.client.set_cookie("__Host-session", before, domain=HOST)
    visitor.get("/report")
    assert "Your earlier sending has arrived" in visitor.page
    visitor.get("/codename")
    assert shown_codename(visitor.page)


def test_two_presses_at_the_same_moment_store_one(site: Site, visitor: Visitor) -> None:
    cookie, page = visitor.cookie, visitor.page
    senders = [Visitor(site) for _ in range(6)]
    for sender in senders:
        sender.client.set_cookie("__Host-session", cookie, domain=HOST)
        sender.page = page
    with ThreadPoolExecutor(6) as pool:
        codes = [answer.status_code for answer in pool.map(_send_text, senders)]
    assert codes == [303] * 6
    assert len(site.stored()) == 1


def _send_text(sender: Visitor) -> TestResponse:
    return sender.send("the same text")


def test_another_sessions_upload_id_is_another_sending(site: Site, visitor: Visitor) -> None:
    upload_id = visitor.hidden("upload_id")
    visitor.send("one")
    other = Visitor(site)
    other.get("/report")
    other.send("two", upload_id=upload_id)
    assert [opened.parcel.text for opened in site.stored()] == ["one", "two"]


def test_sixteen_at_once_are_sixteen_reports(site: Site) -> None:
    with ThreadPoolExecutor(16) as pool:
        codenames = list(pool.map(_report, [site] * 16))
    assert len(set(codenames)) == 16
    assert len({opened.parcel.head.author for opened in site.stored()}) == 16


def _report(site: Site) -> str:
    return Visitor(site).report(secrets.token_hex(8), [("files", "a", BIG)])


def test_fifty_reports_from_one_address_are_taken(site: Site) -> None:
    for _ in range(50):
        Visitor(site).report()
    assert len(site.stored()) == 50


def test_the_stored_size_tells_a_bucket_only(site: Site) -> None:
    for length in (1, 140, 10_000):
        Visitor(site).report("x" * length)
    assert {path.stat().st_size for path in site.envelopes()} == {78_094}


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("../../bin/gpg", "../../bin/gpg"),
        ("\u202etxt.exe", "\u202etxt.exe"),
        ("a" * 255, "a" * 255),
        ("\U0001f600", "\U0001f600"),
        (b"caf\xe9.txt", "caf\ufffd.txt"),
        (b"nul\x00.txt", "nul\x00.txt"),
    ],
)
def test_odd_file_names_arrive_as_data(site: Site, visitor: Visitor, sent: str | bytes, stored: str) -> None:
    assert visitor.send("", [("files", sent, b"1")]).status_code == 303
    assert [entry.name for entry in site.stored()[0].parcel.files] == [stored]


def test_a_very_long_name_is_shortened_and_its_file_kept(site: Site, visitor: Visitor) -> None:
    assert visitor.send("", [("files", "\x01é" * 4_000, b"1")]).status_code == 303
    (entry,) = site.stored()[0].parcel.files
    assert entry.name.startswith("\x01é")
    assert len(entry.name) > 300


def test_too_many_files_are_refused(site: Site, visitor: Visitor) -> None:
    answer = visitor.send("", [("files", "a", b"1")] * 1_001)
    assert answer.status_code == 400
    assert "1,000 files" in visitor.page
    assert site.holds_nothing()


def test_another_kind_of_body_is_refused(site: Site, visitor: Visitor) -> None:
    answer = visitor.send_parts([], data=b"message=x", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert site.holds_nothing()


def test_nothing_plain_lies_in_any_file(site: Site, visitor: Visitor) -> None:
    needles = [b"the-mayor-took-it", b"bag-of-money.pdf", BIG[:64], BIG[-64:]]
    visitor.send("the-mayor-took-it", [("files", "bag-of-money.pdf", BIG)])
    visitor.get("/codename")
    codename = shown_codename(visitor.page)
    Visitor(site).enter(codename)
    needles += [codename.encode(), *(" ".join(pair).encode() for pair in _pairs(codename.split()))]
    for path in site.folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert not [needle for needle in needles if needle in data], path


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    return list(pairwise(words))


def test_messages_of_one_codename_come_from_one_author(site: Site) -> None:
    visitor = Visitor(site)
    codename = visitor.report()
    back = Visitor(site)
    back.enter(codename)
    back.get("/inbox")
    assert back.send("more", path="/inbox").headers["Location"] == "/inbox?sent=message"
    first, second = site.stored()
    assert first.parcel.head.author == second.parcel.head.author
    assert second.parcel.head.kind is Kind.MESSAGE


def test_receipts_are_forgotten_when_no_session_can_live(site: Site, visitor: Visitor) -> None:
    visitor.send("one")
    site.clock.turn(days=2)
    Visitor(site).report()
    with site.services.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT receipt IS NOT NULL FROM objects ORDER BY log_index")
        assert list(kept.scalars()) == [0, 1]
