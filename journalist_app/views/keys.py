"""The page "Intake keys": weeks left, weeks that are over, copies of the key file, backups.

What cannot be undone has a page of its own that says what it costs before a button does it. Where
it takes two officers, the second signs in on that page.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from journalist_app.errors import DestructionError, OfficerError, SignInError, ThrottledError
from journalist_app.forms import CopyForm, DestroyForm, SignInForm
from journalist_app.services.renewing import declare_lost, lost_batches, renew_intake
from journalist_app.services.replacing import replace_key
from journalist_app.services.window_rules import WindowLine
from journalist_app.views.here import desk, station
from journalist_app.views.second import end_every_session, second_officer
from journalist_app.wording import spell_day

pages = Blueprint("keys", __name__)


@pages.get("/keys")
def index() -> str:
    """Show the weeks, the copies and the backups, and what may be done about each."""
    return _index()


@pages.post("/keys/renew")
def renew() -> ResponseReturnValue:
    """Make the next 52 weeks of keys."""
    working = desk()
    renew_intake(working.unlocked, working.clock)
    flash("The next 52 weeks of keys are ready. Bring the copies up to date, then export.")
    return redirect(url_for("keys.index"), 303)


@pages.get("/keys/destroy")
def ask_destroy() -> str:
    """Say what is destroyed, and what that costs, before it is done."""
    line = desk().destroying().line(request.args.get("through", -1, type=int))
    return _ask_destroy(line)


@pages.post("/keys/destroy")
def destroy() -> ResponseReturnValue:
    """Destroy the keys of a week and of all before it; a second officer signs in where it takes two."""
    form = DestroyForm()
    if not form.validate():
        raise DestructionError
    destroying = desk().destroying()
    line = destroying.line(form.through.data or 0)
    try:
        second = None if line.ready else second_officer()
        done = destroying.destroy(line.window, named_lost=form.lost.data or 0, second=second)
    except (SignInError, ThrottledError, DestructionError) as error:
        return _ask_destroy(destroying.line(line.window), str(error)), 403
    flash(f"The keys up to {spell_day(done.last_day)} are destroyed on this key stick. Now export.")
    return redirect(url_for("keys.index"), 303)


@pages.post("/keys/finish")
def finish() -> ResponseReturnValue:
    """Go on with a destruction that was cut off, or bring an older key stick up to date."""
    desk().destroying().finish()
    flash("The key stick holds no key that was destroyed.")
    return redirect(url_for("keys.index"), 303)


@pages.get("/keys/lost")
def ask_lost() -> str:
    """Say what it means that keys are lost, before two officers say so."""
    return _ask_lost()


@pages.post("/keys/lost")
def lost() -> ResponseReturnValue:
    """Two officers say that keys are lost with their stick; new keys take over."""
    working = desk()
    try:
        declare_lost(working.unlocked, working.clock, working.officer, second_officer())
    except (SignInError, ThrottledError, DestructionError) as error:
        return _ask_lost(str(error)), 403
    flash("New keys are ready. Make a second copy of the key file, then export.")
    return redirect(url_for("keys.index"), 303)


@pages.get("/keys/vault")
def ask_replace() -> str:
    """Say what it means that the vault gets another key, before it does."""
    return render_template("keys_vault.html")


@pages.post("/keys/vault")
def replace() -> ResponseReturnValue:
    """Give the vault another key; everybody signs in again."""
    working = desk()
    sealed_anew = replace_key(working.unlocked, working.clock)
    end_every_session("The vault has another key. Everybody signs in again.", sealed_anew=sealed_anew)
    return redirect(url_for("sign_in.form"), 303)


@pages.post("/keys/copy")
def copy() -> ResponseReturnValue:
    """Copy the key file to another medium, or bring the copy on it up to date."""
    form = CopyForm()
    try:
        medium = station().key_copy_media.one(str(form.medium.data or ""))
        if form.label.data is None:
            desk().copies().update(medium)
        else:
            desk().copies().make(medium, form.label.data)
    except OfficerError as error:
        return _index(str(error)), 409
    flash("The copy was written and read back.")
    return redirect(url_for("keys.index"), 303)


@pages.post("/keys/copies/<copy_id>/destroyed")
def copy_destroyed(copy_id: str) -> ResponseReturnValue:
    """Keep that an officer destroyed a copy of the key file."""
    desk().copies().mark_destroyed(copy_id)
    flash("Noted: this copy is destroyed.")
    return redirect(url_for("keys.index"), 303)


def _index(trouble: str = "") -> str:
    working = desk()
    return render_template(
        "keys.html",
        keys=working.overview().keys,
        lines=working.destroying().lines(),
        history=working.destroying().history(),
        copies=working.copies().lines(),
        key_media=working.copies().media(station().key_copy_media.paths()),
        backups=working.backups().lines(),
        backup_media=working.backups().media(station().backup_media.paths()),
        trouble=trouble,
    )


def _ask_destroy(line: WindowLine, trouble: str = "") -> str:
    behind = [copy for copy in desk().copies().lines() if copy.destroyed_on is None and not copy.in_use]
    return render_template(
        "keys_destroy.html", line=line, copies=behind, form=SignInForm(formdata=None), trouble=trouble
    )


def _ask_lost(trouble: str = "") -> str:
    lost_now, on_the_way = lost_batches(desk().unlocked), desk().destroying().on_the_way()
    return render_template(
        "keys_lost.html",
        lost=lost_now,
        on_the_way=on_the_way,
        form=SignInForm(formdata=None),
        trouble=trouble,
    )
