"""What is written down when something goes wrong: the kind of error and where, never what it held.

A message or a traceback's values could carry what a person typed, so neither is written. Time,
addresses and request lines are not written either. The web server's own log goes through
`QuietLog`.
"""

import sys
import traceback
from typing import Any

from gunicorn.glogging import Logger


def describe_error(error: BaseException) -> str:
    """`ValueError at source_app/x.py:12 in f < …`: the innermost five places, no values."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-5:])
    places = (f"{'/'.join(f.filename.split('/')[-2:])}:{f.lineno} in {f.name}" for f in frames)
    return f"{type(error).__name__} at {' < '.join(places)}"


class QuietLog(Logger):  # type: ignore[misc]
    """gunicorn's log without what its messages would say of visitors."""

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - not written down
        """Write where it happened."""
        error = sys.exc_info()[1]
        super().error("%s", describe_error(error) if error else "an error without a place")

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Leave out refused requests: the message names an address."""
        if "ip=" not in msg:
            super().warning(msg, *args, **kwargs)
