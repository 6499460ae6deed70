"""The codename, shown after the first sending and until two of its words were typed back.

It stands in the sealed session alone. Somebody who has not sent anything never sees one, and
whoever has passed the check cannot see theirs again.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from source_app.forms import CheckForm
from source_app.services.codenames import positions_to_check, words_match
from source_app.views.context import services, visitor
from source_app.views.sending import has_arrived

blueprint = Blueprint("codename", __name__)


@blueprint.get("/codename")
def show() -> Response | str:
    """The codename, to be written on paper."""
    known = visitor()
    if "codename" not in known or not has_arrived():
        return redirect(url_for("inbox.show"), 303)
    return render_template("codename.html", codename=known["codename"], again="again" in request.args)


@blueprint.route("/codename/check", methods=["GET", "POST"])
def check() -> Response | str | tuple[str, int]:
    """Ask for two words of the codename; once they are right it is not shown again."""
    known = visitor()
    if "codename" not in known or not has_arrived():
        return redirect(url_for("inbox.show"), 303)
    places = known.setdefault("check", positions_to_check())
    form = CheckForm()
    if not form.is_submitted():
        return render_template("check.html", form=form, places=places, wrong=False)
    typed = [form.first.data or "", form.second.data or ""]
    if not form.validate() or not words_match(known["codename"], places, typed):
        return render_template("check.html", form=form, places=places, wrong=True), 400
    master = known.get("master") or services().identities.for_first_report(known["codename"])
    for key in ("codename", "sent", "check"):
        known.pop(key, None)
    known["master"] = master
    return redirect(url_for("inbox.show"), 303)
