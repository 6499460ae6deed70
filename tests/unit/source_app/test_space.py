"""Room on the disk: files stop where a quarter is left, or where too much is unfinished; texts go on."""

from pathlib import Path

import pytest

from crypto.envelope import ObjectId
from source_app.errors import NoRoomForFilesError
from source_app.store.envelopes import EnvelopeStore
from source_app.store.space import SMALL_BYTES, Disk
from tests.support.source_site import Site, Visitor

MIB = 1 << 20


class FakeDisk:
    """A disk whose size and room the test says."""

    def __init__(self, total: int, free: int) -> None:
        self.disk = Disk(total, free)
        self.looks = 0

    def look(self, _folder: Path) -> Disk:
        self.looks += 1
        return self.disk


def store(folder: Path, total: int, free: int) -> tuple[EnvelopeStore, FakeDisk]:
    disk = FakeDisk(total, free)
    return EnvelopeStore(folder, disk.look), disk


def test_below_a_quarter_a_large_one_is_refused_and_a_small_one_taken(tmp_path: Path) -> None:
    made, _ = store(tmp_path, 400 * MIB, 99 * MIB)
    small, large = made.begin(1), made.begin(1)
    small.write(bytes(SMALL_BYTES))
    small.keep(ObjectId(bytes(32)))
    with pytest.raises(NoRoomForFilesError):
        large.write(bytes(SMALL_BYTES + 1))
    large.discard()
    assert [path.stat().st_size for path in (tmp_path / "envelopes").iterdir()] == [SMALL_BYTES]


def test_at_a_quarter_it_goes_on(tmp_path: Path) -> None:
    made, _ = store(tmp_path, 400 * MIB, 100 * MIB)
    growing = made.begin(1)
    growing.write(bytes(SMALL_BYTES + 1))
    growing.discard()


def test_unfinished_ones_hold_a_tenth_at_most(tmp_path: Path) -> None:
    made, _ = store(tmp_path, 40 * MIB, 40 * MIB)
    first, second, third = (made.begin(1) for _ in range(3))
    first.write(bytes(2 * MIB))
    second.write(bytes(2 * MIB + 1))
    with pytest.raises(NoRoomForFilesError):
        third.write(bytes(2 * MIB))
    first.keep(ObjectId(bytes(32)))
    second.discard()
    third.discard()
    fourth = made.begin(1)
    fourth.write(bytes(2 * MIB))
    fourth.discard()


def test_a_growing_one_is_looked_at_again_and_not_at_every_chunk(tmp_path: Path) -> None:
    made, disk = store(tmp_path, 4_000 * MIB, 4_000 * MIB)
    growing = made.begin(1)
    for _ in range(16 * 20):
        growing.write(bytes(64 * 1024))
    assert 2 <= disk.looks <= 4
    disk.disk = Disk(4_000 * MIB, 0)
    with pytest.raises(NoRoomForFilesError):
        growing.write(bytes(8 * MIB))
    growing.discard()


def test_the_form_says_that_a_text_still_goes_and_nothing_is_left(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.services.envelopes._room, "_look", FakeDisk(400 * MIB, 9 * MIB).look)
    answer = visitor.send("with a file", [("files", "a", bytes(2 * MIB))])
    assert answer.status_code == 503
    assert "A text without files still goes" in visitor.page
    assert "with a file" in visitor.page
    assert site.holds_nothing()
    assert visitor.send("without").status_code == 303
    assert len(site.stored()) == 1
