"""Backups, from the page "Intake keys": make one, read one back, note that one was destroyed.

A medium is one that was found, a backup one that lies on it: no path is taken from the browser.
"""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from journalist_app.errors import BackupError
from journalist_app.forms import BackupForm
from journalist_app.views.here import desk, station

pages = Blueprint("backups", __name__)


@pages.post("/backups/make")
def make() -> ResponseReturnValue:
    """Write a backup to a medium, whole or not at all."""
    medium = station().backup_media.one(str(BackupForm().medium.data or ""))
    made = desk().backups().make(medium)
    flash(f"{made.name} is written. It counts once it was verified: take the medium out and in, then verify.")
    for name in made.damaged:
        flash(f"Damaged on this station, so not whole in the backup: {name}.")
    return redirect(url_for("keys.index", _anchor="backups"), 303)


@pages.post("/backups/verify")
def verify() -> ResponseReturnValue:
    """Read a backup back as a restore would."""
    form = BackupForm()
    medium = station().backup_media.one(str(form.medium.data or ""))
    (found,) = desk().backups().media([medium])
    if form.name.data not in found.names:
        raise BackupError("This backup is not on the medium any longer.")
    line = desk().backups().verify(medium / str(form.name.data))
    flash(f"{line.name} was read back whole.")
    return redirect(url_for("keys.index", _anchor="backups"), 303)


@pages.post("/backups/<backup_id>/destroyed")
def destroyed(backup_id: str) -> ResponseReturnValue:
    """Keep that an officer destroyed a backup."""
    desk().backups().mark_destroyed(backup_id)
    flash("Noted: this backup is destroyed.")
    return redirect(url_for("keys.index", _anchor="backups"), 303)
