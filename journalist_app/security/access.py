"""Nobody sees anything without signing in, but the sign-in page itself and the style sheet.

The rule stands here and not at each view: a view that is added tomorrow is shut until somebody
names it in `OPEN`. A session that has ended says so; a first visit never does.
"""

from typing import Final

from flask import Flask, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from journalist_app.security.web_session import web_session

OPEN: Final = frozenset({"static", "sign_in.form", "sign_in.sign_in"})
ENDED: Final = "Your session has ended and the station is locked. Sign in again to go on."


def install(app: Flask) -> None:
    """Shut every view of `app` that is not in `OPEN`."""
    app.before_request(_check)


def _check() -> Response | None:
    if request.endpoint is None or request.endpoint in OPEN or web_session().officer is not None:
        return None
    if web_session().ended:
        flash(ENDED)
    return redirect(url_for("sign_in.form"), 303)
