"""Import: what opens, what is refused and kept, what stays for the next bundle, and all of it twice."""

import hashlib
import io
import secrets
from pathlib import Path
from typing import Any

import pytest

from crypto import hybrid, words
from crypto.envelope import EnvelopeWriter, ObjectId
from crypto.parcel import Kind, Origin
from crypto.source_keys import InstanceId
from journalist_app.errors import BusyError, DiskError, ServerWordsError, StateFileError, UnknownServerError
from journalist_app.services.receiving import ImportSummary
from journalist_app.store import received
from journalist_app.store.case_tables import ParcelRow
from journalist_app.wiring import Desk
from tests.support.server_side import HOSTILE_KEY, SampleServer, SampleSource, read_out
from tests.support.station import LiveStation, live_station
from transfer.errors import (
    BundleSignatureError,
    ForkError,
    MissingBundleError,
    NoBundleError,
    RestartError,
)

SECRET = "The invoice of the bridge was paid twice, says the clerk."


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    return live_station(tmp_path)


@pytest.fixture
def server(live: LiveStation) -> SampleServer:
    return live.server()


@pytest.fixture
def desk(live: LiveStation) -> Desk:
    return live.desk()


def import_all(
    live: LiveStation, desk: Desk, server: SampleServer, stick: Path | None = None
) -> ImportSummary:
    """Import with the server's key accepted."""
    return desk.receiving().import_stick(stick or live.stick, accepted_key=server.key.hex())


def fresh_stick(live: LiveStation, name: str) -> Path:
    stick = live.stick.parent / name
    stick.mkdir()
    return stick


def test_a_report_opens_a_case_and_later_parcels_join_it(
    live: LiveStation, server: SampleServer, desk: Desk
) -> None:
    server.receive(SampleSource(1), SECRET, (("a.pdf", b"one"), ("a.pdf", b"two")))
    server.receive(SampleSource(2), "Another one.")
    server.receive(SampleSource(1), "I found more.", kind=Kind.MESSAGE)
    server.export(live.stick)
    summary = import_all(live, desk, server)
    assert (summary.reports, summary.messages, summary.quarantined, summary.damaged) == (2, 1, [], [])
    lines = desk.reading().cases().lines
    assert sorted(line.messages for line in lines) == [1, 2]
    page = desk.reading().case(next(line.case_id for line in lines if line.messages == 2))
    assert [parcel.text for parcel in page.parcels] == [SECRET, "I found more."]
    assert [(file.name, file.size_bytes) for file in page.parcels[0].files] == [("a.pdf", 3), ("a.pdf", 3)]
    assert page.parcels[0].files[0].sha256 == hashlib.sha256(b"one").hexdigest()


def test_an_unknown_server_is_shown_by_its_words_and_nothing_is_imported(
    live: LiveStation, server: SampleServer, desk: Desk
) -> None:
    server.receive(SampleSource())
    server.export(live.stick)
    with pytest.raises(UnknownServerError) as asked:
        desk.receiving().import_stick(live.stick)
    assert asked.value.words == words.fingerprint(server.key)
    with pytest.raises(UnknownServerError):
        desk.receiving().import_stick(live.stick, accepted_key="00" * 32)
    with pytest.raises(ServerWordsError):
        desk.receiving().import_stick(live.stick, accepted_words="one two three")
    assert desk.reading().cases().lines == ()


def test_a_bundle_without_objects_is_news_of_its_server(live: LiveStation, server: SampleServer) -> None:
    desk = live.desk()
    server.export(live.stick)
    desk.receiving().import_stick(live.stick, accepted_key=server.key.hex())
    name = server.export(live.stick).name
    summary = desk.receiving().import_stick(live.stick)
    assert (summary.bundles, summary.reports, summary.nothing_new) == ([name], 0, False)
    assert desk.receiving().import_stick(live.stick).nothing_new


def test_accepted_words_certify_the_server_in_the_next_bundle(
    live: LiveStation, server: SampleServer, desk: Desk
) -> None:
    server.export(live.stick)
    shown = "  ".join(words.fingerprint(server.key)).upper()
    assert desk.receiving().import_stick(live.stick, accepted_words=shown).accepted_server
    desk.sending().export(live.stick)
    statement = read_out(live.stick)
    assert statement.descriptor.servers == {server.key}
    assert statement.descriptor.descriptor.number == 2


