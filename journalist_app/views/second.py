"""Whoever signs in on a page beside the officer whose session it is, or that officer once more.

Neither gets a session by it: they say one yes, and it stands in the audit log.
"""

from typing import Final

from flask import flash

from journalist_app.errors import SignInError
from journalist_app.forms import SignInForm
from journalist_app.security.web_session import web_session
from journalist_app.services.audit import Action, Audit
from journalist_app.services.sign_in import Officer
from journalist_app.views.here import station

KEY_STICK_OUT: Final = (
    "The key stick was not in, so the key file on it is still sealed under the old key. Put it in, and press "
    "“Bring key stick and vault to agree” on the home page."
)


def second_officer() -> Officer:
    """Who agrees. Raises `SignInError`, `ThrottledError`."""
    return _signed_in(SignInForm(), Action.AGREE)


def once_more() -> None:
    """The officer of this session, by passphrase and code. Raises `SignInError`, `ThrottledError`."""
    present = web_session().officer
    typed = SignInForm()
    if present is None:
        raise SignInError
    typed.officer.data = present.name
    _signed_in(typed, None)


def end_every_session(said: str, *, sealed_anew: bool) -> None:
    """After the vault got another key: nobody is signed in any longer, and the door says why.

    `sealed_anew`: whether the key file in use is sealed under it already.
    """
    station().sessions.end_all()
    web_session().leave()
    flash(said)
    if not sealed_anew:
        flash(KEY_STICK_OUT)


def _signed_in(typed: SignInForm, action: Action | None) -> Officer:
    if not typed.validate():
        raise SignInError
    officer, unlocked = station().sign_in.sign_in(
        str(typed.officer.data), str(typed.passphrase.data), str(typed.code.data)
    )
    try:
        if action is not None:
            Audit(unlocked, station().clock).note(officer, action)
    finally:
        unlocked.close()
    return officer
