"""What a file is, is told by its bytes: whatever it is called, and whatever else it could be."""

import pytest

from journalist_app.viewing import kinds
from journalist_app.viewing.kinds import Kind, Way
from tests.support import documents

EML = b"Received: from x\r\n by y\r\nFrom: a@b.example\r\nSubject: hello\r\n\r\nText"
STARTS = {
    b"": kinds.EMPTY,
    b"%PDF-1.7\nanything": kinds.PDF,
    b"\xff\xd8\xff\xe0": kinds.JPEG,
    b"\x89PNG\r\n\x1a\n": kinds.PNG,
    b"GIF89a\x01\0": kinds.GIF,
    b"II*\0\x08": kinds.TIFF,
    b"BM\x76\0\0\0\0\0": kinds.BMP,
    b"RIFF\x10\0\0\0WEBPVP8 ": kinds.WEBP,
    b"\0\0\0\x18ftypheic": kinds.HEIC,
    b"\0\0\0\x18ftypmp42": kinds.FILM,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600): kinds.OLE,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "HwpSummaryInformation".encode("utf-16-le"): kinds.HWP,
    b"{\\rtf1 Hello}": kinds.RTF,
    b"\x1f\x8b\x08\0": kinds.PACKED,
    b"BZh91AY&SY\0": kinds.PACKED,
    b"7z\xbc\xaf\x27\x1c\0\x04": kinds.OTHER_ARCHIVE,
    b"MZ\x90\0": kinds.PROGRAM,
    b"\x7fELF\x02\x01\x01\0": kinds.PROGRAM,
    bytes(257) + b"ustar\0": kinds.TAR,
    b"PK\x05\x06" + bytes(18): kinds.ZIP,
    b"MZ is how this text begins": kinds.TEXT,
    b"BM, GIF89a, Rar!: a list of words": kinds.TEXT,
    "부패 신고".encode(): kinds.TEXT,
    "부패 신고".encode("cp949"): kinds.TEXT,
    "\ufeff부패".encode("utf-16-le"): kinds.TEXT,
    b"<html><script>": kinds.TEXT,
    EML: kinds.MAIL,
    b"From: only one header that a mail has\n\nText": kinds.TEXT,
    b"From: a\nTo: b\nand then no header\n\n": kinds.TEXT,
    b"\x00\x01\x02": kinds.UNKNOWN,
}


@pytest.mark.parametrize(("data", "kind"), STARTS.items())
def test_a_kind_is_told_by_the_bytes(data: bytes, kind: Kind) -> None:
    assert kinds.kind_of(data, data).title == kind.title


def test_what_is_zipped_is_told_apart() -> None:
    found = {
        documents.odt("x"): kinds.ODT,
        documents.docx("x"): kinds.DOCX,
        documents.zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}): kinds.XLSX,
        documents.zipped({"ppt/presentation.xml": b"", "[Content_Types].xml": b""}): kinds.PPTX,
        documents.zipped({"mimetype": b"application/hwp+zip"}): kinds.HWP,
        documents.zipped({"word/document.xml": b""}): kinds.ZIP,
        documents.zipped({"a.txt": b"mimetypeapplication/vnd.oasis.opendocument.text"}): kinds.ZIP,
    }
    for data, kind in found.items():
        assert kinds.kind_of(data, data).title == kind.title


def test_the_parts_of_a_large_office_document_stand_at_its_end() -> None:
    data = documents.zipped(
        {"big.bin": bytes(range(256)) * 1_000, "[Content_Types].xml": b"", "word/document.xml": b""}
    )
    assert kinds.kind_of(data[: kinds.HEAD_BYTES], data[-kinds.TAIL_BYTES :]) is kinds.DOCX


@pytest.mark.parametrize(
    ("data", "also"),
    [
        (documents.zipped({"a": b"b"}), ()),
        (documents.docx("x"), ()),
        (documents.pdf("x"), ()),
        (documents.pdf("x") + documents.zipped({"a": b"b"}), (kinds.ZIP,)),
        (b"GIF89a\x01\0" + bytes(100) + documents.pdf("x"), (kinds.PDF,)),
        (b"\xff\xd8\xff\xe0%PDF-1.4" + documents.zipped({"a": b"b"}), (kinds.PDF, kinds.ZIP)),
        (b"PK\x03\x04%PDF-1.4", (kinds.PDF,)),
    ],
)
def test_a_file_that_is_two_kinds_is_found(data: bytes, also: tuple[Kind, ...]) -> None:
    assert kinds.also(kinds.kind_of(data, data), data, data) == also


@pytest.mark.parametrize(
    ("kind", "name", "media_type", "said"),
    [
        (kinds.JPEG, "holiday.JPG", "image/jpeg", ()),
        (kinds.PDF, "holiday.jpg", "application/pdf", (kinds.JPEG,)),
        (kinds.PDF, "report.pdf", "image/jpeg", (kinds.JPEG,)),
        (kinds.PDF, "report", "Application/PDF; charset=x", ()),
        (kinds.PROGRAM, "holiday.jpg.exe", "image/jpeg", (kinds.JPEG,)),
        (kinds.PROGRAM, "photo\u202egpj.exe", "", ()),
        (kinds.PDF, "photo\u202egpj.exe", "", (kinds.PROGRAM,)),
        (kinds.UNKNOWN, "a.docx", "application/zip", (kinds.DOCX, kinds.ZIP)),
        (kinds.UNKNOWN, "report", "application/octet-stream", ()),
        (kinds.UNKNOWN, "", "", ()),
    ],
)
def test_what_the_sender_said_is_held_against_the_bytes(
    kind: Kind, name: str, media_type: str, said: tuple[Kind, ...]
) -> None:
    assert kinds.said_otherwise(kind, name, media_type) == said


def test_programs_in_documents_are_found_by_their_marks() -> None:
    script = documents.pdf("x", more={1: "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS()>>>>"})
    for kind, data, marked in (
        (kinds.DOCX, documents.docx("x", macro=True), True),
        (kinds.ODT, documents.odt("x", macro=True), True),
        (kinds.PDF, script, True),
        (kinds.DOCX, documents.docx("x"), False),
        (kinds.ODT, documents.odt("x"), False),
        (kinds.PDF, documents.pdf("vbaProject.bin"), False),
        (kinds.TEXT, script, False),
    ):
        assert kinds.has_program_marks(kind, data.find) is marked


def test_every_kind_that_is_drawn_by_imagemagick_has_a_coder_of_one_word() -> None:
    for kind in kinds.KINDS:
        assert bool(kind.coder) == (kind.way is Way.IMAGE)
        assert kind.coder == "" or kind.coder.isalpha()
        assert kind.cleaned_as == "" or kind.cleaned_as in kind.endings
