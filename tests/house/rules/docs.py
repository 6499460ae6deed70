"""Documents in step with the code: each command, setting, route and error stands on the page for it.

A name counts as documented when it stands on the page in code marks: `name`, `program name`, or
`name and more`.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.house.rules.tree import FUNCTIONS, PACKAGES, Module, modules, name_of

ROUTE_VERBS = {"route", "get", "post", "put", "patch", "delete"}
COMMANDS = re.compile(r"\{([a-z][a-z,\s-]*)\}")
LINK = re.compile(r"\]\(([^)#\s][^)\s]*)\)")
DOCUMENTED_ERRORS = tuple(package for package in PACKAGES if package != "demo")


def undocumented(root: Path, page: str, names: Iterable[str]) -> list[str]:
    """Complain of names that do not stand in code marks on a page, or of a page that is not there."""
    wanted = sorted(set(names))
    if not wanted:
        return []
    if not (root / page).is_file():
        return [f"{page}: is missing; it should tell of {', '.join(wanted)}"]
    text = (root / page).read_text(encoding="utf-8")
    return [
        f"{page}: does not tell of {name}"
        for name in wanted
        if not re.search(rf"`(?:[\w.-]+ )?{re.escape(name)}(?:[ =][^`]*)?`", text)
    ]


def routes(root: Path, app: str) -> list[str]:
    """Give every path that an app's views are bound to."""
    return [path for path, _, _ in views(root, app)]


def views(root: Path, app: str) -> list[tuple[str, str, str]]:
    """Give path, methods and the view's own first sentence for everything that an app answers."""
    return [
        (path, _methods(call), what)
        for module in modules(root, (app,))
        for call, what in _bindings(module)
        for path in _first_text(call)
        if path.startswith("/")
    ]


def settings(root: Path, app: str) -> list[str]:
    """Give the name of every field of the settings classes of an app's settings.py."""
    return [
        field.target.id
        for module in modules(root, (app,))
        if module.path.name == "settings.py"
        for node in module.syntax.body
        if isinstance(node, ast.ClassDef) and node.name.endswith("Settings")
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    ]


def errors(root: Path) -> list[str]:
    """Give the name of every error class of our packages' errors.py."""
    return [
        node.name
        for module in modules(root, DOCUMENTED_ERRORS)
        if module.path.name == "errors.py" and module.path.parent.name in DOCUMENTED_ERRORS
        for node in module.syntax.body
        if isinstance(node, ast.ClassDef)
    ]


def verbs(help_text: str) -> list[str]:
    """Give the commands that a program's `--help` offers: the first {a,b,c} in it."""
    found = COMMANDS.search(help_text)
    return "".join(found.group(1).split()).split(",") if found else []


def _bindings(module: Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(module.syntax):
        if isinstance(node, FUNCTIONS):
            what = (ast.get_docstring(node) or "").partition("\n\n")[0]
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and name_of(decorator.func) in ROUTE_VERBS:
                    yield decorator, " ".join(what.split())
        if isinstance(node, ast.Call) and name_of(node.func) == "add_url_rule":
            yield node, ""


def _methods(call: ast.Call) -> str:
    for option in call.keywords:
        if option.arg == "methods" and isinstance(option.value, ast.List | ast.Tuple | ast.Set):
            return ", ".join(str(ast.literal_eval(method)) for method in option.value.elts)
    verb = name_of(call.func)
    return verb.upper() if verb in ROUTE_VERBS - {"route"} else "GET"


def _first_text(call: ast.Call) -> Iterator[str]:
    for argument in call.args[:1]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def dead_links(root: Path) -> list[str]:
    """Complain of links between our documents that lead to nothing."""
    return [
        f"{page.relative_to(root)}: leads to {target}, which is not there"
        for page in sorted([*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("ansible/**/*.md")])
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if ":" not in target and not (page.parent / target.partition("#")[0]).exists()
    ]
