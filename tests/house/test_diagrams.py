"""The pages of docs/state-machines/ are what the tables give: `make docs` writes them."""

from pathlib import Path

import pytest

from cases.kinds import ReportEvent
from cases.machine import Machine, Step, rows, stays
from cases.machines.questions import QuestionsState
from cases.stages import Stage
from tests.house import diagrams

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", diagrams.pages())
def test_a_page_is_what_its_table_gives(name: str) -> None:
    assert (ROOT / diagrams.FOLDER / name).read_text(encoding="utf-8") == diagrams.pages()[name], "make docs"


def test_no_other_page_stands_there() -> None:
    assert {path.name for path in (ROOT / diagrams.FOLDER).iterdir()} == set(diagrams.pages())


def test_every_number_from_1_to_18_stands_on_a_page() -> None:
    numbers = {step.number for machine, _ in diagrams.MACHINES.values() for step in machine.steps}
    assert numbers == set(range(1, 19))


def test_a_diagram_shows_where_each_step_leads() -> None:
    asked, lapsed = QuestionsState.ASKED, QuestionsState.LAPSED
    steps: tuple[Step[QuestionsState], ...] = (
        *rows(5, (None,), ReportEvent.QUESTIONS_ASKED, asked),
        *rows(5, (asked,), ReportEvent.QUESTIONS_LAPSED, lapsed),
        *stays(6, (lapsed, asked), ReportEvent.CONSENT_RECORDED),
    )
    machine = Machine("thing", steps, dict.fromkeys(QuestionsState, Stage.QUESTIONS))
    assert diagrams.diagram(machine) == (
        "stateDiagram-v2\n    [*] --> asked: questions_asked\n    asked --> lapsed: questions_lapsed\n"
    )
    lines = diagrams.table(machine).splitlines()
    assert lines[2].startswith(
        "| 5 | the beginning | `questions_asked` | `asked` | handler | nobody | the ques"
    )
    assert lines[4].startswith(
        "| 6 | `lapsed`, `asked` | `consent_recorded` | as it was | handler, intake, source"
    )


def test_the_pages_are_written_where_they_are_looked_for(tmp_path: Path) -> None:
    diagrams.write(tmp_path)
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / diagrams.FOLDER).iterdir()}
    assert written == diagrams.pages()
