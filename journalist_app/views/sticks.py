"""Import and export: which stick, then a plain summary.

A stick is one that was found; where two could be meant the page asks. A server that is not
known yet is shown by its ten words before anything of it is used.
"""

from pathlib import Path

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from journalist_app.errors import StickChoiceError, UnknownServerError
from journalist_app.forms import StickForm
from journalist_app.views.here import desk, station

pages = Blueprint("sticks", __name__)


@pages.get("/import")
@pages.get("/export")
def choose() -> str:
    """Show the sticks that were found, the bundles on them, and what was refused before."""
    return render_template(
        "sticks.html", sticks=station().sticks.found(), overview=desk().overview(), form=StickForm()
    )


@pages.post("/import")
def import_() -> ResponseReturnValue:
    """Import what is new on a stick, or ask which stick, or ask whether the server is the right one."""
    form = StickForm()
    chosen, accepted = str(form.stick.data or ""), str(form.accept_server.data or "")
    try:
        chosen = str(station().sticks.to_import(chosen))
        summary = desk().receiving().import_stick(Path(chosen), accepted_key=accepted)
    except StickChoiceError as error:
        return render_template("which_stick.html", verb="import", sticks=error.sticks, form=form), 409
    except UnknownServerError as error:
        return render_template("server.html", server=error, stick=chosen, form=form), 409
    return render_template("imported.html", summary=summary, keys=desk().overview().keys)


@pages.post("/export")
def export() -> ResponseReturnValue:
    """Write what is new to a stick, or ask which stick."""
    form = StickForm()
    try:
        stick = station().sticks.to_export(str(form.stick.data or ""))
    except StickChoiceError as error:
        return render_template("which_stick.html", verb="export", sticks=error.sticks, form=form), 409
    return render_template("exported.html", summary=desk().sending().export(stick), stick=stick)
