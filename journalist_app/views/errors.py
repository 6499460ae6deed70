"""How a refusal looks: one page with one sentence, whatever went wrong.

An error of ours says itself what to do. What nobody expected is logged by its kind and place
alone, because its text could hold what must not stand in a log, and shown as a plain apology.
"""

import logging
from traceback import extract_tb
from types import TracebackType
from typing import Final, TypeAlias

from flask import Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from journalist_app.errors import (
    BusyError,
    ClockQuestionError,
    ClosedVaultError,
    DiskError,
    EnvelopeError,
    NotFoundError,
    OfficerError,
    ReplyError,
    RoleError,
    StickError,
    VaultDamagedError,
)
from transfer.errors import MediumError, NoBundleError, TransferError

_ExcInfo: TypeAlias = tuple[type, BaseException, TracebackType] | tuple[None, None, None]
_LOG = logging.getLogger("cleandrop.officer")
_STATUS: Final = {
    NotFoundError: 404,
    NoBundleError: 404,
    StickError: 404,
    ClosedVaultError: 403,
    RoleError: 403,
    ReplyError: 400,
    BusyError: 409,
    DiskError: 507,
    MediumError: 507,
    EnvelopeError: 500,
    VaultDamagedError: 500,
}
_PLAIN: Final = {
    400: "The browser sent something that this page does not understand. Go back and try again.",
    404: "There is no such page here. Go back to the home page.",
    405: "This page cannot be used in that way. Go back to the home page.",
    413: "That is more than this form takes. Nothing was kept. Go back and send less.",
}
_SORRY: Final = "Something went wrong on this machine. What was kept before is still there. Try again."
_OLD_FORM: Final = (
    "This form is too old or did not come from this station. Nothing was done. Open the page again."
)


def install(app: Flask) -> None:
    """Show every error of `app` on our own page."""
    app.register_error_handler(OfficerError, _ours)
    app.register_error_handler(TransferError, _ours)
    app.register_error_handler(CSRFError, _old_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


class QuietFlask(Flask):
    """Flask without its own log, which would write down the page and every line that was run."""

    def log_exception(self, exc_info: _ExcInfo) -> None:
        """Called by Flask where even our page with a sentence could not be made."""
        if exc_info[1] is not None:
            _log(exc_info[1])


def _ours(error: Exception) -> ResponseReturnValue:
    if isinstance(error, ClockQuestionError):
        return redirect(url_for("clock.ask"), 303)
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 409)
    return _page(str(error), status)


def _old_form(_: Exception) -> tuple[str, int]:
    return _page(_OLD_FORM, 400)


def _http(error: HTTPException) -> tuple[str, int]:
    status = error.code or 500
    own = error.description if status == 403 and error.description else _SORRY
    return _page(_PLAIN.get(status, own), status)


def _unexpected(error: Exception) -> tuple[str, int]:
    _log(error)
    return _page(_SORRY, 500)


def _log(error: BaseException) -> None:
    frames = extract_tb(error.__traceback__)
    place = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "?"
    _LOG.error("unexpected %s in %s", type(error).__name__, place)


def _page(sentence: str, status: int) -> tuple[str, int]:
    return render_template("error.html", sentence=sentence), status
