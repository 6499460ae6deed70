"""What a source does about their case besides writing: read, agree or not, object, withdraw.

Each act is a page that explains and asks, and a sealed parcel with one form (`cases.source_forms`). It
has no effect by itself: officers read it after the next carrying and answer. Everything needs the codename.
"""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, abort, render_template, url_for
from flask import redirect as redirect_to
from werkzeug.wrappers import Response

from source_app.errors import SourceAppError
from source_app.languages import current, spoken
from source_app.services import letters
from source_app.services.inbox import Answer
from source_app.services.letters import Letter
from source_app.services.reports import Draft
from source_app.views.context import services, visitor
from source_app.views.inbox import refused, to_return
from source_app.views.refusals import status_of
from source_app.views.sending import empty_form, receive

blueprint = Blueprint("acts", __name__)

WITHDRAW: Final = "withdraw"
_LETTERS: Final[dict[str, Callable[[Answer, str], Letter]]] = {
    "read": letters.notice_read,
    "consent": letters.consent,
    "object": letters.objection,
}


@blueprint.get("/inbox/<message_id>/<act>")
def ask(message_id: str, act: str) -> Response | str:
    """Explain an act on a message, and ask for it."""
    if "master" not in visitor():
        return to_return()
    return _page(act, _offered(message_id, act), Draft(), "")


@blueprint.post("/inbox/<message_id>/<act>")
def send(message_id: str, act: str) -> Response | tuple[str, int]:
    """Seal the act, and lead back to the messages."""
    if "master" not in visitor():
        return to_return()
    answer = _offered(message_id, act)
    return _send(act, answer, _LETTERS[act](answer, current()))


@blueprint.get("/withdraw")
def ask_withdrawal() -> Response | str:
    """Explain what taking a report back means, and ask whether the wish is free."""
    return _page(WITHDRAW, None, Draft(), "") if "master" in visitor() else to_return()


@blueprint.post("/withdraw")
def withdraw() -> Response | tuple[str, int]:
    """Seal the wish to take a report back, and lead back to the messages."""
    if "master" not in visitor():
        return to_return()
    return _send(WITHDRAW, None, letters.withdrawal(_case_codes(), current()))


def _offered(message_id: str, act: str) -> Answer:
    """The message, if it asks for this act; else there is no such page."""
    answer = services().inbox.read(visitor()["master"]).answer(message_id)
    if answer is None or act not in _LETTERS:
        abort(404)
    offered = {"read": answer.may_read, "object": answer.may_object, "consent": answer.consent is not None}
    if not offered[act]:
        abort(404)
    return answer


def _send(act: str, answer: Answer | None, letter: Letter) -> Response | tuple[str, int]:
    draft = Draft()
    try:
        is_new = receive(draft, letter)
    except SourceAppError as error:
        return refused(error, draft) or (_page(act, answer, draft, spoken(error)), status_of(error))
    return redirect_to(url_for("inbox.show", sent=act, again=None if is_new else 1), 303)


def _page(act: str, answer: Answer | None, draft: Draft, notice: str) -> str:
    return render_template(
        f"{act}.html",
        answer=answer,
        case_codes=_case_codes() if act == WITHDRAW else (),
        form=empty_form(draft),
        typed=draft.answers,
        notice=notice,
    )


def _case_codes() -> tuple[str, ...]:
    return tuple(case.code for case in services().inbox.read(visitor()["master"]).cases())
