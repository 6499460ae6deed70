"""docs/protocol/ equals the code: every number, every label, every numbered check.

A page lists its numbers once, under `## Numbers`, in rows of three cells: the number as the page writes
it, what it is, and the code that it comes from (`sizes.SLOT`, a sum of such names, or `fact` for what is
no constant of ours). Names of `crypto` stand without their package, others from their package on.

Checks stand as a numbered list under a heading that names their modules (`crypto/parcel.py`, `crypto/age/`
for all in it, `crypto/vault.py:open_state` for a part of one). The code marks the place of each with a
comment `# 3`, and a docstring there lists them as well ("3 the MAC is right").
"""

import ast
import importlib
import io
import math
import pkgutil
import re
import sys
import tokenize
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import crypto
from tests.house.rules.tree import FUNCTIONS, PACKAGES

PAGES = Path("docs/protocol")
HOW = (
    "numbers from nowhere; each wants a row `| 12 | what it is | sizes.NAME |` under `## Numbers` (or `fact`)"
)
LEAST = 10
BINARY = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
TIME = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}

NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.,])(?<![A-Za-z]-)(?<!U\+)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![A-Za-z0-9_])(?:\s(KiB|MiB|GiB)\b)?"
)
NO_NUMBERS = re.compile(
    r"```python\n.*?```"  # run as an example
    r"|^## Numbers\n.*?(?=^## |\Z)"
    r"|\]\([^)]*\)"
    r"|\bRFC \d+|\d{4}-\d\d-\d\d|\d\d:\d\d|^\s*\d+\. |\bchecks? \d+(?:(?:, | and |–)\d+)*",
    re.DOTALL | re.MULTILINE,
)
ROW = re.compile(r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
NUMBERS_PART = re.compile(r"^## Numbers\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
LABEL = re.compile(r"\blabels?\s[`\"]([^`\"]+)[`\"]")
CHECKS_PART = re.compile(
    r"^##+ ([^\n]*`\w[\w/]*(?:\.py[:`]|/`)[^\n]*)\n(.*?)(?=^##|\Z)", re.DOTALL | re.MULTILINE
)
MODULE_NAMED = re.compile(r"`(\w[\w/]*(?:\.py|/))(?::(\w+))?`")
MARK = re.compile(r"# (\d+(?:, \d+)*)(?:: .*)?$")

Evaluate = Callable[[str], object]


@dataclass(frozen=True)
class Row:
    """One row of a page's table of numbers: the number as written, and the code it comes from."""

    written: str
    code: str

    def number(self) -> float:
        """Give the number, with KiB and the like as bytes."""
        return next(iter(numbers_in(self.written)), math.nan)


def pages(root: Path) -> dict[str, str]:
    """Give the pages of the protocol, name to text."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((root / PAGES).glob("*.md"))}


def numbers_in(text: str) -> Iterator[float]:
    """Give the numbers that a text writes, those of names and dates left out."""
    for found in NUMBER.finditer(NO_NUMBERS.sub(" ", text)):
        whole, fraction, unit = found.groups()
        yield float(whole.replace(",", "") + (fraction or "")) * BINARY.get(unit, 1)


def rows(text: str) -> list[Row]:
    """Give the rows of a page's table of numbers."""
    part = NUMBERS_PART.search(text)
    found = ROW.findall(part.group(1)) if part else []
    return [Row(written.strip(), code.strip(" `")) for written, code in found if written.strip() != "number"]


def wrong_numbers(text: str, evaluate: Evaluate) -> list[str]:
    """Complain of rows that are not what the code says, of rows of no use, and of numbers without a row."""
    listed = rows(text)
    said = list(numbers_in(text))
    known = {row.number() for row in listed}
    wrong = [f"{row.written} is not {row.code}" for row in listed if not _agrees(row, evaluate)]
    unused = [f"{row.written} stands in the table alone" for row in listed if row.number() not in said]
    unknown = sorted({number for number in said if number >= LEAST and number not in known})
    spoken = ", ".join(f"{int(n):,}" if n.is_integer() else str(n) for n in unknown)
    return wrong + unused + ([f"{HOW}: {spoken}"] if unknown else [])


def missing_names(texts: Mapping[str, str], table: Mapping[str, object]) -> list[str]:
    """Complain of the public lengths of a module that no page names."""
    named = {
        name
        for text in texts.values()
        for row in rows(text)
        for name in re.findall(r"sizes\.(\w+)", row.code)
    }
    public = {name for name, value in table.items() if name.isupper() and isinstance(value, int)}
    return [f"sizes.{name} is on no page" for name in sorted(public - named - {"KIB", "MIB", "GIB"})]


def value_of(code: str) -> object:
    """Give the value of an expression of names of our code, as a table of numbers writes it."""
    names: dict[str, object] = {"math": math, "timedelta": timedelta, **_modules_of_crypto()}
    for dotted in re.findall(r"[A-Za-z_]\w*(?:\.\w+)+", code):
        parts = dotted.split(".")
        if parts[0] in PACKAGES:
            _import_deepest(parts)
            names[parts[0]] = sys.modules[parts[0]]
    return eval(code, {"__builtins__": {"round": round, "int": int, "len": len}}, names)  # noqa: S307 - our own pages


def wrong_labels(texts: Mapping[str, str], prefix: str, labels: set[str]) -> list[str]:
    """Complain of labels on pages that the table does not have, and of labels on no page.

    A label with our prefix stands as: label `name`. Another stands whole, in code marks or quotes.
    """
    whole = "\n".join(texts.values())
    tails = {label.removeprefix(prefix) for label in labels if label.startswith(prefix)}
    named = set(LABEL.findall(whole))
    others = {label for label in labels if not label.startswith(prefix)}
    unnamed = {label for label in others if not re.search(rf"[`\"]{re.escape(label)}[`\"]", whole)}
    return [f"{name}: no such label" for name in sorted(named - tails - others)] + [
        f"{name}: a label on no page; write: label `{name}`" for name in sorted((tails - named) | unnamed)
    ]


def wrong_checks(root: Path, text: str) -> list[str]:
    """Complain where a numbered list, the marks of the modules that it names and their docstrings differ."""
    complaints = []
    for heading, part in CHECKS_PART.findall(text):
        listed = {int(number) for number in re.findall(r"^(\d+)\. ", part, re.MULTILINE)}
        marked: set[int] = set()
        told: set[int] = set()
        for path, name in _named(root, heading):
            marked |= marks(path, name)
            told |= told_numbers(path)
        if listed != marked:
            complaints.append(
                f"{heading}: the page lists {_spoken(listed)}, the code marks {_spoken(marked)}"
            )
        if listed - told:
            complaints.append(f"{heading}: no docstring there lists {_spoken(listed - told)}")
    return complaints


def unlisted_modules(root: Path, texts: Mapping[str, str], packages: tuple[str, ...]) -> list[str]:
    """Complain of modules that mark checks which no page lists."""
    headings = [heading for text in texts.values() for heading, _ in CHECKS_PART.findall(text)]
    named = {path for heading in headings for path, _ in _named(root, heading)}
    return [
        f"{path.relative_to(root)}: marks checks that no heading of a page names"
        for package in packages
        for path in sorted((root / package).rglob("*.py"))
        if path not in named and marks(path)
    ]


def marks(path: Path, name: str = "") -> set[int]:
    """Give the numbers of the checks that comments of a module, or of a named part of it, mark."""
    text = path.read_text(encoding="utf-8")
    first, last = _span(ast.parse(text), name) if name else (0, sys.maxsize)
    return {
        int(number)
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT and first <= token.start[0] <= last
        for found in [MARK.match(token.string)]
        if found
        for number in found.group(1).split(", ")
    }


def told_numbers(path: Path) -> set[int]:
    """Give the numbers that the docstrings of a module list, each followed by what is checked."""
    kinds = (ast.Module, ast.ClassDef, *FUNCTIONS)
    nodes = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, kinds)
    ]
    told = " ".join(ast.get_docstring(node) or "" for node in nodes)
    return {int(number) for number in re.findall(r"(?:^|[\s(])(\d+) (?=[A-Za-z`])", told)}


