"""Documents as sources send them, and as attackers do: made here, so that every byte of them is known.

PDF is written by hand, office documents are zipped from a few lines of XML, pictures come from ImageMagick
with words put in by exiftool.
"""

import io
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping

AUTHOR = "Jane Doe of the third floor"
_WEB = "http:" + "//"  # the names of XML's vocabularies begin like addresses; nobody goes there
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_OPENOFFICE = _WEB + "openoffice.org"
_OOXML = _WEB + "schemas.openxmlformats.org"
_MS = "application/vnd.openxmlformats-"
_CONTENT = f"""<o:document-content xmlns:o="{_ODF}:office:1.0" xmlns:t="{_ODF}:text:1.0"
xmlns:s="{_ODF}:script:1.0" xmlns:x="{_WEB}www.w3.org/1999/xlink" o:version="1.2"><o:scripts>%s</o:scripts>
<o:body><o:text>%s</o:text></o:body></o:document-content>"""
_META = f"""<o:document-meta xmlns:o="{_ODF}:office:1.0" xmlns:m="{_ODF}:meta:1.0" o:version="1.2">
<o:meta><m:initial-creator>{AUTHOR}</m:initial-creator></o:meta></o:document-meta>"""
_ON_OPEN = """<o:event-listeners><s:event-listener s:language="ooo:script" s:event-name="dom:load"
x:href="vnd.sun.star.script:Standard.Evil.Main?language=Basic&amp;location=document" x:type="simple"/>
</o:event-listeners>"""
_LIBRARIES = f"""<l:libraries xmlns:l="{_OPENOFFICE}/2000/library" xmlns:x="{_WEB}www.w3.org/1999/xlink">
<l:library l:name="Standard" l:link="false"/></l:libraries>"""
_LIBRARY = f"""<l:library xmlns:l="{_OPENOFFICE}/2000/library" l:name="Standard" l:readonly="false">
<l:element l:name="Evil"/></l:library>"""
_EVIL = f"""<script:module xmlns:script="{_OPENOFFICE}/2000/script" script:name="Evil"
script:language="StarBasic">Sub Main
ThisComponent.Text.String = "THE MACRO RAN"
End Sub</script:module>"""
_TYPES = f"""<Types xmlns="{_OOXML}/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/>
<Default Extension="rels" ContentType="{_MS}package.relationships+xml"/>
<Override PartName="/word/document.xml"
ContentType="{_MS}officedocument.wordprocessingml.document.main+xml"/></Types>"""
_RELATIONS = f"""<Relationships xmlns="{_OOXML}/package/2006/relationships"><Relationship
Id="r1" Type="{_OOXML}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>
</Relationships>"""
_DOCUMENT = f"""<w:document xmlns:w="{_OOXML}/wordprocessingml/2006/main">
<w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>"""


def pdf(
    *pages: str, box: str = "0 0 300 200", author: str = AUTHOR, more: Mapping[int, str] | None = None
) -> bytes:
    """A PDF document with a line of text on each page, or what a page draws. `more` are objects by number."""
    first = 5
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        3: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        4: f"<</Author({author})/Producer(A typewriter)>>",
    }
    for at, text in enumerate(pages):
        drawn = text if text.startswith("/") else f"BT /F 20 Tf 20 100 Td ({text}) Tj ET"
        objects[first + 2 * at] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents {first + 2 * at + 1} 0 R"
            "/Resources<</Font<</F 3 0 R>>/XObject<</X 100 0 R>>>>>>"
        )
        objects[first + 2 * at + 1] = f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream"
    return _numbered({**objects, **(more or {})})


def endless_pdf() -> bytes:
    """A page that draws a drawing ten times, which draws another ten times, and so on: 10¹² drawings."""
    depth = 12
    more = {}
    for level in range(depth):
        inner = "/X Do " * 10 if level < depth - 1 else "0 0 9 9 re f"
        resources = f"/Resources<</XObject<</X {101 + level} 0 R>>>>" if level < depth - 1 else ""
        more[100 + level] = (
            f"<</Type/XObject/Subtype/Form/BBox[0 0 99 99]{resources}/Length {len(inner)}>>"
            f"stream\n{inner}\nendstream"
        )
    return pdf("/X Do", more=more)


