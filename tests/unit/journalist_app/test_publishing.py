"""What the station publishes, and how it reads the forms that come back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.packs import signature
from crypto import canonical
from journalist_app.wiring import Desk
from tests.support.server_side import SampleSource, read_out
from tests.support.signed_pack import TEN_WORDS, pack_folder, public_key
from tests.support.station import LiveStation, live_station
from transfer.publication import Publication


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    (tmp_path / "station").mkdir()
    return live_station(tmp_path / "station")


@pytest.fixture
def desk(live: LiveStation, tmp_path: Path) -> Iterator[Desk]:
    """A desk of a station that trusts the keeper of Testland's packs."""
    found = live.desk()
    found.packs().trust(public_key(tmp_path), TEN_WORDS)
    yield found
    found.unlocked.close()


def published(live: LiveStation, desk: Desk) -> Publication | None:
    desk.sending().export(live.stick)
    return read_out(live.stick).publication


def test_a_station_without_pack_and_key_publishes_nothing(live: LiveStation, desk: Desk) -> None:
    assert published(live, desk) is None


def test_the_pack_in_use_travels_without_its_signature(live: LiveStation, desk: Desk, tmp_path: Path) -> None:
    folder = pack_folder(tmp_path)
    desk.packs().install(folder)
    said = published(live, desk)
    assert said is not None
    assert said.number == 1
    assert said.pack == {p.name: p.read_bytes() for p in folder.iterdir() if p.name != signature.FILE}
    assert desk.sending().export(live.stick).nothing_new


def test_another_edition_is_a_new_number(live: LiveStation, desk: Desk, tmp_path: Path) -> None:
    desk.packs().install(pack_folder(tmp_path))
    published(live, desk)
    desk.packs().install(pack_folder(tmp_path, version=2))
    said = published(live, desk)
    assert said is not None
    assert said.number == 2


def form(name: str, *answers: tuple[str, str]) -> canonical.Object:
    return {"form": name, "version": 1, "answers": [{"id": i, "value": v} for i, v in answers]}


def test_forms_are_shown_apart_in_the_words_of_their_pack(
    live: LiveStation, desk: Desk, tmp_path: Path
) -> None:
    desk.packs().install(pack_folder(tmp_path))
    server = live.server()
    report = form("report", ("pack", "testland 1"), ("what", "a bridge"), ("nobody_asked", "<b>"))
    server.receive(
        SampleSource(), forms=(report, form("withdrawal", ("free", "no")), form("odd", ("x", "y")))
    )
    server.export(live.stick)
    desk.receiving().import_stick(live.stick, accepted_key=server.key.hex())
    (parcel,) = desk.reading().case(1).parcels
    assert [shown.title for shown in parcel.forms] == [
        "Answers to the questions of the report",
        "They want to take the report back",
        "odd",
    ]
    assert parcel.forms[0].answers[1:] == (("what (en)", "a bridge"), ("nobody_asked", "<b>"))
    assert parcel.forms[1].answers == (("Says it is their own free wish", "no"),)
    assert parcel.forms[2].answers == (("x", "y"),)


@pytest.mark.parametrize("named", ["testland 9", "testland", "testland x", "", "testland 99999999999"])
def test_of_a_pack_that_is_not_here_the_ids_are_shown(live: LiveStation, desk: Desk, named: str) -> None:
    server = live.server()
    server.receive(SampleSource(), forms=(form("report", ("pack", named), ("what", "a bridge")),))
    server.export(live.stick)
    desk.receiving().import_stick(live.stick, accepted_key=server.key.hex())
    (parcel,) = desk.reading().case(1).parcels
    assert ("what", "a bridge") in parcel.forms[0].answers
