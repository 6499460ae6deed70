"""lock_stall: how long a call of `crypto` keeps every other thread of its process from running.

A second thread wakes every 0.5 ms and notes how much later than that it ran; the longest such stall
during a call is that call's stall in that round. Counted is the median of the rounds, and of all calls
the worst. The peer is a sleep of 0.3 s: what this machine does to a thread that nobody hinders. Python
itself hands over only every 5 ms while other Python code runs, so no call that runs Python for long can
stay below that. Nor is here what no caller does: a whole armoured file of 20 MB, or JSON of nothing but a
hundred thousand empty lists, which a station may meet in a hostile form and a server never reads.
"""

import statistics
import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Final, Self

from crypto import (
    canonical,
    codename,
    hybrid,
    parcel,
    selftest,
    signing,
    sizes,
    slots,
    source_keys,
    vault,
    windows,
)
from crypto.age import keys
from crypto.age.file import open_file
from crypto.age.stream import Sink
from crypto.envelope import EnvelopeWriter, parse_intake_header, unwrap_file_key
from tests.bench import sealing
from tests.bench.rounds import Row, at_most
from tests.support.sealing import FILE_KEY, INSTANCE, STATION_KEY, STATION_SEED, a_head, identities, reading

TICK_SECONDS: Final = 0.0005
SIZE_BYTES: Final = 50_000_000
ROUNDS_FOR_ONE: Final = 3
"""A machine that does something else for a moment spoils a stall more than it spoils a rate."""


class Watch:
    """A thread that only looks at the clock."""

    def __init__(self) -> None:
        self._longest = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._tick)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def stall_ms(self, work: Callable[[], object]) -> float:
        """The longest stall while `work` ran, in milliseconds."""
        time.sleep(0.01)
        self._longest = 0.0
        work()
        time.sleep(0.01)  # a stall is noted when it is over
        return 1_000 * self._longest

    def _tick(self) -> None:
        last = time.perf_counter()
        while not self._done.is_set():
            time.sleep(TICK_SECONDS)
            now = time.perf_counter()
            self._longest = max(self._longest, now - last - TICK_SECONDS)
            last = now


def measure(rounds: int) -> dict[str, Row]:
    """The row."""
    calls = _calls()
    stalls: dict[str, list[float]] = {name: [] for name in calls}
    with Watch() as watch:
        for _ in range(ROUNDS_FOR_ONE * rounds):
            for name, work in calls.items():
                stalls[name].append(watch.stall_ms(work))
    medians = {name: round(statistics.median(measured), 2) for name, measured in stalls.items()}
    idle = medians.pop("idle")
    return {
        "lock_stall": at_most(max(medians.values()), "ms", 10, peers={"no call at all": idle}, also=medians)
    }


def _calls() -> dict[str, Callable[[], object]]:
    data = memoryview(bytearray(SIZE_BYTES))
    sealed = bytearray()
    _seal_report(data, sealed.extend)
    report = bytes(sealed)
    header = parse_intake_header(report[: sizes.ENVELOPE_HEADER])
    seed = signing.generate_seed()
    key = signing.verifying_key(seed)
    state = windows.new_state(1, 150)
    batch = windows.sign_batch(seed, INSTANCE, state, date(2026, 11, 22))
    name = codename.generate()
    form = _fullest_form()
    record = vault.wrap_key("passphrase", hybrid.generate_seed(), bytes(16), "officer")
    return {
        "idle": lambda: time.sleep(0.3),
        "seal a report": lambda: _seal_report(data, sealing.drop),
        "open and scan a report": lambda: _scan(report),
        "unwrap": lambda: unwrap_file_key(header, identities(STATION_SEED)),
        "hybrid": lambda: hybrid.open(STATION_SEED, hybrid.seal(STATION_KEY, FILE_KEY, b""), b""),
        "source keys": lambda: source_keys.derive_keys(source_keys.derive_master(name, INSTANCE)),
        "sign a batch": lambda: windows.sign_batch(seed, INSTANCE, state, date(2026, 11, 22)),
        "verify a batch": lambda: windows.verify_batch(key, INSTANCE, batch),
        "build a set of 64": lambda: slots.build_set(INSTANCE, []),
        "unwrap an officer's key": lambda: vault.unwrap_key("passphrase", record),
        "scrypt": lambda: keys.PassphraseRecipient("passphrase").wrap(FILE_KEY),
        "read the fullest form": lambda: canonical.parse(form, max_bytes=sizes.FORM_MAX),
        "self-test": selftest.run,
    }


def _fullest_form() -> bytes:
    answers: list[canonical.Value] = [{"id": f"question-{n:04}", "value": "x" * 20} for n in range(4_500)]
    return canonical.encode({"answers": answers, "form": "report", "version": 1})


def _seal_report(data: memoryview, sink: Sink) -> None:
    envelope = EnvelopeWriter((STATION_KEY,), sink)
    writer = parcel.ParcelWriter(envelope, a_head())
    writer.begin_file("name", "application/octet-stream")
    writer.file_data(data)
    writer.end_file()
    writer.finish()
    envelope.finish()


def _scan(report: bytes) -> None:
    opened = open_file([keys.HybridIdentity(STATION_SEED)], reading(report), len(report))
    parcel.scan_parcel(opened.stream)