def _named(root: Path, heading: str) -> Iterator[tuple[Path, str]]:
    for named, part in MODULE_NAMED.findall(heading):
        whole = (root / named).rglob("*.py") if named.endswith("/") else [root / named]
        yield from ((path, part) for path in whole)


def _agrees(row: Row, evaluate: Evaluate) -> bool:
    if row.code == "fact":
        return not math.isnan(row.number())
    try:
        value = evaluate(row.code)
    except (NameError, AttributeError, SyntaxError, TypeError):
        return False
    if isinstance(value, timedelta):
        unit = row.written.rpartition(" ")[2]
        return row.number() * TIME.get(unit, 0) == value.total_seconds()
    return row.number() == value


def _modules_of_crypto() -> dict[str, object]:
    for found in pkgutil.walk_packages(crypto.__path__, "crypto."):
        importlib.import_module(found.name)
    return dict(vars(crypto))


def _import_deepest(parts: list[str]) -> None:
    for length in range(1, len(parts)):
        try:
            importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            return


def _span(syntax: ast.Module, name: str) -> tuple[int, int]:
    for node in ast.walk(syntax):
        if isinstance(node, (ast.ClassDef, *FUNCTIONS)) and node.name == name:
            return node.lineno, node.end_lineno or node.lineno
    return 0, -1


def _spoken(numbers: set[int]) -> str:
    return ", ".join(map(str, sorted(numbers))) or "nothing"
