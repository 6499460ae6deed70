"""The inbox: where the case stands, messages newest first, and a form to write again.

It goes on while the site is closed for reports. Reading leaves no mark. Whoever has no session is
sent to the Return page; what they typed meanwhile is shown to be copied.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from source_app.errors import SourceAppError
from source_app.forms import ReturnForm
from source_app.languages import current, spoken
from source_app.security.headers import in_our_frame
from source_app.services import letters
from source_app.services.reports import Draft
from source_app.views.context import services, visitor
from source_app.views.refusals import status_of
from source_app.views.sending import empty_form, not_sent, receive, sent

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/inbox")
def show() -> Response | str:
    """The answers to the holder of the codename."""
    return _page(Draft(), "") if "master" in visitor() else to_return()


@blueprint.post("/inbox")
def write() -> Response | str | tuple[str, int]:
    """Take another message, with files if there are any. A refused form comes back with its text."""
    draft = Draft()
    try:
        is_new = receive(draft, letters.message(current()))
    except SourceAppError as error:
        return refused(error, draft) or (_page(draft, spoken(error)), status_of(error))
    return sent(is_new=is_new)


def to_return() -> Response:
    """To the form for a codename; it says when a session has ended."""
    return redirect(url_for("visit.show", ended=1) if visitor().ended else url_for("visit.show"), 303)


def refused(error: SourceAppError, draft: Draft) -> tuple[str, int] | None:
    """The answer to a refused sending where the page itself cannot be drawn again, or None."""
    if in_our_frame():
        return not_sent(error), status_of(error)
    if "master" not in visitor():
        page = render_template("return.html", form=ReturnForm(formdata=None), ended=True, kept=draft.text)
        return page, 400
    return None


def _page(draft: Draft, notice: str) -> str:
    known = visitor()
    inbox = services().inbox.read(known["master"])
    return render_template(
        "inbox.html",
        inbox=inbox,
        cases=inbox.cases(),
        form=empty_form(draft),
        notice=notice,
        sent=request.args.get("sent", ""),
        again="again" in request.args,
        unchecked="codename" in known,
    )
