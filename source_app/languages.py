"""In which language a page speaks: choice, then what the browser asks for, then the instance's first.

A choice stands in the address (`?l=ko`) and goes along in every link of that page: no cookie is set for
it and nothing is kept. Offered are the languages of the instance, as its descriptor names them, that
this site has texts in. English texts stand in the code and the templates; every other language has a
catalogue under `translations/` (`make messages`). Right-to-left follows from the language.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from babel import Locale
from babel.dates import format_date
from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale, gettext

from source_app.errors import SEEN_BY_SOURCES, ClosedError, SourceAppError, sentence
from source_app.services.trust import TrustReader

ENGLISH: Final = "en"
CHOICE: Final = "l"
"""The name in the address under which a chosen language stands."""
CATALOGUES: Final = Path(__file__).parent / "translations"
DAYS_REMEMBERED: Final = 128
"""An inbox names the same few days again and again."""
_DATES_OF: Final = {ENGLISH: "en_GB"}
"""Day before month, as the pages always said it."""


class Languages:
    """Negotiates, and gives the templates what they need of a language."""

    def __init__(self, trust: TrustReader, catalogues: Sequence[Path] = (CATALOGUES,)) -> None:
        self._trust = trust
        self._catalogues = catalogues
        self._written = {ENGLISH, *(path.name for folder in catalogues for path in folder.iterdir())}

    def install(self, app: Flask) -> None:
        """Let the app and its templates speak."""
        folders = ";".join(str(folder) for folder in self._catalogues)
        app.config["BABEL_TRANSLATION_DIRECTORIES"] = folders
        Babel(app, locale_selector=self.wanted)
        app.url_defaults(keep_choice)
        app.jinja_env.globals["language"] = current
        app.jinja_env.globals["direction"] = direction
        app.jinja_env.globals["languages"] = self.named
        app.jinja_env.filters["day"] = spoken_day

    def offered(self) -> list[str]:
        """The languages that a visitor can have, the instance's first one first."""
        known = self._trust.current_if_whole()
        of_instance = known.descriptor.languages if known else sorted(self._written)
        return [tag for tag in of_instance if tag in self._written] or [ENGLISH]

    def wanted(self) -> str:
        """The language of this request."""
        offered = self.offered()
        chosen = request.args.get(CHOICE, "")
        return chosen if chosen in offered else request.accept_languages.best_match(offered) or offered[0]

    def named(self) -> list[tuple[str, str]]:
        """Each language with the name that its speakers give it."""
        return [(tag, (Locale.parse(tag, sep="-").display_name or tag).title()) for tag in self.offered()]


def keep_choice(endpoint: str, values: dict[str, Any]) -> None:
    """Called by Flask for each link: a chosen language goes along."""
    chosen = request.args.get(CHOICE, "") if has_request_context() else ""
    if chosen and endpoint != "static" and chosen == current():
        values.setdefault(CHOICE, chosen)


def current() -> str:
    """The tag of the language that this request's answer is in, "ko"."""
    return str(get_locale() or ENGLISH).replace("_", "-")


def direction() -> str:
    """ "ltr" or "rtl"."""
    locale = get_locale()
    return locale.text_direction if locale else "ltr"


def spoken_day(day: str) -> str:
    """ "2026-11-22" as "22 November 2026" in the language: no order of day and month to guess."""
    return _spoken_day_in(current(), day)


@lru_cache(maxsize=DAYS_REMEMBERED)
def _spoken_day_in(tag: str, day: str) -> str:
    return format_date(date.fromisoformat(day), "long", locale=_DATES_OF.get(tag, tag.replace("-", "_")))


def N_(text: str) -> str:  # noqa: N802 - the name that tools for catalogues know
    """Marks a text that is translated where it is shown."""
    return text


def spoken(error: SourceAppError) -> str:
    """What a source reads of an error, in their language. What only an administrator can mend is "closed"."""
    return str(gettext(sentence(error if isinstance(error, SEEN_BY_SOURCES) else ClosedError())))
