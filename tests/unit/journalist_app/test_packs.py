"""Packs at the station: whose are believed, which are installed, which one new cases are opened under."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cases.errors import OlderPackError, PackError, PackKeyError, PackSignatureError
from cases.packs import signature
from cases.packs.folder import files_of
from crypto import signing
from journalist_app.errors import FileError, InstalledPackError, PackMissingError, PackWordsError
from journalist_app.services.packs import Packs
from journalist_app.store.tables import PackFileRow
from journalist_app.wiring import Desk
from tests.support.pack_files import PACK
from tests.support.signed_pack import KEEPER, TEN_WORDS, pack_folder, public_key
from tests.support.station import live_station

OTHER = signing.SigningSeed(bytes(32))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "station").mkdir()
    found = live_station(tmp_path / "station").desk()
    yield found
    found.unlocked.close()


@pytest.fixture
def packs(desk: Desk, tmp_path: Path) -> Packs:
    """At a station that trusts the keeper of Testland's packs."""
    found = desk.packs()
    found.trust(public_key(tmp_path), f"  {TEN_WORDS.upper()} ")
    return found


def in_use(packs: Packs) -> list[tuple[str, int]]:
    return [(line.ref.id, line.ref.version) for line in packs.editions() if line.in_use]


def test_a_key_is_trusted_once_its_words_were_compared(packs: Packs, tmp_path: Path) -> None:
    packs.trust(tmp_path / "testland.pub", TEN_WORDS)
    (key,) = packs.trusted()
    assert " ".join(key.words) == TEN_WORDS
    assert (key.trusted_on, key.trusted_by) == (date(2026, 11, 22), "Anna Berg")


def test_a_key_with_other_words_is_not_trusted(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(PackWordsError):
        desk.packs().trust(public_key(tmp_path, OTHER), TEN_WORDS)
    with pytest.raises(PackKeyError):
        desk.packs().trust(pack_folder(tmp_path) / "laws.toml", TEN_WORDS)
    with pytest.raises(FileError):
        desk.packs().trust(tmp_path / "gone.pub", TEN_WORDS)
    os.mkfifo(tmp_path / "pipe.pub")
    with pytest.raises(PackKeyError):
        desk.packs().trust(tmp_path / "pipe.pub", TEN_WORDS)
    assert desk.packs().trusted() == ()


def test_a_key_that_is_trusted_no_longer_signs_nothing_new(packs: Packs, tmp_path: Path) -> None:
    packs.install(pack_folder(tmp_path))
    with pytest.raises(PackWordsError):
        packs.distrust("other words")
    packs.distrust(TEN_WORDS)
    assert packs.trusted() == ()
    with pytest.raises(PackSignatureError):
        packs.install(pack_folder(tmp_path, 2))
    assert in_use(packs) == [("testland", 1)]


def test_the_first_pack_is_in_use_and_its_newest_edition_is(packs: Packs, tmp_path: Path) -> None:
    done = packs.install(pack_folder(tmp_path, 2))
    assert (done.is_new, done.in_use, done.other_time_zone) == (True, True, "Europe/Rome")
    assert in_use(packs) == [("testland", 2)]
    packs.install(pack_folder(tmp_path, 10))
    assert [line.ref.version for line in packs.editions()] == [10, 2]
    assert in_use(packs) == [("testland", 10)]
    assert packs.show("testland").head.version == 10
    assert packs.show("testland", 2).head.version == 2


def test_an_edition_is_installed_once_and_no_older_one(packs: Packs, tmp_path: Path) -> None:
    packs.install(pack_folder(tmp_path, 2))
    assert not packs.install(tmp_path / "testland-2").is_new
    with pytest.raises(OlderPackError):
        packs.install(pack_folder(tmp_path, 1))
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(OlderPackError):
        packs.install(pack_folder(tmp_path / "elsewhere", 2, statistics=None))
    assert [line.ref.version for line in packs.editions()] == [2]


def test_what_is_refused_leaves_nothing(packs: Packs, tmp_path: Path) -> None:
    with pytest.raises(PackSignatureError):
        packs.install(pack_folder(tmp_path, seed=OTHER))
    with pytest.raises(PackError):
        packs.install(pack_folder(tmp_path, 2, deadlines="[[deadline]]\nid = 1\n"))
    with pytest.raises(PackError):
        packs.install(tmp_path / "station")
    assert packs.editions() == ()


def test_another_pack_waits_until_it_is_chosen(packs: Packs, tmp_path: Path) -> None:
    packs.install(pack_folder(tmp_path))
    other = pack_folder(
        tmp_path, 5, pack=PACK.replace("testland", "farland").replace("version = 1", "version = 5")
    )
    (other / "pack.sig").write_bytes(_signed_as(other, "farland", 5))
    assert not packs.install(other).in_use
    assert in_use(packs) == [("testland", 1)]
    assert packs.use("farland").ref.version == 5
    assert in_use(packs) == [("farland", 5)]
    with pytest.raises(PackMissingError):
        packs.use("nowhere")
    assert in_use(packs) == [("farland", 5)]


def test_what_is_not_there_is_not_shown(packs: Packs, tmp_path: Path) -> None:
    packs.install(pack_folder(tmp_path))
    for name, version in (("nowhere", None), ("testland", 2)):
        with pytest.raises(PackMissingError):
            packs.show(name, version)


def test_a_check_says_what_an_installation_would_and_does_nothing(packs: Packs, tmp_path: Path) -> None:
    assert packs.check(pack_folder(tmp_path)).refusal == ""
    broken = packs.check(pack_folder(tmp_path, 2, deadlines="[[deadline]]\nid = 1\n"))
    assert "has errors" in broken.refusal
    assert {finding.file for finding in broken.findings} >= {"deadlines.toml"}
    stranger = packs.check(pack_folder(tmp_path, 3, seed=OTHER, deadlines="[[deadline]]\nid = 1\n"))
    assert "not made with a pack key that is trusted" in stranger.refusal
    assert stranger.findings == ()
    with pytest.raises(PackError):
        packs.check(tmp_path / "station")
    assert packs.editions() == ()


@pytest.mark.parametrize(("name", "data"), [("laws.toml", b"not TOML ["), ("statistics.toml", b"")])
def test_an_installed_pack_that_changed_is_not_used(
    packs: Packs, desk: Desk, tmp_path: Path, name: str, data: bytes
) -> None:
    packs.install(pack_folder(tmp_path))
    with desk.unlocked.vault.write() as session:
        session.get_one(PackFileRow, ("testland", 1, name)).data = data
    with pytest.raises(InstalledPackError):
        packs.show("testland")


def _signed_as(folder: Path, name: str, version: int) -> bytes:
    return signature.sign(KEEPER, name, version, files_of(folder))
