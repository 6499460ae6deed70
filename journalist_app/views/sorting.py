"""Flags, links, junk and mute: how officers find their way among cases.

Each button leads back to where it stands.
"""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from journalist_app.listing import PAGE
from journalist_app.views.here import desk
from journalist_app.wording import count

pages = Blueprint("sorting", __name__)

_NONE_CHOSEN = "Nothing was set aside: choose cases first, by the boxes in front of them."


@pages.post("/cases/<int:case_id>/flags")
def flag(case_id: int) -> ResponseReturnValue:
    """Put a flag on a case."""
    desk().sorting().flag(case_id, request.form.get("flag", ""))
    return _back(case_id)


@pages.post("/cases/<int:case_id>/flags/remove")
def unflag(case_id: int) -> ResponseReturnValue:
    """Take a flag away."""
    desk().sorting().unflag(case_id, request.form.get("flag", ""))
    return _back(case_id)


@pages.post("/cases/<int:case_id>/links")
def link(case_id: int) -> ResponseReturnValue:
    """Say that two cases belong together."""
    desk().sorting().link(case_id, request.form.get("code", ""))
    return _back(case_id)


@pages.post("/cases/<int:case_id>/links/<int:other_id>/remove")
def unlink(case_id: int, other_id: int) -> ResponseReturnValue:
    """Say so no longer."""
    desk().sorting().unlink(case_id, other_id)
    return _back(case_id)


@pages.post("/cases/<int:case_id>/mute")
def mute(case_id: int) -> ResponseReturnValue:
    """Let the messages of a source bring their case up no longer, or again."""
    muted = request.form.get("muted") == "1"
    desk().sorting().mute(case_id, muted)
    flash(
        "Their messages are kept, and bring the case up no longer."
        if muted
        else "Their messages bring the case up again."
    )
    return _back(case_id)


@pages.post("/cases/junk")
def set_aside() -> ResponseReturnValue:
    """Set the chosen cases aside as junk; those in which somebody may be in danger stay."""
    chosen = _chosen()
    done = desk().sorting().set_aside(chosen)
    if chosen:
        flash(f"{count(done.done, 'case is', 'cases are')} set aside as junk. A new message brings one back.")
    else:
        flash(_NONE_CHOSEN)
    if done.in_danger:
        flash(
            f"{count(done.in_danger, 'case was', 'cases were')} left: somebody says to be in danger there. "
            "Look at each."
        )
    return redirect(url_for("cases.index"), 303)


@pages.post("/cases/junk/remove")
def take_back() -> ResponseReturnValue:
    """Let the chosen cases be no junk any longer."""
    done = desk().sorting().take_back(_chosen())
    flash(f"{count(done, 'case is', 'cases are')} open again." if done else _NONE_CHOSEN)
    return redirect(url_for("cases.index", show="junk"), 303)


def _chosen() -> list[int]:
    return request.form.getlist("case", type=int)[:PAGE]


def _back(case_id: int) -> ResponseReturnValue:
    return redirect(url_for("cases.case", case_id=case_id, _anchor="sorting"), 303)
