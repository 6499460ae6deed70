"""The list of cases, and one case.

What the list shows is asked for in the address; what that does not know is passed over.
"""

from typing import Final

from flask import Blueprint, render_template, request

from journalist_app.listing import Show, Sort, Wanted
from journalist_app.views.here import desk
from journalist_app.wording import SHOW_TITLES, SORT_TITLES

pages = Blueprint("cases", __name__)

WORDS_MAX: Final = 200
PAGES_MAX: Final = 1_000_000


@pages.get("/cases")
def index() -> str:
    """List cases: those that are asked for, in the order that is asked for, a page at a time."""
    wanted = _wanted()
    page = desk().reading().cases(wanted)
    return render_template("cases.html", page=page, wanted=wanted, shows=SHOW_TITLES, sorts=SORT_TITLES)


@pages.get("/cases/<int:case_id>")
def case(case_id: int) -> str:
    """Show a case: parcels as received, files, answers and their way."""
    return render_template("case.html", case=desk().reading().case(case_id))


def _wanted() -> Wanted:
    """What the address asks for; what it does not know is passed over."""
    asked = request.args
    show = Show(asked["show"]) if asked.get("show") in set(Show) else Show.OPEN
    sort = Sort(asked["sort"]) if asked.get("sort") in set(Sort) else Sort.URGENT
    number = min(max(asked.get("page", 1, type=int), 1), PAGES_MAX)
    return Wanted(show, sort, asked.get("words", "")[:WORDS_MAX], number, asked.get("flag", "")[:WORDS_MAX])
