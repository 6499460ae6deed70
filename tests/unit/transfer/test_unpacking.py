"""Reading a stick: it is hostile, is read once, and what is not exactly right is named and refused."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crypto import canonical, signing
from crypto.signing import VerifyingKey
from crypto.source_keys import InstanceId
from tests.support.bundles import (
    SERVER,
    SERVER_KEY,
    STATION,
    STATION_KEY,
    Store,
    in_draft,
    in_json,
    out_json,
    the_bundle,
    write_bundle,
)
from tests.support.sealing import INSTANCE, flipped
from transfer import medium, unpack
from transfer.errors import (
    BundleSignatureError,
    DamagedBundleError,
    DamagedObjectError,
    MediumError,
    TransferError,
)
from transfer.manifest import MANIFEST_MAX, Direction, parse_in, parse_out
from transfer.medium import find_bundles
from transfer.pack import pack_in
from transfer.unpack import (
    copy_object,
    parse_in_unchecked,
    parse_out_unchecked,
    read_document,
    verify_in,
    verify_out,
)

IN, OUT = Direction.IN, Direction.OUT
THE_OBJECT = parse_in(canonical.encode(in_json())).objects[0]
THE_DOCUMENT = parse_out(canonical.encode(out_json())).documents[0]


def copied(stick: Path) -> bytes:
    out = bytearray()
    copy_object(the_bundle(stick, IN), THE_OBJECT, out.extend)
    return bytes(out)


# The stick


@pytest.mark.parametrize("what", ["missing", "a file", "not readable"])
def test_a_stick_that_is_no_folder_is_said(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    if what == "a file":
        stick.write_bytes(b"")
    if what == "not readable":
        stick.mkdir()
        monkeypatch.setattr(Path, "iterdir", unreadable)
    with pytest.raises(MediumError, match="cannot be read"):
        find_bundles(stick, IN)


def unreadable(_: Path) -> None:
    raise PermissionError


def test_an_empty_stick_has_no_bundles(tmp_path: Path) -> None:
    assert find_bundles(tmp_path, IN) == []


def test_only_finished_bundles_of_the_right_name_are_found(tmp_path: Path) -> None:
    write_bundle(tmp_path, IN, in_json())
    for name in (
        "cleandrop-in-0",
        "cleandrop-in-01",
        "cleandrop-in-",
        "cleandrop-in-1 ",
        "cleandrop-in-1\n",
        "CLEANDROP-IN-1",
        "cleandrop-in-2.bak",
        "cleandrop-in-٣",
        "cleandrop-in-12345678901",
        "xcleandrop-in-1",
        "photos",
    ):
        write_bundle(tmp_path, IN, in_json(), name=name)
    (tmp_path / "cleandrop-in-2").mkdir()
    (tmp_path / "cleandrop-in-3").mkdir()
    (tmp_path / "cleandrop-in-3" / "part-0000.bin").write_bytes(b"data")
    (tmp_path / os.fsdecode(b"cleandrop-in-\xff")).mkdir()
    assert [bundle.name for bundle in find_bundles(tmp_path, IN)] == ["cleandrop-in-1"]
    assert find_bundles(tmp_path, OUT) == []


def make_link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def make_folder_link(path: Path) -> None:
    path.symlink_to(path.parent)


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_folder(path: Path) -> None:
    path.mkdir()


def make_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


HOSTILE = [make_link, make_folder_link, make_fifo, make_folder, make_device]


@pytest.mark.parametrize("make", HOSTILE)
@pytest.mark.parametrize("name", ["manifest.json", "manifest.sig"])
def test_only_a_regular_file_is_a_manifest_or_signature(
    make: Callable[[Path], None], name: str, tmp_path: Path
) -> None:
    folder = write_bundle(tmp_path, IN, in_json())
    (folder / name).unlink()
    make(folder / name)
    with pytest.raises(DamagedBundleError, match=rf"cleandrop-in-1 .*{name}"):
        find_bundles(tmp_path, IN)


@pytest.mark.parametrize("make", HOSTILE)
def test_only_a_regular_file_is_a_part(make: Callable[[Path], None], tmp_path: Path) -> None:
    folder = write_bundle(tmp_path, IN, in_json())
    (folder / "part-0000.bin").unlink()
    make(folder / "part-0000.bin")
    with pytest.raises(DamagedObjectError, match=r"part-0000\.bin"):
        copied(tmp_path)


@pytest.mark.parametrize("make", [make_link, make_folder_link, make_fifo, make_device])
def test_only_a_real_folder_is_a_bundle(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "cleandrop-in-1")
    with pytest.raises(DamagedBundleError, match="cleandrop-in-1"):
        find_bundles(tmp_path, IN)


def test_a_link_to_a_good_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    good = write_bundle(tmp_path, IN, in_json(), name="elsewhere")
    (tmp_path / "stick" / "cleandrop-in-1").symlink_to(good)
    with pytest.raises(DamagedBundleError):
        find_bundles(tmp_path / "stick", IN)


def test_a_hard_link_is_only_another_name_of_a_file(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path, IN, in_json())
    (folder / "part-0000.bin").rename(tmp_path / "elsewhere")
    (folder / "part-0000.bin").hardlink_to(tmp_path / "elsewhere")
    assert copied(tmp_path) == b"data"


def test_a_bundle_without_signature_is_damaged(tmp_path: Path) -> None:
    (write_bundle(tmp_path, IN, in_json()) / "manifest.sig").unlink()
    with pytest.raises(DamagedBundleError, match=r"manifest\.sig"):
        find_bundles(tmp_path, IN)


@pytest.mark.parametrize(("name", "limit"), [("manifest.json", MANIFEST_MAX), ("manifest.sig", 64)])
def test_sizes_are_capped_before_reading(
    name: str, limit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_bundle(tmp_path, IN, in_json())
    with (folder / name).open("wb") as file:
        file.truncate(limit)
    find_bundles(tmp_path, IN)
    with (folder / name).open("wb") as file:
        file.truncate(2**40)
    real = os.read

    def never_of_the_large_one(descriptor: int, size: int) -> bytes:
        assert os.fstat(descriptor).st_size < 2**40
        return real(descriptor, size)

    monkeypatch.setattr(os, "read", never_of_the_large_one)
    with pytest.raises(DamagedBundleError, match=name):
        find_bundles(tmp_path, IN)


def test_many_sparse_manifests_fill_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(medium, "MANIFESTS_MAX", 1_000_000)
    for seq in (1, 2):
        (tmp_path / f"cleandrop-in-{seq}").mkdir()
        with (tmp_path / f"cleandrop-in-{seq}" / "manifest.json").open("wb") as file:
            file.truncate(500_001 if seq == 1 else 500_000)
        (tmp_path / f"cleandrop-in-{seq}" / "manifest.sig").write_bytes(bytes(64))
    with pytest.raises(MediumError, match="more bundles"):
        find_bundles(tmp_path, IN)
    os.truncate(tmp_path / "cleandrop-in-1" / "manifest.json", 500_000)
    assert len(find_bundles(tmp_path, Direction.IN)) == 2


def test_a_file_that_grows_while_it_is_read_is_capped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bundle(tmp_path, IN, in_json())
    monkeypatch.setattr(os, "read", endless)
    with pytest.raises(DamagedBundleError):
        find_bundles(tmp_path, IN)


def endless(_: int, size: int) -> bytes:
    return bytes(min(size, 2**20))


def test_a_manifest_is_read_once(tmp_path: Path) -> None:
    """A medium that shows another manifest the second time has no second time."""
    folder = write_bundle(tmp_path, IN, in_json())
    bundle = the_bundle(tmp_path, IN)
    (folder / "manifest.json").write_bytes(b"{}")
    (folder / "manifest.sig").write_bytes(bytes(64))
    assert verify_in(bundle, SERVER_KEY, INSTANCE).manifest.seq == 1


# Verifying


def test_good_bundles_verify(tmp_path: Path) -> None:
    write_bundle(tmp_path, IN, in_json())
    write_bundle(tmp_path, OUT, out_json())
    assert verify_in(the_bundle(tmp_path, IN), SERVER_KEY, INSTANCE).manifest.objects == (THE_OBJECT,)
    assert verify_out(the_bundle(tmp_path, OUT), STATION_KEY, INSTANCE).manifest.documents == (THE_DOCUMENT,)


ELSEWHERE = InstanceId(bytes(16))


@pytest.mark.parametrize(
    ("key", "instance", "error"),
    [
        pytest.param(STATION_KEY, INSTANCE, BundleSignatureError, id="1 another key"),
        pytest.param(VerifyingKey(bytes(32)), INSTANCE, BundleSignatureError, id="1 a key of low order"),
        pytest.param(SERVER_KEY, ELSEWHERE, BundleSignatureError, id="3 another instance"),
    ],
)
def test_another_signer_or_instance_is_refused(
    key: VerifyingKey, instance: InstanceId, error: type[TransferError], tmp_path: Path
) -> None:
    write_bundle(tmp_path, IN, in_json())
    with pytest.raises(error, match="Nothing was imported"):
        verify_in(the_bundle(tmp_path, IN), key, instance)


@pytest.mark.parametrize("name", ["manifest.json", "manifest.sig"])
def test_no_byte_of_manifest_or_signature_can_be_changed(name: str, tmp_path: Path) -> None:
    folder = write_bundle(tmp_path, IN, in_json())
    whole = (folder / name).read_bytes()
    for place in range(0, len(whole), 3):
        (folder / name).write_bytes(flipped(whole, place))
        with pytest.raises(BundleSignatureError):
            verify_in(the_bundle(tmp_path, IN), SERVER_KEY, INSTANCE)
    (folder / name).write_bytes(whole[:-1])
    with pytest.raises(BundleSignatureError):
        verify_in(the_bundle(tmp_path, IN), SERVER_KEY, INSTANCE)


def test_out_presented_as_in_is_refused(tmp_path: Path) -> None:
    """Even when one key signs both, as a stolen one might: the label tells them apart."""
    manifest = canonical.encode(out_json(key_id=SERVER_KEY.hex()))
    folder = write_bundle(tmp_path, IN, manifest)
    (folder / "manifest.sig").write_bytes(signing.sign(SERVER, OUT.label, manifest).signature)
    with pytest.raises(BundleSignatureError):
        verify_in(the_bundle(tmp_path, IN), SERVER_KEY, INSTANCE)
    write_bundle(tmp_path, OUT, canonical.encode(in_json(key_id=STATION_KEY.hex())))
    with pytest.raises(DamagedBundleError):
        verify_out(the_bundle(tmp_path, OUT), STATION_KEY, INSTANCE)


def test_a_manifest_signed_by_another_than_it_names_is_refused(tmp_path: Path) -> None:
    write_bundle(tmp_path, IN, in_json(), seed=STATION)
    with pytest.raises(BundleSignatureError):
        verify_in(the_bundle(tmp_path, IN), STATION_KEY, INSTANCE)


def moved(**changes: Any) -> list[dict[str, Any]]:
    return [{**in_json()["objects"][0], **changes}]


def two(**changes: Any) -> list[dict[str, Any]]:
    return [in_json()["objects"][0], {**in_json()["objects"][0], "id": "00" * 32, **changes}]


LAYOUTS: dict[str, dict[str, Any]] = {
    "3 another number than its folder": {"seq": 2},
    "4 in a part that is not listed": {"objects": moved(part=1)},
    "4 in no part": {"parts": []},
    "4 not at the start": {"objects": moved(offset=1)},
    "4 past the end": {"objects": moved(size=5)},
    "4 a part with bytes of nobody": {"objects": moved(size=3)},
    "4 nothing in a part": {"objects": []},
    "4 two in one place": {"objects": two()},
    "4 two that overlap": {"objects": two(offset=3)},
    "4 two with a gap": {"objects": two(offset=5, size=1), "parts": [{"name": "part-0000.bin", "size": 6}]},
    "4 an offset out of all range": {"objects": moved(offset=2**53 - 1)},
    "2 not canonical": {"objects": moved(extra=1)},
}


@pytest.mark.parametrize("changes", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_rightly_signed_manifest_that_does_not_fit_is_refused(
    changes: dict[str, Any], tmp_path: Path
) -> None:
    write_bundle(tmp_path, IN, in_json(**changes))
    with pytest.raises(DamagedBundleError, match=r"cleandrop-in-1 .*manifest\.json"):
        verify_in(the_bundle(tmp_path, IN), SERVER_KEY, INSTANCE)


def test_documents_must_fit_too(tmp_path: Path) -> None:
    write_bundle(tmp_path, OUT, out_json(parts=[{"name": "part-0000.bin", "size": 5}]))
    with pytest.raises(DamagedBundleError):
        verify_out(the_bundle(tmp_path, OUT), STATION_KEY, INSTANCE)


def test_at_first_contact_a_manifest_is_read_unverified_and_still_only_in_its_form(tmp_path: Path) -> None:
    write_bundle(tmp_path, IN, in_json(), seed=STATION)
    write_bundle(tmp_path, OUT, out_json(), seed=SERVER)
    assert parse_in_unchecked(the_bundle(tmp_path, IN)).key_id == SERVER_KEY
    assert parse_out_unchecked(the_bundle(tmp_path, OUT)).key_id == STATION_KEY
    for direction, parse in ((IN, parse_in_unchecked), (OUT, parse_out_unchecked)):
        (tmp_path / f"cleandrop-{direction.value}-1" / "manifest.json").write_bytes(b"[")
        with pytest.raises(DamagedBundleError):
            parse(the_bundle(tmp_path, direction))


# Copying out


def test_an_object_is_copied_whole(tmp_path: Path) -> None:
    write_bundle(tmp_path, IN, in_json())
    assert copied(tmp_path) == b"data"


@pytest.mark.parametrize("contents", [b"", b"dat", b"Data", b"datb", b"\0data"])
def test_a_damaged_part_names_the_object_and_no_other(contents: bytes, tmp_path: Path) -> None:
    folder = write_bundle(tmp_path, IN, in_json())
    (folder / "part-0000.bin").write_bytes(contents)
    with pytest.raises(DamagedObjectError, match=THE_OBJECT.entry.object_id.hex()[:16]):
        copied(tmp_path)


def test_a_missing_part_is_damage(tmp_path: Path) -> None:
    (write_bundle(tmp_path, IN, in_json()) / "part-0000.bin").unlink()
    with pytest.raises(DamagedObjectError):
        copied(tmp_path)


def test_a_missing_folder_is_damage(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path, IN, in_json())
    bundle = the_bundle(tmp_path, IN)
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(DamagedObjectError):
        copy_object(bundle, THE_OBJECT, print)


def test_a_bad_sector_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_bundle(tmp_path, IN, in_json())
    bundle = the_bundle(tmp_path, IN)
    monkeypatch.setattr(os, "pread", bad_sector)
    with pytest.raises(DamagedObjectError):
        copy_object(bundle, THE_OBJECT, print)


def bad_sector(_: int, __: int, ___: int) -> bytes:
    raise OSError


def test_our_own_disk_being_full_is_not_the_bundle_being_damaged(tmp_path: Path) -> None:
    write_bundle(tmp_path, IN, in_json())
    with pytest.raises(OSError, match="full"):
        copy_object(the_bundle(tmp_path, IN), THE_OBJECT, full)


def full(_: bytes) -> None:
    raise OSError("full")


def test_one_flipped_byte_damages_one_object_and_the_others_are_copied(tmp_path: Path) -> None:
    store = Store()
    entries = [store.add(bytes([n]) * 2_000_000) for n in range(3)]
    pack_in(tmp_path, SERVER, in_draft(1, *entries), store.open)
    part = tmp_path / "cleandrop-in-1" / "part-0000.bin"
    part.write_bytes(flipped(part.read_bytes(), 3_000_000))
    bundle = the_bundle(tmp_path, IN)
    damaged = []
    for number, item in enumerate(verify_in(bundle, SERVER_KEY, INSTANCE).manifest.objects):
        try:
            copy_object(bundle, item, bytearray().extend)
        except DamagedObjectError:
            damaged.append(number)
    assert damaged == [1]


def test_each_byte_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A medium whose second read differs cannot pass the check with one and hand over the other."""
    store = Store()
    entry = store.add(bytes(3_000_000))
    pack_in(tmp_path, SERVER, in_draft(1, entry), store.open)
    bundle = the_bundle(tmp_path, IN)
    item = verify_in(bundle, SERVER_KEY, INSTANCE).manifest.objects[0]
    read: list[tuple[int, int]] = []
    real = os.pread

    def noting(file: int, size: int, offset: int) -> bytes:
        read.append((offset, size))
        return real(file, size, offset)

    monkeypatch.setattr(os, "pread", noting)
    copy_object(bundle, item, bytearray().extend)
    ends = 0
    for offset, size in read:
        assert offset == ends
        ends += size
    assert ends == 3_000_000


def test_a_sparse_part_gives_no_more_than_was_signed(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path, IN, in_json())
    with (folder / "part-0000.bin").open("r+b") as file:
        file.truncate(2**40)
    assert copied(tmp_path) == b"data"


def test_a_document_is_read_whole_or_refused(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path, OUT, out_json())
    bundle = the_bundle(tmp_path, OUT)
    assert read_document(bundle, THE_DOCUMENT) == b"data"
    for contents in (b"Data", b"dat"):
        (folder / "part-0000.bin").write_bytes(contents)
        with pytest.raises(DamagedBundleError, match=r"part-0000\.bin"):
            read_document(bundle, THE_DOCUMENT)
    (folder / "part-0000.bin").unlink()
    with pytest.raises(DamagedBundleError):
        read_document(bundle, THE_DOCUMENT)


def test_a_document_that_would_fill_the_memory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bundle(tmp_path, OUT, out_json())
    monkeypatch.setattr(unpack, "DOCUMENT_MAX", 3)
    monkeypatch.setattr(os, "pread", None)
    with pytest.raises(DamagedBundleError):
        read_document(the_bundle(tmp_path, OUT), THE_DOCUMENT)
