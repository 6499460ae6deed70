"""What kind of file it is: told by its bytes, never by its name or by what the sender said.

Pure: looks at the first and the last bytes of a file and chooses who draws it. That a file is of a kind does
not mean that it is sound. What else it could be read as, and what the sender called it, become warnings.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

HEAD_BYTES: Final = 64 * 1024
TAIL_BYTES: Final = 64 * 1024
"""How much of both ends is looked at."""


class Way(StrEnum):
    """How files of a kind are looked at."""

    PDF = "pdf"
    OFFICE = "office"
    IMAGE = "image"
    TEXT = "text"
    MAIL = "mail"
    ZIP = "zip"
    TAR = "tar"
    NONE = "none"


DRAWN: Final = frozenset({Way.PDF, Way.OFFICE, Way.IMAGE})
"""Those of which pages become pictures."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: its title for a person, and what senders' browsers and names call it.

    `coder` is ImageMagick's name for it; `cleaned_as` the ending under which mat2 knows it, empty where it
    cannot clean it.
    """

    title: str
    way: Way
    types: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    coder: str = ""
    cleaned_as: str = ""


_MS: Final = "application/vnd.openxmlformats-officedocument."
_ODF: Final = "application/vnd.oasis.opendocument."

PDF: Final = Kind("a PDF document", Way.PDF, ("application/pdf",), (".pdf",), cleaned_as=".pdf")
JPEG: Final = Kind("a JPEG picture", Way.IMAGE, ("image/jpeg",), (".jpg", ".jpeg"), "jpeg", ".jpg")
PNG: Final = Kind("a PNG picture", Way.IMAGE, ("image/png",), (".png",), "png", ".png")
GIF: Final = Kind("a GIF picture", Way.IMAGE, ("image/gif",), (".gif",), "gif", ".gif")
TIFF: Final = Kind("a TIFF picture", Way.IMAGE, ("image/tiff",), (".tif", ".tiff"), "tiff", ".tiff")
BMP: Final = Kind("a BMP picture", Way.IMAGE, ("image/bmp",), (".bmp",), "bmp", ".bmp")
WEBP: Final = Kind("a WebP picture", Way.IMAGE, ("image/webp",), (".webp",), "webp", ".webp")
HEIC: Final = Kind("a HEIC picture", Way.IMAGE, ("image/heic", "image/heif"), (".heic", ".heif"), "heic")
DOCX: Final = Kind(
    *("a Word document", Way.OFFICE, (f"{_MS}wordprocessingml.document",), (".docx", ".docm")),
    cleaned_as=".docx",
)
XLSX: Final = Kind(
    *("an Excel workbook", Way.OFFICE, (f"{_MS}spreadsheetml.sheet",), (".xlsx", ".xlsm")), cleaned_as=".xlsx"
)
PPTX: Final = Kind(
    *("a PowerPoint presentation", Way.OFFICE, (f"{_MS}presentationml.presentation",), (".pptx", ".pptm")),
    cleaned_as=".pptx",
)
ODT: Final = Kind("an OpenDocument text", Way.OFFICE, (f"{_ODF}text",), (".odt",), cleaned_as=".odt")
ODS: Final = Kind(
    "an OpenDocument spreadsheet", Way.OFFICE, (f"{_ODF}spreadsheet",), (".ods",), cleaned_as=".ods"
)
ODP: Final = Kind(
    "an OpenDocument presentation", Way.OFFICE, (f"{_ODF}presentation",), (".odp",), cleaned_as=".odp"
)
OLE: Final = Kind(
    "a Microsoft Office document of the old form",
    Way.OFFICE,
    ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
    (".doc", ".xls", ".ppt"),
)
RTF: Final = Kind("an RTF document", Way.OFFICE, ("application/rtf", "text/rtf"), (".rtf",))
HWP: Final = Kind(
    "a Hangul document", Way.NONE, ("application/x-hwp", "application/haansofthwp"), (".hwp", ".hwpx")
)
MAIL: Final = Kind("an e-mail", Way.MAIL, ("message/rfc822",), (".eml",))
ZIP: Final = Kind("a ZIP archive", Way.ZIP, ("application/zip",), (".zip",))
TAR: Final = Kind("a tar archive", Way.TAR, ("application/x-tar",), (".tar",))
PACKED: Final = Kind(
    "packed data, perhaps a tar archive",
    Way.TAR,
    ("application/gzip", "application/x-xz", "application/x-bzip2"),
    (".gz", ".tgz", ".xz", ".bz2"),
)
OTHER_ARCHIVE: Final = Kind(
    *("an archive of the kind 7-Zip or RAR", Way.NONE, ("application/x-7z-compressed",), (".7z", ".rar"))
)
PROGRAM: Final = Kind(
    *("a program", Way.NONE, ("application/x-msdownload", "application/x-dosexec"), (".exe", ".dll"))
)
FILM: Final = Kind("a film or a recording", Way.NONE, ("video/mp4", "audio/mp4"), (".mp4", ".m4a", ".mov"))
TEXT: Final = Kind(
    *("text", Way.TEXT, ("text/plain", "text/csv", "text/html"), (".txt", ".csv", ".html", ".md", ".log"))
)
EMPTY: Final = Kind("nothing: the file is empty", Way.NONE)
UNKNOWN: Final = Kind("of a kind that is not known here", Way.NONE)

KINDS: Final = (
    *(PDF, JPEG, PNG, GIF, TIFF, BMP, WEBP, HEIC, DOCX, XLSX, PPTX, ODT, ODS, ODP, OLE, RTF, HWP, MAIL),
    *(ZIP, TAR, PACKED, OTHER_ARCHIVE, PROGRAM, FILM, TEXT),
)
"""Every kind that has a name of its own."""

_TEXTUAL_STARTS: Final = ((b"%PDF-", PDF), (b"{\\rtf", RTF))
_STARTS: Final = (
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (0, b"GIF87a", GIF),
    (0, b"GIF89a", GIF),
    (0, b"II*\0", TIFF),
    (0, b"MM\0*", TIFF),
    (0, b"BM", BMP),
    (8, b"WEBP", WEBP),
    (4, b"ftypheic", HEIC),
    (4, b"ftypheix", HEIC),
    (4, b"ftypmif1", HEIC),
    (4, b"ftyp", FILM),
    (0, b"\x1f\x8b", PACKED),
    (0, b"\xfd7zXZ\0", PACKED),
    (0, b"BZh", PACKED),
    (0, b"7z\xbc\xaf\x27\x1c", OTHER_ARCHIVE),
    (0, b"Rar!", OTHER_ARCHIVE),
    (0, b"MZ", PROGRAM),
    (0, b"\x7fELF", PROGRAM),
    (257, b"ustar", TAR),
)
_ZIP_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE_START: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HWP_STREAM: Final = "HwpSummaryInformation".encode("utf-16-le")
_IN_ZIP: Final = (
    (b"mimetype" + f"{_ODF}text".encode(), ODT),
    (b"mimetype" + f"{_ODF}spreadsheet".encode(), ODS),
    (b"mimetype" + f"{_ODF}presentation".encode(), ODP),
    (b"mimetypeapplication/hwp+zip", HWP),
)
_PARTS: Final = ((b"word/document.xml", DOCX), (b"xl/workbook.xml", XLSX), (b"ppt/presentation.xml", PPTX))
_OOXML: Final = b"[Content_Types].xml"
_ZIP_END: Final = b"PK\x05\x06"
_ZIPPED: Final = frozenset({DOCX, XLSX, PPTX, ODT, ODS, ODP, HWP, ZIP})
_PDF_WITHIN: Final = 1024
_BINARY: Final = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_WIDE_STARTS: Final = (b"\xff\xfe", b"\xfe\xff")
_HEADER: Final = re.compile(rb"([!-9;-~]+):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|\Z)")
_MAIL_HEADERS: Final = frozenset({b"from", b"to", b"date", b"subject", b"received", b"message-id"})
_MAIL_HEADERS_MIN: Final = 2
_MACROS: Final = (
    b"vbaProject.bin",
    b"xl/macrosheets/",
    b"Basic/script-lc.xml",
    "_VBA_PROJECT".encode("utf-16-le"),
)
_SCRIPTS: Final = (b"/JavaScript", b"/Launch")
_PROGRAM_MARKS: Final = {Way.OFFICE: _MACROS, Way.PDF: _SCRIPTS}


def kind_of(head: bytes, tail: bytes) -> Kind:
    """The kind of a file that begins with `head` and ends with `tail`, each as long as the file allows."""
    if not head:
        return EMPTY
    if head.startswith(_ZIP_STARTS):
        return _zipped(head, tail)
    if head.startswith(_OLE_START):
        return HWP if _HWP_STREAM in head or _HWP_STREAM in tail else OLE
    for start, kind in _TEXTUAL_STARTS:
        if head.startswith(start):
            return kind
    is_text = _is_text(head)
    for at, start, kind in _STARTS:
        if head.startswith(start, at) and not (is_text and start.isascii()):  # a text may begin like that
            return kind
    if not is_text:
        return UNKNOWN
    return MAIL if _is_mail(head) else TEXT


def also(kind: Kind, head: bytes, tail: bytes) -> tuple[Kind, ...]:
    """What else a file of that kind could be opened as, by a program that looks elsewhere in it."""
    found = []
    if kind is not PDF and b"%PDF-" in head[:_PDF_WITHIN]:
        found.append(PDF)
    if kind not in _ZIPPED and _ZIP_END in tail:
        found.append(ZIP)
    return tuple(found)


def said_otherwise(kind: Kind, name: str, media_type: str) -> tuple[Kind, ...]:
    """The kinds that the sender's name for a file, or its type, speaks of where that is not what it is."""
    plain = media_type.partition(";")[0].strip().lower()
    by_name = [each for each in KINDS if each.endings and name.lower().endswith(each.endings)]
    by_type = [each for each in KINDS if plain in each.types]
    return tuple(dict.fromkeys(each for said in (by_name, by_type) if kind not in said for each in said))


def has_program_marks(kind: Kind, find: Callable[[bytes], int]) -> bool:
    """Whether a document has the marks of macros or scripts. `find` tells where bytes stand in it, or -1."""
    return any(find(mark) >= 0 for mark in _PROGRAM_MARKS.get(kind.way, ()))


def _zipped(head: bytes, tail: bytes) -> Kind:
    for start, kind in _IN_ZIP:
        if head.startswith(start, 30):  # behind the header of the first file in the archive
            return kind
    if _OOXML in head or _OOXML in tail:
        for part, kind in _PARTS:
            if part in head or part in tail:
                return kind
    return ZIP


def _is_text(head: bytes) -> bool:
    return head.startswith(_WIDE_STARTS) or not _BINARY.search(head)


def _is_mail(head: bytes) -> bool:
    names, at = set(), 0
    while found := _HEADER.match(head, at):
        names.add(found[1].lower())
        at = found.end()
    ended = head[at : at + 1] in {b"", b"\r", b"\n"}
    return ended and len(names & _MAIL_HEADERS) >= _MAIL_HEADERS_MIN
