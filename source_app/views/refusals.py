"""The pages of refusal: each says what is wrong and what to do, in the look of the site.

Errors of our own carry their sentence; those of the web server's kind have one here. What nobody
foresaw is written down by kind and place, never with what it held.
"""

from datetime import timedelta
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from source_app import errors
from source_app.errors import (
    BusyError,
    ClosedError,
    ForeignHostError,
    NoRoomForFilesError,
    ReportError,
    SourceAppError,
    StorageError,
    TooLargeError,
)
from source_app.languages import N_, spoken
from source_app.logs import tell_error
from source_app.security.headers import in_our_frame

TEXTS: Final = {
    400: (
        N_("This could not be read"),
        N_("Your browser sent something that this site does not understand."),
    ),
    403: (N_("Not from here"), N_("Another site asked your browser to do this, so nothing was done.")),
    404: (N_("There is no such page"), N_("The address may be mistyped. Nothing of yours is lost.")),
    405: (N_("Not this way"), N_("This page is not made for that. Nothing was done.")),
    411: (N_("The length is missing"), N_("Your program did not say how much it sends. Nothing was stored.")),
    413: (
        N_("Too large"),
        N_("This is more than the site accepts at once. Nothing was stored. Send it in parts."),
    ),
    500: (
        N_("Something went wrong here"),
        N_("The mistake is ours. If you were sending, please send again."),
    ),
    503: (N_("Closed for the moment"), N_("This site cannot take reports right now. Nothing was stored.")),
}
RETRY_SOON: Final = timedelta(minutes=2)
RETRY_LATER: Final = timedelta(days=1)
_STATUS: Final[dict[type[SourceAppError], int]] = {
    ForeignHostError: 403,
    TooLargeError: 413,
    NoRoomForFilesError: 503,
    ReportError: 400,
    BusyError: 503,
    ClosedError: 503,
    StorageError: 503,
}


def install(app: Flask) -> None:
    """Let every error end in one of these pages."""
    app.register_error_handler(HTTPException, refuse)
    app.register_error_handler(ForeignHostError, show_address)
    app.register_error_handler(SourceAppError, say)
    app.register_error_handler(Exception, fail)


def refusal_sentence(kind: str) -> str:
    """What a person reads of an error whose name was noted, in their language."""
    return spoken(getattr(errors, kind, errors.ReportError)())


def refuse(error: HTTPException) -> Response | RequestRedirect:
    """A refusal of the web server's kind."""
    if isinstance(error, RequestRedirect):
        return error
    code = error.code or 500
    page = _page(code, *_texts(code))
    for name, value in error.get_headers(request.environ):
        if name == "Allow":
            page.headers[name] = value
    return page


def show_address(error: ForeignHostError) -> Response:
    """Whoever came by another address sees the right one."""
    return make_response(render_template("foreign.html", text=spoken(error)), 403)


def say(error: SourceAppError) -> Response:
    """A refusal of our own that no view has taken."""
    code = status_of(error)
    if isinstance(error, ClosedError | StorageError):
        return _page(code, *_texts(code), retry=RETRY_LATER)
    title = gettext("Many people at once") if isinstance(error, BusyError) else _texts(code)[0]
    return _page(code, title, spoken(error), retry=RETRY_SOON if isinstance(error, BusyError) else None)


def fail(error: Exception) -> Response:
    """What nobody foresaw: written down without what it held."""
    tell_error(error)
    return _page(500, *_texts(500))


def status_of(error: SourceAppError) -> int:
    """The HTTP status that goes with an error: of the first kind in the table that it is of."""
    return next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)


def _texts(code: int) -> tuple[str, str]:
    """Title and text of a refusal of the web server's kind, in the visitor's language."""
    title, text = TEXTS.get(code, TEXTS[400 if code < HTTPStatus.INTERNAL_SERVER_ERROR else 500])
    return gettext(title), gettext(text)


def _page(code: int, title: str, text: str, *, retry: timedelta | None = None) -> Response:
    layout = "frame.html" if in_our_frame() else "refused.html"
    page = render_template(layout, title=title, text=text, notice=text, closed=retry == RETRY_LATER)
    answer = make_response(page, code)
    if retry is not None:
        answer.headers["Retry-After"] = str(int(retry.total_seconds()))
    return answer
