"""The token in every form, without which nothing is changed.

Flask-WTF makes and checks it; its global check is not installed, because it reads a whole body
before it looks. Small forms check their own token; a form with files is checked by `check_token`
as soon as its first field has arrived.
"""

from flask import Flask
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from source_app.errors import TokenError


def install_csrf(app: Flask, secret: bytes) -> None:
    """`secret` is shared by all workers and lives in memory alone."""
    app.secret_key = secret
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a token lives as long as its session
    app.config["WTF_CSRF_SSL_STRICT"] = False  # an onion address needs no TLS


def check_token(token: str) -> None:
    """Raises `TokenError` unless `token` belongs to the session of this request."""
    try:
        validate_csrf(token)
    except ValidationError as error:
        raise TokenError from error
