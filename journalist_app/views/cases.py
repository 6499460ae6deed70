"""The list of cases, one case, and answers to its source.

An answer that is refused comes back with what was typed.
"""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from journalist_app.errors import ReplyError
from journalist_app.forms import ReplyForm
from journalist_app.listing import Show, Sort, Wanted
from journalist_app.services.answering import Asks
from journalist_app.views.here import desk
from journalist_app.wording import SHOW_TITLES, SORT_TITLES
from transfer.message import May

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
    """Show a case: parcels as received, files, answers and their way, the form for an answer."""
    page = desk().reading().case(case_id)
    return render_template("case.html", case=page, form=ReplyForm(formdata=None, stage=page.stage.value))


@pages.post("/cases/<int:case_id>/reply")
def reply(case_id: int) -> ResponseReturnValue:
    """Keep an answer for the next export."""
    form = ReplyForm()
    try:
        _check(form)
        desk().answering().reply(
            case_id, form.text.data or "", form.stage.data or "", form.due_on.data, _asks(form)
        )
    except ReplyError as error:
        page = desk().reading().case(case_id)
        return render_template("case.html", case=page, form=form, trouble=str(error)), 400
    flash("The answer waits for the next export.")
    return redirect(url_for("cases.case", case_id=case_id), 303)


def _wanted() -> Wanted:
    """What the address asks for; what it does not know is passed over."""
    asked = request.args
    show = Show(asked["show"]) if asked.get("show") in set(Show) else Show.OPEN
    sort = Sort(asked["sort"]) if asked.get("sort") in set(Sort) else Sort.URGENT
    number = min(max(asked.get("page", 1, type=int), 1), PAGES_MAX)
    return Wanted(show, sort, asked.get("words", "")[:WORDS_MAX], number)


def _asks(form: ReplyForm) -> Asks:
    wanted = {May.OBJECT: form.may_object.data, May.READ: form.may_read.data}
    return Asks(
        tuple(each for each, chosen in wanted.items() if chosen),
        form.consent_body.data or "",
        tuple(form.consent_fields.data or ()),
    )


def _check(form: ReplyForm) -> None:
    form.validate()
    if form.due_on.errors:
        raise ReplyError("Write the day as 2027-01-15, or leave it empty.")
    if form.errors:
        raise ReplyError(" ".join(str(said) for errors in form.errors.values() for said in errors))
