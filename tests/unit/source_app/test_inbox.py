"""Answers: they reach the holder of the codename and nobody else, and a broken one hides no other."""

import pytest

from cases.stages import Stage
from crypto import hybrid, slots
from tests.support.instance import OpenedParcel
from tests.support.source_site import Site, Visitor
from transfer.message import Message, encode_message


def message(text: str, sent_on: str = "2026-11-19", due_on: str | None = "2027-02-01") -> Message:
    """An answer as the station writes it."""
    return Message(text, "R-17", Stage.UNDER_REVIEW, sent_on, due_on)


def reported(site: Site, text: str = "text") -> tuple[str, OpenedParcel]:
    """A report that the station has opened; gives its codename too."""
    codename = Visitor(site).report(text)
    site.services.exporter.export(site.stick)
    return codename, site.station.read_in(site.stick, site.services.trust.server_key)[-1]


def inbox(site: Site, codename: str) -> str:
    """The inbox page of a codename."""
    visitor = Visitor(site)
    visitor.enter(codename)
    visitor.get("/inbox")
    return visitor.page


def test_an_answer_reaches_its_source_with_stage_and_dates(site: Site) -> None:
    codename, parcel = reported(site)
    site.station.reply(parcel.parcel.head, message("Thank you.\n<b>Which</b> day was it?"))
    site.carry_back()
    page = inbox(site, codename)
    assert "Thank you.\n&lt;b&gt;Which&lt;/b&gt; day was it?" in page
    assert "Being looked at" in page
    assert "You hear more by 1 February 2027" in page
    assert "19 November 2026" in page
    assert "Readable until 16 February 2027 at least" in page
    assert "last carried to the officers on 18 November 2026" in page


def test_nobody_else_sees_it(site: Site) -> None:
    _, parcel = reported(site, "one")
    other, _ = reported(site, "two")
    site.station.reply(parcel.parcel.head, message("for the first alone"))
    site.carry_back()
    assert "for the first alone" not in inbox(site, other)


def test_the_newest_answer_stands_first(site: Site) -> None:
    codename, parcel = reported(site)
    for day in ("2026-11-20", "2026-11-25", "2026-11-22"):
        site.station.reply(parcel.parcel.head, message(f"of {day}", sent_on=day))
        site.carry_back()
    page = inbox(site, codename)
    assert page.index("of 2026-11-25") < page.index("of 2026-11-22") < page.index("of 2026-11-20")


def test_of_one_day_the_answer_that_was_written_last_stands_first(site: Site) -> None:
    codename, parcel = reported(site)
    for text in ("the first", "the second", "the third"):
        site.station.reply(parcel.parcel.head, message(text))
    site.carry_back()
    site.station.reply(parcel.parcel.head, message("the fourth"))
    site.carry_back()
    page = inbox(site, codename)
    places = [page.index(text) for text in ("the fourth", "the third", "the second", "the first")]
    assert places == sorted(places)


def test_a_long_answer_is_put_together_from_its_slots(site: Site) -> None:
    codename, parcel = reported(site)
    text = "".join(chr(97 + n % 26) for n in range(20_000))
    site.station.reply(parcel.parcel.head, message(text))
    site.station.reply(parcel.parcel.head, message("and a short one"))
    site.carry_back()
    page = inbox(site, codename)
    assert text in page
    assert "and a short one" in page


@pytest.mark.parametrize("kind", ["not sealed to us", "not a message", "a part is missing"])
def test_a_broken_answer_hides_no_other(site: Site, kind: str) -> None:
    codename, parcel = reported(site)
    site.station.reply(parcel.parcel.head, message("a good one"))
    site.carry_back()
    _break(site, parcel, kind)
    site.carry_back()
    page = inbox(site, codename)
    assert "a good one" in page
    assert "could not be read" in page


def _break(site: Site, parcel: OpenedParcel, kind: str) -> None:
    head, station = parcel.parcel.head, site.station
    where = slots.address(head.reply_address, station.epoch, station.seq + 1, 0)
    parts = slots.split_message(encode_message(message("x" * 5_000)))
    part = parts[0] if kind == "a part is missing" else slots.split_message(b"{}")[0]
    key = hybrid.public_key(hybrid.generate_seed()) if kind == "not sealed to us" else head.reply_key
    station.seq += 1
    station.add_set([slots.seal_part(station.instance_id, key, where, part)])
    station.seq -= 1


def test_a_set_that_is_gone_from_the_disk_hides_no_other(site: Site) -> None:
    codename, parcel = reported(site)
    for text in ("first", "second"):
        site.station.reply(parcel.parcel.head, message(f"the {text} answer"))
        site.carry_back()
    gone = site.station.live[0][0].sha256
    with site.services.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM reply_sets WHERE sha256 = ?", (gone,))
    page = inbox(site, codename)
    assert "the second answer" in page
    assert "could not be read" in page


def test_an_answer_that_is_issued_again_is_shown_once(site: Site) -> None:
    codename, parcel = reported(site)
    head, station = parcel.parcel.head, site.station
    (part,) = slots.split_message(encode_message(message("said twice")))
    for _ in range(2):
        where = slots.address(head.reply_address, station.epoch, station.seq + 1, 0)
        station.seq += 1
        station.add_set([slots.seal_part(station.instance_id, head.reply_key, where, part)])
        station.seq -= 1
        site.carry_back()
    assert inbox(site, codename).count("said twice") == 1


def test_reading_marks_nothing(site: Site) -> None:
    codename, parcel = reported(site)
    site.station.reply(parcel.parcel.head, message("hello"))
    site.carry_back()
    database = site.settings.data_dir / "source.sqlite3-wal"
    before = database.read_bytes()
    inbox(site, codename)
    assert database.read_bytes() == before
