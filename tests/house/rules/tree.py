"""What every house rule needs to know of the tree: our packages, their modules, parsed once.

A rule is a function that takes the root of a tree and answers with a list of complaints, each one line that
says where and what; an empty list means that the tree keeps the rule. So each rule can be shown a small bad
tree.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PACKAGES = (
    "crypto",
    "transfer",
    "cases",
    "onion",
    "source_app",
    "journalist_app",
    "source_client",
    "demo",
)
SKIPPED_FOLDERS = {"__pycache__", "node_modules", "build", ".venv"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, its lines, its syntax tree."""

    path: Path
    lines: tuple[str, ...]
    syntax: ast.Module

    def excused(self, rule: str, line: int) -> bool:
        """Tell whether the line, or the one above it, says `# house: RULE: reason`."""
        near = self.lines[max(0, line - 2) : line]
        return any(re.search(rf"# house: {rule}: \S.{{9,}}", text) for text in near)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Give every function of the file, methods and nested ones too."""
        for node in ast.walk(self.syntax):
            if isinstance(node, FUNCTIONS):
                yield node


@lru_cache(maxsize=4096)
def _parse(path: Path, _changed_ns: int) -> tuple[tuple[str, ...], ast.Module]:
    text = path.read_text(encoding="utf-8")
    return tuple(text.splitlines()), ast.parse(text)


def modules(root: Path, parts: tuple[str, ...] = PACKAGES) -> Iterator[Module]:
    """Give the Python files under the named parts of a tree, in order."""
    for part in parts:
        for path in sorted((root / part).rglob("*.py")):
            if SKIPPED_FOLDERS.isdisjoint(path.relative_to(root).parts):
                lines, syntax = _parse(path, path.stat().st_mtime_ns)
                yield Module(path.relative_to(root), lines, syntax)


def name_of(node: ast.expr) -> str:
    """Give the last name of an expression: `Error` for `errors.Error`, else an empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call):
        return name_of(node.func)
    return ""
