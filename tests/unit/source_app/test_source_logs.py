"""What is written down when something goes wrong: where, and nothing of what, whose or when."""

import logging
import re

import pytest
from gunicorn.config import Config

from source_app.logs import QuietLog
from source_app.views import refusals
from tests.support.source_site import Site, Visitor


def test_a_page_of_refusal_that_fails_is_told_without_its_text_and_page(
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> str:
        raise ValueError("what somebody typed")

    monkeypatch.setattr(refusals, "render_template", broken)
    with pytest.raises(ValueError, match="typed"):
        Visitor(site).get("/somebodys-page")
    written = "".join(capsys.readouterr()) + caplog.text
    assert "ValueError at" in written
    assert "typed" not in written
    assert "somebodys-page" not in written


def test_the_web_servers_log_tells_no_hour_and_no_value(capfd: pytest.CaptureFixture[str]) -> None:
    log = QuietLog(Config())
    log.error_log.setLevel(logging.WARNING)
    try:
        try:
            int("what somebody typed")
        except ValueError:
            log.exception("Error handling request %s", "/somebodys-page")
        log.warning("Invalid request from ip=127.0.0.1: what somebody typed")
    finally:
        for handler in list(log.error_log.handlers):
            log.error_log.removeHandler(handler)
    written = capfd.readouterr().err
    assert "ValueError at" in written
    assert not re.search(r"\d\d:\d\d|\d{4}-\d\d-\d\d", written)
    assert "somebody" not in written
