"""The audit log, for an auditor: who asked for what, and when; no contents.

Looking at it is a line in it too.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from journalist_app.views.here import desk
from journalist_app.wording import count

pages = Blueprint("audit", __name__)


@pages.get("/audit")
def index() -> str:
    """Show a page of the audit log, newest first."""
    working = desk()
    lines = working.audit().lines(working.officer, request.args.get("before", type=int))
    older = lines[-1].number if lines and lines[-1].number > 1 else None
    return render_template("audit.html", lines=lines, older=older)


@pages.post("/audit/verify")
def verify() -> ResponseReturnValue:
    """Look at every line and every seal, and say which is the first that is broken."""
    seen = desk().audit().verify()
    flash(
        f"{count(seen.lines, 'line is', 'lines are')} as written; {seen.sealed_lines} of them sealed. "
        f"The head after the last, to be noted on paper: {seen.head.hex()}"
    )
    return redirect(url_for("audit.index"), 303)
