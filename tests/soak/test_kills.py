"""Kills at random moments, again and again: what was receipted is there, and nothing half is.

`SOAK_ROUNDS` rounds (one in `make test`). In each, several browsers report at once until every
process of the server is killed; then it starts again. What a browser got a receipt for must be
found, whole, at the station; what it got none for may be there whole, or not at all. The seed
of each round is in the name of the test.
"""

import os
import random
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from crypto.signing import VerifyingKey
from tests.support.source_process import Browser, Server

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "1"))
FIRST_SEED = int(os.environ.get("SOAK_SEED", "1"))
BROWSERS = 4
CONTENT = bytes(range(256)) * 4_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all rounds, so that each starts on what the last one left."""
    made = Server(tmp_path_factory.mktemp("server"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def receipted() -> set[str]:
    """The texts of all reports for which a receipt was shown, in all rounds."""
    return set()


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + ROUNDS))
def test_a_kill_at_any_moment_loses_no_receipt(server: Server, receipted: set[str], seed: int) -> None:
    chance = random.Random(seed)
    threads = [
        threading.Thread(target=_report_until_killed, args=(server, f"{seed}-{number}", receipted))
        for number in range(BROWSERS)
    ]
    for thread in threads:
        thread.start()
    time.sleep(chance.uniform(0.05, 1.5))
    server.kill()
    for thread in threads:
        thread.join()
    server.start()

    assert server.files("incoming") == []
    stored = _carried(server)
    assert receipted <= stored
    assert len(server.files("envelopes")) == len(stored)


def _report_until_killed(server: Server, name: str, receipted: set[str]) -> None:
    for number in range(1_000):
        text = f"report {name}-{number}"
        try:
            if Browser(server).report(text, CONTENT).status_code == 303:
                receipted.add(text)
        except httpx.TransportError:
            return


def _carried(server: Server) -> set[str]:
    """The texts that the station gets when everything is carried to it on a fresh stick."""
    stick = server.folder / f"stick-{random.randrange(1 << 40)}"
    stick.mkdir()
    server.run("export", "--stick", str(stick))
    key = VerifyingKey(bytes.fromhex(re.findall(r"\b[0-9a-f]{64}\b", server.run("keys"))[0]))
    opened = server.station.read_in(Path(stick), key)
    assert all(report.files == (CONTENT,) for report in opened)
    return {report.parcel.text for report in opened}
