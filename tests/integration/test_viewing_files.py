"""Real documents, honest and hostile, looked at by an officer: what is seen, and what is left alone."""

import hashlib
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cases.kinds import ReportEvent
from crypto.sizes import MIB
from journalist_app.errors import DrawingError, EnvelopeError, NotFoundError
from journalist_app.services import viewing
from journalist_app.services.viewing import Look, Viewing
from journalist_app.viewing import kinds, programs, room
from journalist_app.viewing.text import PART_BYTES
from tests.support import documents
from tests.support.case_office import CaseOffice

JPEG = documents.jpeg()
SCRIPT = "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"
NAMED = "<</Type/Catalog/Pages 2 0 R/Names<</#4AavaScript 90 0 R>>>>"
NAMES, SPELT = "<</Names[(a)91 0 R]>>", "<</S/#4AavaScript/JS(app.alert\\(1\\))>>"
DOCUMENTS: dict[str, bytes] = {
    "two pages.pdf": documents.pdf("The first page", "The second page"),
    "letter.odt": documents.odt("They paid twice.", "부패"),
    "macro.odt": documents.odt("An honest text", macro=True),
    "letter.docx": documents.docx("They paid twice."),
    "macro.docm": documents.docx("They paid twice.", macro=True),
    "photo.jpg": JPEG,
    "fax.tiff": documents.picture("tiff", frames=3),
    "wide.png": documents.picture("png", size="5000x10"),
    "clear.gif": documents.picture("gif"),
    "small.webp": documents.picture("webp"),
    "note.txt": "Meet me \u202eat noon\u202c.\x07 <b>부패</b>\n".encode(),
    "long.txt": b"x" * (2 * PART_BYTES) + b"the end",
    "mail.eml": b"From: a@b.example\nSubject: hello\nContent-Type: text/html\n\n<p>Hi <img src=http://pixel.example>",
    "bundle.zip": documents.zipped({"../../a\u202egpj.exe": b"x", "zeros": bytes(50_000_000)}),
    "bundle.tar.gz": documents.tarred({"../up": 5, "/etc/passwd": 7}, "w:gz"),
    "empty.pdf": b"",
    "cut.pdf": documents.pdf("x")[:200],
    "endless.pdf": documents.endless_pdf(),
    "huge page.pdf": documents.pdf("x", box="0 0 1000000 1000000"),
    "script.pdf": documents.pdf("x", more={1: SCRIPT}),
    "packed script.pdf": documents.pdf("x", more={1: NAMED, 90: NAMES, 91: SPELT}),
    "cut.jpg": JPEG[:300],
    "not a picture.jpg": documents.pdf("Not a picture"),
    "both.gif": documents.picture("gif") + documents.zipped({"a": b"b"}),
    "cut.docx": documents.docx("x")[:400],
    "mislabelled.docx": documents.zipped({"[Content_Types].xml": b"<", "word/document.xml": b"<"}),
    "program.exe": b"MZ\x90\0" + bytes(300),
    "locked.hwp": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "HwpSummaryInformation".encode("utf-16-le"),
    "polyglot.svg": b"<svg xmlns='urn:x'><script>alert(1)</script></svg>",
    "ps.jpg": b"\xff\xd8\xff\xe0%!PS\n(x) show",
    "-rf \n'; touch x #.pdf": documents.pdf("An odd name"),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> CaseOffice:
    """An office to which all of these were sent."""
    office = CaseOffice(tmp_path_factory.mktemp("office"))
    office.report(1, files=tuple(DOCUMENTS.items()))
    return office


@pytest.fixture
def looking(office: CaseOffice) -> Iterator[Viewing]:
    """An officer who looks."""
    desk = office.desk("Inge")
    yield desk.viewing()
    desk.unlocked.close()


def file_id(name: str) -> int:
    return list(DOCUMENTS).index(name) + 1


def seen(looking: Viewing, name: str, page: int = 1) -> Look:
    look = looking.look(file_id(name), page)
    assert (look.file.name, look.file.size_bytes) == (name, len(DOCUMENTS[name]))
    assert look.file.sha256 == hashlib.sha256(DOCUMENTS[name]).hexdigest()
    return look


def size_of(png: bytes) -> str:
    command = ["/usr/bin/identify", "-format", "%m %w %h", "png:-"]
    return subprocess.run(command, input=png, capture_output=True, check=True).stdout.decode()


# What is drawn


def test_each_page_of_a_pdf_is_a_picture(looking: Viewing) -> None:
    pictures = []
    looks = [seen(looking, "two pages.pdf", page) for page in (1, 2)]
    for page, look in enumerate(looks, 1):
        assert (look.shown.page, look.shown.pages, look.shown.picture, look.troubles) == (page, 2, True, ())
        pictures.append(looking.picture(file_id("two pages.pdf"), page))
    assert pictures[0] != pictures[1]
    assert [size_of(each) for each in pictures] == ["PNG 2000 1334"] * 2
    look = looks[0]
    facts = {(fact.group, fact.title): fact.value for fact in look.facts}
    assert facts["PDF", "Author"] == documents.AUTHOR
    assert (look.kind, look.said, look.also, look.has_programs) == (kinds.PDF, (), (), False)


@pytest.mark.parametrize("name", ["letter.odt", "macro.odt", "letter.docx", "macro.docm"])
def test_an_office_document_is_drawn_and_its_macros_are_told_and_not_run(looking: Viewing, name: str) -> None:
    look = seen(looking, name)
    assert (look.shown.picture, look.shown.pages, look.troubles) == (True, 1, ())
    assert look.has_programs is name.startswith("macro")
    pdf = looking._viewer.kept(("pdf", file_id(name))) or b""
    words = subprocess.run(
        ["/usr/bin/pdftotext", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout
    assert ("An honest text" if name == "macro.odt" else "They paid twice.") in words.decode()
    if name == "letter.odt":
        assert "부패" in words.decode()
        assert documents.AUTHOR in {fact.value for fact in look.facts}


def test_an_office_document_is_converted_once_for_all_of_its_pages(
    looking: Viewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(looking, "letter.odt")
    monkeypatch.setattr(programs, "AS_PDF", replace(programs.AS_PDF, needs="/usr/bin/not-here"))
    assert seen(looking, "letter.odt").shown.picture


@pytest.mark.parametrize(
    ("name", "size", "pages"),
    [
        ("photo.jpg", "PNG 300 200", 1),
        ("fax.tiff", "PNG 40 30", 3),
        ("wide.png", "PNG 2000 4", 1),
        ("clear.gif", "PNG 40 30", 1),
        ("small.webp", "PNG 40 30", 1),
        ("huge page.pdf", "PNG 2000 2000", 1),
    ],
)
def test_pictures_are_drawn_no_larger_than_a_page(looking: Viewing, name: str, size: str, pages: int) -> None:
    look = seen(looking, name, pages)
    assert (look.troubles, look.shown.pages) == ((), pages)
    assert size_of(looking.picture(file_id(name), pages)) == size


def test_a_photograph_tells_who_when_and_where(looking: Viewing) -> None:
    facts = {fact.title: fact.value for fact in seen(looking, "photo.jpg").facts if fact.telling}
    assert facts["Artist"] == documents.AUTHOR
    assert facts["Date/Time Original"] == "2026:11:01 09:00:00"
    assert facts["GPS Latitude"].startswith("37 deg 30'")


def test_a_picture_is_there_for_who_looked_and_as_long_as_the_vault_is_open(
    office: CaseOffice, looking: Viewing
) -> None:
    with pytest.raises(NotFoundError):
        looking.picture(file_id("photo.jpg"), 1)
    seen(looking, "photo.jpg")
    looking.picture(file_id("photo.jpg"), 1)
    other = Viewing(office.desk("Hanna").unlocked, office.officer("Hanna"))
    other._viewer = looking._viewer
    with pytest.raises(NotFoundError):
        other.picture(file_id("photo.jpg"), 1)
    looking._viewer.forget()
    with pytest.raises(NotFoundError):
        looking.picture(file_id("photo.jpg"), 1)


# What is told


def test_text_is_letters(looking: Viewing) -> None:
    look = seen(looking, "note.txt")
    assert look.shown.text is not None
    assert look.shown.text.text.encode() == DOCUMENTS["note.txt"]
    last = seen(looking, "long.txt", 3)
    assert last.shown.text is not None
    assert (last.shown.text.text, last.shown.pages) == ("the end", 3)
    assert seen(looking, "long.txt", 1_000_000).shown == last.shown


def test_a_mail_is_its_words(looking: Viewing) -> None:
    mail = seen(looking, "mail.eml").shown.mail
    assert mail is not None
    assert (mail.headers, mail.text.strip()) == ((("From", "a@b.example"), ("Subject", "hello")), "Hi")


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("bundle.zip", [("../../a\u202egpj.exe", 1), ("zeros", 50_000_000)]),
        ("bundle.tar.gz", [("../up", 5), ("/etc/passwd", 7)]),
    ],
)
def test_an_archive_is_a_list(looking: Viewing, name: str, entries: list[tuple[str, int]]) -> None:
    listing = seen(looking, name).shown.listing
    assert listing is not None
    assert [(each.name, each.size_bytes) for each in listing.entries] == entries


# What is hostile


@pytest.mark.parametrize("name", ["cut.pdf", "cut.jpg", "cut.docx", "mislabelled.docx", "ps.jpg"])
def test_what_is_broken_is_said_and_its_bytes_are_shown(looking: Viewing, name: str) -> None:
    look = seen(looking, name)
    assert (look.shown.picture, len(look.troubles) > 0) == (False, True)
    assert look.first_bytes[0][0].startswith(DOCUMENTS[name][:16].hex(" "))
    with pytest.raises(NotFoundError):
        looking.picture(file_id(name), 1)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("empty.pdf", kinds.EMPTY), ("program.exe", kinds.PROGRAM), ("locked.hwp", kinds.HWP)],
)
def test_what_cannot_be_shown_is_named(looking: Viewing, name: str, kind: kinds.Kind) -> None:
    look = seen(looking, name)
    assert (look.kind, look.shown, look.troubles) == (kind, viewing.Shown(), ())


