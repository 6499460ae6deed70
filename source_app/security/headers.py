"""The headers that every answer carries, errors included.

No scripts, no pictures, nothing from elsewhere, no frames but our own two around a sending, nothing
kept in a cache, no word to other sites about where a person comes from. Set here and not in a web
server's configuration, so that this app's own tests see them. What is shown in one of our frames differs in
`frame-ancestors` alone.
"""

from typing import Final

from flask import Flask, Response, request

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; "
    "frame-ancestors "
)
_FRAMED: Final = {"Content-Security-Policy": f"{_POLICY}'self'"}
HEADERS: Final = {
    "Content-Security-Policy": f"{_POLICY}'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), "
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
}
PROGRESS_ENDPOINT: Final = "sending.progress"
PLACE: Final = "in"
"""In the address of a form: where its answer is shown."""
FRAME: Final = "frame"
CLEAR_SITE_DATA: Final = '"cache", "cookies", "storage"'


def install_headers(app: Flask) -> None:
    """Let every answer of the app carry the headers."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """`response` with the headers. What it says of itself under these names is replaced."""
    response.headers.update(HEADERS | (_FRAMED if in_our_frame() else {}))
    for name in ("ETag", "Last-Modified", "Server"):
        response.headers.pop(name, None)
    return response


def in_our_frame() -> bool:
    """Whether this request's answer is shown in one of our own frames."""
    if request.endpoint == PROGRESS_ENDPOINT:
        return True
    return request.method == "POST" and request.args.get(PLACE) == FRAME
