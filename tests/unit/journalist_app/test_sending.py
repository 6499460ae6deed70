"""Export: answers in slots that their source alone finds, one statement under one number, and cuts."""

import re
from datetime import date
from pathlib import Path

import pytest

from cases.stages import Stage
from crypto import sizes
from crypto.parcel import Kind
from crypto.signing import SigningSeed
from crypto.slots import Epoch
from journalist_app.errors import NotFoundError, ReplyError, UnanswerableError
from journalist_app.services.answering import Written
from journalist_app.services.renewing import renew_intake
from journalist_app.services.statements import station_row
from journalist_app.wiring import Desk
from tests.support.server_side import HOSTILE_KEY, SampleServer, SampleSource, read_out
from tests.support.station import LiveStation, live_station
from transfer.errors import MediumError
from transfer.manifest import Direction
from transfer.medium import find_bundles
from transfer.pack import OutDraft, pack_out


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    return live_station(tmp_path)


@pytest.fixture
def server(live: LiveStation) -> SampleServer:
    return live.server()


@pytest.fixture
def desk(live: LiveStation, server: SampleServer) -> Desk:
    """A desk with a case of each of two sources, and OUT 2 exported."""
    desk = live.desk()
    server.receive(SampleSource(1))
    server.receive(SampleSource(2))
    server.export(live.stick)
    desk.receiving().import_stick(live.stick, accepted_key=server.key.hex())
    desk.sending().export(live.stick)
    return desk


def answer(
    desk: Desk, text: str, case_id: int = 1, stage: str = "questions", due_on: date | None = None
) -> None:
    desk.answering().reply(case_id, Written(text, stage, due_on))


def fresh_stick(live: LiveStation, name: str) -> Path:
    stick = live.stick.parent / name
    stick.mkdir()
    return stick


