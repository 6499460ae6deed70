"""Who may ask at all: only pages of our own, under a name that the operator allowed.

A foreign Host header means that another site's name was bent to this machine; a foreign
`Sec-Fetch-Site` means that another site's page is asking. Both are refused before any view.
"""

from flask import Flask, abort, request

from journalist_app.settings import Settings

_OWN_PAGES = ("same-origin", "none")


class OriginCheck:
    """Refuses foreign requests."""

    def __init__(self, settings: Settings) -> None:
        self._allowed_hosts = settings.allowed_hosts

    def install(self, app: Flask) -> None:
        """Check every request to `app`."""
        app.before_request(self._check)

    def _check(self) -> None:
        if request.headers.get("Host", "") not in self._allowed_hosts:
            abort(
                403, "This address is not one of this station's. Open the address that the operator gave you."
            )
        site = request.headers.get("Sec-Fetch-Site", "none")
        if request.method != "GET" and site not in _OWN_PAGES:
            abort(403, "Another page tried to do this. Nothing was done. Start again from the home page.")
