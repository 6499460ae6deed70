"""`make smoke`: one report from end to end over HTTP, a line per step with its time.

By itself it makes an instance of its own on free ports and removes it afterwards. With
`DEMO_DIR` set it uses the demo that runs there; with `--source`, `--officer` and `--stick` any
other whose sign-in stands in the `--access` file.
"""

import argparse
import filecmp
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from demo import instance, place
from demo.browser import Upload
from demo.errors import DemoError
from demo.journey import Desk, Source, next_answer, wait_for_message
from demo.place import Access, Place
from demo.processes import Running, free_port

BIG_BYTES: Final = 50_000_000
_BLOCK: Final = 1 << 20


class Steps:
    """Prints each step when it is done, with its time."""

    def __init__(self) -> None:
        self._began = self._last = time.monotonic()

    def done(self, what: str) -> None:
        """This step is done."""
        now = time.monotonic()
        print(f"  {now - self._last:6.1f} s  {what}", flush=True)
        self._last = now

    def all_done(self) -> None:
        """The whole journey is done."""
        print(f"  {time.monotonic() - self._began:6.1f} s  in all: the journey works", flush=True)


def main() -> int:
    """Exit status 0 when every step was seen to work, 1 otherwise."""
    options = _options()
    steps = Steps()
    try:
        with _instance(options, steps) as access, tempfile.TemporaryDirectory() as folder:
            walk(access, Path(folder), steps)
    except DemoError as error:
        print(f"The journey broke off: {error}", file=sys.stderr)
        return 1
    steps.all_done()
    return 0


def walk(access: Access, folder: Path, steps: Steps) -> None:
    """Report with three files, codename, the gap, the officer, the answer, the gap, the inbox."""
    mark = secrets.token_hex(8)
    uploads = _files(folder)
    source = Source(access.source_url)
    codename = source.report(f"Smoke test {mark}: the same invoice was paid twice.", uploads)
    steps.done("source: report with 3 files, one of 50 MB, two of one name; codename shown")

    desk = Desk(access.officer_url)
    desk.sign_in(access.officers[0])
    steps.done("officer: signed in with passphrase and code")
    case = desk.wait_for_case(mark)
    steps.done("gap: exported, imported; the officer reads the text")
    saved = desk.save_files(case, folder)
    _compare(uploads, saved)
    steps.done("officer: 3 files saved, byte for byte what was sent")
    answer = f"Answer {mark}: which month was it?"
    desk.reply(case, answer, "questions", next_answer())
    desk.export_stick()
    steps.done("officer: answered and exported")

    source.return_with(codename.upper().replace(" ", "  "))
    wait_for_message(source, answer)
    steps.done("source: returned with the codename in capitals and reads the answer")
    source.leave()
    desk.sign_out()
    steps.done("both: left")


def _files(folder: Path) -> list[Upload]:
    uploads = [
        Upload("ledger.bin", folder / "big"),
        Upload("invoice.pdf", folder / "first"),
        Upload("invoice.pdf", folder / "second"),
    ]
    with uploads[0].path.open("wb") as file:
        for _ in range(BIG_BYTES // _BLOCK):
            file.write(secrets.token_bytes(_BLOCK))
        file.write(secrets.token_bytes(BIG_BYTES % _BLOCK))
    uploads[1].path.write_bytes(b"%PDF-1.7 first " + secrets.token_bytes(70_000))
    uploads[2].path.write_bytes(b"%PDF-1.7 second " + secrets.token_bytes(3))
    return uploads


def _compare(uploads: list[Upload], saved: list[Path]) -> None:
    if len(saved) != len(uploads):
        raise DemoError(f"{len(uploads)} files were sent and {len(saved)} are at the station")
    for upload, file in zip(uploads, saved, strict=True):
        if not filecmp.cmp(upload.path, file, shallow=False):
            raise DemoError(f"{upload.name} is not byte for byte what was sent")


@contextmanager
def _instance(options: argparse.Namespace, steps: Steps) -> Iterator[Access]:
    demo_dir = os.environ.get("DEMO_DIR")
    if options.source or demo_dir:
        file = Path(options.access) if options.access else place.from_environment().access_file
        access = place.read_access(file)
        yield Access(
            options.source or access.source_url,
            options.officer or access.officer_url,
            Path(options.stick) if options.stick else access.stick,
            access.officers,
        )
        return
    folder = Path(tempfile.mkdtemp(prefix="cleandrop-smoke-"))
    here = Place(folder, free_port(), free_port())
    try:
        with Running(here) as running:
            instance.make(here, running).sign_out()
            steps.done("instance: ceremony, both apps up, server and station know each other")
            yield place.read_access(here.access_file)
    finally:
        here.clear()
        shutil.rmtree(folder, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make smoke", description=__doc__)
    parser.add_argument("--source", help="address of the source app, such as http://127.0.0.1:8070")
    parser.add_argument("--officer", help="address of the officer app, such as http://localhost:8071")
    parser.add_argument("--stick", help="the folder that plays the stick")
    parser.add_argument("--access", help="the access.json with the officers' sign-ins")
    options = parser.parse_args()
    if bool(options.source) != bool(options.officer):
        parser.error("--source and --officer go together")
    return options


if __name__ == "__main__":
    sys.exit(main())
