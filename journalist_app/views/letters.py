"""A letter to the body that got a matter: begun with the words of the rules, edited, printed or encrypted.

Nothing of it is kept: whoever leaves the page leaves the letter. A file that is saved has a name that tells
nothing.
"""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from journalist_app.errors import AgencyKeyMissingError, InstitutionError, LetterError, OpenPgpRefusedError
from journalist_app.views.here import desk

pages = Blueprint("letters", __name__)


@pages.get("/cases/<int:case_id>/letters/<referral>")
def ask(case_id: int, referral: str) -> str:
    """Show the letter to a body, to be edited; in one of the languages of the rules."""
    return _page(case_id, referral)


@pages.post("/cases/<int:case_id>/letters/<referral>")
def make(case_id: int, referral: str) -> ResponseReturnValue:
    """Show the letter for printing, or give it encrypted to an institution's OpenPGP key."""
    form, letters = request.form, desk().letters()
    text, read = form.get("text", ""), "read" in form
    try:
        if form.get("do") == "print":
            plain = letters.check(text, read=read)
            letter = letters.start(case_id, referral, form.get("language", ""))
            return render_template("letter_print.html", letter=letter, text=plain, case_id=case_id)
        sealed = letters.seal(case_id, referral, text, form.get("to", ""), read=read)
    except (AgencyKeyMissingError, InstitutionError, LetterError, OpenPgpRefusedError) as error:
        return _page(case_id, referral, str(error)), 409
    headers = {"Content-Disposition": 'attachment; filename="letter.gpg"'}
    return Response(sealed, mimetype="application/octet-stream", headers=headers)


def _page(case_id: int, referral: str, trouble: str = "") -> str:
    language = request.values.get("language", "")
    letter = desk().letters().start(case_id, referral, language)
    return render_template(
        "letter.html",
        case=desk().reading().case(case_id),
        letter=letter,
        text=request.form.get("text", letter.text),
        read="read" in request.form,
        to=request.form.get("to", ""),
        trouble=trouble,
    )
