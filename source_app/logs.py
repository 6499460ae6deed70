"""What is written down when something goes wrong: the kind of error and where, never what it held.

A message or a traceback's values could carry what a person typed, so neither is written. Time,
addresses and request lines are not written either. The web server's own log goes through
`QuietLog`, the web framework's through `QuietFlask`.
"""

import sys
import traceback
from types import TracebackType
from typing import Any, Final, TypeAlias

from flask import Flask
from gunicorn.glogging import Logger

_ExcInfo: TypeAlias = "tuple[type, BaseException, TracebackType] | tuple[None, None, None]"

IN_USE: Final = (
    "Nothing can be served at {bind}. Perhaps another program does so already: end it, or change bind in "
    "the settings."
)
_TRIES: Final = ("Connection in use", "connection to")
_IN_USE: Final = "Can't connect to"


def describe_error(error: BaseException) -> str:
    """`ValueError at source_app/x.py:12 in f < …`: the innermost five places, no values."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-5:])
    places = (f"{'/'.join(f.filename.split('/')[-2:])}:{f.lineno} in {f.name}" for f in frames)
    return f"{type(error).__name__} at {' < '.join(places)}"


def tell_error(error: BaseException) -> None:
    """Write down a mistake of ours."""
    sys.stderr.write(f"cleandrop-source: {describe_error(error)}\n")


class QuietFlask(Flask):
    """Flask without its own log, which would tell the hour, the page and every line that was run."""

    def log_exception(self, exc_info: _ExcInfo) -> None:
        """Called by Flask where even the page of refusal could not be made."""
        if exc_info[1] is not None:
            tell_error(exc_info[1])


class QuietLog(Logger):  # type: ignore[misc]
    """gunicorn's log without what its messages would say of visitors, and without the hour."""

    error_fmt: Final = "cleandrop-source [%(levelname)s] %(message)s"

    def error(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Write an error; the tries to get an address are no news, only that none succeeded."""
        if msg.startswith(_TRIES):
            return
        if msg.startswith(_IN_USE):
            msg, args = IN_USE.format(bind=self.cfg.bind[0]), ()
        super().error(msg, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - not written down
        """Write where it happened."""
        error = sys.exc_info()[1]
        super().error("%s", describe_error(error) if error else "an error without a place")

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Leave out refused requests: the message names an address."""
        if "ip=" not in msg:
            super().warning(msg, *args, **kwargs)
