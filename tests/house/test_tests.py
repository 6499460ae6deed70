"""Every test file is found by pytest, and no package hides ours: `rules/testing.py`, seen to fail too."""

from pathlib import Path

import pytest

from tests.house.rules import testing

ROOT = Path(__file__).parents[2]
TEST = "def test_it():\n    assert True\n"


def plant(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True)
    (root / name).write_text(text, encoding="utf-8")


def test_no_package_stands_among_our_tests() -> None:
    assert testing.packages_among_tests(ROOT) == []


def test_all_our_tests_are_collected() -> None:
    assert testing.uncollected_tests(ROOT) == []


def test_a_package_among_tests_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "tests/unit/crypto/__init__.py", "")
    assert len(testing.packages_among_tests(tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tests/unit/crypto/slots_test.py", TEST),
        ("tests/units/test_slots.py", TEST),
        ("tests/unit/test_nothing.py", "x = 1\n"),
        ("crypto/test_slots.py", TEST),
        ("transfer/pack.py", TEST),
    ],
)
def test_a_test_that_would_not_run_is_found(tmp_path: Path, name: str, text: str) -> None:
    plant(tmp_path, name, text)
    assert len(testing.uncollected_tests(tmp_path)) == 1


def test_a_test_in_its_place_is_fine(tmp_path: Path) -> None:
    plant(tmp_path, "tests/unit/crypto/test_slots.py", TEST)
    assert testing.uncollected_tests(tmp_path) == []
