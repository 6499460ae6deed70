"""The page that asks about the station's clock, after it went back or jumped.

The officer types the day that another clock shows; a click alone would be given without a look.
"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from journalist_app.errors import ClockStatementError
from journalist_app.forms import ClockForm
from journalist_app.services import clock_check
from journalist_app.views.here import desk

pages = Blueprint("clock", __name__)


@pages.get("/clock")
def ask() -> str:
    """Show what the clock says and what it said before, and ask which day it is."""
    return _ask()


@pages.post("/clock")
def confirm() -> ResponseReturnValue:
    """Keep an officer's statement that the clock is right."""
    working = desk()
    typed = str(ClockForm().today.data or "")
    try:
        clock_check.confirm(working.unlocked, working.officer.name, working.clock(), typed)
    except ClockStatementError as error:
        return _ask(str(error)), 400
    flash("Noted: the clock is right.")
    return redirect(url_for("home.home"), 303)


def _ask(trouble: str = "") -> str:
    working = desk()
    now = working.clock()
    question = clock_check.question(working.unlocked, now)
    return render_template(
        "clock.html", now=now, question=question, form=ClockForm(formdata=None), trouble=trouble
    )
