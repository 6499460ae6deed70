"""Sending: what the views that take files share, and the small page that shows how far a sending is.

A form with files is read field by field while it arrives (`source_app.multipart`), so `request.form` must
never be touched in these views: it would read the whole body first. It targets a frame of its own page, so
that the page stays and a second frame can reload itself. The same form can be sent without frames.
"""

import secrets
from contextlib import closing
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from source_app.errors import SourceAppError, TooLargeError
from source_app.forms import SendForm
from source_app.languages import spoken
from source_app.multipart import FormReader
from source_app.security.body import counted_body
from source_app.security.csrf import check_token
from source_app.security.headers import in_our_frame
from source_app.services.letters import Letter
from source_app.services.reports import FIELDS, Draft, Sender, Sending
from source_app.views.context import services, visitor
from source_app.views.refusals import refusal_sentence

blueprint = Blueprint("sending", __name__)

UPLOADS_REMEMBERED: Final = 4
SOON_SECONDS: Final = 2
IDLE_SECONDS: Final = 4
LATER_SECONDS: Final = 15


@blueprint.get("/sending/<upload_id>")
def progress(upload_id: str) -> str:
    """How far a sending is; reloads itself. Blank until something comes."""
    known = visitor()
    if "id" not in known:
        return render_template("progress.html", ended=True)
    web = services()
    if web.reports.has_arrived(known["id"], [upload_id]):
        return render_template("progress.html", arrived=True, next_page=after_sending())
    standing = web.progress.read(web.reports.note_of(known["id"], upload_id))
    if standing is None:
        # whoever still writes a first report keeps their session; an open inbox does not
        known.quiet = "codename" not in known
        return render_template("progress.html", reload_after=IDLE_SECONDS)
    if standing.refused:
        known.quiet = True
        return render_template(
            "progress.html", reload_after=IDLE_SECONDS, refused=refusal_sentence(standing.refused)
        )
    whole = max(standing.total_bytes, 1)
    return render_template(
        "progress.html",
        reload_after=SOON_SECONDS if standing.received_bytes < whole else LATER_SECONDS,
        percent=100 * standing.received_bytes // whole,
        megabytes=(standing.received_bytes / 1e6, whole / 1e6),
    )


def receive(draft: Draft, letter: Letter) -> bool:
    """Store what this request sends, and remember its sender in the session. False: it was stored before.

    Raises what `ReportIntake.receive` raises; then `draft` holds what was typed.
    """
    known, web = visitor(), services()
    if web.bodies.is_too_large() and not _is_watched():
        raise TooLargeError
    kind, wanted = request.headers.get("Content-Type", ""), FIELDS | letter.fields
    form = FormReader(kind, counted_body().read, wanted, web.field_room)
    sender = Sender(known.get("id", ""), known.get("codename", ""), known.get("master", ""))
    sending = Sending(
        sender, letter, web.watch(sender.session_id, counted_body()), check_token, web.bodies.is_too_large()
    )
    with closing(form):
        taken = web.reports.receive(form.parts(), sending, draft)
    if web.cookies.was_left(known):  # the browser may have another session by now
        known.forget()
        return taken.is_new
    known["master"] = taken.master
    web.cookies.prolong(known)
    if "codename" in known:
        known["sent"] = 1  # from now on it may be shown
    return taken.is_new


def _is_watched() -> bool:
    """Whether somebody may look at the small page meanwhile; a program waits for its answer."""
    return "id" in visitor() and "Expect" not in request.headers


def has_arrived() -> bool:
    """Whether a first report of this session was stored, though its answer may never have been seen."""
    known = visitor()
    uploads = known.get("uploads", [])
    if "codename" in known and uploads and services().reports.has_arrived(known.get("id", ""), uploads):
        known["sent"] = 1
    return "sent" in known


def after_sending(*, is_new: bool = True) -> str:
    """Where somebody goes on whose sending has arrived, now or before."""
    again = None if is_new else 1
    if visitor().ended:
        return url_for("visit.show", arrived=1)
    if "codename" in visitor():
        return url_for("codename.show", again=again)
    return url_for("inbox.show", sent="message", again=again)


def sent(*, is_new: bool) -> Response | str:
    """The answer to a sending that is stored: in the frame a way on, else that page itself.

    Whoever sends a page again may have changed it meanwhile, and nothing of that was stored: it is said.
    """
    if in_our_frame():
        return render_template("frame.html", next_page=after_sending(), again=not is_new)
    return redirect(after_sending(is_new=is_new), 303)


def not_sent(error: SourceAppError) -> str:
    """The answer in the frame to a sending that was refused: what was typed is still around it."""
    return render_template("frame.html", notice=spoken(error))


def empty_form(draft: Draft) -> SendForm:
    """The form with what was typed and a fresh upload id, which the session remembers."""
    known = visitor()
    upload_id = secrets.token_hex(16)
    known["uploads"] = [*known.get("uploads", []), upload_id][-UPLOADS_REMEMBERED:]
    return SendForm(formdata=None, upload_id=upload_id, message=draft.text)
