"""The inbox: answers, newest first, and a form to write again.

It goes on while the site is closed for reports. Reading leaves no mark. Whoever has no session is
sent to the Return page; what they typed meanwhile is shown to be copied.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from source_app.errors import SourceAppError, sentence
from source_app.forms import ReturnForm
from source_app.services.reports import Draft
from source_app.views.context import services, visitor
from source_app.views.refusals import status_of
from source_app.views.sending import empty_form, receive

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/inbox")
def show() -> Response | str:
    """The answers to the holder of the codename."""
    known = visitor()
    if "master" not in known:
        return redirect(url_for("visit.show", ended=1) if known.ended else url_for("visit.show"), 303)
    return _page(Draft(), "")


@blueprint.post("/inbox")
def write() -> Response | tuple[str, int]:
    """Take another message, with files if there are any. A refused form comes back with its text."""
    draft = Draft()
    try:
        receive(draft, is_report=False)
    except SourceAppError as error:
        if "master" not in visitor():
            page = render_template("return.html", form=ReturnForm(formdata=None), ended=True, kept=draft.text)
            return page, 400
        return _page(draft, sentence(error)), status_of(error)
    return redirect(url_for("inbox.show", sent=1), 303)


def _page(draft: Draft, notice: str) -> str:
    known = visitor()
    return render_template(
        "inbox.html",
        inbox=services().inbox.read(known["master"]),
        form=empty_form(draft.text),
        notice=notice,
        sent="sent" in request.args,
        unchecked="codename" in known,
    )
