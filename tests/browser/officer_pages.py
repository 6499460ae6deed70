"""What a browser does at the officers' pages in more than one test."""

from demo.journey import code_now
from demo.place import Officer
from tests.support.firefox import Firefox
from tests.support.waiting import wait_until


class Codes:
    """The six digits of now, once they are others than the last that were typed."""

    def __init__(self, officers: tuple[Officer, ...]) -> None:
        """Making the instance may have typed those of now already."""
        self._typed = {officer.name: code_now(officer) for officer in officers}

    def of(self, officer: Officer) -> str:
        """Digits that this officer has not used."""
        wait_until(lambda: code_now(officer) != self._typed.get(officer.name), "fresh digits")
        self._typed[officer.name] = code_now(officer)
        return self._typed[officer.name]


def sign_in(page: Firefox, officer: Officer, codes: Codes) -> None:
    """At the door, or as the second officer on a page."""
    for name, value in [("officer", officer.name), ("passphrase", officer.passphrase)]:
        page.type(f"[name={name}]", value)
    page.type("[name=code]", codes.of(officer))
    page.click("main form button")
