"""What every view needs: the services of this app, the session of this request, words for dates.

The services hang on the app itself, so that two apps in one process do not share anything.
"""

from datetime import date
from typing import Final, cast

from flask import Flask, current_app, session
from flask_wtf.csrf import generate_csrf

from cases.stages import Stage
from source_app.security.session import SourceSession
from source_app.wiring import Web

_NAME: Final = "source_app"
_STAGES: Final = {
    Stage.RECEIVED: "Received",
    Stage.UNDER_REVIEW: "Being looked at",
    Stage.QUESTIONS: "We have questions for you",
    Stage.WITH_COMPETENT_BODY: "With the body that is competent for it",
    Stage.RESULT: "There is a result",
    Stage.CLOSED: "Closed",
}


def install_web(app: Flask, web: Web) -> None:
    """Hang the services on the app, and give the templates what they all use."""
    app.extensions[_NAME] = web
    app.jinja_env.globals["agency"] = web.settings.agency
    app.jinja_env.globals["address"] = web.settings.allowed_hosts[0]
    app.jinja_env.globals["limit"] = spoken_limit(web.settings.max_report_mib)
    app.jinja_env.globals["csrf"] = generate_csrf
    app.jinja_env.filters["day"] = spoken_day
    app.jinja_env.filters["stage"] = spoken_stage


def services() -> Web:
    """The services of the app that answers this request."""
    return cast(Web, current_app.extensions[_NAME])


def visitor() -> SourceSession:
    """The session of this request."""
    return cast(SourceSession, session)


def spoken_day(day: str) -> str:
    """ "2026-11-22" as "22 November 2026": no order of day and month to guess."""
    parsed = date.fromisoformat(day)
    return f"{parsed.day} {parsed:%B} {parsed.year}"


def spoken_limit(mebibytes: int) -> str:
    """A limit in the units that people know: as much as is said here always fits."""
    gibibytes, rest = divmod(mebibytes, 1024)
    return f"{mebibytes:,} MB" if rest else f"{gibibytes:,} GB"


def spoken_stage(stage: str) -> str:
    """The stage of a case in plain words."""
    return _STAGES[Stage(stage)]
