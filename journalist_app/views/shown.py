"""How values look on a page: days with the month's name, sizes, stages, names of files.

A file's name is data from a stranger: what would not be seen, as marks that turn the direction
of writing or control characters, is shown by its number. Templates escape everything besides.
"""

import unicodedata
from datetime import date, datetime
from typing import Any, Final

import segno
from flask import Flask, url_for
from markupsafe import Markup

from cases.machines.report import ReportState
from cases.stages import Stage
from journalist_app.services.forms_shown import StepLink
from journalist_app.services.roles import spell_roles
from journalist_app.services.window_rules import Wanted
from journalist_app.wording import (
    CONDITION_TITLES,
    FIELD_TITLES,
    HAPPENED,
    STAGE_LABELS,
    STATE_LABELS,
    STATUS_NOTES,
    count,
    spell_advice,
    spell_condition,
    spell_day,
    spell_language,
    spell_notice,
    spell_standing,
    spell_subject,
)
from journalist_app.wording_deletions import DELETION_CONDITIONS, spell_still

PAGES: Final = (
    ("home.home", ("home",), "Home"),
    (
        "cases.index",
        ("cases", "answers", "steps", "proposals", "sorting", "files", "viewing", "archives", "letters"),
        "Cases",
    ),
    ("deleting.index", ("deleting",), "Deleted cases"),
    ("sticks.choose", ("sticks",), "Import and export"),
    ("people.index", ("people", "own_access"), "People"),
    ("keys.index", ("keys", "backups"), "Intake keys"),
    ("audit.index", ("audit",), "Audit log"),
)
"""The links at the top: a view, the parts of the app that belong to it, its title."""
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_STEP: Final = 1000


def day(value: date | None) -> str:
    """A date with the month's name, as 22 November 2026."""
    return spell_day(value) if value else ""


def iso_day(text: str) -> str:
    """The same, of "2026-11-22"."""
    return spell_day(date.fromisoformat(text))


def step_address(case_id: int, link: StepLink) -> str:
    """Where a step is recorded that a form asks for, filled in as far as the form says."""
    given: dict[str, Any] = {name: [] for name, _ in link.given}
    for name, value in link.given:
        given[name].append(value)
    return url_for("steps.ask", case_id=case_id, kind=link.kind.value, **given)


def instant(value: datetime) -> str:
    """A moment with its time zone, as 22 November 2026, 12:05 UTC."""
    return f"{spell_day(value.date())}, {value:%H:%M} UTC"


def moment(text: str) -> str:
    """A moment as the audit log keeps it, to the second: 22 November 2026, 12:05:00 UTC."""
    value = datetime.fromisoformat(text)
    return f"{spell_day(value.date())}, {value:%H:%M:%S} UTC"


def said_at(text: str) -> str:
    """A moment that a stranger's file names, in whatever zone; what is none, as it stands."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return name(text)
    return f"{spell_day(value.date())}, {value:%H:%M:%S}"


def size(size_bytes: int) -> str:
    """A size in the largest unit that keeps it above one."""
    if size_bytes == 1:
        return "1 byte"
    amount, units = float(size_bytes), ("bytes", "kB", "MB", "GB")
    for unit in units[:-1]:
        if amount < _STEP:
            return f"{amount:.0f} {unit}" if unit == units[0] else f"{amount:.1f} {unit}"
        amount /= _STEP
    return f"{amount:.1f} {units[-1]}"


def name(text: str) -> str:
    """A stranger's text on one line, with every unseen character made visible."""
    return "".join(f"‹U+{ord(c):04X}›" if unicodedata.category(c) in _UNSEEN else c for c in text)


def letters(text: str) -> str:
    """The same of a text with lines."""
    return "\n".join("\t".join(name(part) for part in line.split("\t")) for line in text.split("\n"))


def spell_state(value: ReportState) -> str:
    """Where the agency's own work on a case stands."""
    return STATE_LABELS[value]


def stage(value: Stage) -> str:
    """A stage in words."""
    return STAGE_LABELS[value]


def qr_picture(uri: str) -> Markup:
    """A picture that a phone reads, drawn in the page itself: nothing is loaded for it."""
    drawn = segno.make(uri).svg_inline(
        scale=4, border=4, dark="#000", light="#fff", title="One-time password"
    )
    return Markup(drawn)  # noqa: S704 - of our own making; the text in it is drawn, not written


def fours(text: str) -> str:
    """A secret in fours."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


FILTERS: Final = {
    "day": day,
    "iso_day": iso_day,
    "language": spell_language,
    "instant": instant,
    "moment": moment,
    "said_at": said_at,
    "size": size,
    "name": name,
    "letters": letters,
    "stage": stage,
    "condition_title": CONDITION_TITLES.__getitem__,
    "condition": spell_condition,
    "advice": spell_advice,
    "standing": spell_standing,
    "subject": spell_subject,
    "roles": spell_roles,
    "state": spell_state,
    "step": HAPPENED.__getitem__,
    "field": FIELD_TITLES.__getitem__,
    "owed": spell_notice,
    "fours": fours,
    "still": spell_still,
    "condition_of": DELETION_CONDITIONS.__getitem__,
    "status_note": STATUS_NOTES.__getitem__,
}
"""What templates call each of them."""


def install(app: Flask) -> None:
    """Give the templates these filters."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        stages=tuple(Stage), pages=PAGES, count=count, conditions=tuple(Wanted), step_address=step_address
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
