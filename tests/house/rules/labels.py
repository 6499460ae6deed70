"""Domain separation: one table of labels, none equal to another and none the beginning of another."""

import ast
from collections.abc import Mapping
from pathlib import Path

from tests.house.rules.tree import PACKAGES, modules

PREFIX = b"cleandrop/v1"
TABLE = Path("crypto", "labels.py")


def clashing_labels(table: Mapping[str, bytes]) -> list[str]:
    """Complain of labels (name to bytes) that are equal, begin another, or are not plain ASCII."""
    names = sorted(table)
    complaints = [
        f"{one} begins {other}"
        for one in names
        for other in names
        if one != other and table[other].startswith(table[one])
    ]
    odd = [
        name for name in names if not (table[name].isascii() and table[name].strip() == table[name] != b"")
    ]
    return complaints + [f"{name} is not plain ASCII" for name in odd]


def labels_elsewhere(root: Path) -> list[str]:
    """Complain of labels written out anywhere but in the table."""
    return [
        f"{module.path}:{node.lineno}: a label outside the table"
        for module in modules(root, PACKAGES)
        if module.path != TABLE
        for node in ast.walk(module.syntax)
        if isinstance(node, ast.Constant) and _is_label(node.value)
    ]


def _is_label(value: object) -> bool:
    if isinstance(value, str):
        value = value.encode()
    return isinstance(value, bytes) and value.startswith(PREFIX)
