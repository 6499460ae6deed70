"""Settings for every test: sockets stay shut but where a test is there to use them.

pytest runs with `--disable-socket`; the folders named here are let out of it, because their tests start real
servers on this machine. Everything else must prove its point without a network.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
WITH_SOCKETS = tuple(HERE / name for name in ("integration", "browser", "journeys"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests of the folders above open sockets."""
    for item in items:
        if any(folder in item.path.parents for folder in WITH_SOCKETS):
            item.add_marker(pytest.mark.enable_socket)
