"""Steps of a case, notes, and who reads a restricted case.

One page for every step: what the event says is what the page asks. What the law refuses comes back with its
sentence and with what was typed.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cases.errors import CaseError
from cases.kinds import ReportEvent
from journalist_app.errors import SignInError, StepError, ThrottledError
from journalist_app.forms import SignInForm
from journalist_app.security.access import may
from journalist_app.views.here import desk
from journalist_app.views.second import second_officer
from journalist_app.wording import STEP_TITLES, spell_notice

pages = Blueprint("steps", __name__)

_REFUSALS = (CaseError, StepError, SignInError, ThrottledError)
_MAY_SHUT = frozenset({ReportEvent.RECUSED, ReportEvent.RESTRICTED})
"""After these the officer may not see the case any longer."""


@pages.get("/cases/<int:case_id>/steps/<kind>")
def ask(case_id: int, kind: str) -> ResponseReturnValue:
    """The form of a step, filled in as far as the address says, where a message led here."""
    return _ask(case_id, _kind(kind))


@pages.post("/cases/<int:case_id>/steps/<kind>")
def record(case_id: int, kind: str) -> ResponseReturnValue:
    """Record a step; a second officer signs in on the page where the law wants one."""
    step = _kind(kind)
    try:
        if request.form.get("do") == "propose":
            return _propose(case_id, step)
        page = desk().steps().page(case_id, step)
        asks_second = bool(page.seconds) or (page.second_may_be and bool(request.form.get("officer")))
        second = second_officer() if asks_second else None
        desk().steps().record(
            case_id, step, request.form.to_dict(flat=False), request.form.get("words", ""), second
        )
    except _REFUSALS as error:
        return _ask(case_id, step, str(error))
    flash(f"Recorded: {STEP_TITLES[step]}. {spell_notice(page.notice)}".strip())
    if not may("cases.case"):
        return redirect(url_for("deleting.index"), 303)
    if step in _MAY_SHUT:
        return redirect(url_for("cases.index"), 303)
    return redirect(url_for("cases.case", case_id=case_id), 303)


def _propose(case_id: int, step: ReportEvent) -> ResponseReturnValue:
    typed = request.form.to_dict(flat=False)
    desk().proposals().propose(case_id, step, typed, request.form.get("words", ""))
    flash(f"Proposed: {STEP_TITLES[step]}. It waits on the home page of those who may agree.")
    return redirect(url_for("cases.case", case_id=case_id), 303)


@pages.post("/cases/<int:case_id>/notes")
def note(case_id: int) -> ResponseReturnValue:
    """Keep a note for colleagues; it is never sent."""
    desk().steps().note(case_id, request.form.get("text", ""))
    flash("The note is kept. The source never sees it.")
    return redirect(url_for("cases.case", case_id=case_id, _anchor="notes"), 303)


@pages.get("/restricted/<int:case_id>")
def ask_readers(case_id: int) -> str:
    """Who reads a restricted case that nobody reads yet; nothing of its contents is shown."""
    return render_template("readers.html", case_id=case_id, people=_people(case_id))


@pages.post("/restricted/<int:case_id>")
def readers(case_id: int) -> ResponseReturnValue:
    """The head says who reads a restricted case."""
    try:
        desk().steps().name_readers(case_id, request.form.getlist("readers"))
    except (CaseError, StepError) as error:
        page = render_template("readers.html", case_id=case_id, people=_people(case_id), trouble=str(error))
        return page, 409
    flash("These officers see the case from now on, and nobody else.")
    return redirect(url_for("home.home"), 303)


def _people(case_id: int) -> tuple[tuple[str, str], ...]:
    return desk().steps().readers_to_choose(case_id)


def _kind(text: str) -> ReportEvent:
    known = {kind.value: kind for kind in STEP_TITLES}
    if text not in known:
        abort(404)
    return known[text]


def _ask(case_id: int, kind: ReportEvent, trouble: str = "") -> ResponseReturnValue:
    try:
        page = desk().steps().page(case_id, kind)
    except (CaseError, StepError) as error:
        case = desk().reading().case(case_id)
        return render_template("step.html", case=case, step=None, kind=kind, trouble=str(error)), 409
    typed = (request.form if request.method == "POST" else request.args).to_dict(flat=False)
    html = render_template(
        "step.html",
        case=desk().reading().case(case_id),
        step=page,
        kind=kind,
        typed=typed,
        words=request.form.get("words", ""),
        second=SignInForm(formdata=None),
        trouble=trouble,
    )
    return html, 409 if trouble else 200
