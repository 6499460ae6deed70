"""What the station published takes effect here: signed, never an older one, never one that cannot be read."""

from pathlib import Path

import pytest

from cases.packs import folder
from source_app.errors import ImportRefusedError
from tests.support.shipped import FOLDER
from tests.support.source_site import Site, Visitor
from transfer.publication import AgencyKey

ARMORED = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEAAAA\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n"


def test_a_bundle_without_one_changes_nothing(site: Site) -> None:
    site.station.pack = folder.files_of(FOLDER / "uncac")
    site.carry_back()
    site.station.pack = None
    site.carry_back()
    trust = site.services.trust.current()
    assert trust is not None
    assert trust.pack is not None
    assert trust.pack.head.id == "uncac"


def test_the_next_one_takes_its_place(site: Site) -> None:
    for name in ("uncac", "kr"):
        site.station.pack = folder.files_of(FOLDER / name)
        site.carry_back()
    assert "Public Interest Whistleblower Protection Act" in Visitor(site).get("/rights").get_data(
        as_text=True
    )


def test_a_pack_that_cannot_be_read_is_refused_and_nothing_is_imported(site: Site) -> None:
    site.station.pack = {"pack.toml": b"id = ["}
    with pytest.raises(ImportRefusedError, match="cannot read"):
        site.carry_back()
    site.station.pack = {}
    with pytest.raises(ImportRefusedError, match="cannot read"):
        site.carry_back()
    trust = site.services.trust.current()
    assert trust is not None
    assert trust.pack is None
    assert trust.board.seq == 1


def test_an_older_one_is_refused(site: Site) -> None:
    site.station.pack = folder.files_of(FOLDER / "uncac")
    site.station.publication_number = 9
    site.carry_back()
    site.station.publication_number = 8
    with pytest.raises(ImportRefusedError, match="publication in this bundle is number 8"):
        site.carry_back()


def test_the_openpgp_key_is_on_the_key_page_and_as_a_file(site: Site) -> None:
    visitor = Visitor(site)
    assert visitor.get("/key/openpgp.asc").status_code == 404
    assert "openpgp.asc" not in visitor.get("/key").get_data(as_text=True)
    site.station.openpgp = AgencyKey("0F" * 20, ARMORED)
    site.carry_back()
    assert "0F0F 0F0F" in visitor.get("/key").get_data(as_text=True)
    file = visitor.get("/key/openpgp.asc")
    assert (file.mimetype, file.get_data(as_text=True)) == ("application/pgp-keys", ARMORED)


def test_the_first_bundle_may_bring_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.station.pack = folder.files_of(FOLDER / "kr")
    site.first_contact()
    assert "What would help you?" in Visitor(site).get("/report").get_data(as_text=True)
    site.close()
