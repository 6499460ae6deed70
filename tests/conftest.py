"""Settings for every test: sockets stay shut but where a test is to use them; guesses are few by default.

pytest runs with `--disable-socket`; the folders named here are let out of it, because their tests start real
servers on this machine. Everything else must prove its point without a network.

Hypothesis tries few inputs in `make test`, and as many as `HYPOTHESIS_EXAMPLES` says in a long run. It has no
deadline (no test asserts on time) and keeps what it found under `build/`.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

HERE = Path(__file__).parent
WITH_SOCKETS = tuple(HERE / name for name in ("integration", "browser", "conformance", "journeys", "soak"))

set_hypothesis_home_dir(HERE.parent / "build" / "hypothesis")
settings.register_profile(
    "cleandrop",
    max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("cleandrop")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests of the folders above open sockets."""
    for item in items:
        if any(folder in item.path.parents for folder in WITH_SOCKETS):
            item.add_marker(pytest.mark.enable_socket)
