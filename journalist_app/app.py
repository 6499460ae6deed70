"""Makes the officers' Flask app: wiring only.

Defences first, then pages, then how errors look. Called by the server process and by tests;
nothing is made at import.
"""

import secrets

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from journalist_app.clock import Clock, utc_now
from journalist_app.security import access, headers
from journalist_app.security.origin import OriginCheck
from journalist_app.security.web_session import ServerSide
from journalist_app.settings import Settings
from journalist_app.views import (
    answers,
    archives,
    audit,
    backups,
    cases,
    clock,
    deleting,
    errors,
    files,
    here,
    home,
    keys,
    letters,
    own_access,
    people,
    proposals,
    shown,
    sign_in,
    sorting,
    steps,
    sticks,
    viewing,
)
from journalist_app.wiring import Station, build_station

BODY_MAX = 1024 * 1024


def create_app(settings: Settings, clock: Clock = utc_now) -> Flask:
    """The app on a station of its own."""
    return create_app_on(build_station(settings, clock))


def create_app_on(station: Station) -> Flask:
    """The app on a station that was built already."""
    app = errors.QuietFlask("journalist_app")
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        MAX_CONTENT_LENGTH=BODY_MAX,
        MAX_FORM_MEMORY_SIZE=BODY_MAX,
        WTF_CSRF_TIME_LIMIT=None,  # a token is good as long as the visit that holds it
        WTF_CSRF_SSL_STRICT=False,  # would ask for a Referer, which our own headers forbid
    )
    app.session_interface = ServerSide(station.sessions)
    here.install(app, station)
    headers.install(app)
    OriginCheck(station.settings).install(app)
    access.install(app, station.clock)
    CSRFProtect(app)
    shown.install(app)
    for pages in (
        home,
        sign_in,
        sticks,
        cases,
        answers,
        steps,
        proposals,
        sorting,
        letters,
        archives,
        deleting,
        files,
        viewing,
        people,
        own_access,
        keys,
        backups,
        clock,
        audit,
    ):
        app.register_blueprint(pages.pages)
    errors.install(app)
    return app
