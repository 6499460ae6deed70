"""upload_200mb and upload_2gb_rss: one report of 200 MB, and one of 2 GB, to the running source app.

The rate is the whole POST, from its first byte until the receipt, which comes after the
envelope is synced to the disk. Peer: a plain Flask app under the same server that saves the
file and seals nothing. The limit is our sealing alone, from memory to the same disk, synced.
The peak is the most that the worker held during an upload in an open session, above what it
held before.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from crypto import hybrid, parcel
from crypto.envelope import EnvelopeWriter
from crypto.source_keys import InstanceId
from demo import instance
from demo.browser import Browser, Form, Page, Upload
from demo.place import Place
from demo.processes import Running, free_port
from tests.bench.rounds import Row, at_most, rates

SIZE_BYTES: Final = 200_000_000
LARGE_BYTES: Final = 2_000_000_000
RSS_LIMIT_MB: Final = 60
LOOK_SECONDS: Final = 0.01


def measure(rounds: int) -> dict[str, Row]:
    """Both rows."""
    with tempfile.TemporaryDirectory(dir="build") as name:
        folder = Path(name).resolve()
        data = folder / "data"
        data.write_bytes(secrets.token_bytes(SIZE_BYTES))
        upload = Upload("data.bin", data)
        place = Place(folder / "demo", free_port(), free_port())
        with Running(place) as running, _plain_flask(folder) as plain_url:
            instance.hold_ceremony(place)
            running.start()
            peak_mb = _peak_mb(place, running, folder / "large")
            measured = rates(
                {
                    "ours": lambda: _report(place, upload),
                    "plain flask, nothing sealed": lambda: _plain_report(plain_url, upload),
                    "limit": lambda: _seal_to_disk(folder, data.read_bytes()),
                },
                rounds,
                SIZE_BYTES / 1e6,
            )
        place.clear()
    ours, limit = measured.pop("ours"), measured.pop("limit")
    return {
        "upload_200mb": Row(ours, "MB/s", "none asked", met=None, peers=measured, limit=limit),
        "upload_2gb_rss": at_most(peak_mb, "MB above idle", RSS_LIMIT_MB),
    }


def _report(place: Place, upload: Upload) -> None:
    browser = Browser(place.source_url)
    page = browser.upload(browser.get("/report"), "/report", {"message": "bench"}, [upload])
    if "codename" not in page.by_id:
        raise RuntimeError(f"the report was not taken: {page.status} {page.text[:200]}")


def _plain_report(url: str, upload: Upload) -> None:
    page = Page(200, "/", "", [Form("/report")], [], {}, "")
    if Browser(url).upload(page, "/report", {}, [upload]).html != "kept":
        raise RuntimeError("the plain app did not keep the file")


def _seal_to_disk(folder: Path, data: bytes) -> None:
    key = hybrid.public_key(hybrid.generate_seed())
    head = parcel.Head(
        InstanceId(bytes(16)),
        0,
        parcel.Kind.REPORT,
        parcel.Origin.SERVER,
        bytes(32),
        key,
        bytes(32),
        "2026-01-01",
        "en",
    )
    path = folder / "sealed"
    with path.open("wb") as file:
        envelope = EnvelopeWriter((key,), file.write)
        writer = parcel.ParcelWriter(envelope, head)
        writer.begin_file("data.bin", "application/octet-stream")
        writer.file_data(data)
        writer.end_file()
        writer.finish()
        envelope.finish()
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _peak_mb(place: Place, running: Running, path: Path) -> float:
    with path.open("wb") as file:
        file.truncate(LARGE_BYTES)
    browser = Browser(place.source_url)
    small = Upload("small.bin", Path(__file__))  # opens the session: imports, and the slow derivation
    browser.upload(browser.get("/report"), "/report", {"message": "bench"}, [small])
    workers = _children(running.pid("cleandrop-source serve"))
    before = {pid: _status_kb(pid, "VmRSS") for pid in workers}
    with _highest(workers) as highest:
        browser.upload(browser.get("/inbox"), "/inbox", {"message": "bench"}, [Upload("large.bin", path)])
    path.unlink()
    if not any(path.stat().st_size > LARGE_BYTES for path in _envelopes(place)):
        raise RuntimeError("the message was not taken")
    return round(max(highest[pid] - before[pid] for pid in workers) / 1000, 1)


@contextmanager
def _highest(pids: list[int]) -> Iterator[dict[int, int]]:
    """The most memory that each process had meanwhile, in kB. Looked at again and again: the
    system's own high-water mark may not be reset by others, because the server forbids them its memory."""
    highest = dict.fromkeys(pids, 0)
    done = threading.Event()
    looking = threading.Thread(target=_look, args=(highest, done))
    looking.start()
    try:
        yield highest
    finally:
        done.set()
        looking.join()


def _look(highest: dict[int, int], done: threading.Event) -> None:
    while not done.wait(LOOK_SECONDS):
        for pid, seen in highest.items():
            highest[pid] = max(seen, _status_kb(pid, "VmRSS"))


def _envelopes(place: Place) -> Iterator[Path]:
    return (place.source_settings.parent / "data" / "envelopes").iterdir()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _status_kb(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))


@contextmanager
def _plain_flask(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    process = subprocess.Popen(
        [*command, "--log-level", "error", "--worker-tmp-dir", str(folder), "plain_flask:app"],
        cwd=Path(__file__).parent,
        env={**os.environ, "PLAIN_FOLDER": str(folder), "TMPDIR": str(folder)},
    )
    try:
        time.sleep(2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
