"""Rounds in which every contestant runs once, in turn; medians of the rates."""

import statistics
import time
from collections.abc import Callable


def interleave(
    contestants: dict[str, Callable[[], object]], rounds: int, megabytes: float
) -> dict[str, float]:
    """The median rate of each contestant in MB/s, MB being a million bytes."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, work in contestants.items():
            began = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - began)
    return {name: round(megabytes / statistics.median(times), 1) for name, times in seconds.items()}
