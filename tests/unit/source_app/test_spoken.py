"""How values are said: limits on the pages, an address that is taken in the log."""

import pytest
from gunicorn.config import Config

from source_app.logs import QuietLog
from source_app.views.context import spoken_limit


@pytest.mark.parametrize(
    ("mebibytes", "said"),
    [(3, "3 MB"), (1023, "1,023 MB"), (1024, "1 GB"), (1536, "1,536 MB"), (2048, "2 GB")],
)
def test_a_limit_is_said_in_known_units(mebibytes: int, said: str) -> None:
    assert spoken_limit(mebibytes) == said


def test_an_address_that_is_taken_is_told_once_and_plainly(caplog: pytest.LogCaptureFixture) -> None:
    config = Config()
    config.set("bind", ["127.0.0.1:8080"])
    log = QuietLog(config)
    log.error_log.addHandler(caplog.handler)
    log.error("Connection in use: %s", "('127.0.0.1', 8080)")
    log.error("connection to ('127.0.0.1', 8080) failed: [Errno 98] Address already in use")
    log.error("Can't connect to %s", "('127.0.0.1', 8080)")
    (said,) = caplog.messages
    assert "Nothing can be served at 127.0.0.1:8080." in said
