"""Saving a file of a report, and opening OpenPGP messages: deliberate acts, never links that a browser might
follow by itself.

The browser gets bytes to save and nothing to show. The name that it is offered is the sender's,
without folders and unseen characters; a plain form of it stands beside for old programs.
"""

import re
import unicodedata
from typing import Final

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue

from journalist_app.services.reading import SavedFile
from journalist_app.views.here import desk

pages = Blueprint("files", __name__)

_NAME_MAX: Final = 100
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9._-]+")
_AS_IT_IS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@pages.post("/files/<int:file_id>")
def save(file_id: int) -> Response:
    """Stream one file out of its kept envelope, to be saved."""
    return saved(desk().reading().save_file(file_id))


@pages.post("/files/<int:file_id>/openpgp")
def decrypt(file_id: int) -> Response:
    """Open a file that was encrypted to the agency's OpenPGP key, to be saved."""
    return saved(desk().decrypting().file(file_id))


@pages.post("/parcels/<int:parcel_id>/openpgp")
def decrypt_text(parcel_id: int) -> ResponseReturnValue:
    """Open a text that was encrypted to the agency's OpenPGP key, and keep what it says in the vault."""
    case_id = desk().decrypting().text(parcel_id)
    return redirect(url_for("cases.case", case_id=case_id, _anchor=f"parcel-{parcel_id}"), 303)


def saved(file: SavedFile) -> Response:
    """A file as something to save and never to show."""
    return Response(
        file.content,
        mimetype="application/octet-stream",
        headers={"Content-Disposition": disposition(file), "Content-Length": str(file.size_bytes)},
    )


def disposition(file: SavedFile) -> str:
    """`attachment` with a plain name and the whole one (RFC 6266, RFC 8187)."""
    whole = _last_part(file.name) or f"file-{file.file_id}"
    plain = _NOT_PLAIN.sub("_", whole).strip("._") or f"file-{file.file_id}"
    encoded = "".join(chr(byte) if byte in _AS_IT_IS else f"%{byte:02X}" for byte in whole.encode())
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


def _last_part(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(c for c in last if not unicodedata.category(c).startswith("C"))
    return seen.strip(". ")[-_NAME_MAX:]
