"""The Report page: the form, and its sending.

A codename is made with the form and shown after the sending, so that a sending whose answer was
lost can be repeated and gives the same one. A refused form comes back with its text.
"""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from source_app.errors import SourceAppError, sentence
from source_app.services.codenames import new_codename
from source_app.services.reports import Draft
from source_app.views.context import services, visitor
from source_app.views.refusals import status_of
from source_app.views.sending import empty_form, receive

blueprint = Blueprint("report", __name__)


@blueprint.get("/report")
def show() -> str:
    """The form for a report. The codename is made here and shown only after the first sending."""
    services().gate.require_open()
    return _form(Draft(), "")


@blueprint.post("/report")
def send() -> Response | tuple[str, int]:
    """Take a report; then the codename is shown. A refused form comes back with its text."""
    draft = Draft()
    try:
        receive(draft, is_report=True)
    except SourceAppError as error:
        return _form(draft, sentence(error)), status_of(error)
    if "codename" in visitor():
        return redirect(url_for("codename.show"), 303)
    return redirect(url_for("inbox.show", sent=1), 303)


def _form(draft: Draft, notice: str) -> str:
    known = visitor()
    if "codename" not in known and "master" not in known:
        known["codename"] = new_codename()
    return render_template(
        "report.html",
        form=empty_form(draft.text),
        notice=notice,
        ended=known.ended,
        returning="master" in known and "codename" not in known,
        arrived=_has_arrived(),
    )


def _has_arrived() -> bool:
    """Whether a report of this session was stored, though its answer may never have been seen."""
    known = visitor()
    uploads = known.get("uploads", [])
    if "codename" in known and services().reports.has_arrived(known.get("id", ""), uploads):
        known["sent"] = 1
    return "sent" in known
