"""The officers' web worker tests its cryptography before it makes the app."""

from pathlib import Path

import pytest
from gunicorn.errors import AppImportError

from journalist_app.serving import OfficerServer
from journalist_app.settings import Settings


def test_a_worker_with_other_cryptography_makes_no_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(tmp_path / "vault", tmp_path / "keys", ("*",), ("127.0.0.1:8082",))
    monkeypatch.setattr("crypto.vault.hash_secret_raw", lambda *_, **__: bytes(32))
    with pytest.raises(AppImportError, match="The self-test stopped at: vault key: a passphrase unwraps it"):
        OfficerServer(settings).load()
    assert not list(tmp_path.iterdir())
