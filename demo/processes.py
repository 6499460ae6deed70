"""Starts the installed programs as processes of their own and ends them by their ids."""

import http.client
import socket
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from demo.errors import DemoError
from demo.place import OFFICER_HOST, SOURCE_HOST, Place

READY_SECONDS: Final = 60
END_SECONDS: Final = 10
COURIER_SECONDS: Final = 3
_PROGRAMS: Final = Path(sys.executable).parent


def run(program: str, settings: Path, *arguments: str, typed: str = "") -> str:
    """Run a program to its end and give what it said. Raises `DemoError` when it refuses."""
    return _run([str(_PROGRAMS / program), "--config", str(settings), *arguments], typed)


def run_module(module: str, *arguments: str) -> str:
    """Run a module to its end and give what it said. Raises `DemoError` when it refuses."""
    return _run([sys.executable, "-P", "-m", module, *arguments], "")


def _run(command: list[str], typed: str) -> str:
    done = subprocess.run(command, input=typed, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DemoError(f"{' '.join(command)} said:\n{done.stderr.strip()}")
    return done.stdout


class Running:
    """Both apps and the courier of one demo, from `start` to `end`."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start both apps and wait until they answer. Raises `DemoError`."""
        _check_free(SOURCE_HOST, self._place.source_port, "SOURCE_PORT")
        _check_free(OFFICER_HOST, self._place.officer_port, "OFFICER_PORT")
        self._start("cleandrop-source", self._place.source_settings, "serve")
        self._start("cleandrop-officer", self._place.officer_settings, "serve")
        self._wait_for("cleandrop-source serve", self._place.source_url)
        self._wait_for("cleandrop-officer serve", self._place.officer_url)

    def start_courier(self) -> None:
        """From now on the source side exports and imports by itself."""
        self._start(
            "cleandrop-source",
            self._place.source_settings,
            *("courier", "--stick", str(self._place.stick), "--every", str(COURIER_SECONDS)),
        )

    def wait(self) -> None:
        """Until one of the processes ends, which none should. Raises `DemoError` then."""
        while True:
            time.sleep(1)
            for name, child in self._children.items():
                if child.poll() is not None:
                    raise DemoError(f"{name} ended by itself; its last words are in {self._log(name)}")

    def pid(self, name: str) -> int:
        """The process id of "cleandrop-source serve" or another child."""
        return self._children[name].pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children.values():
            child.terminate()
        for child in self._children.values():
            try:
                child.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _start(self, program: str, settings: Path, *arguments: str) -> None:
        name = f"{program} {arguments[0]}"
        command = [str(_PROGRAMS / program), "--config", str(settings), *arguments]
        with self._log(name).open("ab") as log:
            self._children[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C comes to us alone, and we end them in order
            )

    def _log(self, name: str) -> Path:
        return self._place.folder / f"{name.replace(' ', '-')}.log"

    def _wait_for(self, name: str, url: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self._children[name].poll() is not None:
                break
            if _answers(url):
                return
            time.sleep(0.1)
        tail = self._log(name).read_text(errors="replace").strip().splitlines()[-8:]
        raise DemoError(f"{name} did not start:\n" + "\n".join(tail))


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((SOURCE_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str) -> bool:
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()


def _check_free(host: str, port: int, setting: str) -> None:
    with socket.socket() as probe:
        if probe.connect_ex((host, port)) == 0:
            raise DemoError(
                f"Port {port} is in use. Is another demo running? End it, or choose another port: "
                f"{setting}={free_port()} make demo"
            )
