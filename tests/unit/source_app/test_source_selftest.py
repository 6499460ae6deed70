"""A web worker tests its cryptography before it makes the app."""

from pathlib import Path

import pytest
from gunicorn.errors import AppImportError

from source_app.serving import SourceServer
from tests.support.source_site import sample_settings


def test_a_worker_with_other_cryptography_makes_no_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crypto.signing.VerifyKey.verify", lambda *_: b"")
    server = SourceServer(sample_settings(tmp_path), 1_024)
    with pytest.raises(
        AppImportError, match="The self-test stopped at: Ed25519: a wrong signature is refused"
    ):
        server.load()
    assert not list(tmp_path.iterdir())
