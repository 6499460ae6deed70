"""Which packs are taken in: signed, sound, the edition that was signed, and none older than what is here."""

import pytest

from cases.errors import OlderPackError, PackError, PackSignatureError
from cases.packs import shelf, signature
from cases.packs.pack import PackRef
from crypto import signing
from tests.support import pack_files
from tests.support.pack_files import PACK, as_bytes

SEED = signing.SigningSeed(bytes(32))
KEY = signing.verifying_key(SEED)


def signed(edition: int, said: int | None = None, seed: signing.SigningSeed = SEED) -> dict[str, bytes]:
    """Testland's pack of this edition; the signature may say another one."""
    files = as_bytes(pack_files.testland(pack=PACK.replace("version = 1", f"version = {edition}")))
    return {**files, "pack.sig": signature.sign(seed, "testland", said or edition, files)}


def held(edition: int) -> dict[str, PackRef]:
    ref = signature.verify(signed(edition), [KEY]).ref
    return {"testland": ref, "elsewhere": PackRef("elsewhere", 99, "00" * 32)}


def test_the_first_edition_is_taken_in() -> None:
    admitted = shelf.admit(signed(7), [KEY], {"elsewhere": PackRef("elsewhere", 99, "00" * 32)})
    assert admitted.is_new
    assert admitted.key == KEY
    assert admitted.pack.ref == held(7)["testland"]


def test_a_higher_edition_is_taken_in_and_may_leave_out_numbers() -> None:
    assert shelf.admit(signed(9), [KEY], held(7)).is_new


def test_the_same_edition_is_here_already() -> None:
    admitted = shelf.admit(signed(7), [KEY], held(7))
    assert not admitted.is_new
    assert admitted.pack.head.version == 7


def test_an_older_edition_is_refused() -> None:
    with pytest.raises(OlderPackError, match="edition 6 of testland, and edition 7 is here"):
        shelf.admit(signed(6), [KEY], held(7))


def test_the_same_number_with_other_contents_is_refused() -> None:
    files = as_bytes(pack_files.testland(pack=PACK.replace("version = 1", "version = 7"), statistics=None))
    files["pack.sig"] = signature.sign(SEED, "testland", 7, files)
    with pytest.raises(OlderPackError, match="with other contents"):
        shelf.admit(files, [KEY], held(7))


def test_an_unsigned_pack_is_refused_before_it_is_read() -> None:
    with pytest.raises(PackSignatureError):
        shelf.admit({"pack.toml": b"not TOML"}, [KEY], {})
    with pytest.raises(PackSignatureError):
        shelf.admit(signed(7, seed=signing.SigningSeed(bytes([1]) * 32)), [KEY], {})


def test_a_signed_pack_with_an_error_is_refused_with_its_findings() -> None:
    files = as_bytes(pack_files.testland(deadlines="[[deadline]]\nid = 3\n"))
    files["pack.sig"] = signature.sign(SEED, "testland", 1, files)
    with pytest.raises(PackError) as refused:
        shelf.admit(files, [KEY], {})
    assert refused.value.findings


def test_a_signature_for_another_edition_is_refused() -> None:
    with pytest.raises(PackSignatureError, match="another pack or edition"):
        shelf.admit(signed(7, said=8), [KEY], held(6))
