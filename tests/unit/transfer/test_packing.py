"""Writing a bundle: whole or not at all, to the stick alone, and true to what the log says."""

import errno
import io
import os
import resource
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from crypto.envelope import ObjectId
from tests.support.bundles import (
    SERVER,
    SERVER_KEY,
    STATION,
    STATION_KEY,
    Store,
    in_draft,
    out_draft,
    the_bundle,
)
from tests.support.sealing import INSTANCE
from transfer import pack
from transfer.errors import DamagedObjectError, MediumError, TransferError
from transfer.log import LogEntry
from transfer.manifest import Direction, DocumentKind
from transfer.medium import find_bundles
from transfer.pack import pack_in, pack_out
from transfer.unpack import copy_object, read_document, verify_in, verify_out

DOCUMENTS = ((DocumentKind.DESCRIPTOR, b"d" * 300), (DocumentKind.SET, b""), (DocumentKind.SET, b"s" * 50))


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def files_of_at_most(size_bytes: int) -> Iterator[None]:
    """No file of this process grows over a size: as on a stick that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def opened_whole(stick: Path, store: Store) -> None:
    """The IN bundle on the stick is whole and gives back every object of the store."""
    bundle = the_bundle(stick, Direction.IN)
    verified = verify_in(bundle, SERVER_KEY, INSTANCE)
    assert [o.entry.object_id for o in verified.manifest.objects] == list(store.objects)
    for item in verified.manifest.objects:
        out = bytearray()
        copy_object(bundle, item, out.extend)
        assert out == store.objects[item.entry.object_id]


def test_objects_go_and_come_in_the_order_of_the_log(stick: Path, store: Store) -> None:
    entries = [store.add(data) for data in (b"one", b"", b"three" * 1_000_000, b"four")]
    packed = pack_in(stick, SERVER, in_draft(3, *entries), store.open)
    assert (packed.name, packed.seq) == ("cleandrop-in-3", 3)
    opened_whole(stick, store)
    verified = verify_in(the_bundle(stick, Direction.IN), SERVER_KEY, INSTANCE)
    assert verified.sha256 == packed.sha256
    assert verified.manifest.outstanding == {150: 4}


def test_documents_go_and_come(stick: Path) -> None:
    packed = pack_out(stick, STATION, out_draft(8, *DOCUMENTS))
    bundle = the_bundle(stick, Direction.OUT)
    verified = verify_out(bundle, STATION_KEY, INSTANCE)
    assert verified.sha256 == packed.sha256
    assert [(d.kind, read_document(bundle, d)) for d in verified.manifest.documents] == list(DOCUMENTS)


def test_an_empty_bundle_is_one(stick: Path, store: Store) -> None:
    pack_in(stick, SERVER, in_draft(1), store.open)
    opened_whole(stick, store)
    assert names_in(stick / "cleandrop-in-1") == ["manifest.json", "manifest.sig"]


def test_parts_are_cut_at_the_soft_limit_and_a_large_object_gets_its_own(
    stick: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "PART_SOFT", 100)
    entries = [store.add(bytes([n]) * size) for n, size in enumerate((60, 40, 1, 250, 99, 1, 1))]
    pack_in(stick, SERVER, in_draft(1, *entries), store.open)
    opened_whole(stick, store)
    manifest = verify_in(the_bundle(stick, Direction.IN), SERVER_KEY, INSTANCE).manifest
    assert [part.size_bytes for part in manifest.parts] == [100, 1, 250, 100, 1]
    assert [(o.part, o.offset) for o in manifest.objects] == [
        (0, 0),
        (0, 60),
        (1, 0),
        (2, 0),
        (3, 0),
        (3, 99),
        (4, 0),
    ]


def test_two_directions_and_numbers_share_a_stick(stick: Path, store: Store) -> None:
    pack_in(stick, SERVER, in_draft(2), store.open)
    pack_in(stick, SERVER, in_draft(10), store.open)
    pack_out(stick, STATION, out_draft(2))
    assert [b.seq for b in find_bundles(stick, Direction.IN)] == [2, 10]
    assert [b.seq for b in find_bundles(stick, Direction.OUT)] == [2]


def test_a_finished_bundle_is_never_written_over(stick: Path) -> None:
    first = pack_out(stick, STATION, out_draft(1))
    with pytest.raises(MediumError, match="already on this stick"):
        pack_out(stick, STATION, out_draft(1, *DOCUMENTS))
    bundle = the_bundle(stick, Direction.OUT)
    assert verify_out(bundle, STATION_KEY, INSTANCE).sha256 == first.sha256


def test_an_unfinished_one_is_replaced_and_foreign_files_in_it_stay(stick: Path, store: Store) -> None:
    folder = stick / "cleandrop-in-1"
    folder.mkdir()
    for name in ("part-0000.bin", "part-0007.bin", "manifest.sig", "manifest.json.tmp", "holiday.jpg"):
        (folder / name).write_bytes(b"old" * 100_000)
    pack_in(stick, SERVER, in_draft(1, store.add(b"new")), store.open)
    opened_whole(stick, store)
    assert names_in(folder) == ["holiday.jpg", "manifest.json", "manifest.sig", "part-0000.bin"]
    assert (folder / "holiday.jpg").stat().st_size == 300_000


def test_nothing_behind_a_link_is_removed_or_written(stick: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "part-0000.bin").write_bytes(b"precious")
    (stick / "cleandrop-out-1").symlink_to(home)
    with pytest.raises(MediumError):
        pack_out(stick, STATION, out_draft(1, *DOCUMENTS))
    assert (home / "part-0000.bin").read_bytes() == b"precious"
    assert names_in(home) == ["part-0000.bin"]


@pytest.mark.parametrize("name", ["part-0000.bin", "manifest.sig", "manifest.json.tmp"])
def test_a_link_under_the_name_of_a_file_is_removed_and_not_followed(
    name: str, stick: Path, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    folder = stick / "cleandrop-out-1"
    folder.mkdir()
    (folder / name).symlink_to(precious)
    pack_out(stick, STATION, out_draft(1, *DOCUMENTS))
    assert precious.read_bytes() == b"precious"
    assert not (folder / name).is_symlink()


def test_a_hard_link_is_cut_and_not_written_through(stick: Path) -> None:
    precious = stick / "precious"
    precious.write_bytes(b"precious")
    folder = stick / "cleandrop-out-1"
    folder.mkdir()
    (folder / "part-0000.bin").hardlink_to(precious)
    pack_out(stick, STATION, out_draft(1, *DOCUMENTS))
    assert precious.read_bytes() == b"precious"


def test_a_stick_that_cannot_be_written_is_said(stick: Path, tmp_path: Path) -> None:
    (stick / "cleandrop-out-1").write_bytes(b"a file in the way")
    (stick / "cleandrop-out-2").mkdir()
    (stick / "cleandrop-out-2" / "part-0000.bin").mkdir()
    for where, seq in ((stick, 1), (stick, 2), (tmp_path / "no stick", 1)):
        with pytest.raises(MediumError, match="cannot be written"):
            pack_out(where, STATION, out_draft(seq, *DOCUMENTS))


@pytest.mark.parametrize("room_bytes", [0, 63, 64, 200, 299, 349, 350])
def test_a_full_stick_is_said_and_left_as_it_was(room_bytes: int, stick: Path) -> None:
    with files_of_at_most(room_bytes), pytest.raises(MediumError, match="room"):
        pack_out(stick, STATION, out_draft(1, *DOCUMENTS))
    assert list(stick.iterdir()) == []
    pack_out(stick, STATION, out_draft(1, *DOCUMENTS))


def test_a_stick_that_is_pulled_out_is_said(stick: Path, store: Store) -> None:
    entry = store.add(b"data")
    with pytest.raises(MediumError):
        pack_in(stick, SERVER, in_draft(1, entry), lambda _: pulled_out(stick))


def pulled_out(stick: Path) -> BinaryIO:
    """An object that is read while somebody pulls the stick out."""
    shutil.rmtree(stick)
    return io.BytesIO(b"data")


def test_a_power_cut_at_any_fsync_leaves_nothing_that_looks_finished(
    stick: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies on the stick at each fsync, and just after: no bundle, or a whole one."""
    monkeypatch.setattr(pack, "PART_SOFT", 100)
    draft = in_draft(1, *(store.add(bytes([n]) * 60) for n in range(3)))
    snapshots: list[Path] = []
    real = os.fsync

    def snapshot(descriptor: int) -> None:
        for _ in range(2):
            snapshots.append(tmp_path / f"cut-{len(snapshots)}")
            shutil.copytree(stick, snapshots[-1])
            real(descriptor)

    monkeypatch.setattr(os, "fsync", snapshot)
    pack_in(stick, SERVER, draft, store.open)
    monkeypatch.setattr(os, "fsync", real)
    assert len(snapshots) == 2 * (3 + 2 + 3)  # parts, signature and manifest, folders
    finished = 0
    for cut in snapshots:
        if find_bundles(cut, Direction.IN):
            finished += 1
        else:
            pack_in(cut, SERVER, draft, store.open)
        opened_whole(cut, store)
    assert finished == 4  # the syncs of folder and stick after the manifest got its name


