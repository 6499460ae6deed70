"""What runs in the room for which kind of file, with Debian's package for each.

Every word here is ours: kinds choose a command, pages are numbers, and nothing of a file's name or content is
in one. Programs that read only files get one of a name of ours in the room's own memory. Called by
`services.viewing`; `readiness` says which of them are installed.
"""

from pathlib import Path
from typing import Final

from crypto.sizes import KIB, MIB
from journalist_app.viewing.kinds import Kind, Way
from journalist_app.viewing.pixels import OUTPUT_MAX, SIDE_MAX
from journalist_app.viewing.room import FOLDER_BYTES, Program

REPORT_MAX: Final = 256 * KIB
LISTING_MAX: Final = 2 * MIB
OFFICE: Final = "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"

_POPPLER: Final = "poppler-utils"
_IMAGES: Final = "imagemagick"
_PYTHON: Final = "/usr/bin/python3"
_INSIDE: Final = Path(__file__).with_name("inside.py").read_text("utf-8")
_SHELL: Final = ("/bin/sh", "-euc")
_EXIFTOOL: Final = (
    "cat >/tmp/file; "
    "exec /usr/bin/exiftool -t -a -G0 --System:all --ExifTool:all --Composite:all --ZIP:all /tmp/file"
)
_PROFILE: Final = Path("/tmp/profile").as_uri()  # noqa: S108 - the room's own, in memory
_SOFFICE: Final = (
    "cat >/tmp/file; "
    f"/usr/bin/soffice -env:UserInstallation={_PROFILE} --headless --norestore --nologo --nodefault "
    "--nolockcheck --convert-to pdf --outdir /tmp/drawn /tmp/file >/dev/null; "
    "exec cat /tmp/drawn/file.pdf"
)
_MAT2: Final = (
    'cat >"/tmp/file$1"; cd /tmp; /usr/bin/mat2 --no-sandbox "file$1" >/dev/null; exec cat "file.cleaned$1"'
)

METADATA: Final = Program(
    (*_SHELL, _EXIFTOOL),
    "libimage-exiftool-perl libarchive-zip-perl",
    seconds=15,
    output_max=REPORT_MAX,
    needs="/usr/bin/exiftool",
)
"""Tells what a file says of itself, without what the room, the tool and the packing add."""
PDF_FACTS: Final = Program(("/usr/bin/pdfinfo", "-"), _POPPLER, seconds=15, output_max=REPORT_MAX)
AS_PDF: Final = Program(
    (*_SHELL, _SOFFICE), OFFICE, seconds=60, output_max=64 * MIB, sees_itself=True, needs="/usr/bin/soffice"
)
"""Makes a PDF document of an office document."""


def pdf_page(number: int) -> Program:
    """Draws one page of a PDF document, its longer side as long as a picture's may be."""
    pages = ("-f", str(number), "-l", str(number), "-cropbox", "-scale-to", str(SIDE_MAX))
    return Program(("/usr/bin/pdftoppm", *pages, "-"), _POPPLER, seconds=20, output_max=OUTPUT_MAX)


def frames(kind: Kind) -> Program:
    """Says how many pictures there are in a file of pictures, once for each of them."""
    command = ("/usr/bin/identify", "-ping", "-format", "%n\n", f"{kind.coder}:-")
    return Program(command, _IMAGES, seconds=15, output_max=REPORT_MAX)


def frame(kind: Kind, number: int) -> Program:
    """Draws one picture of a file of pictures, the right way up, on white, smaller where it is too large."""
    small = ("-auto-orient", "-thumbnail", f"{SIDE_MAX}x{SIDE_MAX}>")
    white = ("-background", "white", "-alpha", "remove", "-depth", "8")
    command = ("/usr/bin/convert", f"{kind.coder}:-[{number - 1}]", *small, *white, "ppm:-")
    return Program(command, _IMAGES, seconds=20, output_max=OUTPUT_MAX)


def listing(way: Way) -> Program:
    """Tells what is in an archive or a mail, as `inside` writes it; nothing is unpacked."""
    return Program((_PYTHON, "-I", "-c", _INSIDE, way.value), "python3", seconds=20, output_max=LISTING_MAX)


def clean(kind: Kind) -> Program:
    """Gives a copy of a file without its metadata."""
    command = (*_SHELL, _MAT2, "sh", kind.cleaned_as)
    return Program(command, "mat2", seconds=120, output_max=FOLDER_BYTES // 2, needs="/usr/bin/mat2")
