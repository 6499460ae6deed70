"""Both sides of the gap in one process: the real apps, services and stores, no network.

The two share one clock that stands still until it is turned, and one folder as the stick.
Sources and officers use the pages; administrators use the services behind the commands. With
it a test can let months pass, lose sticks, and look into both machines.
"""

import re
import shutil
from pathlib import Path

from tests.support.clock import TurnedClock
from tests.support.source_site import Site, Visitor
from tests.support.station import LiveStation, OfficerBrowser, live_station


class BothSides:
    """A source server and a station that know each other, and nothing received yet."""

    def __init__(self, folder: Path) -> None:
        (folder / "station").mkdir()
        (folder / "server").mkdir()
        self.station: LiveStation = live_station(folder / "station")
        self.clock: TurnedClock = self.station.clock
        self.site = Site(folder / "server", clock=self.clock)
        self.stick = self.station.stick
        self.officer = OfficerBrowser(self.station.app())
        self.officer.sign_in(self.station)
        self._introduce()

    def close(self) -> None:
        """Close both databases."""
        self.officer.post("/sign-out", page="/")
        self.site.close()

    def visitor(self) -> Visitor:
        """A fresh browser of a source."""
        return Visitor(self.site)

    def carry_in(self) -> str:
        """The server exports and the station imports; gives what the officer reads."""
        self.site.services.exporter.export(self.stick)
        return self.officer_imports()

    def carry_out(self) -> None:
        """The station exports and the server imports."""
        self.officer_exports()
        self.site.services.importer.run(self.stick)

    def officer_imports(self) -> str:
        """Press Import; gives the page."""
        return self.officer.post("/import", page="/import").get_data(as_text=True)

    def officer_exports(self) -> str:
        """Press Export; gives the page."""
        return self.officer.post("/export", page="/export").get_data(as_text=True)

    def cases(self) -> list[str]:
        """The paths of all cases, in the order of the list."""
        html = self.officer.get("/cases").get_data(as_text=True)
        return list(dict.fromkeys(re.findall(r'href="(/cases/[^"]+)"', html)))

    def page(self, path: str) -> str:
        """A page of the officer app."""
        return self.officer.get(path).get_data(as_text=True)

    def answer(self, case: str, text: str, stage: str = "under_review", due_on: str = "") -> None:
        """Write to the source of a case."""
        answer = self.officer.post(f"{case}/reply", page=case, text=text, stage=stage, due_on=due_on)
        assert answer.status_code < 400, answer.get_data(as_text=True)

    def saved_files(self, case: str) -> list[bytes]:
        """Every file of a case, as the officer saves it."""
        paths = re.findall(r'action="(/files/[^"]+)"', self.page(case))
        return [self.officer.post(path, page=case).get_data() for path in paths]

    def sign_in_again(self) -> None:
        """After a pause that ended the officer's session, and perhaps raised a question about the clock."""
        self.station.confirm_clock()
        self.officer.sign_in(self.station)

    def lose_stick(self) -> None:
        """Everything on the stick is gone: a blank one takes its place."""
        for path in self.stick.iterdir():
            shutil.rmtree(path)

    def _introduce(self) -> None:
        root_words = " ".join(self.station.born.root_words)
        self.site.services.importer.run(self.stick, root_words)
        self.site.services.exporter.export(self.stick)
        page = self.officer_imports()
        accepted = re.search(r'name="accept_server"[^>]* value="([0-9a-f]{64})"', page)
        assert accepted, "the station does not ask about the server that it does not know"
        self.officer.post("/import", page="/import", accept_server=accepted[1])
        self.carry_out()
