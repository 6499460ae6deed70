"""How long an officer waits after wrong tries: that officer, nobody else.

The first five wrong tries in a row cost nothing but their work. From then on each doubles the
wait, from 15 seconds up to 15 minutes, so that somebody at the keyboard can hold up an officer
but never lock them out. A good sign-in starts the count anew.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from journalist_app.errors import ThrottledError
from journalist_app.store.throttle_file import Failures, load_failures, mark_of, save_failures, second_of

FREE_TRIES: Final = 5
FIRST_WAIT_SECONDS: Final = 15
LONGEST_WAIT_SECONDS: Final = 15 * 60


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

    def failed(self, name: str, now: datetime, officers: Iterable[str]) -> None:
        """Count one wrong try. `officers`: the names whose tries are never forgotten for others'."""
        failures = load_failures(self._path)
        before = failures.get(_key(name), Failures(0, 0)).count
        failures[_key(name)] = Failures(before + 1, second_of(now))
        save_failures(self._path, failures, {_key(officer) for officer in officers})

    def passed(self, name: str, officers: Iterable[str]) -> None:
        """Forget the wrong tries of this officer."""
        failures = load_failures(self._path)
        if failures.pop(_key(name), None) is not None:
            save_failures(self._path, failures, {_key(officer) for officer in officers})


def _key(name: str) -> str:
    return mark_of(officer_key(name))


def officer_key(name: str) -> str:
    """A typed name in the form in which names are compared."""
    return " ".join(name.split()).casefold()
