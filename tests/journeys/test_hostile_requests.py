"""Requests that no browser makes, to the real process: methods and paths at random, lengths that lie, headers
without end. Each is answered or cut; none is a fault, stores anything, or is written down.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.support.hostile import MARK, check_answer, check_untouched, held, send
from tests.support.source_process import Server
from tests.support.source_site import BOUNDARY

SOAKING = int(os.environ.get("SOAK_ROUNDS", "1")) > 1
REQUESTS = 10_000 if SOAKING else 1_000
SEED = int(os.environ.get("SOAK_SEED", "1"))
METHODS = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "get",
    "gEt",
    "PROPFIND",
    "LOCK",
    "PURGE",
    "BREW",
    "G",
    "é",
    "*",
    "/",
    "{}",
]
PIECES = [
    "report",
    "return",
    "inbox",
    "codename",
    "key",
    "before",
    "rights",
    "lost",
    "limits",
    "leave",
    "withdraw",
    "sending",
    "static",
    "style.css",
    "robots.txt",
    "check",
    "read",
    "consent",
    "object",
    "openpgp.asc",
    "..",
    ".",
    "%2e%2e",
    "%2F",
    "%00",
    "%0d%0aX:y",
    "%ff",
    "%f0%9f%92%a9",
    ";",
    ":",
    "@",
    "\\",
    "~",
    "*",
    "\u202e",
    "한국",
    "0123456789abcdef",
    "00000000000000000000000000000000",
    "ffffffffffffffff",
    "-1",
    "'",
    '"',
    "<",
    ">",
    "|",
    "`",
    "^",
    "[",
    "]",
    "%",
]
QUERIES = [
    "l=ko",
    "l=en",
    "l=xx",
    "l=../../etc",
    "l=",
    "l=%00",
    "l=ko&l=en",
    "in=frame",
    "in=frame&in=",
    "l[]=ko",
    "ended",
    "sent=message",
    "&&&&",
    "=",
    "?",
    "l=%f0%9f",
    "l=\u202e",
    "csrf_token=x",
    "upload_id=1",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("server"))
    made.start()
    yield made
    made.stop()


KINDS = ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "\u00e9"]


def at_random(chance: random.Random, host: str) -> bytes:
    """One request line and its headers, well formed as HTTP more often than not."""
    method = chance.choice(METHODS)
    path = chance.choice(["/", "//", "", "/./"]) + "/".join(chance.choices(PIECES, k=chance.randrange(5)))
    if chance.random() < 0.1:
        path = chance.choice([f"http://{host}{path}", "*", host, "a" * 9_000, "/" * 500, "%" * 50])
    if chance.random() < 0.4:
        path += "?" + "&".join(chance.choices(QUERIES, k=chance.randrange(1, 4)))
    version = chance.choice(["HTTP/1.1"] * 9 + ["HTTP/1.0", "HTTP/2.0", "HTTP/9", ""])
    named = host if chance.random() < 0.9 else "elsewhere.example"
    headers = [f"Host: {named}", "Connection: close", f"X-Mark: {MARK.decode()}"]
    if chance.random() < 0.3:
        headers.append(f"Cookie: __Host-session={MARK.decode()}{chance.randbytes(20).hex()}")
    if chance.random() < 0.3:
        kind = chance.choice(
            ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "\u00e9"]
        )
        headers += [f"Content-Type: {kind}", f"Content-Length: {len(MARK)}"]
    lines = [f"{method} {path} {version}".rstrip(), *headers, "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + MARK


def test_methods_and_paths_at_random(server: Server) -> None:
    before, chance = held(server), random.Random(SEED)
    seen = Counter[int]()
    for _ in range(REQUESTS):
        request = at_random(chance, server.host)
        answer = send(server, request, half_close=True)
        if answer:  # a line that makes no sense as HTTP may be cut
            try:
                seen[check_answer(answer)] += 1
            except AssertionError as error:
                raise AssertionError(request) from error
    assert seen.total() > REQUESTS // 2
    assert {200, 400, 403, 404, 405} <= seen.keys(), "they reach the app, and every door of it"
    check_untouched(server, before)


HEAD = b"POST /report HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
KIND = f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n".encode()
PART = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="message"\r\n\r\n'.encode() + MARK


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nHost: {host}\r\nX: " + MARK * 50_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: {host}\r\n" + b"X: " + MARK + b"\r\n" + b"Y: z\r\n" * 100_000 + b"\r\n",
        b"GET /" + MARK * 50_000 + b" HTTP/1.1\r\nHost: {host}\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: {host}\r\nCookie: __Host-session="
        + MARK * 300
        + b"\r\nConnection: close\r\n\r\n",
        HEAD + KIND + b"Content-Length: -1\r\n\r\n" + PART,
        HEAD + KIND + b"Content-Length: 1e3\r\n\r\n" + PART,
        HEAD + KIND + b"Content-Length: 10\r\nContent-Length: 20\r\n\r\n" + PART,
        HEAD + KIND + b"Content-Length: 99999999999999999999999\r\n\r\n" + PART,
        HEAD + KIND + b"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n" + PART,
        HEAD + KIND + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
        HEAD + KIND + b"Transfer-Encoding: gzip\r\n\r\n" + PART,
        HEAD + KIND + b"\r\n" + PART,
        HEAD + KIND + b"Content-Encoding: gzip\r\nContent-Length: 40\r\n\r\n" + PART[:40],
        HEAD + b"Content-Type: multipart/form-data\r\nContent-Length: 40\r\n\r\n" + PART[:40],
        HEAD + b"Content-Type: multipart/mixed; boundary=x\r\nContent-Length: 40\r\n\r\n" + PART[:40],
        HEAD + b"Content-Length: 40\r\n\r\n" + PART[:40],
        b"GET /report HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 22\r\n\r\n" + MARK,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + MARK,
        b"\x05\x01\x00",
        MARK,
        b"\r\n" * 1_000,
    ],
    ids=lambda data: data[:4].hex() + str(len(data)),
)
def test_what_is_no_request_of_a_browser(server: Server, request_bytes: bytes) -> None:
    before = held(server)
    answer = send(server, request_bytes.replace(b"{host}", server.host.encode()), half_close=True)
    if answer:
        check_answer(answer)
    check_untouched(server, before)
