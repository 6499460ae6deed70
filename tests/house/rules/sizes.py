"""How large a file and a function may be, and which names a module may not bear.

The aims are smaller (250 lines, 25 lines); these are the hard ends. A docstring does not count
to the length of its function. An exception needs `# house: RULE: reason` on the first line of the thing, or
above it.
"""

import ast
from collections.abc import Callable
from pathlib import Path

from tests.house.rules.tree import PACKAGES, Module, modules

Rule = Callable[[Path], list[str]]

FILE_LINES = 500
FUNCTION_LINES = 60
CRYPTO_FUNCTION_LINES = 40
VIEW_LINES = 25
EMPTY_NAMES = {"utils", "util", "common", "helpers", "helper", "manager", "base"}


def long_files(root: Path) -> list[str]:
    """Complain of files over 500 lines, ours and the tests'."""
    return [
        f"{module.path}: {len(module.lines)} lines, {FILE_LINES} are the most"
        for module in modules(root, (*PACKAGES, "tests", "migrations"))
        if len(module.lines) > FILE_LINES and not module.excused("file-length", 1)
    ]


def long_functions(root: Path) -> list[str]:
    """Complain of functions over 60 lines; in crypto over 40, in views over 25."""
    complaints = []
    for module in modules(root, (*PACKAGES, "tests")):
        most = _most(module.path)
        for function in module.functions():
            length = _length(function)
            if length > most and not _excused(module, function):
                place = f"{module.path}:{function.lineno}"
                complaints.append(f"{place}: {function.name} has {length} lines, {most} are the most")
    return complaints


def empty_names(root: Path) -> list[str]:
    """Complain of modules and packages whose name says nothing."""
    return [
        f"{module.path}: the name {part} does not say what is in it"
        for module in modules(root)
        for part in module.path.with_suffix("").parts
        if part.rpartition("_")[2] in EMPTY_NAMES
    ]


def _most(path: Path) -> int:
    if "tests" in path.parts:
        return FUNCTION_LINES
    if "views" in path.with_suffix("").parts:
        return VIEW_LINES
    return CRYPTO_FUNCTION_LINES if path.parts[0] == "crypto" else FUNCTION_LINES


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return whole
    docstring = function.body[0]
    return whole - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)


def _excused(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return module.excused("function-length", function.lineno) or module.excused("function-length", first)
