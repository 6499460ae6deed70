"""Writes docs/reference/ (routes, errors, access) and docs/state-machines/ from the code: `make docs`.

Not a test: the sentences are the docstrings of the views and of the errors, so that they are written once.
The house tests look only whether each name stands on its page.
"""

import ast
from pathlib import Path

from journalist_app.security.access import OPEN, RULES
from journalist_app.services.roles import HOLDERS, OFFICERS_ROLES, Right, spell_roles
from tests.house import diagrams
from tests.house.rules import docs
from tests.house.rules.tree import modules

ROOT = Path(__file__).parents[2]
PROGRAMS = {"source_app": "Source server", "journalist_app": "Officer station"}
WRITTEN = "Written by `make docs` from the code; changes belong there.\n"


def routes_page(root: Path) -> str:
    """Give the page of all routes, app by app, each with what its view says it does."""
    parts = ["# Routes\n", WRITTEN]
    for app, title in PROGRAMS.items():
        rows = sorted({f"| `{path}` | {verb} | {what} |" for path, verb, what in docs.views(root, app)})
        if rows:
            parts += [
                f"## {title}\n",
                "| path | method | what it does |\n|---|---|---|\n" + "\n".join(rows) + "\n",
            ]
    return "\n".join(parts)


def errors_page(root: Path) -> str:
    """Give the page of all errors, package by package, each with the sentence that a person may read."""
    parts = ["# Errors\n", WRITTEN]
    for package in docs.DOCUMENTED_ERRORS:
        for module in modules(root, (package,)):
            classes = [node for node in module.syntax.body if isinstance(node, ast.ClassDef)]
            if module.path.name == "errors.py" and module.path.parent.name == package and classes:
                rows = [f"- `{node.name}`: {first_sentence(node)}" for node in classes]
                parts += [f"## {package}\n", "\n".join(rows) + "\n"]
    return "\n".join(parts)


def access_page() -> str:
    """Give the page of who may do what at the station: rights by role, and what each view asks for."""
    names = [spell_roles([role]) for role in OFFICERS_ROLES]
    rights = [right for right in Right if right is not Right.BE_HERE]
    lines = [
        "# Who may do what at the station\n",
        WRITTEN,
        "An officer may who has one of the roles with a ✓. Which role may record what in the life of a",
        "report is on [state-machines](../state-machines/index.md).\n",
        f"| role | {' | '.join(rights)} |",
        f"|---|{'---|' * len(rights)}",
        *(
            f"| {name} | {' | '.join('✓' if role in HOLDERS[right] else '' for right in rights)} |"
            for name, role in zip(names, OFFICERS_ROLES, strict=True)
        ),
        "\n## Views\n",
        "| view | asks for | in the audit log |",
        "|---|---|---|",
        *(f"| `{view}` | {rule.right} | {rule.action or ''} |" for view, rule in sorted(RULES.items())),
        f"\nOpen to everybody: {', '.join(f'`{view}`' for view in sorted(OPEN))}.\n",
    ]
    return "\n".join(lines)


def first_sentence(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Give the first paragraph of a docstring on one line."""
    paragraph = (ast.get_docstring(node) or "").partition("\n\n")[0]
    return " ".join(paragraph.split())


def main() -> None:
    """Write every page."""
    folder = ROOT / "docs" / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "routes.md").write_text(routes_page(ROOT), encoding="utf-8")
    (folder / "errors.md").write_text(errors_page(ROOT), encoding="utf-8")
    (folder / "access.md").write_text(access_page(), encoding="utf-8")
    diagrams.write(ROOT)


if __name__ == "__main__":
    main()
