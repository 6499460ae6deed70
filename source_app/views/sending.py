"""What the two views with files share: reading the form as it arrives, and drawing it again.

Not a view itself. The form is read field by field while it arrives (`source_app.multipart`), so
`request.form` must never be touched in these views: it would read the whole body first.
"""

import secrets
from typing import Final

from flask import request

from source_app.forms import SendForm
from source_app.multipart import FormReader
from source_app.security.body import counted_body
from source_app.security.csrf import check_token
from source_app.services.reports import FIELDS, Draft, Sender, Sending
from source_app.views.context import services, visitor

UPLOADS_REMEMBERED: Final = 4


def receive(draft: Draft, *, is_report: bool) -> None:
    """Store what this request sends, and remember its sender in the session.

    Raises what `ReportIntake.receive` raises; then `draft` holds what was typed.
    """
    known = visitor()
    form = FormReader(request.headers.get("Content-Type", ""), counted_body().read, FIELDS)
    sender = Sender(known.get("id", ""), known.get("codename", ""), known.get("master", ""))
    sending = Sending(sender, is_report, check_token)
    known["master"] = services().reports.receive(form.parts(), sending, draft)
    if "codename" in known:
        known["sent"] = 1  # from now on it may be shown


def empty_form(text: str = "") -> SendForm:
    """The form with a fresh upload id, which the session remembers."""
    known = visitor()
    upload_id = secrets.token_hex(16)
    known["uploads"] = [*known.get("uploads", []), upload_id][-UPLOADS_REMEMBERED:]
    return SendForm(formdata=None, upload_id=upload_id, message=text)
