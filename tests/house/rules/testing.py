"""Where tests stand: in a known folder, under a name that pytest collects, and without packages among them.

An `__init__.py` under `tests/unit/crypto/` would hide our own `crypto` behind the tests of it.
"""

import ast
from pathlib import Path

from tests.house.rules.tree import PACKAGES, SKIPPED_FOLDERS, Module, modules

FOLDERS = {
    "unit",
    "vectors",
    "conformance",
    "journeys",
    "integration",
    "browser",
    "migrations",
    "fuzz",
    "house",
    "bench",
    "soak",
}


def packages_among_tests(root: Path) -> list[str]:
    """Complain of an `__init__.py` under tests/."""
    return [
        f"{path.relative_to(root)}: no __init__.py under tests"
        for path in sorted((root / "tests").rglob("__init__.py"))
        if SKIPPED_FOLDERS.isdisjoint(path.relative_to(root).parts)
    ]


def uncollected_tests(root: Path) -> list[str]:
    """Complain of tests that pytest would not find, and of test files without a test."""
    complaints = []
    for module in modules(root, ("tests",)):
        named = module.path.name.startswith("test_")
        if named and module.path.parts[1] not in FOLDERS:
            complaints.append(f"{module.path}: stands in no folder of tests")
        if named and not _holds_tests(module):
            complaints.append(f"{module.path}: holds no test")
        if not named and _holds_tests(module):
            complaints.append(f"{module.path}: holds tests, but is not named test_*.py")
    return complaints + [
        f"{module.path}: a test outside tests"
        for module in modules(root, PACKAGES)
        if module.path.name.startswith("test_") or _holds_tests(module)
    ]


def _holds_tests(module: Module) -> bool:
    return any(
        isinstance(node, ast.FunctionDef)
        and (node.name.startswith("test_") or node.name == "test")
        and not any(isinstance(mark, ast.Name) and mark.id == "property" for mark in node.decorator_list)
        for node in ast.walk(module.syntax)
    )
