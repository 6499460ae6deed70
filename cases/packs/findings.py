"""What the check of a pack says to the lawyer who wrote it: where, what is wrong, what would be right."""

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """Whether a pack can be used in spite of it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend. `line` counts from 1; 0 is the file as a whole."""

    file: str
    line: int
    wrong: str
    right: str
    weight: Weight = Weight.ERROR

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.weight}: {self.wrong} {self.right}"
