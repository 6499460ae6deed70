"""What a source and an officer do in the two apps, step by step, over HTTP.

The demo uses it to fill its sample instance and the smoke test to walk one report from end to
end. Each step looks at what the page really shows and raises `DemoError` when it is not that.
"""

import re
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pyotp

from demo.browser import Browser, Page, Upload
from demo.errors import DemoError
from demo.place import Officer

CODE_SECONDS: Final = 30
WAIT_SECONDS: Final = 90
ANSWER_DAYS: Final = 56
"""When a source of the demo hears next, in days from the answer before."""
_CASE: Final = re.compile(r"^/cases/[^/]+$")
_FILE: Final = re.compile(r"^/files/[^/]+$")


def next_answer() -> date:
    """The day by which a source hears next, when an officer answers today."""
    return datetime.now(UTC).date() + timedelta(days=ANSWER_DAYS)


def code_now(officer: Officer) -> str:
    """The six digits that this officer's phone shows now."""
    return pyotp.TOTP(officer.totp_secret).now()


class Source:
    """A person who reports."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._browser = Browser(url)

    def report(self, message: str, files: list[Upload]) -> str:
        """Send a first report and give the codename that is shown afterwards."""
        page = self._browser.get("/report")
        page = self._browser.upload(page, "/report", {"message": message}, files)
        if "codename" not in page.by_id:
            raise DemoError(f"no codename was shown after sending (status {page.status}): {page.text[:300]}")
        return page.by_id["codename"]

    def return_with(self, codename: str) -> Page:
        """Come back in a fresh browser and open the inbox."""
        self._browser = Browser(self._url)
        page = self._browser.submit(self._browser.get("/return"), "/return", {"codename": codename})
        if page.path != "/inbox":
            raise DemoError(f"the codename did not open the inbox (status {page.status})")
        return page

    def inbox(self) -> Page:
        """The inbox again."""
        return self._browser.get("/inbox")

    def leave(self) -> None:
        """Leave, and see that the inbox is closed."""
        self._browser.submit(self._browser.get("/leave"), "/leave")
        if self._browser.get("/inbox").path == "/inbox":
            raise DemoError("the inbox is still open after leaving")


class Desk:
    """An officer at the station."""

    def __init__(self, url: str) -> None:
        self._browser = Browser(url)

    def sign_in(self, officer: Officer) -> None:
        """Sign in; when the code of these thirty seconds was used already, wait for the next."""
        page = self._try_sign_in(officer)
        if page.path == "/sign-in":
            time.sleep(CODE_SECONDS - time.time() % CODE_SECONDS + 1)
            page = self._try_sign_in(officer)
        if page.path != "/sign-in":
            return
        raise DemoError(f"{officer.name} could not sign in: {page.text[:300]}")

    def _try_sign_in(self, officer: Officer) -> Page:
        values = {"officer": officer.name, "passphrase": officer.passphrase, "code": code_now(officer)}
        return self._browser.submit(self._browser.get("/sign-in"), "/sign-in", values)

    def sign_out(self) -> None:
        """Leave the desk."""
        self._browser.submit(self._browser.get("/"), "/sign-out")

    def import_stick(self) -> Page:
        """Press Import; an unknown server is accepted, as somebody does who compared its words."""
        page = self._browser.submit(self._browser.get("/import"), "/import")
        for form in page.forms:
            if "accept_server" in form.fields:
                page = self._browser.submit(page, "/import", {"accept_server": form.fields["accept_server"]})
                break
        return page

    def export_stick(self) -> Page:
        """Press Export."""
        return self._browser.submit(self._browser.get("/export"), "/export")

    def find_case(self, text: str) -> Page | None:
        """The case in which `text` stands, of the newest ones, or None."""
        listing = self._browser.get("/cases?show=all&sort=newest")
        for path in dict.fromkeys(link for link in listing.links if _CASE.match(link)):
            page = self._browser.get(path)
            if text in page.text:
                return page
        return None

    def wait_for_case(self, text: str) -> Page:
        """Press Import until the case has come over the gap."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            self.import_stick()
            if (page := self.find_case(text)) is not None:
                return page
            time.sleep(1)
        raise DemoError("the report did not come over the gap: is the courier running?")

    def save_files(self, case: Page, folder: Path) -> list[Path]:
        """Save every file of a case under numbers, in the order of the page."""
        saved: list[Path] = []
        for form in case.forms:
            if _FILE.match(form.action):
                saved.append(folder / f"saved-{len(saved)}")
                self._browser.download(case, form.action, saved[-1])
        return saved

    def reply(self, case: Page, text: str, stage: str, due_on: date, asks: tuple[str, ...] = ()) -> Page:
        """Write to the source of a case; `asks` are the boxes of the form that are ticked."""
        values = {"text": text, "stage": stage, "due_on": due_on.isoformat()} | dict.fromkeys(asks, "y")
        form = self._browser.get(f"{case.path}/reply")
        page = self._browser.submit(form, form.path, values)
        if text not in page.text:
            raise DemoError(f"the reply was not taken (status {page.status}): {page.text[:300]}")
        return page


def wait_for_message(source: Source, text: str) -> Page:
    """Look into the inbox until the message has come over the gap."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        page = source.inbox()
        if text in page.text:
            return page
        time.sleep(1)
    raise DemoError("the answer did not come over the gap: is the courier running?")
