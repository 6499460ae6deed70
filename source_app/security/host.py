"""Refuses whoever comes under another name, or from another site.

A proxy that shows our pages under its own address would see everything. So the Host header
must be one of the addresses in the settings, letter for letter; otherwise a page shows the right
one. A form that another site makes a browser send is refused by what the browser itself says
(`Sec-Fetch-Site`), on top of the token and the SameSite cookie.
"""

from typing import Final

from flask import Flask, abort, request

from source_app.errors import ForeignHostError

SAME_SITE: Final = ("same-origin", "none")
_CHANGING: Final = ("POST", "PUT", "PATCH", "DELETE")


class HostCheck:
    """The check, run before every request."""

    def __init__(self, allowed_hosts: tuple[str, ...]) -> None:
        self._allowed = frozenset(allowed_hosts)

    def install(self, app: Flask) -> None:
        """Run before everything else."""
        app.before_request(self.check)

    def check(self) -> None:
        """Raise `ForeignHostError` for another name, or answer 403 to another site's form."""
        if request.environ.get("HTTP_HOST", "").casefold() not in self._allowed:
            raise ForeignHostError
        came_from = request.headers.get("Sec-Fetch-Site", "none")
        if request.method in _CHANGING and came_from not in SAME_SITE:
            abort(403)
