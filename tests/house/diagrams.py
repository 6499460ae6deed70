"""Writes docs/state-machines/ from the tables of `cases.machines`: `make docs`.

Not a test. One page for each machine: what it is (from its module), a Mermaid diagram, and a table of its
steps with who records each, who agrees, what the source is told and what it sees. `test_diagrams.py`
compares the pages with what this writes.
"""

import inspect
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from cases.kinds import Role
from cases.machine import Machine, Step, When
from cases.machines import allegation, questions, referral, report, withdrawal
from cases.machines.acts import ACTS

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = Path("docs/state-machines")
MACHINES: Final[Mapping[str, tuple[Machine[Any], ModuleType]]] = {
    "report": (report.REPORT, report),
    "allegation": (allegation.ALLEGATION, allegation),
    "referral": (referral.REFERRAL, referral),
    "questions": (questions.QUESTIONS, questions),
    "withdrawal": (withdrawal.WITHDRAWAL, withdrawal),
}
OFFICERS: Final = frozenset(Role) - {Role.SYSTEM, Role.SCHEDULER, Role.SOURCE, Role.AGENCY}


def pages() -> dict[str, str]:
    """The name and text of every page."""
    found = {f"{name}.md": page(machine, module) for name, (machine, module) in MACHINES.items()}
    return {"index.md": index(), **found}


def index() -> str:
    """The page that leads to the others."""
    lines = [
        f"- [{machine.name}]({name}.md): {_first(module)}" for name, (machine, module) in MACHINES.items()
    ]
    return (
        "# State machines\n\n"
        "Written by `make docs` from the tables in `cases/machines/`; changes belong there.\n\n"
        "An event goes through every machine that it concerns, and each can refuse it. The numbers are\n"
        "those of the list of transitions that the product is built on.\n\n" + "\n".join(lines) + "\n"
    )


def page(machine: Machine[Any], module: ModuleType) -> str:
    """One machine: what it is, its diagram, its table."""
    title = machine.name[0].upper() + machine.name[1:]
    return (
        f"# {title}\n\n"
        f"Written by `make docs` from `{module.__name__.replace('.', '/')}.py`; changes belong there.\n\n"
        f"{inspect.getdoc(module)}\n\n## Diagram\n\n"
        f"Steps that leave a state as it is stand in the table alone.\n\n"
        f"```mermaid\n{diagram(machine)}```\n\n## Steps\n\n{table(machine)}"
    )


def diagram(machine: Machine[Any]) -> str:
    """The steps that lead to another state, those between the same two states on one arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for step in machine.steps:
        if step.source != step.target:
            arrows.setdefault((step.source or "[*]", step.target), []).append(_event(step))
    lines = [f"    {source} --> {target}: {', '.join(events)}" for (source, target), events in arrows.items()]
    return "stateDiagram-v2\n" + "\n".join(lines) + "\n"


def table(machine: Machine[Any]) -> str:
    """Every step: steps that differ only in where they begin are one line."""
    merged: dict[tuple[int, str, str], list[str]] = {}
    for step in machine.steps:
        target = "as it was" if step.source == step.target else f"`{step.target}`"
        merged.setdefault((step.number, _event(step), target), []).append(_from(step))
    head = (
        "| # | from | event | to | recorded by | agreed by | the source is told | it sees then |\n|---"
        + "|---" * 7
        + "|\n"
    )
    return head + "".join(_row(machine, *key, sources) for key, sources in merged.items())


def _row(machine: Machine[Any], number: int, event: str, target: str, sources: list[str]) -> str:
    act = ACTS[next(step.event for step in machine.steps if _event(step) == event)]
    stage = "no change" if target == "as it was" else f"`{machine.stages[_state(machine, target)]}`"
    cells = (
        number,
        ", ".join(sources),
        f"`{event}`",
        target,
        _roles(act.actors),
        _roles(act.seconds),
        act.notice,
        stage,
    )
    return "| " + " | ".join(map(str, cells)) + " |\n"


def _state(machine: Machine[Any], target: str) -> Any:
    return next(state for state in machine.stages if target == f"`{state}`")


def _event(step: Step[Any]) -> str:
    return step.event if step.when is When.ALWAYS else f"{step.event} ({step.when})"


def _from(step: Step[Any]) -> str:
    return "the beginning" if step.source is None else f"`{step.source}`"


def _roles(roles: frozenset[Role]) -> str:
    return "any officer" if roles == OFFICERS else ", ".join(sorted(roles)) or "nobody"


def _first(module: ModuleType) -> str:
    return (inspect.getdoc(module) or "").partition("\n\n")[0].replace("\n", " ")


def write(root: Path) -> None:
    """Write every page."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
