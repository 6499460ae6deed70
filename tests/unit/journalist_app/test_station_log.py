"""What the web server writes: errors, but not each of its tries to get an address that is taken."""

import pytest
from gunicorn.config import Config

from journalist_app.serving import StationLog


def test_an_address_that_is_taken_is_told_once_and_plainly(caplog: pytest.LogCaptureFixture) -> None:
    config = Config()
    config.set("bind", ["127.0.0.1:8082"])
    log = StationLog(config)
    log.error_log.addHandler(caplog.handler)
    log.error("Connection in use: %s", "('127.0.0.1', 8082)")
    log.error("connection to ('127.0.0.1', 8082) failed: [Errno 98] Address already in use")
    log.error("Can't connect to %s", "('127.0.0.1', 8082)")
    (said,) = caplog.messages
    assert "Nothing can be served at 127.0.0.1:8082." in said
    log.error("A worker ended with %d", 3)
    assert caplog.messages[-1] == "A worker ended with 3"
