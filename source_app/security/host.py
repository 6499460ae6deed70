"""Refuses whoever comes under another name, or from another site.

A proxy that shows our pages under its own address would see everything. So the Host header
must be one of the addresses in the settings, letter for letter; otherwise a page shows the right
one. A form that another site makes a browser send is refused by what the browser itself says
(`Sec-Fetch-Site`), on top of the token and the SameSite cookie.

A foreign name is taken out of the request before anything else reads it: there are names that
the web framework cannot build a page under.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from flask import Flask, abort, request

from source_app.errors import ForeignHostError

SAME_SITE: Final = ("same-origin", "none")
_CHANGING: Final = ("POST", "PUT", "PATCH", "DELETE")
_HOST: Final = "HTTP_HOST"
_FOREIGN: Final = "cleandrop.foreign_host"


class HostCheck:
    """The check, run before every request."""

    def __init__(self, allowed_hosts: tuple[str, ...]) -> None:
        self._allowed = allowed_hosts

    def install(self, app: Flask) -> None:
        """Run before everything else."""
        app.wsgi_app = _OwnNames(app.wsgi_app, self._allowed)  # type: ignore[method-assign]
        app.before_request(self.check)

    def check(self) -> None:
        """Raise `ForeignHostError` for another name, or answer 403 to another site's form."""
        if _FOREIGN in request.environ:
            raise ForeignHostError
        came_from = request.headers.get("Sec-Fetch-Site", "none")
        if request.method in _CHANGING and came_from not in SAME_SITE:
            abort(403)


class _OwnNames:
    """WSGI: marks a request under a foreign name, and lets it go on under our own."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], allowed_hosts: tuple[str, ...]) -> None:
        self._inner = inner
        self._allowed = allowed_hosts

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get(_HOST, "").casefold() not in self._allowed:
            environ[_FOREIGN] = True
            environ[_HOST] = self._allowed[0]
        return self._inner(environ, start_response)
