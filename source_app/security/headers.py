"""The headers that every answer carries, errors included.

No scripts, no frames, no pictures, nothing from elsewhere, nothing kept in a cache, no word to
other sites about where a person comes from. Set here and not in a web server's configuration,
so that this app's own tests see them.
"""

from typing import Final

from flask import Flask, Response

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), "
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
}
CLEAR_SITE_DATA: Final = '"cache", "cookies", "storage"'


def install_headers(app: Flask) -> None:
    """Let every answer of the app carry the headers."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """`response` with the headers. What it says of itself under these names is replaced."""
    response.headers.update(HEADERS)
    for name in ("ETag", "Last-Modified", "Server"):
        response.headers.pop(name, None)
    return response
