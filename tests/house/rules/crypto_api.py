"""What `crypto` shows to its callers: typed, explained, and with every length from one table.

Two modules may say `Any`: the reader of JSON, and the driver of gpg.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.rules.tree import FUNCTIONS, Module, modules, name_of

Function = ast.FunctionDef | ast.AsyncFunctionDef

LOOSE = {Path("crypto/canonical.py"), Path("crypto/openpgp.py")}
LENGTHS = Path("crypto/sizes.py")
UNITS = {"KIB", "MIB", "GIB"}
LENGTH_CALLS = {"token_bytes", "digest", "to_bytes", "blake2b", "HKDF", "hash_secret_raw"}
LENGTH_WORDS = {"digest_size", "length", "hash_len"}
READERS = re.compile(r"(open|parse|verify|unwrap|decode|scan|load|split|hex|from|check(?!_word))(_|$)")


def loose_types(root: Path) -> list[str]:
    """Complain of `Any` in a signature or a field."""
    return [
        f"{module.path}:{annotation.lineno}: Any in {name}"
        for module in modules(root, ("crypto",))
        if module.path not in LOOSE
        for name, annotation in _annotations(module)
        if any(name_of(node) == "Any" for node in ast.walk(annotation) if isinstance(node, ast.expr))
    ]


def unexplained_functions(root: Path) -> list[str]:
    """Complain of public functions without a docstring, and of readers that do not say what they raise.

    A reader is named for it (`open…`, `parse…`, `verify…`): its docstring names an error.
    """
    complaints = []
    for module in modules(root, ("crypto",)):
        for function in _public(module.syntax):
            place = f"{module.path}:{function.lineno}: {function.name}"
            told = ast.get_docstring(function)
            if not told:
                complaints.append(f"{place} has no docstring")
            elif READERS.match(function.name) and "Error`" not in told:
                complaints.append(f"{place} does not say what it raises")
    return complaints


def bare_lengths(root: Path) -> list[str]:
    """Complain of lengths written as numbers outside the table: so many KiB, or so many bytes of a hash.

    The memory that a derivation takes is a cost and no length.
    """
    return [
        f"{module.path}:{node.lineno}: a length that is not in crypto/sizes.py"
        for module in modules(root, ("crypto",))
        if module.path != LENGTHS
        for node in _without_costs(module.syntax)
        if _is_bare(node) and not module.excused("bare-length", node.lineno)
    ]


def undoctested(root: Path) -> list[str]:
    """Complain of sums in the table of lengths whose value no doctest states."""
    (module,) = (m for m in modules(root, ("crypto",)) if m.path == LENGTHS)
    told = ast.get_docstring(module.syntax) or ""
    stated = {
        name for line in told.splitlines() if line.startswith(">>>") for name in re.findall(r"\w+", line)
    }
    return [
        f"{module.path}:{node.lineno}: no doctest states {node.target.id}"
        for node in module.syntax.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id not in stated | UNITS
        and sum(
            isinstance(part, ast.Name) and part.id not in UNITS
            for part in ast.walk(node.value or node.target)
        )
        > 1
    ]


def _annotations(module: Module) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(module.syntax):
        if isinstance(node, FUNCTIONS):
            every = node.args
            named = [*every.posonlyargs, *every.args, *every.kwonlyargs, every.vararg, every.kwarg]
            for argument in named:
                if argument is not None and argument.annotation is not None:
                    yield node.name, argument.annotation
            if node.returns is not None:
                yield node.name, node.returns
        elif isinstance(node, ast.AnnAssign):
            yield name_of(node.target), node.annotation


def _public(syntax: ast.Module) -> Iterator[Function]:
    for node in syntax.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from (inner for inner in node.body if isinstance(inner, FUNCTIONS) and inner.name[0] != "_")
        elif isinstance(node, FUNCTIONS) and node.name[0] != "_":
            yield node


def _without_costs(node: ast.AST) -> Iterator[ast.expr]:
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.keyword) and inner.arg == "memory_bytes":
            continue
        if isinstance(inner, ast.expr):
            yield inner
        yield from _without_costs(inner)


def _is_bare(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return name_of(node.right) in UNITS
    if isinstance(node, ast.Call) and name_of(node.func) in LENGTH_CALLS:
        named = [word.value for word in node.keywords if word.arg in LENGTH_WORDS]
        values = [*node.args, *named]
        return any(isinstance(value, ast.Constant) and isinstance(value.value, int) for value in values)
    return False
