"""Bundles in and out: first contact, continuity, acknowledgements, and that an alarm changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cases.stages import Stage
from crypto import signing
from crypto.errors import CryptoError
from crypto.slots import Epoch
from source_app.errors import ImportRefusedError, NotInstalledError, UnknownRootError
from tests.support.instance import SampleStation
from tests.support.source_site import Site, Visitor
from transfer.continuity import Verdict
from transfer.errors import (
    BundleSignatureError,
    DamagedBundleError,
    ForkError,
    MediumError,
    NoBundleError,
    RestartError,
    TransferError,
)
from transfer.manifest import Direction
from transfer.medium import find_bundles
from transfer.message import Message
from transfer.unpack import verify_in


def state(site: Site) -> list[object]:
    """Everything in the database, to see that nothing changed."""
    tables = ("installation", "objects", "documents", "reply_sets", "bundles")
    with site.services.database.reading() as connection:
        return [connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables]  # noqa: S608


def test_first_contact_shows_ten_words_and_changes_nothing(virgin: Site) -> None:
    virgin.station.write_out(virgin.stick)
    before = state(virgin)
    with pytest.raises(UnknownRootError) as refused:
        virgin.services.importer.run(virgin.stick)
    assert " ".join(refused.value.words) == virgin.station.root_words
    assert state(virgin) == before


def test_first_contact_with_other_words_is_refused(virgin: Site) -> None:
    virgin.station.write_out(virgin.stick)
    before = state(virgin)
    with pytest.raises(UnknownRootError, match="not those"):
        virgin.services.importer.run(virgin.stick, SampleStation().root_words)
    assert state(virgin) == before


def test_the_words_may_be_typed_in_capitals(virgin: Site) -> None:
    virgin.station.write_out(virgin.stick)
    virgin.services.importer.run(virgin.stick, f"  {virgin.station.root_words.upper()}\n")
    assert virgin.services.gate.require_open().window == 150


def test_nothing_is_exported_before_first_contact(virgin: Site) -> None:
    with pytest.raises(NotInstalledError):
        virgin.services.exporter.export(virgin.stick)


def test_an_unknown_server_introduces_itself_once(site: Site) -> None:
    assert site.services.exporter.export(site.stick).name == "cleandrop-in-1"
    assert site.services.exporter.export(site.stick).name is None
    site.station.certify(site.services.trust.server_key)
    site.carry_back()
    assert site.services.trust.current().confirmed  # type: ignore[union-attr]
    assert site.services.exporter.export(site.folder / "stick").name is None


def test_a_whole_round_is_acknowledged_and_deleted_fourteen_days_later(site: Site) -> None:
    Visitor(site).report("first")
    Visitor(site).report("second")
    site.services.exporter.export(site.stick)
    opened = site.station.read_in(site.stick, site.services.trust.server_key)
    assert [parcel.parcel.text for parcel in opened] == ["first", "second"]
    site.carry_back()
    assert site.services.inbox.carried_on() == "2026-11-18"
    assert site.services.retention.delete_due("2026-12-01") == 0
    assert len(site.envelopes()) == 2
    assert site.services.retention.delete_due("2026-12-02") == 2
    assert site.envelopes() == []
    Visitor(site).report("third")
    assert site.services.exporter.export(site.stick).objects == 1


def test_only_what_is_acknowledged_is_deleted(site: Site) -> None:
    Visitor(site).report("first")
    site.services.exporter.export(site.stick)
    site.station.read_in(site.stick, site.services.trust.server_key)
    Visitor(site).report("second")
    site.carry_back()
    assert site.services.retention.delete_due("2099-01-01") == 1
    assert len(site.envelopes()) == 1


def test_a_stick_gets_only_what_it_does_not_carry_and_a_blank_one_everything(
    site: Site, tmp_path: Path
) -> None:
    Visitor(site).report("first")
    site.services.exporter.export(site.stick)
    Visitor(site).report("second")
    assert site.services.exporter.export(site.stick).objects == 1
    assert site.services.exporter.export(site.stick).name is None
    blank = tmp_path / "blank"
    blank.mkdir()
    again = site.services.exporter.export(blank)
    assert (again.name, again.objects) == ("cleandrop-in-3", 2)


def test_outstanding_counts_stored_and_arriving_by_window(site: Site) -> None:
    Visitor(site).report("first")
    site.clock.turn(weeks=1)
    Visitor(site).report("second")
    arriving = site.services.envelopes.begin(151)
    site.services.exporter.export(site.stick)
    assert outstanding(site) == {150: 1, 151: 2}
    site.station.read_in(site.stick, site.services.trust.server_key)
    site.carry_back()
    Visitor(site).report("third")
    site.services.exporter.export(site.stick)
    assert outstanding(site) == {151: 2}
    arriving.discard()


def test_a_quiet_server_speaks_once_a_week_and_says_that_nothing_is_outstanding(site: Site) -> None:
    Visitor(site).report("first")
    site.services.exporter.export(site.stick)
    site.station.certify(site.services.trust.server_key)
    site.station.read_in(site.stick, site.services.trust.server_key)
    site.carry_back()
    site.clock.turn(days=6)
    assert site.services.exporter.export(site.stick).name is None
    site.clock.turn(days=1)
    spoken = site.services.exporter.export(site.stick)
    assert (spoken.name, spoken.objects, outstanding(site)) == ("cleandrop-in-2", 0, {})
    assert site.services.exporter.export(site.stick).name is None


def outstanding(site: Site) -> dict[int, int]:
    """What the newest IN bundle says of each window."""
    bundle = find_bundles(site.stick, Direction.IN)[-1]
    verified = verify_in(bundle, site.services.trust.server_key, site.station.instance_id)
    return dict(verified.manifest.outstanding)


def test_a_broken_export_costs_a_number_and_never_makes_two_of_one(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    Visitor(site).report("first")
    monkeypatch.setattr("source_app.services.export.pack_in", _broken)
    with pytest.raises(MediumError):
        site.services.exporter.export(site.stick)
    monkeypatch.undo()
    assert site.services.exporter.export(site.stick).name == "cleandrop-in-2"


def _broken(*_: object) -> None:
    raise MediumError("gone")


def test_an_export_that_died_at_its_last_step_is_acknowledged_all_the_same(site: Site) -> None:
    Visitor(site).report("first")
    site.services.exporter.export(site.stick)
    with site.services.database.writing() as connection:
        connection.exec_driver_sql("UPDATE bundles SET sha256 = NULL")
    site.station.read_in(site.stick, site.services.trust.server_key)
    site.carry_back()
    assert site.services.retention.delete_due("2099-01-01") == 1


def test_a_damaged_bundle_of_ours_on_the_stick_counts_as_absent(site: Site) -> None:
    Visitor(site).report("first")
    site.services.exporter.export(site.stick)
    manifest = site.stick / "cleandrop-in-1" / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"2026", b"2027"))
    assert site.services.exporter.export(site.stick).objects == 1


def test_importing_twice_changes_nothing(site: Site) -> None:
    before = state(site)
    assert site.services.importer.run(site.stick).verdict is Verdict.SAME
    assert state(site) == before


def test_an_old_stick_is_said_and_changes_nothing(site: Site, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    site.station.write_out(second)
    site.services.importer.run(second)
    before = state(site)
    assert site.services.importer.run(site.stick).verdict is Verdict.OLD
    assert state(site) == before


def test_numbers_that_never_came_are_named(site: Site) -> None:
    site.station.seq = 4
    site.station.write_out(site.stick)
    assert site.services.importer.run(site.stick).missing == range(2, 5)


def test_a_stick_without_a_bundle_says_what_to_do(site: Site, tmp_path: Path) -> None:
    with pytest.raises(NoBundleError, match="Export at the station first"):
        site.services.importer.run(tmp_path)
    with pytest.raises(MediumError, match="plugged in"):
        site.services.importer.run(tmp_path / "gone")


@pytest.mark.parametrize("file", ["manifest.json", "manifest.sig", "part-0000.bin"])
@pytest.mark.parametrize("place", [0.0, 0.3, 0.7, 0.999])
def test_one_flipped_byte_is_refused_and_changes_nothing(site: Site, file: str, place: float) -> None:
    Visitor(site).report()
    site.services.exporter.export(site.stick)
    (opened,) = site.station.read_in(site.stick, site.services.trust.server_key)
    answer = Message("answer", "R-1", Stage.RECEIVED, "2026-11-19", None)
    site.station.reply(opened.parcel.head, answer)
    made = site.station.write_out(site.stick)
    path = site.stick / made.name / file
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 1
    path.write_bytes(data)
    before = state(site)
    with pytest.raises((DamagedBundleError, BundleSignatureError, ImportRefusedError)):
        site.services.importer.run(site.stick)
    assert state(site) == before


def _foreign_epoch(site: Site) -> None:
    ack = site.station.acks[site.services.trust.server_key]
    site.station.acks[ack.key_id] = replace(ack, epoch=Epoch(bytes(16)))


def _never_made(site: Site) -> None:
    ack = site.station.acks[site.services.trust.server_key]
    site.station.acks[ack.key_id] = replace(ack, seq=9)


def _other_bundle(site: Site) -> None:
    ack = site.station.acks[site.services.trust.server_key]
    site.station.acks[ack.key_id] = replace(ack, sha256=bytes(32))


def _wrong_head(site: Site) -> None:
    ack = site.station.acks[site.services.trust.server_key]
    site.station.acks[ack.key_id] = replace(ack, head=bytes(32))


def _beyond_our_log(site: Site) -> None:
    ack = site.station.acks[site.services.trust.server_key]
    site.station.acks[ack.key_id] = replace(ack, index=7)


@pytest.mark.parametrize("bend", [_foreign_epoch, _never_made, _other_bundle, _wrong_head, _beyond_our_log])
def test_a_wrong_acknowledgement_is_an_alarm_and_deletes_nothing(
    site: Site, bend: Callable[[Site], None]
) -> None:
    Visitor(site).report()
    site.services.exporter.export(site.stick)
    site.station.read_in(site.stick, site.services.trust.server_key)
    bend(site)
    before = state(site)
    with pytest.raises(ForkError):
        site.carry_back()
    assert state(site) == before
    assert site.services.retention.delete_due("2099-01-01") == 0


def test_an_acknowledgement_of_another_server_is_not_ours(site: Site) -> None:
    Visitor(site).report()
    site.services.exporter.export(site.stick)
    site.station.read_in(site.stick, site.services.trust.server_key)
    ack = site.station.acks.pop(site.services.trust.server_key)
    other = signing.verifying_key(signing.generate_seed())
    site.station.acks[other] = replace(ack, key_id=other)
    site.carry_back()
    assert site.services.retention.delete_due("2099-01-01") == 0


def test_two_bundles_of_one_number_are_a_fork(site: Site, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    site.station.seq = 0
    site.station.number = 2
    site.station.write_out(second)
    with pytest.raises(ForkError):
        site.services.importer.run(second)


def test_a_restarted_station_needs_a_person(site: Site) -> None:
    site.station.epoch = Epoch(bytes(16))
    with pytest.raises(RestartError):
        site.carry_back()


def test_another_root_is_refused(site: Site, tmp_path: Path) -> None:
    stranger = SampleStation(seq=5)
    stranger.write_out(site.stick)
    before = state(site)
    with pytest.raises((ImportRefusedError, TransferError)):
        site.services.importer.run(site.stick)
    assert state(site) == before


def test_a_bundle_by_another_key_is_refused(site: Site) -> None:
    """A whole and signed descriptor, but the bundle around it is signed by somebody else."""
    thief = SampleStation(root_seed=site.station.root_seed, seq=1)
    real = site.station.descriptor()
    thief.descriptor = lambda: real  # type: ignore[method-assign]
    thief.write_out(site.stick)
    with pytest.raises(BundleSignatureError):
        site.services.importer.run(site.stick)


@pytest.mark.parametrize("kind", ["descriptor", "batch", "board"])
def test_no_number_may_fall(site: Site, kind: str) -> None:
    with site.services.database.writing() as connection:
        connection.exec_driver_sql("UPDATE documents SET number = 1000 WHERE kind = ?", (kind,))
    before = state(site)
    with pytest.raises(ImportRefusedError, match=f"The {kind} in this bundle"):
        site.carry_back()
    assert state(site) == before


def test_a_station_key_that_the_root_replaced_is_refused_for_ever(site: Site) -> None:
    """Whoever stole the key before still signs well, and may choose any number but the root's serial."""
    stolen = site.station.station_seed
    site.station.station_seed = signing.generate_seed()
    before = state(site)
    with pytest.raises(ImportRefusedError, match="nobody announced"):  # another key, the same serial
        site.carry_back()
    assert state(site) == before
    site.station.station_serial = 2
    site.carry_back()
    site.station.station_seed, site.station.station_serial = stolen, 1
    site.station.number += 1_000
    before = state(site)
    with pytest.raises(ImportRefusedError, match="has been replaced"):
        site.carry_back()
    assert state(site) == before


