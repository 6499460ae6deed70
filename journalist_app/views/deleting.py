"""Deleting a case, and the page that says which deletions are complete.

What cannot be undone has a page of its own that says what goes and what stays; the second officer signs in
on it. The list names cases by their numbers, and nothing of what was in them.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cases.errors import CaseError
from journalist_app.errors import DeletionError, SignInError, StepError, ThrottledError
from journalist_app.forms import SignInForm
from journalist_app.security.access import may
from journalist_app.services.deletion_rules import Condition
from journalist_app.views.here import desk
from journalist_app.views.second import second_officer

pages = Blueprint("deleting", __name__)

_PAGES_MAX = 1_000_000


@pages.get("/deleted")
def index() -> str:
    """List the deletions and what is open of each; for who deletes, the closed cases too."""
    number = min(max(request.args.get("page", 1, type=int), 1), _PAGES_MAX)
    closed, more = desk().deleting().closed(number) if may("deleting.ask") else ((), False)
    return render_template(
        "deleted.html",
        deleted=desk().deleting().deleted(),
        conditions=tuple(Condition),
        closed=closed,
        page=number,
        more=more,
    )


@pages.get("/cases/<int:case_id>/delete")
def ask(case_id: int) -> str:
    """Say what goes with a case, what stays, and whether the law lets it go."""
    return _ask(case_id)


@pages.post("/cases/<int:case_id>/delete")
def delete(case_id: int) -> ResponseReturnValue:
    """Delete a case, once a second officer signed in and agreed."""
    try:
        desk().deleting().delete(case_id, request.form.get("case_code", ""), second_officer())
    except (CaseError, DeletionError, StepError, SignInError, ThrottledError) as error:
        return _ask(case_id, str(error)), 409
    flash(f"Case {case_id} is deleted. Below stands what is still open before that is complete.")
    return redirect(url_for("deleting.index"), 303)


def _ask(case_id: int, trouble: str = "") -> str:
    return render_template(
        "delete.html",
        case=desk().deleting().page(case_id),
        typed=request.form.get("case_code", ""),
        form=SignInForm(formdata=None),
        trouble=trouble,
    )
