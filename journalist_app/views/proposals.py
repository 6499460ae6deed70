"""Steps that wait for a second officer: look at one, agree to it, decline it.

An officer agrees at their own sign-in; who wants to agree at another's screen does it on the step's page.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cases.errors import CaseError
from journalist_app.errors import StepError
from journalist_app.views.here import desk
from journalist_app.wording import STEP_TITLES

pages = Blueprint("proposals", __name__)


@pages.get("/proposals/<int:proposal_id>")
def ask(proposal_id: int) -> str:
    """What would be recorded."""
    return _page(proposal_id)


@pages.post("/proposals/<int:proposal_id>/agree")
def agree(proposal_id: int) -> ResponseReturnValue:
    """Record the step, as its second officer."""
    try:
        case_id = desk().proposals().agree(proposal_id)
    except (CaseError, StepError) as error:
        return _page(proposal_id, str(error)), 409
    flash("Recorded.")
    return redirect(url_for("cases.case", case_id=case_id), 303)


@pages.post("/proposals/<int:proposal_id>/decline")
def decline(proposal_id: int) -> ResponseReturnValue:
    """Let the step wait no longer."""
    kind = desk().proposals().proposal(proposal_id).waiting.kind
    try:
        case_id = desk().proposals().decline(proposal_id, request.form.get("why", ""), STEP_TITLES[kind])
    except StepError as error:
        return _page(proposal_id, str(error)), 409
    flash("It waits no longer, and nothing was recorded.")
    return redirect(url_for("cases.case", case_id=case_id), 303)


def _page(proposal_id: int, trouble: str = "") -> str:
    proposal = desk().proposals().proposal(proposal_id)
    return render_template("proposal.html", proposal=proposal, trouble=trouble)
