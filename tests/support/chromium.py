"""A real Chromium without a screen, driven over WebDriver's HTTP interface.

For what Firefox with scripts off cannot do: run a script on a page whose own policy forbids scripts, show a
page dark, and in the size of a phone. The processes are ended by their ids.
"""

import base64
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.support.waiting import wait_until

SECONDS = 60
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""Under this name WebDriver gives the id of an element."""


class ChromiumError(Exception):
    """The browser refused a command."""


class Chromium:
    """One browser window."""

    def __init__(self, http: httpx.Client, session: str) -> None:
        self._http = http
        self._session = session

    def open(self, url: str) -> None:
        """Load an address."""
        self._ask("POST", "/url", url=url)

    @property
    def url(self) -> str:
        """The address that is shown."""
        return str(self._ask("GET", "/url"))

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a function's body on the page, past the page's policy; give what it returns or promises."""
        return self._ask("POST", "/execute/sync", script=script, args=list(arguments))

    def text(self, css: str) -> str:
        """What a person reads in the first element that a CSS selector finds."""
        return str(self._ask("GET", f"/element/{self._find(css)}/text"))

    def type(self, css: str, text: str) -> None:
        """Type into a field, or choose the file of that path."""
        self._ask("POST", f"/element/{self._find(css)}/value", text=text)

    def click(self, css: str) -> None:
        """Click, and wait for the page that follows."""
        self._ask("POST", f"/element/{self._find(css)}/click")

    @contextmanager
    def frame(self, css: str) -> Iterator[None]:
        """What is done inside happens in this frame of the page."""
        self._ask("POST", "/frame", id={_ELEMENT: self._find(css)})
        try:
            yield
        finally:
            self._ask("POST", "/frame", id=None)

    def forget_cookies(self) -> None:
        """Delete the cookies of the page that is shown."""
        self._ask("DELETE", "/cookie")

    def set_size(self, width: int, height: int) -> None:
        """How large the page is shown; a window itself cannot become as narrow as a phone.

        Bars for scrolling take no room, as on a phone.
        """
        self._command("Emulation.setScrollbarsHidden", hidden=True)
        self._command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def set_dark(self, dark: bool) -> None:
        """What the person has chosen for all pages: dark or light."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._command("Emulation.setEmulatedMedia", features=[scheme])

    def screenshot(self, path: Path) -> None:
        """Keep a picture of the whole page, however long it is."""
        path.parent.mkdir(parents=True, exist_ok=True)
        metrics = self._command("Page.getLayoutMetrics")
        size = metrics["cssContentSize"]
        picture = self._command(
            "Page.captureScreenshot",
            format="png",
            # Chromium moves a page that is written from right to left aside when this is asked without need.
            captureBeyondViewport=size["height"] > metrics["cssLayoutViewport"]["clientHeight"],
            clip={**size, "scale": 1},
            optimizeForSpeed=True,
        )
        path.write_bytes(base64.b64decode(picture["data"]))

    def _find(self, css: str) -> str:
        found = self._ask("POST", "/element", using="css selector", value=css)
        return str(found[_ELEMENT])

    def _command(self, name: str, **parameters: Any) -> Any:
        return self._ask("POST", "/goog/cdp/execute", cmd=name, params=parameters)

    def _ask(self, method: str, path: str, **body: Any) -> Any:
        content = body if method == "POST" else None
        answer = self._http.request(method, f"/session/{self._session}{path}", json=content)
        value = answer.json()["value"]
        if answer.is_error:
            raise ChromiumError(f"{value['error']}: {value['message'].splitlines()[0]}")
        return value


@contextmanager
def chromium() -> Iterator[Chromium]:
    """A browser of its own, with a profile that is deleted afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            ["chromedriver", f"--port={port}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"HOME": folder, "TMPDIR": folder, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS) as http:
                wait_until(lambda: _is_ready(http), "chromedriver")
                session = _begin(http)
                try:
                    yield Chromium(http, session)
                finally:
                    http.delete(f"/session/{session}")  # ends the browser
        finally:
            process.terminate()
            process.wait(20)


def _is_ready(http: httpx.Client) -> bool:
    try:
        return bool(http.get("/status").json()["value"]["ready"])
    except httpx.TransportError:
        return False


def _begin(http: httpx.Client) -> str:
    # Chromium's own sandbox refuses to work for root.
    words = ["--headless=new", "--lang=en", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    wanted = {"browserName": "chrome", "goog:chromeOptions": {"args": words}}
    answer = http.post("/session", json={"capabilities": {"alwaysMatch": wanted}})
    value = answer.json()["value"]
    if answer.is_error:
        raise ChromiumError(value["message"])
    return str(value["sessionId"])
