"""The demo's folder: cleared only where a demo made it."""

from pathlib import Path

import pytest

from demo.errors import DemoError
from demo.place import Place


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "letters.txt"
    mine.write_text("not a demo's")
    with pytest.raises(DemoError, match="Nothing was touched"):
        Place(tmp_path, 1, 2).claim()
    assert mine.read_text() == "not a demo's"


def test_an_empty_folder_and_an_earlier_demo_are_taken(tmp_path: Path) -> None:
    place = Place(tmp_path / "demo", 1, 2)
    place.claim()
    (place.folder / "half-made").write_text("x")
    place.claim()
    assert [path.name for path in place.folder.iterdir()] == [place.mark.name]
