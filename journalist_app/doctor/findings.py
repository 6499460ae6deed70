"""One finding of the station's doctor: what was looked at, how it stands, what to do.

None names a case, an officer or a file of a source; a path in it is one that the administrator chose.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Grade(StrEnum):
    """`BAD`: what sources wrote, or who they are, is in danger, or the station cannot work."""

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
        line = f"{self.grade:8}{self.check:13}{self.said}"
        return f"{line}\n{'':21}-> {self.mend}" if self.mend else line

    def as_json(self) -> dict[str, str]:
        """The same for a machine."""
        return asdict(self)