def test_a_set_that_the_board_names_must_be_there(site: Site) -> None:
    site.station.add_set([])
    (live, _) = site.station.live[0]
    site.station.live = [(live, b"\0" * 4096)]
    with pytest.raises(ImportRefusedError, match="answers of bundle"):
        site.carry_back()


def test_a_set_travels_once_and_goes_when_the_board_drops_it(site: Site) -> None:
    site.station.add_set([])
    site.carry_back()
    kept, site.station.live = site.station.live, []
    assert len(state(site)[3]) == 1  # type: ignore[arg-type]
    site.carry_back()
    assert state(site)[3] == []
    site.station.live = kept


def test_a_set_that_was_dropped_lies_in_no_file(site: Site) -> None:
    site.station.add_set([])
    site.carry_back()
    gone = site.station.live.pop()[1][:64]
    assert holding(site, gone), "it was there"
    site.carry_back()
    assert holding(site, gone) == []


def holding(site: Site, data: bytes) -> list[Path]:
    files = (path for path in site.settings.data_dir.rglob("*") if path.is_file())
    return [path for path in files if data in path.read_bytes()]


def test_an_unknown_time_zone_is_refused_at_the_door(site: Site) -> None:
    site.station.time_zone = "Nowhere/Atlantis"
    with pytest.raises(ImportRefusedError, match="tzdata"):
        site.carry_back()
    assert site.services.gate.require_open().today == "2026-11-18"


