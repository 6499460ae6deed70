"""What a source encrypted with gpg before sending is opened at the station, and only when an officer asks."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.kinds import ReportEvent as E
from journalist_app.errors import AgencyKeyMissingError, NotFoundError, OpenPgpRefusedError
from journalist_app.listing import Show, Wanted
from tests.support.case_office import CaseOffice
from tests.support.gpg_peer import GpgPeer

TEXT = "They paid the harbour master. 항만 관리소장"


@pytest.fixture
def source() -> Iterator[GpgPeer]:
    """Somebody with gpg."""
    with tempfile.TemporaryDirectory() as folder:
        peer = GpgPeer(Path(folder) / "home")
        peer.make_key("Nobody")
        yield peer
        peer.close()


@pytest.fixture
def office(tmp_path: Path, source: GpgPeer) -> CaseOffice:
    """An office with an OpenPGP key, which the source has."""
    office = CaseOffice(tmp_path)
    desk = office.desk("Admin")
    key = desk.openpgp().create()
    desk.unlocked.close()
    source.run("--import", data=key.public)
    return office


def encrypted(office: CaseOffice, source: GpgPeer, data: bytes, *more: str) -> bytes:
    fingerprint = office.desk("Admin").openpgp().own_key().fingerprint
    return source.run(*more, "--recipient", fingerprint, "--encrypt", data=data)


def found(office: CaseOffice, words: str) -> int:
    return len(office.desk("Inge").reading().cases(Wanted(Show.ALL, words=words)).lines)


def test_an_encrypted_text_is_opened_when_an_officer_asks_and_found_from_then_on(
    office: CaseOffice, source: GpgPeer
) -> None:
    messages = [encrypted(office, source, part.encode(), "--armor").decode() for part in (TEXT, "Second.")]
    office.report(1, text=f"Two messages:\n{messages[0]}\nand\n{messages[1]}")
    (parcel,) = office.page("Inge").parcels
    assert (parcel.encrypted, parcel.opened_text) == (True, None)
    assert found(office, "harbour") == 0
    assert office.desk("Inge").decrypting().text(parcel.parcel_id) == 1
    (parcel,) = office.page("Hanna").parcels
    assert parcel.opened_text == f"{TEXT}\n\nSecond."
    assert parcel.text.startswith("Two messages:"), "what came stays as it came"
    office.desk("Inge").decrypting().text(parcel.parcel_id)
    assert (found(office, "harbour"), found(office, "소장")) == (1, 1)


def test_an_encrypted_file_is_opened_for_saving_under_the_name_that_it_had(
    office: CaseOffice, source: GpgPeer
) -> None:
    data = bytes(range(256)) * 2_000
    office.report(1, files=(("ledger.XLSX.gpg", encrypted(office, source, data)), ("plain.pdf", b"%PDF")))
    first, second = office.page("Inge").parcels[0].files
    assert (first.encrypted, second.encrypted) == (True, False)
    saved = office.desk("Inge").decrypting().file(first.file_id)
    assert (saved.name, saved.size_bytes, b"".join(saved.content)) == ("ledger.XLSX", len(data), data)


def test_what_does_not_open_says_so_and_changes_nothing(office: CaseOffice, source: GpgPeer) -> None:
    other = source.run(
        "--armor", "--recipient", source.fingerprint("Nobody"), "--encrypt", data=TEXT.encode()
    )
    picture = encrypted(office, source, b"\x89PNG\xff", "--armor")
    office.report(1, text=other.decode(), files=(("a.gpg", b"not OpenPGP at all"),))
    office.report(2, text=picture.decode())
    office.report(3, text="-----BEGIN PGP MESSAGE-----\n\nhQ\n-----END PGP MESSAGE-----")
    desk = office.desk("Inge")
    for number in (1, 2, 3):
        with pytest.raises(OpenPgpRefusedError):
            desk.decrypting().text(number)
        assert office.page("Inge", number).parcels[0].opened_text is None
    with pytest.raises(OpenPgpRefusedError):
        desk.decrypting().file(1)


def test_a_plain_text_is_no_message(office: CaseOffice) -> None:
    office.report(1)
    assert not office.page("Inge").parcels[0].encrypted
    with pytest.raises(NotFoundError):
        office.desk("Inge").decrypting().text(1)


def test_without_a_key_of_the_agency_the_page_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    office = CaseOffice(tmp_path / "other")
    office.report(1, text="-----BEGIN PGP MESSAGE-----\n\nhQ\n-----END PGP MESSAGE-----")
    with pytest.raises(AgencyKeyMissingError, match="openpgp create"):
        office.desk("Inge").decrypting().text(1)


def test_whoever_is_recused_opens_nothing(office: CaseOffice, source: GpgPeer) -> None:
    office.report(1, text=encrypted(office, source, b"x", "--armor").decode(), files=(("a.gpg", b"x"),))
    office.step("Boss", E.RECUSED, person=office.id_of("Henrik"))
    with pytest.raises(NotFoundError):
        office.desk("Henrik").decrypting().text(1)
    with pytest.raises(NotFoundError):
        office.desk("Henrik").decrypting().file(1)
