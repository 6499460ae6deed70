"""Waiting for what another process will do."""

import time
from collections.abc import Callable

SECONDS = 90


def wait_until(happened: Callable[[], bool], what: str) -> None:
    """Ask again and again; raise `TimeoutError` naming `what` when it never happens."""
    deadline = time.monotonic() + SECONDS
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {SECONDS} s for {what}")
        time.sleep(0.5)
