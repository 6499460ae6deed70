"""The running server: whether there is one, and whether it answers.

It is asked on the address or file that it is bound to, never over a network.
"""

import fcntl
import os
import socket
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from source_app.doctor.findings import Finding, bad, ok, warning
from source_app.settings import SourceSettings

_SECONDS: Final = 10
_OK: Final = 200


def is_serving(data_dir: Path) -> bool:
    """Whether a process holds the lock of `serve`."""
    try:
        descriptor = os.open(data_dir / "serve.lock", os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def examine(settings: SourceSettings, *, serving: bool) -> Finding:
    """Asks for the first page, as the onion service would."""
    check = "site"
    if not serving:
        return warning(check, "Nobody serves it.", "Start the service.")
    connection = _Unix(settings.bind) if settings.bind.startswith("unix:") else _over_tcp(settings.bind)
    try:
        connection.request("GET", "/", headers={"Host": settings.allowed_hosts[0]})
        status = connection.getresponse().status
    except (OSError, HTTPException):
        return bad(check, f"It does not answer on {settings.bind}.", "Restart the service, and read its log.")
    finally:
        connection.close()
    if status != _OK:
        return bad(check, f"Its first page answers with {status}.", "Mend what else is said here.")
    return ok(check, "answers")


def _over_tcp(bind: str) -> HTTPConnection:
    host, _, port = bind.rpartition(":")
    return HTTPConnection(host.strip("[]"), int(port), timeout=_SECONDS)


class _Unix(HTTPConnection):
    """HTTP over a socket that is a file."""

    def __init__(self, bind: str) -> None:
        super().__init__("localhost", timeout=_SECONDS)
        self._path = bind.removeprefix("unix:")

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(_SECONDS)
        self.sock.connect(self._path)
