"""Leaving: the session ends for good, and the browser is asked to forget this site.

The id of the session is refused from then on, wherever a copy of the cookie is. What the browser
itself remembers only New Identity takes away, and the page says so.
"""

from flask import Blueprint, Response, make_response, render_template

from source_app.forms import LeaveForm
from source_app.security.headers import CLEAR_SITE_DATA
from source_app.views.context import services, visitor
from source_app.views.sending import has_arrived

blueprint = Blueprint("leave", __name__)


@blueprint.get("/leave")
def ask() -> str:
    """A page with the button."""
    return render_template("leave.html", form=LeaveForm())


@blueprint.post("/leave")
def leave() -> Response:
    """End the session, clear the browser's copy, and say what to do next.

    Whoever has a codename that was not checked yet is asked once: it can never be shown again.
    """
    form = LeaveForm()
    if not form.validate() and "id" in visitor():
        return make_response(render_template("leave.html", form=form), 400)
    if not form.sure.data and "codename" in visitor() and has_arrived():
        return make_response(render_template("leave.html", form=form))
    services().cookies.leave(visitor())
    answer = make_response(render_template("left.html"))
    answer.headers["Clear-Site-Data"] = CLEAR_SITE_DATA
    return answer
