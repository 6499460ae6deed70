"""The page "People": who the officers are; adding, changing, resetting and withdrawing them.

Each change is made by two: a second officer signs in on the page that says what it does. Secrets that come of
it are on the answer itself, folded away, and nowhere afterwards.
"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from journalist_app.errors import PeopleError, SettingsError, SignInError, ThrottledError
from journalist_app.forms import PersonForm, SignInForm, SuccessorForm
from journalist_app.services.new_officer import NewOfficer
from journalist_app.views.here import desk, station
from journalist_app.views.second import end_every_session, second_officer
from journalist_app.views.shown import qr_picture

pages = Blueprint("people", __name__)

_REFUSALS = (SignInError, ThrottledError, PeopleError, SettingsError)


@pages.get("/people")
def index() -> str:
    """List the officers, and those who were."""
    return render_template("people.html", people=desk().people().everybody())


@pages.get("/people/add")
def ask_add() -> str:
    """The form for a new officer."""
    return _ask_add(PersonForm(formdata=None))


@pages.post("/people/add")
def add() -> ResponseReturnValue:
    """Two officers take in a third; their secrets are shown once."""
    form = PersonForm()
    try:
        made = desk().people().add(str(form.name.data or ""), form.chosen_roles(), second_officer())
    except _REFUSALS as error:
        return _ask_add(form, str(error)), 403
    return _secrets(made)


@pages.get("/people/<officer_id>")
def person(officer_id: str) -> str:
    """One officer, and the ways to what two others may do."""
    return render_template("person.html", person=desk().people().one(officer_id))


@pages.get("/people/<officer_id>/roles")
def ask_roles(officer_id: str) -> str:
    """The form for other roles."""
    return _ask_roles(officer_id)


@pages.post("/people/<officer_id>/roles")
def roles(officer_id: str) -> ResponseReturnValue:
    """Two officers give another one other roles, who has to sign in again."""
    form = PersonForm()
    try:
        desk().people().change_roles(officer_id, form.chosen_roles(), second_officer())
    except _REFUSALS as error:
        return _ask_roles(officer_id, form, str(error)), 403
    station().sessions.end_of(officer_id)
    flash("The roles are changed from now on.")
    return redirect(url_for("people.person", officer_id=officer_id), 303)


@pages.get("/people/<officer_id>/reset")
def ask_reset(officer_id: str) -> str:
    """Say what fresh secrets mean, before they are made."""
    return _ask("person_reset.html", officer_id)


@pages.post("/people/<officer_id>/reset")
def reset(officer_id: str) -> ResponseReturnValue:
    """Two officers give another one fresh secrets, shown once."""
    try:
        made = desk().people().reset(officer_id, second_officer())
    except _REFUSALS as error:
        return _ask("person_reset.html", officer_id, str(error)), 403
    station().sessions.end_of(officer_id)
    return _secrets(made)


@pages.get("/people/<officer_id>/withdraw")
def ask_withdraw(officer_id: str) -> str:
    """Say what withdrawing does, before it is done."""
    return _ask("person_withdraw.html", officer_id)


@pages.post("/people/<officer_id>/withdraw")
def withdraw(officer_id: str) -> ResponseReturnValue:
    """Two officers let another one in no more; the vault gets another key, and everybody signs in again."""
    successor = str(SuccessorForm().successor.data or "")
    try:
        sealed_anew = desk().people().withdraw(officer_id, second_officer(), successor)
    except _REFUSALS as error:
        return _ask("person_withdraw.html", officer_id, str(error)), 403
    said = "The officer is withdrawn, and the vault has another key. Everybody signs in again."
    end_every_session(said, sealed_anew=sealed_anew)
    return redirect(url_for("sign_in.form"), 303)


def _ask_add(form: PersonForm, trouble: str = "") -> str:
    second = SignInForm(formdata=None)
    return render_template("people_add.html", form=form, second=second, trouble=trouble)


def _ask_roles(officer_id: str, form: PersonForm | None = None, trouble: str = "") -> str:
    person = desk().people().one(officer_id)
    if form is None:
        form = PersonForm(formdata=None, roles=[role.value for role in person.roles])
    second = SignInForm(formdata=None)
    return render_template("person_roles.html", person=person, form=form, second=second, trouble=trouble)


def _ask(template: str, officer_id: str, trouble: str = "") -> str:
    people = desk().people()
    person = people.one(officer_id)
    others = [each for each in people.everybody() if each.withdrawn_on is None and each != person]
    second = SignInForm(formdata=None)
    return render_template(template, person=person, others=others, second=second, trouble=trouble)


def _secrets(made: NewOfficer) -> str:
    return render_template("secrets.html", made=made, picture=qr_picture(made.totp_uri))
