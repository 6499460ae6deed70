"""Looking at a file: a page of it as a picture, and a cleaned copy of it.

The browser gets pictures that this program made, text that is escaped, and lists; never the file. Who may
save a file may look at it. The picture is the one that its page drew a moment ago: fetching it draws nothing.
"""

from typing import Final

from flask import Blueprint, Response, render_template, request

from journalist_app.security.headers import allow_pictures
from journalist_app.views.files import saved
from journalist_app.views.here import desk

pages = Blueprint("viewing", __name__)

PAGE_MAX: Final = 1_000_000


@pages.get("/files/<int:file_id>/view")
def view(file_id: int) -> str:
    """Look at one page of a file, as a picture or as text, and at what the file says of itself."""
    allow_pictures()
    return render_template("view.html", look=desk().viewing().look(file_id, _page()))


@pages.get("/files/<int:file_id>/page.png")
def picture(file_id: int) -> Response:
    """The picture of a page that was looked at just now."""
    return Response(desk().viewing().picture(file_id, _page()), mimetype="image/png")


@pages.post("/files/<int:file_id>/clean")
def clean(file_id: int) -> str:
    """Make a copy without metadata, and show what that changed."""
    return render_template("cleaned.html", copy=desk().viewing().clean(file_id))


@pages.post("/files/<int:file_id>/clean/save")
def save_clean(file_id: int) -> Response:
    """Give the copy without metadata, to be saved."""
    return saved(desk().viewing().clean_copy(file_id))


def _page() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), PAGE_MAX)
