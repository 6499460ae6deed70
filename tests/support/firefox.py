"""A real Firefox without a screen and with scripts off, as Tor Browser's "Safest" level sets it.

Driven through Marionette, which works with scripts off. The profile is a temporary folder; the
process is ended by its id.
"""

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from marionette_driver.by import By
from marionette_driver.errors import NoSuchElementException, StaleElementException
from marionette_driver.marionette import Marionette

PREFERENCES: dict[str, bool | int | str] = {
    "javascript.enabled": False,
    "privacy.resistFingerprinting": True,
    "dom.securecontext.allowlist_onions": True,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "browser.safebrowsing.downloads.remote.enabled": False,
    "extensions.update.enabled": False,
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": True,
    "browser.download.always_ask_before_handling_new_types": False,
}
START_SECONDS = 60
_ENTER = "\ue007"
_GLANCES = 10


class Firefox:
    """One browser window; every picture taken goes to `screens`."""

    def __init__(self, driver: Marionette, screens: Path, downloads: Path) -> None:
        self._driver = driver
        self._screens = screens
        self.downloads = downloads

    def open(self, url: str) -> None:
        """Load an address."""
        self._driver.navigate(url)

    def screenshot(self, name: str) -> None:
        """Keep a picture of the whole page."""
        self._screens.mkdir(parents=True, exist_ok=True)
        (self._screens / f"{name}.png").write_bytes(self._driver.screenshot(format="binary", full=True))

    @property
    def url(self) -> str:
        """The address that is shown."""
        return str(self._driver.get_url())

    @property
    def text(self) -> str:
        """What a person reads on the page, also on one that loads itself anew between two questions."""
        for _ in range(_GLANCES):
            with suppress(StaleElementException, NoSuchElementException):
                return str(self.element("body").text)
        raise AssertionError("the page never stood still")

    def element(self, css: str) -> Any:
        """The first element that a CSS selector finds."""
        return self._driver.find_element(By.CSS_SELECTOR, css)

    def elements(self, css: str) -> list[Any]:
        """All elements that a CSS selector finds."""
        return list(self._driver.find_elements(By.CSS_SELECTOR, css))

    def type(self, css: str, text: str) -> None:
        """Type into a field."""
        self.element(css).send_keys(text)

    def click(self, css: str) -> None:
        """Click, and wait for the page that follows."""
        self.element(css).click()

    def follow(self, css: str) -> None:
        """Follow a link by the keyboard: the driver's mouse misses what lies in a frame out of sight."""
        self.element(css).send_keys(_ENTER)

    @contextmanager
    def frame(self, css: str) -> Iterator[None]:
        """What is done inside happens in this frame of the page."""
        self._driver.switch_to_frame(self.element(css))
        try:
            yield
        finally:
            self._driver.switch_to_frame()

    def cookies(self) -> list[dict[str, Any]]:
        """The cookies of the page that is shown."""
        return list(self._driver.get_cookies())


@contextmanager
def firefox(screens: Path, preferences: dict[str, bool | int | str] | None = None) -> Iterator[Firefox]:
    """A browser of its own, for one test."""
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile"
        downloads = Path(folder) / "downloads"
        profile.mkdir()
        downloads.mkdir()
        port = _free_port()
        settings = {
            **PREFERENCES,
            "marionette.port": port,
            "browser.download.dir": str(downloads),
            **(preferences or {}),
        }
        (profile / "user.js").write_text(
            "".join(f'user_pref("{name}", {_spell(value)});\n' for name, value in settings.items())
        )
        process = subprocess.Popen(
            ["firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", str(profile)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"HOME": folder, "PATH": "/usr/bin:/bin", "MOZ_HEADLESS_WIDTH": "1000"},
        )
        driver = Marionette(host="127.0.0.1", port=port)
        try:
            _wait_for(port, process)
            driver.start_session()
            yield Firefox(driver, screens, downloads)
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError("Firefox did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _spell(value: bool | int | str) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')
