"""The pages of refusal: each says what is wrong and what to do, in the look of the site.

Errors of our own carry their sentence; those of the web server's kind have one here. What nobody
foresaw is written down by kind and place, never with what it held.
"""

from http import HTTPStatus
from typing import Final

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from source_app.errors import (
    BusyError,
    ClosedError,
    ForeignHostError,
    ReportError,
    SourceAppError,
    StorageError,
    TooLargeError,
    sentence,
)
from source_app.logs import tell_error

TEXTS: Final = {
    400: ("This could not be read", "Your browser sent something that this site does not understand."),
    403: ("Not from here", "Another site asked your browser to do this, so nothing was done."),
    404: ("There is no such page", "The address may be mistyped. Nothing of yours is lost."),
    405: ("Not this way", "This page is not made for that. Nothing was done."),
    411: ("The length is missing", "Your program did not say how much it sends. Nothing was stored."),
    413: ("Too large", "This is more than the site accepts at once. Nothing was stored. Send it in parts."),
    500: ("Something went wrong here", "The mistake is ours. If you were sending, please send again."),
    503: ("Closed for the moment", "This site cannot take reports right now. Nothing was stored."),
}
_STATUS: Final[dict[type[SourceAppError], int]] = {
    ForeignHostError: 403,
    TooLargeError: 413,
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


def refuse(error: HTTPException) -> Response | RequestRedirect:
    """A refusal of the web server's kind."""
    if isinstance(error, RequestRedirect):
        return error
    code = error.code or 500
    title, text = TEXTS.get(code, (HTTPStatus(code).phrase, "Nothing was done."))
    page = _page(code, title, text)
    for name, value in error.get_headers(request.environ):
        if name == "Allow":
            page.headers[name] = value
    return page


def show_address(error: ForeignHostError) -> Response:
    """Whoever came by another address sees the right one."""
    return make_response(render_template("foreign.html", text=sentence(error)), 403)


def say(error: SourceAppError) -> Response:
    """A refusal of our own that no view has taken."""
    code = status_of(error)
    if isinstance(error, ClosedError | StorageError):
        return _page(code, *TEXTS[code], closed=True)
    title = "Many people at once" if isinstance(error, BusyError) else TEXTS[code][0]
    return _page(code, title, sentence(error))


def fail(error: Exception) -> Response:
    """What nobody foresaw: written down without what it held."""
    tell_error(error)
    return _page(500, *TEXTS[500])


def status_of(error: SourceAppError) -> int:
    """The HTTP status that goes with an error: of the first kind in the table that it is of."""
    return next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)


def _page(code: int, title: str, text: str, *, closed: bool = False) -> Response:
    return make_response(render_template("refused.html", title=title, text=text, closed=closed), code)
