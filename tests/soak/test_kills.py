"""Kills at random moments, again and again: what was receipted is there, and nothing half is.

Twenty-five rounds, and ten times `SOAK_ROUNDS` when it is set. In each, several browsers report at
once until every process of the server is killed; then it starts again. What a browser got a receipt
for must be found, whole, at the station; what it got none for may be there whole, or not at all; and
nothing of what was typed lies on the server. The seed of each round is in the name of the test.
"""

import os
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from source_app.clock import system_clock
from source_app.settings import load_settings
from source_app.wiring import open_services
from tests.support.hostile import places_with
from tests.support.instance import OpenedParcel
from tests.support.source_process import Browser, Server

ROUNDS = 10 * int(os.environ.get("SOAK_ROUNDS", "0")) or 25
FIRST_SEED = int(os.environ.get("SOAK_SEED", "1"))
BROWSERS = 4
MARK = "a-report-that-somebody-typed"
CONTENT = bytes(range(256)) * 400


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all rounds, so that each starts on what the last one left."""
    made = Server(tmp_path_factory.mktemp("server"))
    made.start()
    yield made
    made.stop()


@dataclass
class Told:
    """The texts of all rounds: those for which a receipt was shown, and those that the station has."""

    receipted: set[str] = field(default_factory=set)
    carried: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def told() -> Told:
    """Of all rounds."""
    return Told()


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + ROUNDS))
def test_a_kill_at_any_moment_loses_no_receipt(server: Server, told: Told, seed: int) -> None:
    chance = random.Random(seed)
    threads = [
        threading.Thread(target=_report_until_killed, args=(server, f"{seed}-{number}", told.receipted))
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
    opened = _carried(server)
    assert all(report.files == (CONTENT,) for report in opened)
    new = [report.parcel.text for report in opened]
    assert told.carried.isdisjoint(new)
    told.carried.update(new)
    assert told.receipted <= told.carried
    assert len(server.files("envelopes")) == len(told.carried)
    assert places_with(server, MARK.encode()) == []


def _report_until_killed(server: Server, name: str, receipted: set[str]) -> None:
    for number in range(1_000):
        text = f"{MARK} {name}-{number}"
        try:
            if Browser(server).report(text, CONTENT).status_code == 303:
                receipted.add(text)
        except httpx.TransportError:
            return


def _carried(server: Server) -> list[OpenedParcel]:
    """What is new at the station, which acknowledges it: `export` and `import` without their start."""
    stick = server.folder / "stick"
    services = open_services(load_settings(server.folder / "source.toml"), system_clock)
    try:
        if services.exporter.export(stick).name is None:
            return []
        opened = server.station.read_in(stick, services.trust.server_key)
        server.station.write_out(stick)
        services.importer.run(stick)
    finally:
        services.database.close()
    return opened
