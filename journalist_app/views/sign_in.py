"""Signing in and out.

Whatever was wrong, the answer is the same page with the same sentence; only the time to wait
is told, because the officer needs it.
"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from journalist_app.errors import NoVaultError, SignInError, ThrottledError
from journalist_app.forms import SignInForm
from journalist_app.security.web_session import web_session
from journalist_app.services.audit import Action, Audit
from journalist_app.views.here import station

pages = Blueprint("sign_in", __name__)


@pages.get("/sign-in")
def form() -> ResponseReturnValue:
    """Show the sign-in form; an officer who is signed in goes to the home page."""
    if web_session().officer is not None:
        return redirect(url_for("home.home"), 303)
    return _page(SignInForm(formdata=None))


@pages.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Let an officer in who knows name, passphrase and code."""
    typed = SignInForm()
    if not typed.validate():
        return _page(typed), 400
    try:
        officer, unlocked = station().sign_in.sign_in(
            str(typed.officer.data), str(typed.passphrase.data), str(typed.code.data)
        )
    except (SignInError, ThrottledError, NoVaultError) as error:
        status = 429 if isinstance(error, ThrottledError) else 403
        return _page(typed, str(error)), status
    Audit(unlocked, station().clock).note(officer, Action.SIGN_IN)
    web_session().sign_in(officer, unlocked)
    return redirect(url_for("home.home"), 303)


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session; the last officer to leave locks the station."""
    web_session().leave()
    flash("You have signed out.")
    response = redirect(url_for("sign_in.form"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _page(form: SignInForm, trouble: str = "") -> str:
    return render_template("sign_in.html", form=form, now=station().clock(), trouble=trouble)
