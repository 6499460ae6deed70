"""How the views reach the services and the session, and what every template may use.

Templates get the agency's name, the address, the limit of a sending, tokens, and days and stages in
words. Nothing here decides anything.
"""

from typing import Final, cast

from flask import Flask, current_app, g, request, session, url_for
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf

from cases.stages import Stage
from source_app.languages import N_, current
from source_app.security.headers import in_our_frame
from source_app.security.session import SourceSession
from source_app.services.public import StageWords
from source_app.wiring import Web

_NAME: Final = "source_app"
_STAGES: Final = "stages"
STAGES: Final = {
    Stage.RECEIVED: N_("Received"),
    Stage.UNDER_REVIEW: N_("Being looked at"),
    Stage.QUESTIONS: N_("We have questions for you"),
    Stage.WITH_COMPETENT_BODY: N_("With the body that is competent for it"),
    Stage.RESULT: N_("There is a result"),
    Stage.CLOSED: N_("Closed"),
}
"""What stages are called where no pack says it."""


def install_web(app: Flask, web: Web) -> None:
    """Hang the services on the app, and give the templates what they all use."""
    app.extensions[_NAME] = web
    app.jinja_env.globals["agency"] = agency
    app.jinja_env.globals["address"] = web.settings.allowed_hosts[0]
    app.jinja_env.globals["limit"] = spoken_limit(web.settings.max_report_mib)
    app.jinja_env.globals["csrf"] = generate_csrf
    app.jinja_env.globals["has_rights"] = has_rights
    app.jinja_env.globals["in_our_frame"] = in_our_frame
    app.jinja_env.globals["here_in"] = here_in
    app.jinja_env.filters["stage"] = spoken_stage
    app.jinja_env.filters["in_fours"] = in_fours


def services() -> Web:
    """The services of the app that answers this request."""
    return cast(Web, current_app.extensions[_NAME])


def visitor() -> SourceSession:
    """The session of this request."""
    return cast(SourceSession, session)


def agency() -> str:
    """Who runs this site: as the settings say, else as the pack says, else in words that are always true."""
    web = services()
    return (
        web.settings.agency or web.public.authority(current()) or str(gettext("the anti-corruption office"))
    )


def here_in(language: str) -> str:
    """The address of this page in another language; of the first page, where this one answers a form."""
    if request.method == "GET" and request.endpoint and request.endpoint != "static":
        return url_for(request.endpoint, **(request.view_args or {}), l=language)
    return url_for("pages.first", l=language)


def in_fours(fingerprint: str) -> str:
    """A fingerprint in groups of four, as programs show it."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))


def has_rights() -> bool:
    """Whether there is anything to read about rights."""
    return services().public.pack() is not None


def spoken_limit(mebibytes: int) -> str:
    """A limit in the units that people know: as much as is said here always fits."""
    gibibytes, rest = divmod(mebibytes, 1024)
    return f"{mebibytes:,} MB" if rest else f"{gibibytes:,} GB"


def spoken_stage(stage: str) -> StageWords:
    """The stage of a case in plain words: the pack's, else ours."""
    if _STAGES not in g:  # a page names many
        setattr(g, _STAGES, services().public.stages(current()))
    found: StageWords | None = g.get(_STAGES).get(Stage(stage))
    return found or StageWords(str(gettext(STAGES[Stage(stage)])), "")
