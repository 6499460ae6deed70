"""Officers sort cases: flags, links, junk, muted sources. No step of a case, and nothing of its law.

A case that is set aside as junk leaves the open list and the counts, not the law: its clocks run, and a new
message brings it back. A muted source's messages are kept like all others and bring nothing back: for those
who flood. Where a source says that somebody is in danger, nothing is set aside with others.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from journalist_app.errors import NotFoundError, SortingError
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import case_list, sorting
from journalist_app.store.case_tables import CaseRow

FLAG_MAX: Final = 40
"""Characters of a flag."""
FLAGS_MAX: Final = 20
"""Of one case."""


@dataclass(frozen=True)
class SetAside:
    """How many cases were set aside, and how many were left because somebody may be in danger."""

    done: int
    in_danger: int


class Sorting:
    """Sorts cases, for one officer."""

    def __init__(self, unlocked: Unlocked, officer: Officer) -> None:
        self._vault = unlocked.vault
        self._officer = officer

    def flag(self, case_id: int, name: str) -> None:
        """Put a flag on a case. Raises `NotFoundError`, `SortingError`."""
        plain = " ".join(unicodedata.normalize("NFC", name).split())
        if not 0 < len(plain) <= FLAG_MAX or not plain.isprintable():
            raise SortingError(f"A flag has 1 to {FLAG_MAX} characters, all of which can be seen.")
        with self._vault.write() as session:
            self._case(session, case_id)
            if len(sorting.flags_of(session, [case_id]).get(case_id, ())) >= FLAGS_MAX:
                raise SortingError(f"A case has at most {FLAGS_MAX} flags. Take one away first.")
            sorting.flag(session, case_id, plain)

    def unflag(self, case_id: int, name: str) -> None:
        """Take a flag away. Raises `NotFoundError`."""
        with self._vault.write() as session:
            self._case(session, case_id)
            sorting.unflag(session, case_id, name)

    def link(self, case_id: int, code: str) -> None:
        """Say that a case belongs together with the one of this code. Raises `NotFoundError`,
        `SortingError`."""
        plain = "".join(code.split()).upper()
        with self._vault.write() as session:
            self._case(session, case_id)
            other = sorting.case_with_code(session, plain, self._officer.officer_id)
            if other is None:
                raise SortingError("No case has this code. It stands at the top of the case's page.")
            if other.id == case_id:
                raise SortingError("This is the code of this case. Type that of the other one.")
            sorting.link(session, case_id, other.id)

    def unlink(self, case_id: int, other_id: int) -> None:
        """Say so no longer. Raises `NotFoundError`."""
        with self._vault.write() as session:
            self._case(session, case_id)
            self._case(session, other_id)
            sorting.unlink(session, case_id, other_id)

    def mute(self, case_id: int, muted: bool) -> None:
        """Let a source's messages bring their case up no longer, or again. Raises `NotFoundError`."""
        with self._vault.write() as session:
            self._case(session, case_id).muted = muted

    def set_aside(self, case_ids: Sequence[int]) -> SetAside:
        """Set cases aside as junk, but for those in which somebody says to be in danger."""
        with self._vault.write() as session:
            rows = sorting.cases_of(session, case_ids, self._officer.officer_id)
            junk = [row for row in rows if not row.danger]
            for row in junk:
                row.junk, row.unanswered = True, False
            return SetAside(len(junk), len(rows) - len(junk))

    def take_back(self, case_ids: Sequence[int]) -> int:
        """Let cases be no junk any longer; how many."""
        with self._vault.write() as session:
            rows = sorting.cases_of(session, case_ids, self._officer.officer_id)
            for row in rows:
                row.junk, row.unanswered = False, True
            return len(rows)

    def _case(self, session: Session, case_id: int) -> CaseRow:
        found = case_list.case(session, case_id, self._officer.officer_id)
        if found is None:
            raise NotFoundError
        return found[0]
