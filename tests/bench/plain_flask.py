"""The ordinary way to take an upload, as a peer: Flask spools the form, then the file is saved
and synced. No sealing at all."""

import os
import tempfile
from pathlib import Path

import flask

app = flask.Flask(__name__)


@app.post("/report")
def report() -> str:
    """Save what came and answer when it is durable."""
    folder = os.environ["PLAIN_FOLDER"]
    upload = flask.request.files["files"]
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        upload.save(file)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).unlink()
    return "kept"
