"""Runs the app: gunicorn in this process's child, one worker with threads, on loopback alone.

One worker, because who is signed in lies in its memory and nowhere else. No access log: it
would be a record of who read which case. A thread of the worker locks the station when nobody
did anything for too long, also when no request comes to notice it.
"""

import threading
import time
from typing import Any, Final

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.errors import AppImportError
from gunicorn.glogging import Logger

from crypto import selftest_station
from crypto.errors import SelfTestError
from journalist_app.app import create_app_on
from journalist_app.clock import utc_now
from journalist_app.process import OWNER_ONLY
from journalist_app.services.sessions import Sessions
from journalist_app.settings import Settings
from journalist_app.wiring import build_station

THREADS: Final = 8
LOOK_SECONDS: Final = 20
IN_USE: Final = (
    "Nothing can be served at {bind}. Perhaps another program does so already, this station for one: "
    "end it, or change bind in the settings."
)
_TRIES: Final = ("Connection in use", "connection to")
_IN_USE: Final = "Can't connect to"


class StationLog(Logger):  # type: ignore[misc]
    """gunicorn's log, which says once and plainly that the address is taken."""

    def error(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Write an error; the tries to get an address are no news, only that none succeeded."""
        if msg.startswith(_TRIES):
            return
        if msg.startswith(_IN_USE):
            msg, args = IN_USE.format(bind=self.cfg.bind[0]), ()
        super().error(msg, *args, **kwargs)


class OfficerServer(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings and no others."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """One worker of threads."""
        options: dict[str, Any] = {
            "bind": [self._settings.bind],
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "accesslog": None,
            "loglevel": "warning",
            "logger_class": StationLog,
            "when_ready": self._tell,
            "control_socket_disable": True,
            "proc_name": "cleandrop-officer",
            "timeout": 0,
            "umask": OWNER_ONLY,
            "graceful_timeout": 5,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def _tell(self, _arbiter: object) -> None:
        """Called by gunicorn once the address is ours."""
        click.echo(
            f"Open http://{self._settings.allowed_hosts[0]} on this machine. Ctrl-C ends it.", err=True
        )

    def load(self) -> Flask:
        """The app, made in the worker: no key ever is in the parent."""
        try:
            selftest_station.run()
        except SelfTestError as error:
            raise AppImportError(str(error)) from error  # gunicorn prints it and ends itself
        station = build_station(self._settings, utc_now)
        threading.Thread(target=_lock_when_idle, args=(station.sessions,), daemon=True).start()
        return create_app_on(station)


def serve_forever(settings: Settings) -> None:
    """Serve until a signal."""
    OfficerServer(settings).run()


def _lock_when_idle(sessions: Sessions) -> None:
    while True:
        time.sleep(LOOK_SECONDS)
        sessions.end_idle()