def test_days_are_counted_in_the_legal_time_zone(virgin: Site) -> None:
    virgin.station.time_zone = "Asia/Seoul"
    virgin.first_contact()
    virgin.clock.turn(hours=4)
    assert virgin.services.gate.require_open().today == "2026-11-19"


def test_a_tampered_database_speaks_with_nobodys_voice(site: Site) -> None:
    other = SampleStation(root_seed=site.station.root_seed)
    with site.services.database.writing() as connection:
        connection.exec_driver_sql("UPDATE documents SET body = ? WHERE kind = 'batch'", (other.batch(),))
        connection.exec_driver_sql("UPDATE installation SET generation = generation + 1")
    visitor = Visitor(site)
    assert visitor.get("/report").status_code == 503
    assert site.holds_nothing()


def test_flipped_envelopes_are_not_opened_by_the_station(site: Site) -> None:
    Visitor(site).report()
    data = bytearray(site.envelopes()[0].read_bytes())
    data[len(data) // 2] ^= 1
    with pytest.raises(CryptoError):
        site.station.open(bytes(data))


def test_a_damaged_envelope_stops_the_export_and_says_which(site: Site) -> None:
    Visitor(site).report()
    path = site.envelopes()[0]
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(TransferError, match=path.name[:16]):
        site.services.exporter.export(site.stick)
    assert find_bundles(site.stick, Direction.IN) == []


@pytest.mark.parametrize("damage", ["no signature", "a signature too long", "a folder for a manifest"])
def test_a_damaged_bundle_of_ours_on_the_stick_stops_no_export(site: Site, damage: str) -> None:
    Visitor(site).report("one")
    old = site.stick / str(site.services.exporter.export(site.stick).name)
    if damage == "no signature":
        (old / "manifest.sig").unlink()
    elif damage == "a signature too long":
        (old / "manifest.sig").write_bytes((old / "manifest.sig").read_bytes() + b"x")
    else:
        (old / "manifest.json").unlink()
        (old / "manifest.json").mkdir()
    Visitor(site).report("two")
    made = site.services.exporter.export(site.stick)
    assert made.objects == 2, "what the damaged one held is carried again"
    with pytest.raises(DamagedBundleError):
        find_bundles(site.stick, Direction.IN)
