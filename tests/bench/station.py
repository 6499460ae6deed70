"""The station itself: start, import_2gb, seek_1gb.

`start` is the time from typing `cleandrop-officer serve` until the sign-in page is there. `import_2gb`
imports one report with a file of 1.9 GB from a stick: copied, hashed, opened, checked, kept; both lie on one
disk. `seek_1gb` is the whole answer of the page that shows the last lines of that file without reading it
through.
"""

import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import httpx

from tests.bench.rounds import Row, at_most, milliseconds
from tests.support.case_office import CaseOffice
from tests.support.server_side import SampleSource
from tests.support.station import OfficerBrowser, live_station

LINE: Final = b"2026-11-27;harbour;1,000,000;paid twice\n"
FILE_BYTES: Final = 1_900_000_000
LEAST_MB_A_SECOND: Final = 200
PROGRAM: Final = "from journalist_app.cli.commands import main; main()"
PORT: Final = 18_082
SECONDS: Final = 60


def measure_start(rounds: int) -> dict[str, Row]:
    """The row of starting."""
    with tempfile.TemporaryDirectory() as folder:
        live = live_station(Path(folder))
        config = Path(folder) / "officer.toml"
        config.write_text(
            f'vault_dir = "{live.settings.vault_dir}"\n'
            f'key_stick_dir = "{live.settings.key_stick_dir}"\n'
            f'stick_dirs = ["{live.stick}"]\n'
            f'allowed_hosts = ["localhost:{PORT}"]\nbind = "127.0.0.1:{PORT}"\n'
        )
        taken = sorted(_start(config) for _ in range(rounds))
    return {"start": at_most(round(taken[len(taken) // 2], 2), "s", 2)}


def measure_large(rounds: int) -> dict[str, Row]:
    """The rows of one very large file."""
    with tempfile.TemporaryDirectory() as folder:
        office = CaseOffice(Path(folder))
        office.server.receive(SampleSource(1), files=(("ledger.csv", LINE * (FILE_BYTES // len(LINE))),))
        office.server.export(office.live.stick)
        office.server.store.clear()
        desk = office.desk("Admin")
        began = time.perf_counter()
        done = desk.receiving().import_stick(office.live.stick, accepted_key=office.server.key.hex())
        took = time.perf_counter() - began
        desk.unlocked.close()
        if done.reports != 1:
            raise RuntimeError(f"not imported: {done}")
        rate = round(FILE_BYTES / took / 1e6, 1)
        browser = OfficerBrowser(office.live.app())
        browser.sign_in(office.live, next(o for o in office.live.born.officers if o.name == "Inge"))
        last = milliseconds({"last": lambda: _last_page(browser)}, rounds)
    goal = f"at least {LEAST_MB_A_SECOND}"
    return {
        "import_2gb": Row(rate, "MB/s", goal, rate >= LEAST_MB_A_SECOND, limit=LEAST_MB_A_SECOND),
        "seek_1gb": at_most(last["last"], "ms", 200),
    }


def _last_page(browser: OfficerBrowser) -> None:
    answer = browser.get("/files/1/view?page=1000000000")
    if "paid twice" not in answer.text:
        raise RuntimeError("the last page is not shown")


def _start(config: Path) -> float:
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", PROGRAM, "--config", str(config), "serve"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers():
            if process.poll() is not None or time.perf_counter() - began > SECONDS:
                raise TimeoutError("the sign-in page never came")
            time.sleep(0.01)
        return time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _answers() -> bool:
    try:
        answer = httpx.get(f"http://localhost:{PORT}/sign-in", timeout=1)
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK
