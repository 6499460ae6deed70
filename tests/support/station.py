"""A station of its own for one test: folders, a clock that the test turns, officers signed in.

The ceremony, the sign-in and the pages are the real ones; only the work of a passphrase is
small, as the settings allow for tests alone.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crypto.windows import window_of
from journalist_app.app import create_app_on
from journalist_app.services import clock_check
from journalist_app.services.ceremony import Born, CeremonyPlan, PlannedOfficer
from journalist_app.services.new_officer import NewOfficer
from journalist_app.settings import Settings
from journalist_app.wiring import Desk, Station, build_station
from tests.support.clock import TurnedClock
from tests.support.server_side import SampleServer, read_out

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOST = "localhost:8082"
PLAN = CeremonyPlan(
    "Office for Integrity", "UTC", ("en",), (PlannedOfficer("Anna Berg"), PlannedOfficer("Boris Chen"))
)


@dataclass
class LiveStation:
    """A station after its ceremony; OUT 1 lies on `stick`."""

    settings: Settings
    clock: TurnedClock
    station: Station
    born: Born
    stick: Path

    @property
    def officer(self) -> NewOfficer:
        """The first officer's secrets."""
        return self.born.officers[0]

    def code(self, officer: NewOfficer | None = None) -> str:
        """The six digits of now; the clock goes on to a step that was not used."""
        self.clock.turn(seconds=30)
        return pyotp.TOTP((officer or self.officer).totp_secret).at(self.clock.now)

    def desk(self) -> Desk:
        """A desk, signed in."""
        return self.desk_of(self.officer)

    def desk_of(self, officer: NewOfficer) -> Desk:
        """The desk of one of the officers."""
        found, unlocked = self.station.sign_in.sign_in(officer.name, officer.passphrase, self.code(officer))
        return self.station.desk(found, unlocked)

    def confirm_clock(self) -> None:
        """After a long pause: an officer says that the clock is right."""
        desk = self.desk()
        today = self.clock.now.date().isoformat()
        clock_check.confirm(desk.unlocked, desk.officer.name, self.clock.now, today)
        desk.unlocked.close()

    def server(self) -> SampleServer:
        """A server that imported OUT 1 and that the station does not know yet."""
        statement = read_out(self.stick)
        return SampleServer(self.born.instance, statement.batch, window_of(self.clock.now))

    def app(self) -> Flask:
        """The officers' pages on this station."""
        return create_app_on(self.station)


def live_station(folder: Path, officers: tuple[PlannedOfficer, ...] = PLAN.officers) -> LiveStation:
    """Hold a ceremony under `folder`."""
    stick = folder / "stick"
    stick.mkdir()
    settings = Settings(
        vault_dir=folder / "vault",
        key_stick_dir=folder / "key-stick",
        stick_dirs=(str(stick),),
        allowed_hosts=(HOST,),
        passphrase_memory_mib=8,
        passphrase_passes=1,
        testing=True,
    )
    clock = TurnedClock(START)
    station = build_station(settings, clock)
    born = station.ceremony().perform(replace(PLAN, officers=officers))
    station.ceremony().finish(born)
    station.ceremony().first_bundle(born, stick)
    born.unlocked.close()
    return LiveStation(settings, clock, station, born, stick)


class OfficerBrowser:
    """A browser at the station: keeps the Secure cookie as a browser on localhost does."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.base_url = f"http://{HOST}"

    def get(self, path: str) -> TestResponse:
        """A page, redirects not followed."""
        return self.client.get(path, base_url=self.base_url, buffered=True)

    def post(self, path: str, page: str = "", **values: str) -> TestResponse:
        """Send a form, with the token that the page `page` shows."""
        token = self.token(page) if page else ""
        data = {**values, "csrf_token": token}
        return self.client.post(path, data=data, base_url=self.base_url, buffered=True)

    def token(self, page: str) -> str:
        """The token of the first form of a page."""
        html = self.get(page).get_data(as_text=True)
        return html.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]

    def sign_in(self, live: LiveStation, officer: NewOfficer | None = None) -> TestResponse:
        """Sign in."""
        who = officer or live.officer
        values = {"officer": who.name, "passphrase": who.passphrase, "code": live.code(who)}
        return self.post("/sign-in", page="/sign-in", **values)