def _numbered(objects: Mapping[int, str]) -> bytes:
    written, places = b"%PDF-1.5\n", {}
    for number, text in sorted(objects.items()):
        places[number] = len(written)
        written += f"{number} 0 obj{text}endobj\n".encode()
    table = "".join(
        f"{places[number]:010} 00000 n \n" if number in places else "0000000000 65535 f \n"
        for number in range(max(places) + 1)
    )
    trailer = f"<</Size {max(places) + 1}/Root 1 0 R/Info 4 0 R>>"
    end = f"xref\n0 {max(places) + 1}\n{table}trailer{trailer}\nstartxref\n{len(written)}\n%%EOF\n"
    return written + end.encode()


def odt(*paragraphs: str, macro: bool = False) -> bytes:
    """An OpenDocument text; with a macro that changes the text when it is opened, if it is run."""
    content = _CONTENT % (_ON_OPEN if macro else "", "".join(f"<t:p>{text}</t:p>" for text in paragraphs))
    files = {"content.xml": content, "meta.xml": _META}
    if macro:
        files |= {"Basic/script-lc.xml": _LIBRARIES, "Basic/Standard/script-lb.xml": _LIBRARY}
        files |= {"Basic/Standard/Evil.xml": _EVIL}
    kind = "application/vnd.oasis.opendocument.text"
    listed = "".join(f'<m:file-entry m:full-path="{name}" m:media-type="text/xml"/>' for name in files)
    whole = f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>'
    manifest = f'<m:manifest xmlns:m="{_ODF}:manifest:1.0" m:version="1.2">{whole}{listed}</m:manifest>'
    return _office({"mimetype": kind, **files, "META-INF/manifest.xml": manifest})


def docx(text: str, *, macro: bool = False) -> bytes:
    """A Word document of the smallest form; with a part in which macros stand."""
    files = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": _DOCUMENT % text}
    return _office(files | ({"word/vbaProject.bin": "a program"} if macro else {}))


def _office(files: Mapping[str, str]) -> bytes:
    return zipped({name: text.encode() for name, text in files.items()})


def jpeg(width: int = 300, height: int = 200) -> bytes:
    """A photograph that says where, when and by whom it was taken."""
    drawn = _said("convert", "-size", f"{width}x{height}", "gradient:red-blue", "jpeg:-")
    place = ("-GPSLatitude=37.5", "-GPSLatitudeRef=N", "-GPSLongitude=127", "-GPSLongitudeRef=E")
    return _said(
        "exiftool", f"-Artist={AUTHOR}", "-DateTimeOriginal=2026:11:01 09:00:00", *place, "-", data=drawn
    )


def picture(form: str, *, frames: int = 1, size: str = "40x30") -> bytes:
    """A picture of a form that ImageMagick knows, of so many frames."""
    return _said("convert", *(("-size", size, "xc:green") * frames), f"{form}:-")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A ZIP archive, its first file not packed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, (name, data) in enumerate(files.items()):
            archive.writestr(name, data, zipfile.ZIP_STORED if at == 0 else zipfile.ZIP_DEFLATED)
    return made.getvalue()


def tarred(names: Mapping[str, int], mode: str = "w") -> bytes:
    """A tar archive of files of zeros, by name and size."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for name, size in names.items():
            member = tarfile.TarInfo(name)
            member.size = size
            archive.addfile(member, _Zeros(size))
    return made.getvalue()


class _Zeros(io.RawIOBase):
    """So many zeros."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._left = size

    def read(self, size: int = -1) -> bytes:
        taken = self._left if size < 0 else min(size, self._left)
        self._left -= taken
        return bytes(taken)


def _said(program: str, *arguments: str, data: bytes = b"") -> bytes:
    done = subprocess.run([f"/usr/bin/{program}", *arguments], input=data, capture_output=True, check=True)
    return done.stdout
