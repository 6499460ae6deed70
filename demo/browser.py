"""A browser with scripts off, as small as it can be: pages, forms, cookies, uploads.

It keeps every cookie of one address and gives it back, as a real browser does for Secure
cookies on 127.0.0.1; it reads forms from the page and sends their hidden fields along. File
parts are streamed, so that a large upload needs no memory.
"""

import http.client
import secrets
import urllib.parse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from demo.errors import DemoError

TIMEOUT_SECONDS: Final = 300
_COPY_BYTES: Final = 1 << 20
_REDIRECTS: Final = (302, 303)
_VOID: Final = frozenset({"input", "meta", "link", "br", "hr", "img"})


@dataclass
class Form:
    """A form of a page: where it goes and what it sends unless it is changed."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    """An answer: status, address after redirects, and what a person would find on it."""

    status: int
    path: str
    html: str
    forms: list[Form]
    links: list[str]
    by_id: dict[str, str]
    text: str

    def form(self, path: str) -> Form:
        """The form that goes to `path`. Raises `DemoError` when the page has none."""
        for form in self.forms:
            if urllib.parse.urlsplit(form.action or self.path).path == path:
                return form
        raise DemoError(f"the page {self.path} (status {self.status}) has no form that goes to {path}")


@dataclass(frozen=True)
class Upload:
    """A file to send: its name as the source gives it, and where its bytes are."""

    name: str
    path: Path


class Browser:
    """One person's browser at one address."""

    def __init__(self, address: str) -> None:
        """`address`: "http://host:port"."""
        self._host = urllib.parse.urlsplit(address).netloc
        self._cookies: dict[str, str] = {}

    @property
    def cookie_header(self) -> str:
        """The cookies as they are sent."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def get(self, path: str) -> Page:
        """The page at `path`, redirects followed."""
        return self._page(path, *self._send("GET", path, {}, ()))

    def submit(self, page: Page, path: str, values: dict[str, str] | None = None) -> Page:
        """Send the form of `page` that goes to `path`, with `values` filled in."""
        form = page.form(path)
        body = urllib.parse.urlencode({**form.fields, **(values or {})}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        return self._page(path, *self._send("POST", path, headers, (body,)))

    def upload(self, page: Page, path: str, values: dict[str, str], files: list[Upload]) -> Page:
        """Send the form of `page` that goes to `path` as multipart, the files last."""
        form = page.form(path)
        boundary = "form-" + secrets.token_hex(16)
        parts = _multipart(boundary, {**form.fields, **values}, files)
        size = sum(len(part) if isinstance(part, bytes) else part.stat().st_size for part in parts)
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(size),
        }
        return self._page(path, *self._send("POST", path, headers, _stream(parts)))

    def download(self, page: Page, path: str, to: Path) -> None:
        """Send the form of `page` that goes to `path` and keep the answer's body as a file."""
        body = urllib.parse.urlencode(page.form(path).fields).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        connection, response = self._request("POST", path, headers, (body,))
        try:
            if response.status != http.client.OK:
                raise DemoError(f"{path} answered {response.status} instead of a file")
            with to.open("wb") as file:
                while chunk := response.read(_COPY_BYTES):
                    file.write(chunk)
        finally:
            connection.close()

    def _send(
        self, method: str, path: str, headers: dict[str, str], body: Iterable[bytes]
    ) -> tuple[int, str, str | None]:
        connection, response = self._request(method, path, headers, body)
        try:
            html = response.read().decode()
            return response.status, html, response.getheader("Location")
        finally:
            connection.close()

    def _request(
        self, method: str, path: str, headers: dict[str, str], body: Iterable[bytes]
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(self._host, timeout=TIMEOUT_SECONDS)
        sent = {**headers, **({"Cookie": self.cookie_header} if self._cookies else {})}
        try:
            connection.request(method, path, body=body if method == "POST" else None, headers=sent)
            response = connection.getresponse()
        except OSError as error:
            connection.close()
            raise DemoError(f"http://{self._host}{path} does not answer: {error}") from error
        self._keep_cookies(response)
        return connection, response

    def _page(self, path: str, status: int, html: str, location: str | None) -> Page:
        if status in _REDIRECTS and location:
            target = urllib.parse.urljoin(path, location)
            return self.get(urllib.parse.urlsplit(target).path)
        reader = _Reader()
        reader.feed(html)
        text = " ".join(reader.text.split())
        return Page(status, path, html, reader.forms, reader.links, reader.by_id, text)

    def _keep_cookies(self, response: http.client.HTTPResponse) -> None:
        for header in response.headers.get_all("Set-Cookie") or []:
            name, _, value = header.split(";", 1)[0].partition("=")
            if value and "max-age=0" not in header.lower():
                self._cookies[name] = value
            else:
                self._cookies.pop(name, None)


class _Reader(HTMLParser):
    """Forms, links, texts by id, and all visible text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.by_id: dict[str, str] = {}
        self.text = ""
        self._open_ids: list[str | None] = []
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._open_ids.append(values.get("id"))
        if tag == "form":
            self.forms.append(Form(values.get("action", "")))
        elif tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif self.forms and values.get("name"):
            self._field(tag, values)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self._open_ids:
            self._open_ids.pop()
        if tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        self.text += data + " "
        for open_id in self._open_ids:
            if open_id:
                self.by_id[open_id] = (self.by_id.get(open_id, "") + " " + data.strip()).strip()
        if self._textarea:
            self.forms[-1].fields[self._textarea] += data

    def _field(self, tag: str, values: dict[str, str]) -> None:
        fields = self.forms[-1].fields
        if tag == "textarea":
            self._textarea = values["name"]
            fields[values["name"]] = ""
        elif tag == "input" and values.get("type") not in ("file", "checkbox", "radio", "submit"):
            fields[values["name"]] = values.get("value", "")
        elif tag in ("button", "input") and values.get("type") == "submit" and "value" in values:
            fields.setdefault(values["name"], values["value"])


def _multipart(boundary: str, values: dict[str, str], files: list[Upload]) -> list[bytes | Path]:
    parts: list[bytes | Path] = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in values.items()
    ]
    for upload in files:
        head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="files"; filename="{upload.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        parts += [head.encode(), upload.path, b"\r\n"]
    return [*parts, f"--{boundary}--\r\n".encode()]


def _stream(parts: list[bytes | Path]) -> Iterator[bytes]:
    for part in parts:
        if isinstance(part, bytes):
            yield part
            continue
        with part.open("rb") as file:
            while chunk := file.read(_COPY_BYTES):
                yield chunk
