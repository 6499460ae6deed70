"""One finding of the doctor: what was looked at, how it stands, what to do.

None names a source, a codename or a time of day; a path in it is one that the administrator chose.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

_GRADE_WIDTH: Final = 8
_NAME_WIDTH: Final = 13


class Grade(Enum):
    """`BAD`: reports, or the people who send them, are in danger, or the site cannot work."""

    OK = "OK"
    WARNING = "WARNING"
    BAD = "BAD"


@dataclass(frozen=True)
class Finding:
    """`check` names what was looked at. `mend` is empty where nothing is to be done."""

    check: str
    grade: Grade
    said: str
    mend: str = ""

    def as_text(self) -> str:
        """One line, and the mend on a second."""
        line = f"{self.grade.value:{_GRADE_WIDTH}}{self.check:{_NAME_WIDTH}}{self.said}"
        return f"{line}\n{' ' * (_GRADE_WIDTH + _NAME_WIDTH)}-> {self.mend}" if self.mend else line

    def as_json(self) -> dict[str, Any]:
        """The same for a machine."""
        return {"check": self.check, "grade": self.grade.value, "said": self.said, "mend": self.mend}


def ok(check: str, said: str) -> Finding:
    """Nothing is to be done."""
    return Finding(check, Grade.OK, said)


def warning(check: str, said: str, mend: str) -> Finding:
    """It works, and should not stay so."""
    return Finding(check, Grade.WARNING, said, mend)


def bad(check: str, said: str, mend: str) -> Finding:
    """It must be mended."""
    return Finding(check, Grade.BAD, said, mend)