def test_a_page_that_never_ends_is_ended(looking: Viewing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "pdf_page", _Impatient(programs.pdf_page))
    look = seen(looking, "endless.pdf")
    assert look.troubles == ("This file was not done within 1 seconds, and was stopped.",)
    assert not look.shown.picture
    assert seen(looking, "two pages.pdf").shown.picture


class _Impatient:
    """The same program with a second."""

    def __init__(self, make: Callable[[int], room.Program]) -> None:
        self._make = make

    def __call__(self, number: int) -> room.Program:
        return replace(self._make(number), seconds=1)


def test_warnings_are_given(looking: Viewing) -> None:
    assert seen(looking, "script.pdf").has_programs
    assert seen(looking, "packed script.pdf").has_programs
    assert not seen(looking, "two pages.pdf").has_programs
    look = seen(looking, "not a picture.jpg")
    assert (look.kind, look.said, look.shown.picture) == (kinds.PDF, (kinds.JPEG,), True)
    look = seen(looking, "both.gif")
    assert (look.kind, look.also, look.shown.picture) == (kinds.GIF, (kinds.ZIP,), True)
    assert seen(looking, "polyglot.svg").shown.text is not None


@pytest.mark.parametrize(("name", "last"), [("two pages.pdf", 2), ("fax.tiff", 3), ("letter.odt", 1)])
def test_past_the_end_stands_the_last_page(looking: Viewing, name: str, last: int) -> None:
    look = seen(looking, name, 1_000_000)
    assert (look.shown.page, look.shown.pages, look.shown.picture) == (last, last, True)
    looking.picture(file_id(name), last)


