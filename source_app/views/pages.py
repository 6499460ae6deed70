"""The pages that need no session: the two doors, advice, rights, the key, limits, a lost codename.

They are short and plain text, the same for everybody, and lead to nothing that is not built.
The first one must stay small: page and style sheet together under 15 KB.
"""

from flask import Blueprint, Response, abort, render_template

from source_app.languages import current
from source_app.services.keys import key_card
from source_app.views.context import services

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def first() -> str:
    """The first page: what this is, and two doors, Report and Return."""
    return render_template("first.html", carried_on=services().inbox.carried_on())


@blueprint.get("/key")
def key() -> str:
    """The ten words of this instance's root key, to compare with a trust card."""
    return render_template("key.html", card=key_card(services().trust))


@blueprint.get("/key/openpgp.asc")
def openpgp_key() -> Response:
    """The agency's OpenPGP key, as a file."""
    found = key_card(services().trust).openpgp
    if found is None:
        abort(404)
    return Response(found.armored, mimetype="application/pgp-keys")


@blueprint.get("/before")
def before() -> str:
    """How to get to safety before reporting."""
    public = services().public
    return render_template(
        "before.html", texts=public.before(current()), emergency=public.emergency(current())
    )


@blueprint.get("/rights")
def rights() -> str:
    """What the law gives to whoever reports, from the pack."""
    return render_template("rights.html", texts=services().public.rights(current()))


@blueprint.get("/lost")
def lost() -> str:
    """What to do when a codename is lost."""
    return render_template("lost.html")


@blueprint.get("/limits")
def limits() -> str:
    """What this site protects, and what it cannot."""
    return render_template("limits.html")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Ask robots to stay away."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
