"""The home page: what waits, what was carried, what is wrong.

Shows what `services.overview` found; has no form but the buttons that lead on.
"""

from flask import Blueprint, render_template

from journalist_app.services.roles import Right
from journalist_app.views.here import desk
from journalist_app.wording import DECISION_LABELS, DUTY_TITLES, STATE_LABELS

pages = Blueprint("home", __name__)


@pages.get("/")
def home() -> str:
    """Show what waits and the last bundles; without a session it leads to the sign-in."""
    working = desk()
    return render_template(
        "home.html",
        overview=working.overview(),
        own=working.own_access().standing(),
        waiting=working.proposals().waiting() if working.officer.may(Right.READ_CASES) else (),
        duty_titles=DUTY_TITLES,
        decision_labels=DECISION_LABELS,
        state_titles=STATE_LABELS,
    )
