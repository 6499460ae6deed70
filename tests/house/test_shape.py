"""The tree keeps the shape of `rules/shape.py`, and each rule is seen to fail on a bad tree."""

from pathlib import Path

import pytest

from tests.house.rules import shape, sizes

ROOT = Path(__file__).parents[2]

GOOD_DECORATOR = """
from functools import wraps


def once(function):
    def outer(inner):
        @wraps(inner)
        def call(*args):
            return inner(*args)

        return call

    return outer
"""

BAD: dict[str, tuple[sizes.Rule, str, str]] = {
    "nested": (shape.nested_functions, "cases/money.py", "def a():\n    def b():\n        pass\n"),
    "nested route": (
        shape.nested_functions,
        "source_app/app.py",
        "def create_app():\n    @app.get('/')\n    def first():\n        pass\n",
    ),
    "inner import": (shape.inner_imports, "onion/control.py", "def a():\n    import stem\n"),
    "types alone": (
        shape.imports_for_types_alone,
        "transfer/pack.py",
        "if TYPE_CHECKING:\n    from crypto.sizes import MIB\n",
    ),
    "error name": (shape.poor_errors, "crypto/errors.py", 'class Refused(Exception):\n    """No."""\n'),
    "error words": (
        shape.poor_errors,
        "crypto/errors.py",
        "class ParcelError(errors.FormatError):\n    pass\n",
    ),
    "no root": (
        shape.missing_root_errors,
        "transfer/errors.py",
        'class PackError(Exception):\n    """No."""\n',
    ),
    "no docstring": (shape.unexplained_modules, "crypto/slots.py", "x = 1\n"),
    "short docstring": (shape.unexplained_modules, "transfer/pack.py", '"""Packs."""\n'),
    "long docstring": (
        shape.unexplained_modules,
        "transfer/pack.py",
        '"""Packs.\n' + "more\n" * 25 + '"""\n',
    ),
    "empty init": (shape.unexplained_modules, "source_app/views/__init__.py", ""),
}


def plant(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True)
    (root / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "rule",
    [
        shape.nested_functions,
        shape.inner_imports,
        shape.imports_for_types_alone,
        shape.poor_errors,
        shape.missing_root_errors,
        shape.unexplained_modules,
    ],
)
def test_our_tree_keeps_the_shape(rule: sizes.Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize("case", BAD)
def test_a_bad_shape_is_found(tmp_path: Path, case: str) -> None:
    rule, name, text = BAD[case]
    plant(tmp_path, name, text)
    assert len(rule(tmp_path)) == 1


def test_a_decorator_may_hold_functions(tmp_path: Path) -> None:
    plant(tmp_path, "onion/retry.py", GOOD_DECORATOR)
    assert shape.nested_functions(tmp_path) == []


def test_an_import_for_types_from_elsewhere_is_fine(tmp_path: Path) -> None:
    plant(tmp_path, "onion/control.py", "if TYPE_CHECKING:\n    from stem.control import Controller\n")
    assert shape.imports_for_types_alone(tmp_path) == []
