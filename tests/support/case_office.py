"""An office that works on cases under the shipped pack of Korea: its people, and reports that come in."""

from pathlib import Path

from cases.kinds import ReportEvent, Role
from cases.packs import folder, signature
from crypto import canonical
from journalist_app.services.ceremony import PlannedOfficer
from journalist_app.services.reading import CasePage
from journalist_app.services.sign_in import Officer
from journalist_app.wiring import Desk
from tests.support.server_side import SampleServer, SampleSource
from tests.support.shipped import FOLDER
from tests.support.signed_pack import KEEPER, TEN_WORDS, public_key
from tests.support.station import LiveStation, live_station

PEOPLE = {
    "Admin": {Role.ADMINISTRATOR},
    "Inge": {Role.INTAKE},
    "Hanna": {Role.HANDLER},
    "Henrik": {Role.HANDLER},
    "Sven": {Role.SECOND_OFFICER, Role.APPROVER},
    "Boss": {Role.SUPERVISOR},
    "Head": {Role.HEAD},
    "Lia": {Role.LIAISON, Role.HANDLER},
    "Audit": {Role.AUDITOR, Role.INTAKE},
    "Rita": {Role.RECORDS},
}


class CaseOffice:
    """A station with these people and the pack of Korea, and the server whose reports come to it."""

    def __init__(self, path: Path, *, with_pack: bool = True, kept_days: int = 0) -> None:
        """`kept_days`: how long the rules keep a case after its closing; 0 where they do not say. They are
        then those of the Directive, under which nothing runs on after that, as the watch in Korea does."""
        (path / "station").mkdir()
        officers = tuple(PlannedOfficer(name, frozenset(roles)) for name, roles in PEOPLE.items())
        self.live: LiveStation = live_station(path / "station", officers)
        self.server: SampleServer = self.live.server()
        if with_pack:
            desk = self.desk("Admin")
            desk.packs().trust(public_key(path), TEN_WORDS)
            desk.packs().install(_signed(path, kept_days))
            desk.unlocked.close()

    def desk(self, name: str) -> Desk:
        """The desk of one of the people, signed in."""
        return self.live.desk_of(next(each for each in self.live.born.officers if each.name == name))

    def officer(self, name: str) -> Officer:
        """One of the people, as a second officer signs in."""
        desk = self.desk(name)
        desk.unlocked.close()
        return desk.officer

    def report(self, source: int = 1, *forms: canonical.Object, **more: object) -> None:
        """A report comes in, and is imported."""
        self.server.receive(SampleSource(source), forms=forms, **more)  # type: ignore[arg-type]
        self.server.export(self.live.stick, len(self.server.entries) - 1)
        desk = self.desk("Admin")
        desk.receiving().import_stick(self.live.stick, accepted_key=self.server.key.hex())
        desk.unlocked.close()

    def step(
        self,
        name: str,
        kind: ReportEvent,
        second: str = "",
        words: str = "",
        case: int = 1,
        **typed: str | list[str] | bool,
    ) -> None:
        """One of the people records a step today, as a form would send it."""
        desk = self.desk(name)
        form = {"on": [self.today], **{key: _form_value(value) for key, value in typed.items() if value}}
        agreeing = self.officer(second) if second else None
        try:
            desk.steps().record(case, kind, form, words, agreeing)
        finally:
            desk.unlocked.close()

    def page(self, name: str, case: int = 1) -> CasePage:
        """A case, with the eyes of one of the people."""
        desk = self.desk(name)
        try:
            return desk.reading().case(case)
        finally:
            desk.unlocked.close()

    def assigned(self) -> None:
        """The first case is taken as far as its handler, who is Hanna."""
        self.step("Inge", ReportEvent.ACKNOWLEDGED)
        self.step("Inge", ReportEvent.TRIAGED, "Sven", risk="high", in_scope=True)
        self.step("Inge", ReportEvent.ALLEGATION_ADDED, category="bribery")
        self.step("Boss", ReportEvent.ASSIGNED, handler=self.id_of("Hanna"), no_conflict_declared=True)

    def closed(self, case: int = 1) -> None:
        """A case under the Directive that was closed at once by intake, and is only kept from now on."""
        self.step("Inge", ReportEvent.ACKNOWLEDGED, case=case)
        self.step("Inge", ReportEvent.CLOSED, "Sven", "Nothing in it.", case=case, reason="minor")
        self.step("Rita", ReportEvent.RETAINED, "Sven", case=case)

    def id_of(self, name: str) -> str:
        """The id of one of the people."""
        return self.officer(name).officer_id

    @property
    def today(self) -> str:
        """The day of the station's clock."""
        return self.live.clock.now.date().isoformat()


def _form_value(value: str | list[str] | bool) -> list[str]:
    if isinstance(value, list):
        return value
    return ["1"] if value is True else [str(value)]


_RETENTION = """
[defaults]
from = 2026-11-22
status = "draft"

[[retention]]
id = "case"
starts_on = ["closed"]
length = {}
unit = "calendar_day"
basis = "policy"
"""


def _signed(path: Path, kept_days: int) -> Path:
    """The shipped pack of Korea, or of the Directive with a time of keeping, signed by the test's keeper."""
    pack_id = "eu" if kept_days else "kr"
    files = folder.files_of(FOLDER / pack_id)
    if kept_days:
        files["retention.toml"] = _RETENTION.format(kept_days).encode()
        files["words.en.toml"] += b'\n[retention.case]\ntitle = "case"\n'
    made = path / pack_id
    made.mkdir()
    for name, data in files.items():
        (made / name).write_bytes(data)
    version = 1
    (made / signature.FILE).write_bytes(signature.sign(KEEPER, pack_id, version, files))
    return made
