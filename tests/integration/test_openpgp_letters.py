"""A letter to a body, encrypted by the page to its OpenPGP key, and opened by that body alone."""

import tempfile
from pathlib import Path

from cases.kinds import ReportEvent as E
from cases.packs.schema import CheckItem
from tests.support.case_office import CaseOffice
from tests.support.gpg_peer import GpgPeer
from tests.support.shipped import shipped
from tests.support.station import OfficerBrowser

CHECKS = [item.id for item in shipped("kr").records if isinstance(item, CheckItem)]


def test_a_letter_is_encrypted_to_the_body_and_signed_by_the_agency(tmp_path: Path) -> None:
    office = CaseOffice(tmp_path)
    office.report()
    office.assigned()
    office.step("Hanna", E.VERIFIED, checked=CHECKS)
    office.step(
        "Hanna", E.TRANSFERRED, "Sven", allegation="A1", institution="police", lead=True, redacted=True
    )
    with tempfile.TemporaryDirectory() as folder:
        peer = GpgPeer(Path(folder) / "home")
        fingerprint = peer.make_key("Police")
        (tmp_path / "police.asc").write_bytes(peer.public(fingerprint))
        openpgp = office.desk("Admin").openpgp()
        own = openpgp.create()
        openpgp.import_key("Police", tmp_path / "police.asc", fingerprint)
        peer.run("--import", data=own.public)
        browser = OfficerBrowser(office.live.app())
        who = next(each for each in office.live.born.officers if each.name == "Hanna")
        browser.sign_in(office.live, who)
        page = "/cases/1/letters/R1"
        typed = {"text": "견적서를 보십시오.", "do": "seal", "to": "Police", "read": "1"}
        answer = browser.post(page, page=page, **typed)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == 'attachment; filename="letter.gpg"'
        assert "견적서".encode() not in answer.data
        assert peer.run("--decrypt", data=answer.data) == "견적서를 보십시오.\n".encode()
        peer.close()
