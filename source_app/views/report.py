"""The Report page: the form with the pack's questions, and its sending.

A codename is made with the form and shown after the sending, so that a sending whose answer was
lost can be repeated and gives the same one. A refused form comes back with what was typed.
"""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from source_app.errors import SourceAppError
from source_app.languages import current, spoken
from source_app.security.headers import in_our_frame
from source_app.services import letters
from source_app.services.codenames import new_codename
from source_app.services.reports import Draft
from source_app.views.context import services, visitor
from source_app.views.refusals import status_of
from source_app.views.sending import empty_form, has_arrived, not_sent, receive, sent

blueprint = Blueprint("report", __name__)


@blueprint.get("/report")
def show() -> str:
    """The form for a report. The codename is made here and shown only after the first sending."""
    services().gate.require_open()
    return _form(Draft(), "")


@blueprint.post("/report")
def send() -> Response | str | tuple[str, int]:
    """Take a report; then the codename is shown. A refused form comes back with what was typed."""
    draft, public = Draft(), services().public
    try:
        is_new = receive(draft, letters.report(public.pack(), public.today(), current()))
    except SourceAppError as error:
        page = not_sent(error) if in_our_frame() else _form(draft, spoken(error))
        return page, status_of(error)
    return sent(is_new=is_new)


def _form(draft: Draft, notice: str) -> str:
    known, public, arrived = visitor(), services().public, has_arrived()
    if "codename" not in known and "master" not in known:
        known["codename"] = new_codename()
    return render_template(
        "report.html",
        form=empty_form(draft),
        typed=draft.answers,
        questions=public.questions(current()),
        what=public.what(current()),
        emergency=public.emergency(current()),
        notice=notice,
        ended=known.ended,
        returning="master" in known and "codename" not in known,
        arrived=arrived,
    )