def test_no_word_of_a_stranger_stands_in_a_command(looking: Viewing, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[list[str]] = []
    monkeypatch.setattr(room, "_line", _Noting(lines))
    for name in ("-rf \n'; touch x #.pdf", "letter.odt", "bundle.zip", "photo.jpg"):
        seen(looking, name)
        if name != "bundle.zip":
            looking.clean(file_id(name))
    words = {word for line in lines for word in line} - {programs._INSIDE}
    assert len(lines) > 10
    assert not [
        word for word in words if any(part in word for part in ("touch", "letter", "bundle", "photo"))
    ]
    assert not [word for word in words if documents.AUTHOR in word or str(Path.home()) in word]


class _Noting:
    """Notes every command line of a room."""

    def __init__(self, lines: list[list[str]]) -> None:
        self._lines = lines
        self._line = room._line

    def __call__(self, program: room.Program, doors: int) -> list[str]:
        self._lines.append(self._line(program, doors))
        return self._lines[-1]


def test_what_is_too_large_is_not_brought_into_memory(
    looking: Viewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewing, "DRAWN_MAX", 100)
    look = seen(looking, "two pages.pdf")
    assert (look.troubles, look.shown.picture) == ((viewing.TOO_LARGE,), False)
    with pytest.raises(DrawingError, match="larger than the 256 MiB"):
        looking.clean(file_id("two pages.pdf"))
    assert seen(looking, "long.txt", 3).shown.text is not None


def test_without_the_sandbox_nothing_is_drawn_and_the_page_says_so(
    looking: Viewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "BWRAP", "/usr/bin/not-here")
    for name in ("two pages.pdf", "photo.jpg", "letter.docx", "bundle.zip", "mail.eml"):
        look = seen(looking, name)
        assert [("sandbox" in said, "nothing is drawn" in said) for said in look.troubles] == [(True, True)]
        assert look.shown == viewing.Shown()
    assert seen(looking, "note.txt").troubles == ()


def test_without_libreoffice_the_rest_is_drawn(looking: Viewing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "AS_PDF", replace(programs.AS_PDF, needs="/usr/bin/not-here"))
    (said,) = seen(looking, "macro.docm").troubles
    assert "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui" in said
    assert seen(looking, "macro.docm").facts != ()
    assert seen(looking, "two pages.pdf").troubles == ()


# Clean copies


@pytest.mark.parametrize(
    ("name", "group", "title"),
    [
        ("photo.jpg", "EXIF", "GPS Latitude"),
        ("two pages.pdf", "PDF", "Author"),
        ("letter.odt", "XMP", "Document-meta Meta Initial-creator"),
    ],
)
def test_a_clean_copy_says_what_is_gone(looking: Viewing, name: str, group: str, title: str) -> None:
    copy = looking.clean(file_id(name))
    (change,) = [each for each in copy.changes if (each.group, each.title) == (group, title)]
    assert (bool(change.before), change.after) == (True, None)
    saved = looking.clean_copy(file_id(name))
    data = b"".join(saved.content)
    assert (len(data), saved.size_bytes) == (copy.size_bytes, copy.size_bytes)
    assert saved.name == f"file-{file_id(name)}-clean{copy.kind.cleaned_as}"
    assert documents.AUTHOR.encode() not in data
    assert kinds.kind_of(data[:65536], data[-65536:]) is copy.kind


def test_a_copy_that_was_forgotten_is_made_again(looking: Viewing) -> None:
    assert b"".join(looking.clean_copy(file_id("photo.jpg")).content).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("name", ["bundle.zip", "program.exe", "note.txt", "mail.eml"])
def test_what_mat2_is_not_trusted_with_has_no_clean_copy(looking: Viewing, name: str) -> None:
    for ask in (looking.clean, looking.clean_copy):
        with pytest.raises(DrawingError, match="cannot clean files of this kind"):
            ask(file_id(name))


@pytest.mark.parametrize("name", ["cut.jpg", "cut.pdf", "mislabelled.docx"])
def test_what_cannot_be_cleaned_gives_no_copy(looking: Viewing, name: str) -> None:
    with pytest.raises(DrawingError):
        looking.clean_copy(file_id(name))


def test_a_copy_of_another_kind_is_not_used(looking: Viewing, monkeypatch: pytest.MonkeyPatch) -> None:
    lying = room.Program(("/bin/sh", "-c", "echo MZ program"), "mat2", 20, MIB)
    monkeypatch.setattr(programs, "clean", _Lying(lying))
    with pytest.raises(DrawingError, match="not of the kind that went in"):
        looking.clean(file_id("photo.jpg"))


class _Lying:
    """A program that was taken over."""

    def __init__(self, program: room.Program) -> None:
        self._program = program

    def __call__(self, kind: kinds.Kind) -> room.Program:
        return self._program


def test_what_lies_is_not_shown(looking: Viewing, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "printf 'P6\\n2 2\\n255\\n'; echo; head -c 100 /dev/zero"
    monkeypatch.setattr(programs, "pdf_page", _Lying(room.Program(("/bin/sh", "-c", script), "x", 20, MIB)))
    look = seen(looking, "two pages.pdf")
    assert look.troubles == ("What came out of the sandbox is no picture of the form that is expected.",)


# Who, and what stays


def test_the_original_stays_as_it_came_and_nothing_stands_on_the_disk(office: CaseOffice) -> None:
    vault = office.live.settings.vault_dir
    (envelope,) = (vault / "envelopes").iterdir()
    before = hashlib.sha256(envelope.read_bytes()).hexdigest()
    desk = office.desk("Inge")
    names = sorted(path.relative_to(vault) for path in vault.rglob("*"))
    for name in ("two pages.pdf", "letter.odt", "photo.jpg"):
        seen(desk.viewing(), name)
        desk.viewing().clean(file_id(name))
    assert hashlib.sha256(envelope.read_bytes()).hexdigest() == before
    assert sorted(path.relative_to(vault) for path in vault.rglob("*")) == names
    desk.unlocked.close()


def test_whoever_is_recused_looks_at_nothing(tmp_path: Path) -> None:
    office = CaseOffice(tmp_path)
    office.report(1, files=(("photo.jpg", JPEG),))
    desk = office.desk("Henrik")
    assert desk.viewing().look(1, 1).shown.picture
    office.step("Boss", ReportEvent.RECUSED, person=office.id_of("Henrik"))
    for ask in (
        lambda: desk.viewing().look(1, 1),
        lambda: desk.viewing().picture(1, 1),
        lambda: desk.viewing().clean(1),
        lambda: desk.viewing().clean_copy(1),
    ):
        with pytest.raises(NotFoundError):
            ask()


def test_a_changed_envelope_shows_nothing(tmp_path: Path) -> None:
    office = CaseOffice(tmp_path)
    office.report(1, files=(("a.pdf", documents.pdf("x") + bytes(300_000)),))
    (envelope,) = (office.live.settings.vault_dir / "envelopes").iterdir()
    data = bytearray(envelope.read_bytes())
    data[150_000] ^= 1
    envelope.write_bytes(data)
    with pytest.raises(EnvelopeError):
        office.desk("Inge").viewing().look(1, 1)
