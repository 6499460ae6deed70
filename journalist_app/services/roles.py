"""What an officer may do at the station: rights, and the roles that have each of them.

The roles are those of `cases.kinds`, without the ones that no person holds. A view and a command name the
right that they ask for, never a role. Who may record which event of a case is not decided here but by the law
of the case (`cases.persons`): a right opens a page, and the case may still say no.

Administrators carry sticks and look after keys and people; they never see what a source wrote. Auditors see
who did what, and no contents either; nor does whoever has the records alone, who ends cases by their numbers.
Statistics, custody of identities, payments: with the pages for them.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from cases.kinds import WITHOUT_PERSON, Role
from journalist_app.errors import RoleError, SettingsError

OFFICERS_ROLES: Final = tuple(role for role in Role if role not in WITHOUT_PERSON)
"""Every role that a person can hold, in the order of the pages."""


class Right(StrEnum):
    """What a page or a command asks for."""

    BE_HERE = "be signed in"
    READ_CASES = "read what sources wrote"
    RECORD_STEPS = "record steps of cases"
    NAME_READERS = "say who reads a restricted case"
    ANSWER = "answer sources"
    WRITE_LETTERS = "write letters to bodies"
    MAKE_ARCHIVES = "take a case out as a sealed archive"
    SORT = "flag, link and set aside cases"
    DELETE_CASES = "delete cases whose time is over"
    SEE_DELETIONS = "see whether deletions are complete"
    CARRY = "import and export"
    KEEP_KEYS = "look after intake keys, backups and OpenPGP keys"
    SET_RULES = "install packs of rules"
    READ_AUDIT = "read the audit log"


_CASE_WORK: Final = frozenset({Role.INTAKE, Role.HANDLER, Role.PROTECTION_OFFICER})
_READERS: Final = _CASE_WORK | {Role.SECOND_OFFICER, Role.APPROVER, Role.SUPERVISOR, Role.HEAD}
_RECORDS: Final = frozenset({Role.RECORDS})
_ADMINISTRATION: Final = frozenset({Role.ADMINISTRATOR})
HOLDERS: Final[dict[Right, frozenset[Role]]] = {
    Right.BE_HERE: frozenset(OFFICERS_ROLES),
    Right.READ_CASES: _READERS,
    Right.RECORD_STEPS: _READERS | _RECORDS,
    Right.NAME_READERS: frozenset({Role.HEAD}),
    Right.ANSWER: _CASE_WORK,
    Right.WRITE_LETTERS: frozenset({Role.HANDLER, Role.APPROVER, Role.HEAD}),
    Right.MAKE_ARCHIVES: frozenset({Role.SUPERVISOR, Role.HEAD}),
    Right.SORT: _CASE_WORK | {Role.SUPERVISOR},
    Right.DELETE_CASES: _RECORDS,
    Right.SEE_DELETIONS: _RECORDS | _ADMINISTRATION | {Role.AUDITOR, Role.HEAD},
    Right.CARRY: _ADMINISTRATION | {Role.INTAKE, Role.HANDLER},
    Right.KEEP_KEYS: _ADMINISTRATION,
    Right.SET_RULES: _ADMINISTRATION,
    Right.READ_AUDIT: frozenset({Role.AUDITOR}),
}

USUAL_ROLES: Final = frozenset(
    {
        Role.ADMINISTRATOR,
        Role.INTAKE,
        Role.HANDLER,
        Role.SECOND_OFFICER,
        Role.PROTECTION_OFFICER,
        Role.APPROVER,
        Role.SUPERVISOR,
        Role.LIAISON,
        Role.RECORDS,
    }
)
"""Of an officer for whom nobody said otherwise. A small agency keeps duties apart by person; nobody should
audit their own work, and the head, who says who reads a restricted case, is made one by name."""


def require(roles: frozenset[Role], right: Right) -> None:
    """Raise `RoleError` unless one of `roles` has `right`."""
    if not roles & HOLDERS[right]:
        held_by = spell_roles(HOLDERS[right])
        raise RoleError(
            f"Your roles do not let you {right}. It takes one of: {held_by}. Ask an administrator."
        )


def parse_roles(text: str) -> frozenset[Role]:
    """Roles as somebody types them, with commas: "intake, second officer". Raises `SettingsError`."""
    words = {
        "_".join(word.casefold().replace("-", " ").replace("_", " ").split()) for word in text.split(",")
    }
    known = {role.value: role for role in OFFICERS_ROLES}
    if unknown := sorted(word for word in words if word not in known):
        raise SettingsError(f"No such role: {', '.join(unknown)}. There are: {spell_roles(OFFICERS_ROLES)}.")
    return frozenset(known[word] for word in words)


def spell_roles(roles: Iterable[Role]) -> str:
    """Roles in words, in the order of the pages."""
    held = frozenset(roles)
    return ", ".join(role.value.replace("_", " ") for role in OFFICERS_ROLES if role in held)


def spell_duties(role: Role) -> str:
    """A role, and what it lets somebody do here: "auditor: read the audit log"."""
    duties = [right.value for right in Right if right is not Right.BE_HERE and role in HOLDERS[right]]
    return f"{spell_roles([role])}: {', '.join(duties) or 'its pages are not built yet'}"


def pack_roles(roles: frozenset[Role]) -> str:
    """As the vault keeps them."""
    return " ".join(sorted(roles))


def unpack_roles(text: str) -> frozenset[Role]:
    """From the vault."""
    return frozenset(Role(word) for word in text.split())