@pytest.mark.parametrize("number", range(8))
def test_a_failing_sync_leaves_nothing(
    number: int, stick: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even a bundle with a manifest: the caller hears of a failure and will use the number again."""
    monkeypatch.setattr(pack, "PART_SOFT", 100)
    draft = in_draft(1, *(store.add(bytes([n]) * 60) for n in range(3)))
    calls = iter(range(100))
    real = os.fsync

    def failing(descriptor: int) -> None:
        if next(calls) == number:
            raise OSError(errno.EIO, "")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(MediumError):
        pack_in(stick, SERVER, draft, store.open)
    assert list(stick.iterdir()) == []


def test_a_stick_whose_folders_cannot_be_synced_is_used(
    stick: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def fat(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fat)
    pack_in(stick, SERVER, in_draft(1, store.add(b"data")), store.open)
    opened_whole(stick, store)


# What lies on our own disk


def failing_read(_: ObjectId) -> BinaryIO:
    """A stored object on a bad sector."""

    class Bad(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(errno.EIO, "")

    return Bad()


def a_changed(entry: LogEntry, **changes: int) -> LogEntry:
    return replace(entry, **changes)  # type: ignore[arg-type]


def test_a_damaged_or_missing_object_of_ours_is_not_blamed_on_the_stick(stick: Path, store: Store) -> None:
    good, bad = store.add(b"good"), store.add(b"bad")
    store.objects[bad.object_id] = b"bit"
    gone = LogEntry(ObjectId(b"g" * 32), 4, 150, "2026-11-22")
    wrong = [
        (in_draft(1, good, bad), store.open),
        (in_draft(1, good, gone), store.open),
        (in_draft(1, good), failing_read),
        (in_draft(1, a_changed(good, size_bytes=5)), store.open),
        (in_draft(1, a_changed(good, size_bytes=3)), store.open),
    ]
    for draft, open_object in wrong:
        with pytest.raises(DamagedObjectError, match="on this machine"):
            pack_in(stick, SERVER, draft, open_object)
        assert list(stick.iterdir()) == []


def test_too_many_objects_are_refused_before_anything_is_written(stick: Path, store: Store) -> None:
    entry = store.add(b"data")
    with pytest.raises(TransferError, match="several"):
        pack_in(stick, SERVER, in_draft(1, *[entry] * 20_001), store.open)
    assert list(stick.iterdir()) == []


def test_a_manifest_that_no_reader_would_take_is_not_written(
    stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "MANIFEST_MAX", 500)
    with pytest.raises(TransferError, match="several"):
        pack_out(stick, STATION, out_draft(1, *DOCUMENTS))
    assert list(stick.iterdir()) == []


def test_bytes_that_belong_to_no_item_are_not_written(stick: Path) -> None:
    with pytest.raises(TransferError), pack._Folder(stick, Direction.OUT, 1) as folder:
        folder.write(b"x")
    assert list(stick.iterdir()) == []
