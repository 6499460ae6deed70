"""The list of cases, one case, and answers to its source.

An answer that is refused comes back with what was typed.
"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from journalist_app.errors import ReplyError
from journalist_app.forms import ReplyForm
from journalist_app.services.answering import Asks
from journalist_app.views.here import desk
from transfer.message import May

pages = Blueprint("cases", __name__)


@pages.get("/cases")
def index() -> str:
    """List all cases, those that wait for an answer first."""
    return render_template("cases.html", cases=desk().reading().cases())


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