def test_an_answer_reaches_its_source_alone(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    answer(desk, "Which month was it?", due_on=date(2026, 12, 1))
    assert desk.reading().case(1).replies[0].out_seq is None
    assert desk.sending().export(live.stick).replies == 1
    statement = read_out(live.stick)
    (message,) = SampleSource(1).read(server.instance, statement)
    assert (message.text, message.stage, message.due_on) == (
        "Which month was it?",
        Stage.QUESTIONS,
        "2026-12-01",
    )
    assert message.sent_on == "2026-11-22"
    assert message.case_code == desk.reading().case(1).code
    assert SampleSource(2).read(server.instance, statement) == []
    assert desk.reading().case(1).replies[0].out_seq == statement.verified.manifest.seq == 3


def test_long_and_several_answers_to_one_source_are_all_found(
    live: LiveStation, server: SampleServer, desk: Desk
) -> None:
    texts = ["é" * 20_000, "second", "third"]
    for text in texts:
        answer(desk, text)
    answer(desk, "to another", case_id=2)
    desk.sending().export(live.stick)
    statement = read_out(live.stick)
    assert [m.text for m in SampleSource(1).read(server.instance, statement)] == texts
    assert [m.text for m in SampleSource(2).read(server.instance, statement)] == ["to another"]


def test_a_set_is_a_power_of_two_and_live_sets_travel_until_they_expire(
    live: LiveStation, server: SampleServer, desk: Desk
) -> None:
    answer(desk, "first")
    desk.sending().export(live.stick)
    live.clock.turn(days=10)
    answer(desk, "second")
    live.desk().sending().export(live.stick)
    statement = read_out(live.stick)
    assert [len(data) // 4096 for _, data in statement.sets] == [64, 64, 64, 64]
    days = [live_set.expires_on for live_set, _ in statement.sets]
    assert days == ["2027-02-20", "2027-02-20", "2027-02-20", "2027-03-02"]
    assert [m.text for m in SampleSource(1).read(server.instance, statement)] == ["first", "second"]
    live.clock.turn(days=80)
    live.confirm_clock()
    live.desk().sending().export(live.stick)
    statement = read_out(live.stick)
    assert [live_set.expires_on for live_set, _ in statement.sets] == ["2027-03-02", "2027-05-21"]
    assert [m.text for m in SampleSource(1).read(server.instance, statement)] == ["second"]


def test_a_key_that_nothing_can_be_sealed_to_holds_back_one_source_only(
    live: LiveStation, server: SampleServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("crypto.hybrid.check_public_key", lambda key: key)
        server.receive(SampleSource(3), reply_key=HOSTILE_KEY)
        server.export(live.stick)
        desk.receiving().import_stick(live.stick)
    answer(desk, "cannot reach them", case_id=3)
    answer(desk, "reaches them", case_id=1)
    summary = desk.sending().export(live.stick)
    assert (summary.replies, summary.held_back) == (1, 1)
    assert [m.text for m in SampleSource(1).read(server.instance, read_out(live.stick))] == ["reaches them"]
    page = desk.reading().case(3)
    assert page.replies[0].held_back
    assert not page.answerable
    with pytest.raises(UnanswerableError):
        answer(desk, "again", case_id=3)


def test_a_bundle_without_an_answer_brings_a_set_like_one_with(live: LiveStation, desk: Desk) -> None:
    without = read_out(live.stick)
    answer(desk, "We have it.")
    desk.sending().export(live.stick)
    with_one = read_out(live.stick)
    assert len(without.sets) == without.verified.manifest.seq
    assert len(with_one.sets) == with_one.verified.manifest.seq
    assert {len(data) for _, data in with_one.sets} == {64 * 4096}


def test_empty_sets_stop_when_half_of_the_live_slots_are_taken(
    live: LiveStation, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journalist_app.services.slotting.LIVE_SLOTS_MAX", 256)
    live.clock.turn(days=8)
    assert live.desk().sending().export(live.stick).bundles == ["cleandrop-out-3"]
    assert len(read_out(live.stick).sets) == 2


def test_what_does_not_fit_among_the_live_slots_waits(
    live: LiveStation, server: SampleServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journalist_app.services.slotting.LIVE_SLOTS_MAX", 128 + 100)
    for _ in range(3):
        answer(desk, "x" * 69_000)
    summary = desk.sending().export(live.stick)
    assert (summary.replies, summary.held_back) == (2, 1)
    assert desk.overview().waiting_replies == 1
    assert desk.sending().export(live.stick).nothing_new
    live.clock.turn(days=90)
    live.confirm_clock()
    assert live.desk().sending().export(live.stick).replies == 1


def test_nothing_new_is_no_bundle(live: LiveStation, desk: Desk) -> None:
    before = sorted(path.name for path in live.stick.iterdir())
    assert desk.sending().export(live.stick).nothing_new
    assert sorted(path.name for path in live.stick.iterdir()) == before


def test_a_lost_stick_is_mended_by_the_same_bundle(live: LiveStation, desk: Desk) -> None:
    first = find_bundles(live.stick, Direction.OUT)[-1]
    other = fresh_stick(live, "other")
    summary = desk.sending().export(other)
    assert (summary.bundles, summary.again) == (["cleandrop-out-2"], True)
    second = find_bundles(other, Direction.OUT)[-1]
    assert (second.manifest, second.signature) == (first.manifest, first.signature)


def test_a_week_later_the_same_is_said_anew(live: LiveStation, desk: Desk) -> None:
    live.clock.turn(days=7)
    assert live.desk().sending().export(live.stick).bundles == ["cleandrop-out-3"]
    live.clock.turn(days=21)
    live.desk().sending().export(live.stick)
    descriptor = read_out(live.stick).descriptor.descriptor
    assert (descriptor.number, descriptor.issued_on) == (3, "2026-12-20")


@pytest.mark.parametrize("after_writing", [False, True])
def test_a_cut_never_makes_two_bundles_of_one_number(
    live: LiveStation,
    server: SampleServer,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    after_writing: bool,
) -> None:
    answer(desk, "before the cut")
    with monkeypatch.context() as patched:
        patched.setattr("journalist_app.services.sending.pack_out", _Cut(after_writing))
        with pytest.raises(PowerCutError):
            desk.sending().export(live.stick)
    assert "not yet written" in desk.overview().bundles_out[0].trouble
    written = [bundle.manifest for bundle in find_bundles(live.stick, Direction.OUT) if bundle.seq == 3]
    answer(desk, "after the cut")
    assert desk.sending().export(live.stick).bundles == ["cleandrop-out-3", "cleandrop-out-4"]
    after = [bundle.manifest for bundle in find_bundles(live.stick, Direction.OUT) if bundle.seq == 3]
    assert written in ([], after)
    texts = [m.text for m in SampleSource(1).read(server.instance, read_out(live.stick))]
    assert texts == ["before the cut", "after the cut"]


def test_a_foreign_bundle_of_our_number_is_not_taken_for_ours(
    live: LiveStation, desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "b").mkdir()
    foreign = live_station(tmp_path / "b")
    with pytest.raises(MediumError):
        live.desk().sending().export(_only_numbered(foreign.stick, 1, 2))


def test_our_own_bundle_of_another_epoch_is_not_taken_for_this_one(live: LiveStation, desk: Desk) -> None:
    with desk.unlocked.vault.read() as session:
        seed = SigningSeed(station_row(session).signing_seed)
    other = fresh_stick(live, "restored")
    pack_out(other, seed, OutDraft(live.born.instance, Epoch(b"o" * 16), 2, "2026-11-22", [], []))
    with pytest.raises(MediumError):
        desk.sending().export(other)


def test_the_new_batch_and_the_old_one_both_open(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    late = SampleSource(4)
    server.receive(late, "sealed under the old batch")
    assert renew_intake(desk.unlocked, live.clock) == (2, 201)
    desk.sending().export(live.stick)
    statement = read_out(live.stick)
    assert statement.batch.batch_no == statement.descriptor.descriptor.batch_no == 2
    server.batch = statement.batch
    server.receive(late, "sealed under the new batch", kind=Kind.MESSAGE)
    server.export(live.stick)
    summary = desk.receiving().import_stick(live.stick)
    assert (summary.reports, summary.messages, summary.quarantined) == (1, 1, [])


def test_acks_say_what_is_held(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    (ack,) = read_out(live.stick).verified.manifest.acks
    assert (ack.key_id, ack.epoch, ack.seq, ack.index) == (server.key, server.epoch, 1, 2)
    assert ack.head == server.head(2)


@pytest.mark.parametrize(
    ("case_id", "text", "stage", "due_on", "error"),
    [
        (99, "text", "questions", None, NotFoundError),
        (1, " \r\n ", "questions", None, ReplyError),
        (1, "text", "no such stage", None, ReplyError),
        (1, "text", "questions", date(2026, 11, 21), ReplyError),
        (1, "x" * sizes.MESSAGE_MAX, "questions", None, ReplyError),
        (1, "\ud800", "questions", None, ReplyError),
    ],
)
def test_an_answer_that_cannot_go_out_is_not_kept(
    live: LiveStation,
    desk: Desk,
    case_id: int,
    text: str,
    stage: str,
    due_on: date | None,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        answer(desk, text, case_id, stage, due_on)
    assert desk.overview().waiting_replies == 0
    assert desk.reading().case(1).stage is Stage.RECEIVED


def test_an_alias_says_nothing_of_the_source(desk: Desk) -> None:
    pages = [desk.reading().case(line.case_id) for line in desk.reading().cases().lines]
    assert len({page.alias for page in pages} | {page.code for page in pages}) == 4
    assert all(re.fullmatch("[A-Z2-9]{8}", page.code) for page in pages)


class PowerCutError(Exception):
    """The plug was pulled."""


class _Cut:
    """`pack_out`, cut off before it began or after it had written all."""

    def __init__(self, after_writing: bool) -> None:
        self._after_writing = after_writing

    def __call__(self, *args: object) -> None:
        if self._after_writing:
            pack_out(*args)  # type: ignore[arg-type]
        raise PowerCutError


def _only_numbered(stick: Path, old: int, new: int) -> Path:
    (stick / f"cleandrop-out-{old}").rename(stick / f"cleandrop-out-{new}")
    return stick
