"""The headers of every answer, errors and files included.

Nothing runs, nothing is loaded from elsewhere, nothing is kept: no scripts at all, one style
sheet of ours, forms go back to us alone, and no page stays in a cache. Pictures of ours show on the
page alone that asks for it.
"""

from typing import Final

from flask import Flask, Response, g

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
}


def install(app: Flask) -> None:
    """Add the headers to every answer of `app`."""
    app.after_request(_add)


def allow_pictures() -> None:
    """Let the page that is answered now show pictures, from here alone."""
    g.shows_pictures = True


def _add(response: Response) -> Response:
    response.headers.update(HEADERS)
    if g.get("shows_pictures"):
        response.headers["Content-Security-Policy"] += "; img-src 'self'"
    return response
