"""A whole source server without a network: its services, its app, and visitors who use it.

Everything lies in one temporary folder. The clock stands still until a test turns it. A `Visitor`
does what a browser does: keeps the cookie, fills in the form's hidden fields, sends a form with
files in the order of its fields.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from source_app.app import create_app
from source_app.languages import CATALOGUES
from source_app.settings import SourceSettings
from source_app.wiring import Services, open_services, open_web
from tests.support.clock import TurnedClock
from tests.support.instance import NOW, OpenedParcel, SampleStation

HOST = "source.example"
BOUNDARY = "b0undary-b0undary-b0undary"

Field = tuple[str, str]
"""Name and value."""
FileField = tuple[str, str | bytes, bytes]
"""Field name, file name, bytes."""


def sample_settings(folder: Path) -> SourceSettings:
    """Settings of a test: cheap key derivation, a run folder on a disk."""
    return SourceSettings(
        data_dir=folder / "data",
        run_dir=folder / "run",
        allowed_hosts=(HOST, "other.example"),
        agency="the sample office",
        max_report_mib=3,
        kdf_memory_mib=8,
        allow_disk_run_dir=True,
        testing=True,
    )


@dataclass
class Site:
    """A source server that knows its station, unless a test says otherwise."""

    folder: Path
    station: SampleStation = field(default_factory=SampleStation)
    catalogues: tuple[Path, ...] = (CATALOGUES,)
    clock: TurnedClock = field(default_factory=lambda: TurnedClock(NOW))

    def __post_init__(self) -> None:
        self.settings = sample_settings(self.folder)
        self.stick = self.folder / "stick"
        self.stick.mkdir(exist_ok=True)
        self.services: Services = open_services(self.settings, self.clock)
        self.app: Flask = self.new_app()

    def new_app(self) -> Flask:
        """Another worker over the same folders."""
        return create_app(open_web(self.services, self.catalogues))

    def close(self) -> None:
        """Close the database."""
        self.services.database.close()

    def first_contact(self) -> None:
        """The station's first OUT bundle, carried and accepted."""
        self.station.write_out(self.stick)
        self.services.importer.run(self.stick, self.station.root_words)

    def carry_back(self) -> None:
        """The station's next OUT bundle, carried and imported."""
        self.station.write_out(self.stick)
        self.services.importer.run(self.stick)

    def set_settings(self, **changes: Any) -> None:
        """Other settings from here on."""
        self.settings = replace(self.settings, **changes)
        self.services = open_services(self.settings, self.clock)
        self.app = self.new_app()

    def envelopes(self) -> list[Path]:
        """The stored envelopes."""
        return sorted((self.settings.data_dir / "envelopes").iterdir())

    def incoming(self) -> list[Path]:
        """What is still arriving."""
        return sorted((self.settings.data_dir / "incoming").iterdir())

    def stored(self) -> list[OpenedParcel]:
        """The stored envelopes, opened by the station, in the order of the log."""
        with self.services.database.reading() as connection:
            ids = connection.exec_driver_sql("SELECT object_id FROM objects ORDER BY log_index").scalars()
            names = [object_id.hex() for object_id in ids]
        folder = self.settings.data_dir / "envelopes"
        assert sorted(names) == [path.name for path in self.envelopes()], "rows and files differ"
        return [self.station.open((folder / name).read_bytes()) for name in names]

    def holds_nothing(self) -> bool:
        """No file and no row."""
        return not self.stored() and not self.incoming()


class Visitor:
    """A browser with one site open."""

    def __init__(self, site: Site) -> None:
        self.client = site.app.test_client()
        self.page = ""
        self.codename = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        options.setdefault("base_url", f"http://{HOST}")
        return self._seen(self.client.get(path, **options))

    def post(self, path: str, data: dict[str, str] | None = None, **options: Any) -> TestResponse:
        """Send a small form of the page that is open, with its token."""
        options.setdefault("base_url", f"http://{HOST}")
        filled = {"csrf_token": self.hidden("csrf_token"), **(data or {})}
        return self._seen(self.client.post(path, data=filled, **options))

    def send(
        self,
        message: str = "",
        files: Iterable[FileField] = (),
        path: str = "/report",
        upload_id: str | None = None,
        **options: Any,
    ) -> TestResponse:
        """Fill in the form that is open, and send it as a browser would."""
        token = self.hidden("csrf_token")
        fields = [("csrf_token", token), ("upload_id", upload_id or self.hidden("upload_id"))]
        return self.send_parts([*fields, ("message", message), *files], path, **options)

    def send_parts(
        self, parts: Iterable[Field | FileField], path: str = "/report", **options: Any
    ) -> TestResponse:
        """Send any fields in any order."""
        options.setdefault("base_url", f"http://{HOST}")
        options.setdefault("content_type", f"multipart/form-data; boundary={BOUNDARY}")
        if "input_stream" not in options:
            options.setdefault("data", multipart(parts))
        return self._seen(self.client.post(path, **options))

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the form in the middle of the page."""
        main = self.page.partition("<main>")[2]
        found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', main)
        assert found, f"no field {name} on this page"
        return unescape(found[1])

    def report(self, message: str = "They took the money.", files: Iterable[FileField] = ()) -> str:
        """A whole first report; gives the codename."""
        self.get("/report")
        assert self.send(message, files).status_code == 303
        self.get("/codename")
        self.codename = shown_codename(self.page)
        return self.codename

    def enter(self, codename: str) -> TestResponse:
        """Come back with a codename."""
        self.get("/return")
        return self.post("/return", {"codename": codename})

    @property
    def cookie(self) -> str:
        """The text of the session cookie, or nothing."""
        found = self.client.get_cookie("__Host-session", domain=HOST)
        return found.value if found else ""

    def _seen(self, answer: TestResponse) -> TestResponse:
        self.page = answer.get_data(as_text=True)
        answer.close()
        return answer


def shown_codename(page: str) -> str:
    """The codename on a page, or nothing."""
    found = re.search(r'id="codename">([^<]*)<', page)
    return found[1] if found else ""


def multipart(parts: Iterable[Field | FileField]) -> bytes:
    """A body as a browser makes it; file names may be raw bytes."""
    body = b""
    for part in parts:
        body += b"--" + BOUNDARY.encode() + b'\r\nContent-Disposition: form-data; name="' + part[0].encode()
        if len(part) == 2:
            value = part[1].replace("\n", "\r\n").encode()
            body += b'"\r\n\r\n' + value
        else:
            name = part[1] if isinstance(part[1], bytes) else part[1].encode()
            body += b'"; filename="' + name + b'"\r\nContent-Type: application/octet-stream\r\n\r\n' + part[2]
        body += b"\r\n"
    return body + b"--" + BOUNDARY.encode() + b"--\r\n"
