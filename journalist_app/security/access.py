"""Who sees which page: nobody without signing in, and nobody without a role for it.

The rule stands here and not at each view: a view that is added tomorrow is shut for everybody until somebody
names it in `RULES`, and no test passes before. A session that has ended says so; a first visit never does.
The table is shown, with the roles, on `docs/reference/access.md`.
"""

from typing import Final

from flask import Flask, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from journalist_app.security.web_session import web_session
from journalist_app.services.roles import Right, require

OPEN: Final = frozenset({"static", "sign_in.form", "sign_in.sign_in"})
RULES: Final = {
    "home.home": Right.BE_HERE,
    "sign_in.sign_out": Right.BE_HERE,
    "clock.ask": Right.BE_HERE,
    "clock.confirm": Right.BE_HERE,
    "cases.index": Right.READ_CASES,
    "cases.case": Right.READ_CASES,
    "files.save": Right.READ_CASES,
    "cases.reply": Right.ANSWER,
    "sticks.choose": Right.CARRY,
    "sticks.import_": Right.CARRY,
    "sticks.export": Right.CARRY,
    "keys.index": Right.KEEP_KEYS,
    "keys.renew": Right.KEEP_KEYS,
    "keys.ask_destroy": Right.KEEP_KEYS,
    "keys.destroy": Right.KEEP_KEYS,
    "keys.finish": Right.KEEP_KEYS,
    "keys.lost": Right.KEEP_KEYS,
    "keys.copy": Right.KEEP_KEYS,
    "keys.copy_destroyed": Right.KEEP_KEYS,
    "backups.make": Right.KEEP_KEYS,
    "backups.verify": Right.KEEP_KEYS,
    "backups.destroyed": Right.KEEP_KEYS,
}
"""What each view asks for, by its endpoint."""
ENDED: Final = "Your session has ended and the station is locked. Sign in again to go on."
NO_RULE: Final = "Nobody may open this page: no rule says who. Nothing was done."


def install(app: Flask) -> None:
    """Shut every view of `app` that is not in `OPEN`."""
    app.before_request(_check)
    app.jinja_env.globals["may"] = may


def may(endpoint: str) -> bool:
    """Whether the officer who asks can open a view, so that no link leads to a closed door."""
    officer = web_session().officer
    return officer is not None and endpoint in RULES and officer.may(RULES[endpoint])


def _check() -> Response | None:
    if request.endpoint is None or request.endpoint in OPEN:
        return None
    officer = web_session().officer
    if officer is None:
        if web_session().ended:
            flash(ENDED)
        return redirect(url_for("sign_in.form"), 303)
    if request.endpoint not in RULES:
        abort(403, NO_RULE)
    require(officer.roles, RULES[request.endpoint])
    return None