def test_importing_twice_changes_nothing(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    server.receive(SampleSource())
    server.export(live.stick)
    import_all(live, desk, server)
    before = desk.reading().cases().lines, desk.overview()
    summary = import_all(live, desk, server)
    assert summary.nothing_new
    assert (desk.reading().cases().lines, desk.overview()) == before


def test_a_changed_envelope_is_quarantined_and_kept_and_the_others_come_in(
    live: LiveStation, server: SampleServer, desk: Desk
) -> None:
    whole = server.receive(SampleSource(1))
    changed = bytearray(server.store[whole])
    changed[len(changed) // 2] ^= 1
    object_id = ObjectId(hashlib.sha256(changed).digest())
    server.accept(object_id, bytes(changed))
    server.receive(SampleSource(2))
    server.export(live.stick)
    summary = import_all(live, desk, server)
    assert (summary.reports, len(summary.quarantined)) == (2, 1)
    assert live.station.folders.envelope(object_id).read_bytes() == changed
    assert desk.overview().refused[0].object_name == object_id.hex()[:16]
    desk.sending().export(live.stick)
    assert read_out(live.stick).verified.manifest.acks[0].index == 3


@pytest.mark.parametrize("offset", [0, 30, 12_520, 12_530, -1])
def test_one_flipped_byte_anywhere_is_refused_not_lost(
    live: LiveStation, server: SampleServer, desk: Desk, offset: int
) -> None:
    changed = bytearray(server.store[server.receive(SampleSource())])
    server.entries.clear()
    changed[offset] ^= 1
    object_id = ObjectId(hashlib.sha256(changed).digest())
    server.accept(object_id, bytes(changed))
    server.export(live.stick)
    summary = import_all(live, desk, server)
    assert (summary.reports, len(summary.quarantined)) == (0, 1)
    assert live.station.folders.envelope(object_id).read_bytes() == changed


@pytest.mark.parametrize("size", [1, 12_526, 78_094, 100_000])
def test_bytes_that_are_no_envelope_are_quarantined(
    live: LiveStation, server: SampleServer, desk: Desk, size: int
) -> None:
    noise = secrets.token_bytes(size)
    server.accept(ObjectId(hashlib.sha256(noise).digest()), noise)
    server.export(live.stick)
    assert len(import_all(live, desk, server).quarantined) == 1


def test_a_parcel_that_breaks_a_rule_is_quarantined(
    live: LiveStation, server: SampleServer, desk: Desk
) -> None:
    sealed = io.BytesIO()
    writer = EnvelopeWriter((server.batch.recipient(server.window),), sealed.write)
    writer.push(b"\x01\x00\x00\x00\x02{}")
    server.accept(writer.finish(), sealed.getvalue())
    server.export(live.stick)
    assert "breaks a rule" in import_all(live, desk, server).quarantined[0][1]


def test_a_full_disk_keeps_what_came_before(
    live: LiveStation, server: SampleServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.receive(SampleSource(1))
    server.export(live.stick)
    with monkeypatch.context() as patched:
        patched.setattr("journalist_app.store.folders._sync_path", _full)
        with pytest.raises(DiskError):
            import_all(live, desk, server)
    assert list(live.station.folders.incoming.iterdir()) == []
    assert import_all(live, desk, server).reports == 1


def test_another_instance_is_refused(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    server.receive(SampleSource(), instance_id=InstanceId(bytes(16)))
    server.export(live.stick)
    assert "another instance" in import_all(live, desk, server).quarantined[0][1]


def test_a_damaged_copy_is_named_and_comes_with_the_next_export(
    live: LiveStation, server: SampleServer, desk: Desk
) -> None:
    for number in (1, 2, 3):
        server.receive(SampleSource(number))
    name = server.export(live.stick).name
    part = live.stick / name / "part-0000.bin"
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(data)
    summary = import_all(live, desk, server)
    assert (summary.reports, summary.quarantined, len(summary.damaged)) == (2, [], 1)
    assert server.entries[1].object_id.hex()[:16] in summary.damaged[0]
    assert list(live.station.folders.incoming.iterdir()) == []
    out = fresh_stick(live, "out")
    desk.sending().export(out)
    ack = read_out(out).verified.manifest.acks[0]
    assert (ack.seq, ack.index, ack.head) == (1, 1, server.head(1))
    server.export(live.stick, from_index=1)
    again = import_all(live, desk, server)
    assert (again.reports, again.damaged) == (1, [])
    desk.sending().export(fresh_stick(live, "out-2"))
    assert read_out(live.stick.parent / "out-2").verified.manifest.acks[0].index == 3


def test_one_flipped_byte_of_a_manifest_refuses_the_bundle(
    live: LiveStation, server: SampleServer, desk: Desk
) -> None:
    server.receive(SampleSource())
    manifest = live.stick / server.export(live.stick).name / "manifest.json"
    import_all(live, desk, server)
    server.receive(SampleSource(2))
    manifest = live.stick / server.export(live.stick).name / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"seq":2', b'"seq":3'))
    with pytest.raises(BundleSignatureError):
        import_all(live, desk, server)
    assert len(desk.reading().cases().lines) == 1


def test_a_stick_without_a_bundle_says_so(live: LiveStation, desk: Desk) -> None:
    with pytest.raises(NoBundleError, match="Export on the server first"):
        desk.receiving().import_stick(live.stick)


def test_a_hostile_reply_key_stops_nothing(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    server.receive(SampleSource(1), reply_key=HOSTILE_KEY)
    server.receive(SampleSource(2))
    server.export(live.stick)
    assert import_all(live, desk, server).reports == 2
    pages = [desk.reading().case(line.case_id) for line in desk.reading().cases().lines]
    assert [page.answerable for page in pages] == [False, True]


@pytest.mark.parametrize(
    "change",
    [{"reply_key": hybrid.public_key(hybrid.Seed(b"x" * 32))}, {"reply_address": b"y" * 32}],
)
def test_another_key_for_a_known_source_is_quarantined(
    live: LiveStation, server: SampleServer, desk: Desk, change: dict[str, Any]
) -> None:
    server.receive(SampleSource())
    server.receive(SampleSource(), "Answer me there instead.", (), kind=Kind.MESSAGE, **change)
    server.export(live.stick)
    summary = import_all(live, desk, server)
    assert (summary.reports, summary.messages, len(summary.quarantined)) == (1, 0, 1)
    assert len(desk.reading().case(desk.reading().cases().lines[0].case_id).parcels) == 1


def test_the_servers_hand_sticks_to_a_source(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    origins = (Origin.CLIENT, Origin.SERVER, Origin.CLIENT)
    seen = []
    for origin in origins:
        server.receive(SampleSource(), origin=origin)
        server.export(live.stick)
        import_all(live, desk, server)
        seen.append(desk.reading().case(desk.reading().cases().lines[0].case_id).server_sealed)
    assert seen == [False, True, True]


def test_a_wrong_label_is_flagged_and_the_parcel_opens(
    live: LiveStation, server: SampleServer, desk: Desk
) -> None:
    server.receive(SampleSource(), window=server.window + 1)
    server.export(live.stick)
    summary = import_all(live, desk, server)
    assert (summary.reports, len(summary.flagged)) == (1, 1)
    assert desk.reading().case(desk.reading().cases().lines[0].case_id).parcels[0].relabelled == server.window


def test_missing_numbers_are_noted_and_missing_objects_refused(
    live: LiveStation, server: SampleServer, desk: Desk
) -> None:
    server.receive(SampleSource(1))
    server.export(fresh_stick(live, "lost"))
    server.receive(SampleSource(2))
    server.export(live.stick, from_index=1)
    with pytest.raises(MissingBundleError):
        import_all(live, desk, server)
    assert desk.reading().cases().lines == ()
    whole = fresh_stick(live, "whole")
    server.export(whole)
    summary = import_all(live, desk, server, whole)
    assert (summary.reports, summary.missing) == (2, ["1 and 2"])


def test_a_number_far_ahead_fills_no_memory(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    server.receive(SampleSource(1))
    server.seq = 9_999_999_998
    server.export(live.stick)
    summary = import_all(live, desk, server)
    assert (summary.reports, summary.missing) == (1, ["1 to 9999999998"])


def test_a_fork_is_refused_and_remembered(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    server.receive(SampleSource(1))
    server.export(live.stick)
    import_all(live, desk, server)
    server.seq = 0
    server.receive(SampleSource(2))
    forked = fresh_stick(live, "forked")
    server.export(forked)
    with pytest.raises(ForkError):
        import_all(live, desk, server, forked)
    assert len(desk.reading().cases().lines) == 1
    assert "number 1" in desk.overview().alarms[0].trouble


def test_a_server_with_another_log_is_refused(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    server.receive(SampleSource(1))
    server.export(live.stick)
    import_all(live, desk, server)
    server.entries.clear()
    server.receive(SampleSource(2))
    with_other_log = fresh_stick(live, "other")
    server.export(with_other_log)
    with pytest.raises(ForkError, match="object 1"):
        import_all(live, desk, server, with_other_log)
    assert len(desk.reading().cases().lines) == 1


def test_a_new_epoch_asks_a_person(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    server.export(live.stick)
    import_all(live, desk, server)
    server.epoch = type(server.epoch)(b"f" * 16)
    restarted = fresh_stick(live, "restarted")
    server.export(restarted)
    with pytest.raises(RestartError):
        import_all(live, desk, server, restarted)


def test_an_old_stick_is_said_so(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    first = fresh_stick(live, "first")
    server.receive(SampleSource(1))
    server.export(first)
    import_all(live, desk, server, first)
    server.receive(SampleSource(2))
    server.export(live.stick)
    import_all(live, desk, server)
    assert import_all(live, desk, server, first).old_bundles == ["cleandrop-in-1"]


@pytest.mark.parametrize(("together", "kept"), [(1, 1), (2, 0), (64, 0)])
def test_a_cut_import_resumes(
    live: LiveStation,
    server: SampleServer,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    together: int,
    kept: int,
) -> None:
    monkeypatch.setattr("journalist_app.services.receiving.BATCH_OBJECTS", together)
    for number in (1, 2, 3):
        server.receive(SampleSource(number))
    server.export(live.stick)
    with monkeypatch.context() as patched:
        patched.setattr("journalist_app.store.received.parcel_row", _CutAfter(1))
        with pytest.raises(PowerCutError):
            import_all(live, desk, server)
    assert len(desk.reading().cases().lines) == kept
    assert import_all(live, desk, server).reports == 3 - kept
    assert len(desk.reading().cases().lines) == 3
    assert len(list(live.station.folders.envelopes.iterdir())) == 3


def test_small_reports_are_here_before_a_large_one_that_came_earlier(
    live: LiveStation, server: SampleServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.receive(SampleSource(1), files=(("film.mp4", bytes(1_200_000)),))
    for number in (2, 3):
        server.receive(SampleSource(number))
    server.export(live.stick)
    with monkeypatch.context() as patched:
        patched.setattr("journalist_app.store.received.parcel_row", _CutAfter(2))
        with pytest.raises(PowerCutError):
            import_all(live, desk, server)
    assert len(desk.reading().cases().lines) == 2
    assert all(not parcel.files for number in (1, 2) for parcel in desk.reading().case(number).parcels)
    assert import_all(live, desk, server).reports == 1
    assert received_up_to(desk) == 3


def received_up_to(desk: Desk) -> int:
    with desk.unlocked.vault.read() as session:
        (ack,) = received.acks(session)
        return ack.index


def test_without_the_key_stick_nothing_is_imported(
    live: LiveStation, server: SampleServer, desk: Desk
) -> None:
    server.receive(SampleSource())
    server.export(live.stick)
    live.station.folders.state.unlink()
    with pytest.raises(StateFileError):
        import_all(live, desk, server)
    assert desk.overview().bundles_in == ()


def test_one_import_at_a_time(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    server.export(live.stick)
    with live.station.folders.only_one(), pytest.raises(BusyError):
        import_all(live, desk, server)


def test_no_plaintext_is_written_anywhere(live: LiveStation, server: SampleServer, desk: Desk) -> None:
    body = secrets.token_bytes(300_000)
    server.receive(SampleSource(), SECRET, (("ledger of the bridge.pdf", body),))
    server.export(live.stick)
    import_all(live, desk, server)
    page = desk.reading().case(desk.reading().cases().lines[0].case_id)
    assert b"".join(desk.reading().save_file(page.parcels[0].files[0].file_id).content) == body
    kept = [path.read_bytes() for path in live.stick.parent.rglob("*") if path.is_file()]
    keys = SampleSource().keys
    for pattern in (
        SECRET.encode(),
        b"ledger of the bridge",
        page.alias.encode(),
        body[1000:1032],
        body[-32:],
        keys.author,
        keys.reply_key[:64],
    ):
        assert not any(pattern in data for data in kept)


def _full(_: object) -> None:
    raise OSError(28, "No space left on device")


class PowerCutError(Exception):
    """The plug was pulled."""


class _CutAfter:
    """`parcel_row`, until it was called often enough."""

    def __init__(self, calls: int) -> None:
        self._left = calls
        self._parcel_row = received.parcel_row

    def __call__(self, *of: Any) -> ParcelRow:
        if not self._left:
            raise PowerCutError
        self._left -= 1
        return self._parcel_row(*of)
