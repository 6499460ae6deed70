"""Many uploads at once at 20 KB/s each, from one process; prints how many failed (`tests.bench.visiting`).

Fifty begin in each second and each takes forty: a thousand are under way together for twenty seconds.
"""

import asyncio
import re
import secrets
import sys
from typing import Final

from tests.support.source_process import COOKIE
from tests.support.source_site import BOUNDARY, multipart

SLOW_BYTES: Final = 800_000
BYTES_A_SECOND: Final = 20_000
_PIECE: Final = 10_000
BEGIN_A_SECOND: Final = 50


async def main(host: str, count: int) -> int:
    """How many of `count` uploads were not taken."""
    name, port = host.split(":")
    opened = await _ask(name, int(port), "GET", "/report", host, "")
    first, cookie = opened
    fields = {n: _field(first, n) for n in ("csrf_token", "upload_id")}
    body = multipart([*fields.items(), ("message", "the first")])
    _, cookie = await _ask(name, int(port), "POST", "/report", host, cookie, body)
    inbox, cookie = await _ask(name, int(port), "GET", "/inbox", host, cookie)
    token = _field(inbox, "csrf_token")
    results = await asyncio.gather(*(_upload(name, int(port), host, cookie, token, n) for n in range(count)))
    return results.count(False)


async def _upload(name: str, port: int, host: str, cookie: str, token: str, number: int) -> bool:
    await asyncio.sleep(number / BEGIN_A_SECOND)
    content = secrets.token_bytes(SLOW_BYTES)
    upload = ("upload_id", secrets.token_hex(16))
    body = multipart([("csrf_token", token), upload, ("message", ""), ("files", "a", content)])
    try:
        reader, writer = await asyncio.open_connection(name, port)
        writer.write(_head("POST", "/inbox", host, cookie, len(body)))
        for at in range(0, len(body), _PIECE):
            writer.write(body[at : at + _PIECE])
            await writer.drain()
            await asyncio.sleep(_PIECE / BYTES_A_SECOND)
        status = await asyncio.wait_for(reader.readline(), 120)
        writer.close()
    except (OSError, TimeoutError):
        return False
    return b" 303 " in status


async def _ask(
    name: str, port: int, method: str, path: str, host: str, cookie: str, body: bytes = b""
) -> tuple[str, str]:
    reader, writer = await asyncio.open_connection(name, port)
    writer.write(_head(method, path, host, cookie, len(body)) + body)
    answer = (await reader.read()).decode()
    writer.close()
    found = re.search(rf"Set-Cookie: {COOKIE}=([^;]+)", answer)
    return answer, found[1] if found else cookie


def _head(method: str, path: str, host: str, cookie: str, length: int) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Cookie: {COOKIE}={cookie}", "Connection: close"]
    if method == "POST":
        lines += [f"Content-Length: {length}", f"Content-Type: multipart/form-data; boundary={BOUNDARY}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page.partition("<main>")[2])
    return found[1] if found else ""


if __name__ == "__main__":
    print(asyncio.run(main(sys.argv[1], int(sys.argv[2]))))
