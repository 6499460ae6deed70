"""How code is laid out: no functions inside functions, imports at the top, errors that can be read.

Decorators are the one reason for a function inside a function; they are known by `functools.wraps`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.rules.tree import FUNCTIONS, PACKAGES, modules, name_of

EXPLAINED = ("crypto", "transfer", "source_app", "journalist_app")
DOCSTRING_LINES = range(3, 26)
ROOT_ERRORS = {
    "crypto": "CryptoError",
    "transfer": "TransferError",
    "cases": "CaseError",
    "onion": "OnionError",
    "source_app": "SourceAppError",
    "journalist_app": "OfficerError",
}
ERROR_ENDINGS = ("Error", "Exception", "Warning")


def nested_functions(root: Path) -> list[str]:
    """Complain of functions inside functions that are no decorators."""
    return [
        f"{module.path}:{inner.lineno}: {inner.name} stands inside {outer.name}"
        for module in modules(root)
        for outer in module.functions()
        for inner in _inside(outer)
        if not _wraps(inner) and not module.excused("nested-function", inner.lineno)
    ]


def inner_imports(root: Path) -> list[str]:
    """Complain of imports inside functions."""
    return [
        f"{module.path}:{node.lineno}: an import inside {function.name}"
        for module in modules(root)
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and not module.excused("inner-import", node.lineno)
    ]


def imports_for_types_alone(root: Path) -> list[str]:
    """Complain of our own modules imported under TYPE_CHECKING: that hides a circle."""
    return [
        f"{module.path}:{block.lineno}: {name} is imported for types alone"
        for module in modules(root)
        for block in ast.walk(module.syntax)
        if isinstance(block, ast.If) and name_of(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
        for name in _imported(node)
        if name.partition(".")[0] in PACKAGES
    ]


def poor_errors(root: Path) -> list[str]:
    """Complain of error classes that do not end in Error or do not say what a person should read."""
    complaints = []
    for module in modules(root):
        for node in ast.walk(module.syntax):
            if not isinstance(node, ast.ClassDef) or not _is_error(node):
                continue
            if not node.name.endswith("Error"):
                complaints.append(f"{module.path}:{node.lineno}: {node.name} should end in Error")
            if not ast.get_docstring(node):
                complaints.append(f"{module.path}:{node.lineno}: {node.name} has no sentence to read")
    return complaints


def missing_root_errors(root: Path) -> list[str]:
    """Complain of an errors.py that lacks the package's one root."""
    complaints = []
    for package, wanted in ROOT_ERRORS.items():
        for module in modules(root, (package,)):
            if module.path == Path(package, "errors.py"):
                names = {node.name for node in module.syntax.body if isinstance(node, ast.ClassDef)}
                if wanted not in names:
                    complaints.append(f"{module.path}: {wanted} is missing")
    return complaints


def unexplained_modules(root: Path) -> list[str]:
    """Complain of modules without a docstring of 3 to 25 lines; an `__init__.py` needs one line."""
    complaints = []
    for module in modules(root, EXPLAINED):
        lines = len((ast.get_docstring(module.syntax) or "").splitlines())
        if module.path.name == "__init__.py" and lines in range(1, DOCSTRING_LINES.stop):
            continue
        if lines not in DOCSTRING_LINES:
            complaints.append(f"{module.path}: its docstring has {lines} lines, 3 to 25 are asked for")
    return complaints


def _inside(outer: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(outer):
        if isinstance(node, FUNCTIONS) and node is not outer:
            yield node


def _wraps(function: ast.AST) -> bool:
    return any(
        name_of(decorator) == "wraps"
        for node in ast.walk(function)
        if isinstance(node, FUNCTIONS)
        for decorator in node.decorator_list
    )


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def _is_error(node: ast.ClassDef) -> bool:
    return any(name_of(base).endswith(ERROR_ENDINGS) for base in node.bases)
