"""Runs inside the room, under Debian's own Python: tells what is in an archive or a mail, unpacks nothing.

Its text is handed to `/usr/bin/python3 -c`, with the way as the one argument ("zip", "tar", "mail") and the
file as standard input, so it imports the standard library alone. It answers with one object in canonical
JSON, which `reports` judges. It gives up by itself at numbers that no honest file needs, so that a bomb still
shows its first names; whatever goes wrong besides ends the room.
"""

import bz2
import contextlib
import gzip
import json
import lzma
import sys
import tarfile
import zipfile
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any, BinaryIO, Final, cast

ENTRIES_MAX: Final = 1_000
PARTS_MAX: Final = 200
NAME_MAX: Final = 500
TEXT_MAX: Final = 200_000
UNPACKED_MAX: Final = 256 * 1024 * 1024
INTEGER_MAX: Final = 2**53 - 1
HEADERS: Final = (
    *("From", "To", "Cc", "Bcc", "Reply-To", "Date", "Subject"),
    *("Message-ID", "User-Agent", "X-Mailer"),
)

Object = dict[str, Any]


class EnoughError(Exception):
    """More was unpacked than an honest archive needs for its names."""


class Counted:
    """A packed file that is unpacked as it is read, up to a limit."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = UNPACKED_MAX

    def read(self, size: int) -> bytes:
        """The next bytes. Raises `EnoughError`."""
        data = self._file.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise EnoughError
        return data


class Words(HTMLParser):
    """The words of an HTML page, without what only its programs and styles see."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """A block begins a line."""
        self._hidden += tag in {"script", "style"}
        if tag in {"br", "p", "div", "tr", "li", "h1", "h2", "h3"}:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """What was hidden ends."""
        self._hidden -= tag in {"script", "style"} and self._hidden > 0

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if not self._hidden:
            self.words.append(data)


def of_zip(file: BinaryIO) -> Object:
    """The list of a ZIP archive, from its directory alone."""
    with zipfile.ZipFile(file) as archive:
        found = archive.infolist()
        entries = [_zipped(each) for each in found[:ENTRIES_MAX]]
        return {"entries": entries, "more": int(len(found) > ENTRIES_MAX)}


def of_tar(file: BinaryIO) -> Object:
    """The list of a tar archive, packed or not, as far as it is read."""
    entries: list[Object] = []
    more = False
    try:
        with tarfile.open(fileobj=cast(BinaryIO, Counted(_unpacked(file))), mode="r|") as archive:
            for each in archive:
                more = len(entries) == ENTRIES_MAX
                if more:
                    break
                entries.append(entry(each.name, each.size, _instant(each.mtime), _what(each)))
    except (EnoughError, EOFError):
        more = True
    return {"entries": entries, "more": int(more)}


def of_mail(file: BinaryIO) -> Object:
    """Headers, words and the list of attachments of a mail. Nothing that it names is fetched."""
    mail = message_from_bytes(file.read(), policy=policy.default)
    headers = [[name, clean(said, NAME_MAX)] for name in HEADERS for said in _said(mail, name)[:PARTS_MAX]]
    texts: list[str] = []
    parts: list[Object] = []
    walked = [each for each in mail.walk() if not each.is_multipart()]
    for each in walked[:PARTS_MAX]:
        name = each.get_filename()
        if name is None and each.get_content_maintype() == "text":
            texts.append(_words(each))
        else:
            content = each.get_payload(decode=True) or b""
            parts.append(entry(name or "", len(cast(bytes, content)), "", each.get_content_type()))
    text = "\n\n".join(texts)
    more = len(text) > TEXT_MAX or len(walked) > PARTS_MAX
    return {"headers": headers, "text": clean(text, TEXT_MAX), "entries": parts, "more": int(more)}


def entry(name: str, size: int, when: str, note: str) -> Object:
    """One line of a list."""
    return {
        "name": clean(name, NAME_MAX),
        "size": max(0, min(size, INTEGER_MAX)),
        "when": when,
        "note": clean(note, NAME_MAX),
    }


def clean(text: str, most: int) -> str:
    """Text that can be written as UTF-8, of at most so many letters."""
    return text[:most].encode("utf-8", "replace").decode("utf-8")


def _unpacked(file: BinaryIO) -> BinaryIO:
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.open(file))
    if start.startswith(b"BZh"):
        return cast(BinaryIO, bz2.open(file))
    return cast(BinaryIO, lzma.open(file)) if start == b"\xfd7zXZ\0" else file


def _what(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return f"link to {member.linkname}"
    return "" if member.isfile() else "folder" if member.isdir() else "device"


def _zipped(each: zipfile.ZipInfo) -> Object:
    when = "{:04}-{:02}-{:02} {:02}:{:02}:{:02}".format(*each.date_time)
    return entry(each.filename, each.file_size, when, "locked" if each.flag_bits & 1 else "")


def _instant(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(" ")[:19]
    except (OverflowError, ValueError, OSError):
        return ""


def _said(mail: EmailMessage, name: str) -> list[str]:
    """The headers of a name, also where letters stand in them as they are, against the rules."""
    raw = [str(value) for key, value in mail.raw_items() if key.lower() == name.lower()]
    read = [str(value) for value in mail.get_all(name, [])]
    plain = [each.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for each in raw]
    return [plain[at] if not raw[at].isascii() else read[at] for at in range(len(raw))]


def _words(part: EmailMessage) -> str:
    data = cast(bytes, part.get_payload(decode=True) or b"")
    charset = part.get_content_charset("us-ascii")
    try:
        text = data.decode("utf-8" if charset == "us-ascii" else charset, "replace")
    except (LookupError, ValueError):
        text = data.decode("utf-8", "replace")
    if part.get_content_subtype() != "html":
        return text
    page = Words()
    page.feed(text)
    return "".join(page.words)


WAYS: Final = {"zip": of_zip, "tar": of_tar, "mail": of_mail}


def main() -> None:
    """Answer on standard output."""
    said = WAYS[sys.argv[1]](sys.stdin.buffer)
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.buffer.write(text.encode())


if __name__ == "__main__":
    main()
