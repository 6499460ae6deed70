"""The tree keeps the sizes and names of `rules/sizes.py`, and each rule is seen to fail on a bad tree."""

from pathlib import Path

import pytest

from tests.house.rules import sizes

ROOT = Path(__file__).parents[2]


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def function(lines: int, docstring_lines: int = 0) -> str:
    body = ['    """' + "\n    words" * (docstring_lines - 1) + '"""'] if docstring_lines else []
    return "\n".join(["def work():", *body, *["    pass"] * (lines - 1)]) + "\n"


@pytest.mark.parametrize("rule", [sizes.long_files, sizes.long_functions, sizes.empty_names])
def test_our_tree_keeps_the_sizes(rule: sizes.Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("lines", "complaints"), [(500, 0), (501, 1)])
def test_a_file_ends_at_500_lines(tmp_path: Path, lines: int, complaints: int) -> None:
    write(tmp_path, "transfer/pack.py", "pass\n" * lines)
    assert len(sizes.long_files(tmp_path)) == complaints


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("transfer/pack.py", 60),
        ("crypto/age/header.py", 40),
        ("source_app/views/report.py", 25),
        ("source_app/views.py", 25),
        ("tests/unit/crypto/test_header.py", 60),
    ],
)
def test_a_function_ends_where_its_place_says(tmp_path: Path, name: str, most: int) -> None:
    write(tmp_path, name, function(most))
    assert sizes.long_functions(tmp_path) == []
    write(tmp_path, name, function(most + 1) + "\n")
    assert sizes.long_functions(tmp_path) == [f"{name}:1: work has {most + 1} lines, {most} are the most"]


def test_a_docstring_does_not_count(tmp_path: Path) -> None:
    write(tmp_path, "crypto/slots.py", function(40, docstring_lines=30))
    assert sizes.long_functions(tmp_path) == []


def test_an_exception_needs_a_reason(tmp_path: Path) -> None:
    write(
        tmp_path,
        "crypto/slots.py",
        "# house: function-length: one table read from top to bottom\n" + function(50),
    )
    assert sizes.long_functions(tmp_path) == []
    write(tmp_path, "crypto/slots.py", "# house: function-length:\n" + function(50) + "\n")
    assert len(sizes.long_functions(tmp_path)) == 1


@pytest.mark.parametrize("name", ["utils.py", "form_helpers.py", "base/__init__.py", "common/x.py"])
def test_names_that_say_nothing_are_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, f"source_app/{name}", "")
    assert len(sizes.empty_names(tmp_path)) == 1
