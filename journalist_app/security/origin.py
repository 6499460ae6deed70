"""Who may ask at all: only pages of our own, under a name that the operator allowed.

A foreign Host header means that another site's name was bent to this machine; a foreign
`Sec-Fetch-Site` means that another site's page is asking. Both are refused before any view.

A foreign name is taken out of the request before anything else reads it: there are names that
the web framework cannot build a page under.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from flask import Flask, abort, request

from journalist_app.settings import Settings

_OWN_PAGES: Final = ("same-origin", "none")
_HOST: Final = "HTTP_HOST"
_FOREIGN: Final = "cleandrop.foreign_host"


class OriginCheck:
    """Refuses foreign requests."""

    def __init__(self, settings: Settings) -> None:
        self._allowed_hosts = settings.allowed_hosts

    def install(self, app: Flask) -> None:
        """Check every request to `app`."""
        app.wsgi_app = _OwnNames(app.wsgi_app, self._allowed_hosts)  # type: ignore[method-assign]
        app.before_request(self._check)

    def _check(self) -> None:
        if _FOREIGN in request.environ:
            abort(
                403, "This address is not one of this station's. Open the address that the operator gave you."
            )
        site = request.headers.get("Sec-Fetch-Site", "none")
        if request.method != "GET" and site not in _OWN_PAGES:
            abort(403, "Another page tried to do this. Nothing was done. Start again from the home page.")


class _OwnNames:
    """WSGI: marks a request under a foreign name, and lets it go on under our own."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], allowed_hosts: tuple[str, ...]) -> None:
        self._inner = inner
        self._allowed_hosts = allowed_hosts

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get(_HOST, "") not in self._allowed_hosts:
            environ[_FOREIGN] = True
            environ[_HOST] = self._allowed_hosts[0]
        return self._inner(environ, start_response)
