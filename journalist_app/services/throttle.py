"""How long an officer waits after wrong tries: that officer, nobody else.

The first five wrong tries in a row cost nothing but their work. From then on each doubles the
wait, from 15 seconds up to 15 minutes, so that somebody at the keyboard can hold up an officer
but never lock them out. A good sign-in starts the count anew.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

from journalist_app.errors import ThrottledError
from journalist_app.store.throttle_file import Failures, load_failures, save_failures, second_of

FREE_TRIES: Final = 5
FIRST_WAIT_SECONDS: Final = 15
LONGEST_WAIT_SECONDS: Final = 15 * 60
_NAME_MAX: Final = 100


class Throttle:
    """The wrong tries of all officers, on the disk. The caller lets one in at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def check(self, name: str, now: datetime) -> None:
        """Raises `ThrottledError` while this officer has to wait."""
        failures = load_failures(self._path).get(_key(name))
        if failures is None or failures.count < FREE_TRIES:
            return
        wait = min(FIRST_WAIT_SECONDS << min(failures.count - FREE_TRIES, 16), LONGEST_WAIT_SECONDS)
        passed = max(0, second_of(now) - failures.last_at)
        if passed < wait:
            raise ThrottledError(wait - passed)

    def failed(self, name: str, now: datetime) -> None:
        """Count one wrong try."""
        failures = load_failures(self._path)
        before = failures.get(_key(name), Failures(0, 0)).count
        failures[_key(name)] = Failures(before + 1, second_of(now))
        save_failures(self._path, failures)

    def passed(self, name: str) -> None:
        """Forget the wrong tries of this officer."""
        failures = load_failures(self._path)
        if failures.pop(_key(name), None) is not None:
            save_failures(self._path, failures)


def _key(name: str) -> str:
    return officer_key(name)[:_NAME_MAX].encode("utf-8", "replace").decode()


def officer_key(name: str) -> str:
    """A typed name in the form in which names are compared."""
    return " ".join(name.split()).casefold()
