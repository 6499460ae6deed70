"""Where a view finds the station and the desk of the officer who asks.

The station hangs on the app; who asks is in the session, which only `security` fills.
"""

from flask import Flask, current_app

from journalist_app.errors import ClosedVaultError
from journalist_app.security.web_session import web_session
from journalist_app.wiring import Desk, Station

_NAME = "cleandrop-officer"


def install(app: Flask, station: Station) -> None:
    """Hang the station on the app."""
    app.extensions[_NAME] = station


def station() -> Station:
    """The station of the app that answers now."""
    found = current_app.extensions[_NAME]
    if not isinstance(found, Station):
        raise ClosedVaultError
    return found


def desk() -> Desk:
    """The desk of the officer who asks. Raises `ClosedVaultError` where nobody is signed in."""
    current = web_session()
    unlocked = current.unlocked()
    if unlocked is None or current.officer is None:
        raise ClosedVaultError
    return station().desk(current.officer, unlocked)
