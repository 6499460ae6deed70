"""A sealed archive of a case: where it goes, whom it is sealed to, what is in it.

A medium is one that was found, never a path of the browser's. A passphrase is made here and shown once, on
the page that answers. What is refused comes back with what was chosen.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from journalist_app.errors import ArchiveError, BusyError, EnvelopeError, StickError
from journalist_app.services.archiving import Wanted
from journalist_app.views.here import desk, station

pages = Blueprint("archives", __name__)

RECIPIENT_MAX = 4_000


@pages.get("/cases/<int:case_id>/archive")
def ask(case_id: int) -> str:
    """Ask for the medium, for whom it is sealed, and what besides answers and files is in it."""
    return _ask(case_id)


@pages.post("/cases/<int:case_id>/archive")
def make(case_id: int) -> ResponseReturnValue:
    """Write the archive, and show its passphrase once."""
    form = request.form
    try:
        recipient = form.get("recipient", "")[:RECIPIENT_MAX] if form.get("seal") == "recipient" else None
        wanted = Wanted(notes="notes" in form, proof="proof" in form, recipient=recipient)
        medium = station().archive_media.one(form.get("medium", ""))
        made = desk().archiving().make(case_id, medium, wanted)
    except (ArchiveError, BusyError, EnvelopeError, StickError) as error:
        return _ask(case_id, str(error)), 409
    return render_template("archive_made.html", made=made, medium=medium, case_id=case_id)


def _ask(case_id: int, trouble: str = "") -> str:
    typed = request.form if request.method == "POST" else {"proof": "", "seal": "passphrase"}
    return render_template(
        "archive.html",
        case=desk().reading().case(case_id),
        media=station().archive_media.paths(),
        typed=typed,
        trouble=trouble,
    )
