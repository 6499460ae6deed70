"""Makes the Flask app: puts the defences in place, binds the views, and nothing else.

Wiring alone: whatever decides something stands in a service, and whatever protects something in
`security`. gunicorn calls it in each worker (`serving.py`), tests call it over a temporary folder.
"""

from flask import Flask

from source_app.logs import QuietFlask
from source_app.security.csrf import install_csrf
from source_app.security.headers import install_headers
from source_app.views import acts, codename, inbox, leave, pages, refusals, report, sending, visit
from source_app.views.context import install_web
from source_app.wiring import Web


def create_app(web: Web) -> Flask:
    """The app over the given services."""
    app = QuietFlask("source_app")
    app.config["MAX_FORM_PARTS"] = 100
    app.config["WTF_I18N_ENABLED"] = False  # no text of theirs is shown
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    defend(app, web)
    web.languages.install(app)
    install_web(app, web)
    for module in (pages, report, sending, codename, visit, inbox, acts, leave):
        app.register_blueprint(module.blueprint)
    refusals.install(app)
    return app


def defend(app: Flask, web: Web) -> None:
    """Every defence of `source_app.security`, in the order in which a request meets them."""
    web.hosts.install(app)
    web.bodies.install(app)
    web.cookies.install(app)
    install_csrf(app, web.token_secret)
    install_headers(app)
