"""The Return page: a codename opens the inbox that belongs to it.

What is mistyped is said before any slow work. Nothing is looked up: a codename that nobody ever
used opens an empty inbox, at the same cost.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from source_app.errors import CodenameError, UnknownWordsError, WordCountError
from source_app.forms import ReturnForm
from source_app.languages import spoken
from source_app.services.codenames import parse_codename
from source_app.views.context import services, visitor

blueprint = Blueprint("visit", __name__)


@blueprint.get("/return")
def show() -> str:
    """The form for a codename."""
    arrived = "arrived" in request.args
    ended = not arrived and (visitor().ended or "ended" in request.args)
    return render_template("return.html", form=ReturnForm(), ended=ended, arrived=arrived)


@blueprint.post("/return")
def enter() -> Response | tuple[str, int]:
    """Open the inbox of a codename. Mistyped words are named, with the nearest ones."""
    form = ReturnForm()
    if not form.validate():
        return render_template("return.html", form=form, token=True), 400
    try:
        codename = parse_codename(form.codename.data or "")
    except WordCountError as error:
        said = {"notice": spoken(error), "count": error.count, "unknown": error.unknown}
        return render_template("return.html", form=form, **said), 400
    except UnknownWordsError as error:
        return render_template("return.html", form=form, unknown=error.unknown), 400
    except CodenameError as error:
        return render_template("return.html", form=form, notice=spoken(error)), 400
    master = services().identities.for_return(codename)
    services().cookies.start_anew(visitor(), master=master)
    return redirect(url_for("inbox.show"), 303)
