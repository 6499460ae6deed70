"""The page "My own access": another passphrase, phone or recovery codes for the officer at the screen.

Passphrase and code are asked for again. What is made is shown once. The secret of a new phone waits in
the session, in memory, until that phone has shown a right code.
"""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from journalist_app.errors import PeopleError, SignInError, ThrottledError
from journalist_app.forms import CodeForm, SignInForm
from journalist_app.security.web_session import web_session
from journalist_app.services.new_officer import new_factor
from journalist_app.views.here import desk, station
from journalist_app.views.second import once_more
from journalist_app.views.shown import qr_picture

pages = Blueprint("own_access", __name__)

_REFUSALS: Final = (SignInError, ThrottledError)
_NEW_PHONE: Final = "new_phone"


@pages.get("/access")
def index() -> str:
    """Say how it stands, and what can be made anew."""
    return render_template("own_access.html", standing=desk().own_access().standing())


@pages.get("/access/passphrase")
def ask_passphrase() -> str:
    """Say what another passphrase means, and ask who it is."""
    return _ask("passphrase")


@pages.post("/access/passphrase")
def passphrase() -> ResponseReturnValue:
    """Another passphrase, shown once; other sessions of this officer end."""
    try:
        once_more()
    except _REFUSALS as error:
        return _ask("passphrase", str(error)), 403
    made = desk().own_access().new_passphrase()
    _end_others()
    return render_template("own_secret.html", passphrase=made, codes=())


@pages.get("/access/codes")
def ask_codes() -> str:
    """Say what recovery codes are for, and ask who it is."""
    return _ask("codes")


@pages.post("/access/codes")
def codes() -> ResponseReturnValue:
    """Fresh recovery codes, shown once."""
    try:
        once_more()
    except _REFUSALS as error:
        return _ask("codes", str(error)), 403
    return render_template("own_secret.html", passphrase="", codes=desk().own_access().new_codes())


@pages.get("/access/phone")
def ask_phone() -> str:
    """Say what another phone means, and ask who it is."""
    return _ask("phone")


@pages.post("/access/phone")
def phone() -> ResponseReturnValue:
    """Show the secret for another phone, which does not count before that phone showed a code."""
    try:
        once_more()
    except _REFUSALS as error:
        return _ask("phone", str(error)), 403
    secret = new_factor()
    web_session()[_NEW_PHONE] = secret
    return _phone(secret)


@pages.post("/access/phone/confirm")
def confirm_phone() -> ResponseReturnValue:
    """From now on the new phone counts; other sessions of this officer end."""
    secret = str(web_session().get(_NEW_PHONE, ""))
    form = CodeForm()
    if not secret:
        return redirect(url_for("own_access.index"), 303)
    try:
        desk().own_access().confirm_phone(secret, str(form.code.data or ""))
    except PeopleError as error:
        return _phone(secret, str(error)), 403
    web_session().pop(_NEW_PHONE)
    _end_others()
    flash("The new phone counts from now on, and the old one no longer.")
    return redirect(url_for("own_access.index"), 303)


def _ask(what: str, trouble: str = "") -> str:
    form = SignInForm(formdata=None)
    return render_template("own_ask.html", what=what, form=form, trouble=trouble)


def _phone(secret: str, trouble: str = "") -> str:
    uri = desk().own_access().uri_of(secret)
    return render_template(
        "own_phone.html",
        secret=secret,
        picture=qr_picture(uri),
        form=CodeForm(formdata=None),
        trouble=trouble,
    )


def _end_others() -> None:
    present = web_session()
    if present.officer is not None and present.visit is not None:
        station().sessions.end_of(present.officer.officer_id, but=present.visit.visit_id)
