"""Serves the app with gunicorn: threads, because each slow upload holds one.

Nothing of a request is written down: no access log, no request lines, no addresses. gunicorn's
control socket and its banner are off. The app is made in each worker, after the fork, so that
no two processes share a database connection.
"""

import os
import sys
from typing import Any, Final

import gunicorn.http.unreader
import gunicorn.http.wsgi
import gunicorn.util
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.errors import AppImportError, HaltServer

from crypto import selftest
from crypto.errors import SelfTestError
from source_app.app import create_app
from source_app.clock import system_clock
from source_app.logs import QuietLog
from source_app.multipart import READ_BYTES
from source_app.process import OWNER_ONLY, open_many_files, share_heaps
from source_app.settings import SourceSettings
from source_app.wiring import open_services, open_web
from source_app.worker import HurryingWorker, write_refusal

KEEP_ALIVE_SECONDS: Final = 5
STOP_SECONDS: Final = 30
_BANNER: Final = "web"


class SourceServer(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings and none of its own."""

    def __init__(self, settings: SourceSettings, open_files: int) -> None:
        self._settings = settings
        self._open_files = open_files
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn while it starts."""
        for name, value in _options(self._settings, self._open_files).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Called by gunicorn in each worker."""
        try:
            selftest.run()
        except SelfTestError as error:
            raise AppImportError(str(error)) from error  # gunicorn prints it and ends them all
        services = open_services(self._settings, system_clock)
        services.retention.sweep_broken()  # of the worker in whose place this one comes
        return create_app(open_web(services))


def run(settings: SourceSettings) -> None:
    """Serve until a signal says stop. gunicorn ends the process."""
    settings.run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # gunicorn's workers need it first
    share_heaps()
    gunicorn.http.wsgi.SERVER = _BANNER
    # As much as we take at once: by default it reads a mebibyte ahead and copies the rest of it
    # again at every read, which made uploads less than half as fast.
    gunicorn.http.unreader.SocketUnreader.max_body_chunk = READ_BYTES
    gunicorn.util.write_error = write_refusal
    try:
        SourceServer(settings, open_many_files()).run()
    except HaltServer as halted:  # by a second worker, while it stops because of the first
        sys.exit(halted.exit_status)


def _options(settings: SourceSettings, open_files: int) -> dict[str, Any]:
    return {
        "bind": [settings.bind],
        "worker_class": HurryingWorker,
        "workers": settings.workers,
        "threads": settings.threads,
        "worker_connections": min(settings.threads * 4, open_files // 2),
        "keepalive": KEEP_ALIVE_SECONDS,
        "graceful_timeout": STOP_SECONDS,
        "umask": OWNER_ONLY,
        "user": os.geteuid(),  # gunicorn took these when it was imported, before root became another user
        "group": os.getegid(),
        "worker_tmp_dir": str(settings.run_dir),
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "logger_class": QuietLog,
        "control_socket_disable": True,
        "forwarded_allow_ips": "",
        "proc_name": "cleandrop-source",
    }
