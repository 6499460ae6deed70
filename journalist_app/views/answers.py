"""Answers to sources: write one, look at it as the source will see it, change it, take it back.

An answer that is refused comes back with what was typed.
"""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from journalist_app.errors import ReplyError
from journalist_app.forms import ReplyForm
from journalist_app.services.answering import Asks, Kept, Written
from journalist_app.services.notices import Start
from journalist_app.views.here import desk
from transfer.message import May, Message

pages = Blueprint("answers", __name__)

_KEPT: Final = "The answer waits for the next export. Until then it can be changed."
_DRAFT: Final = "Kept as a draft: it does not leave until somebody says so."


@pages.get("/cases/<int:case_id>/reply")
def ask(case_id: int) -> str:
    """The form of an answer; where it tells of a step, with the text that the rules have for it."""
    about, language = request.args.get("about", type=int), request.args.get("language", "")
    start = desk().notices().start(case_id, about, language)
    return _page(case_id, _filled(start.written), start=start)


@pages.post("/cases/<int:case_id>/reply")
def keep(case_id: int) -> ResponseReturnValue:
    """Show an answer as the source will see it, or keep it for the next export, or as a draft."""
    form = ReplyForm()
    try:
        written = _written(form)
        if _wants("look"):
            return _page(case_id, form, seen=desk().answering().look(case_id, written))
        desk().answering().reply(case_id, written, draft=_wants("draft"))
    except ReplyError as error:
        return _page(case_id, form, trouble=str(error)), 400
    flash(_DRAFT if _wants("draft") else _KEPT)
    return redirect(url_for("cases.case", case_id=case_id, _anchor="answers"), 303)


@pages.get("/answers/<int:reply_id>")
def ask_change(reply_id: int) -> str:
    """The form of an answer that has not left."""
    kept = desk().answering().kept(reply_id)
    return _page(kept.case_id, _filled(kept.written), kept=kept)


@pages.post("/answers/<int:reply_id>")
def change(reply_id: int) -> ResponseReturnValue:
    """Keep an answer as it is written now."""
    form, kept = ReplyForm(), desk().answering().kept(reply_id)
    try:
        written = _written(form)
        if _wants("look"):
            seen = desk().answering().look(kept.case_id, written)
            return _page(kept.case_id, form, kept=kept, seen=seen)
        desk().answering().change(reply_id, written, draft=_wants("draft"))
    except ReplyError as error:
        return _page(kept.case_id, form, kept=kept, trouble=str(error)), 400
    flash(_DRAFT if _wants("draft") else _KEPT)
    return redirect(url_for("cases.case", case_id=kept.case_id, _anchor="answers"), 303)


@pages.post("/answers/<int:reply_id>/take-back")
def take_back(reply_id: int) -> ResponseReturnValue:
    """Forget an answer that has not left."""
    case_id = desk().answering().take_back(reply_id)
    flash("The answer is gone, and the source never sees it.")
    return redirect(url_for("cases.case", case_id=case_id, _anchor="answers"), 303)


def _page(
    case_id: int,
    form: ReplyForm,
    *,
    kept: Kept | None = None,
    start: Start | None = None,
    seen: Message | None = None,
    trouble: str = "",
) -> str:
    notices = desk().notices()
    begun = start or notices.start(case_id, form.about.data)
    return render_template(
        "answer.html",
        case=desk().reading().case(case_id),
        form=form,
        kept=kept,
        start=begun,
        stage_words=notices.stage_words(case_id, begun.language),
        seen=seen,
        trouble=trouble,
    )


def _filled(written: Written) -> ReplyForm:
    asks = written.asks
    return ReplyForm(
        formdata=None,
        text=written.text,
        about=written.about,
        stage=written.stage,
        due_on=written.due_on,
        may_read=May.READ in asks.may,
        may_object=May.OBJECT in asks.may,
        consent_body=asks.consent_body,
        consent_fields=list(asks.consent_fields),
    )


def _wants(what: str) -> bool:
    return request.form.get("do") == what


def _written(form: ReplyForm) -> Written:
    """What was typed. Raises `ReplyError` where it is no answer."""
    form.validate()
    if form.due_on.errors:
        raise ReplyError("Write the day as 2027-01-15, or leave it empty.")
    if form.errors:
        raise ReplyError(" ".join(str(said) for errors in form.errors.values() for said in errors))
    may = {May.OBJECT: form.may_object.data, May.READ: form.may_read.data}
    asks = Asks(
        tuple(each for each, chosen in may.items() if chosen),
        form.consent_body.data or "",
        tuple(form.consent_fields.data or ()),
    )
    return Written(
        form.text.data or "", form.stage.data or "", form.due_on.data, asks, form.about.data or None
    )
