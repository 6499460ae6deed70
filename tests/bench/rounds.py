"""Rounds in which every contestant runs once, in turn, and what is made of them: rows with their goals."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

LEAST_SECONDS: Final = 0.02
"""What takes less is done again and again within one look at the clock."""


@dataclass(frozen=True)
class Row:
    """One line of build/bench.json.

    `goal` says what was asked and `met` whether it holds, None where nothing was; `also` are figures
    that explain.
    """

    ours: float
    unit: str
    goal: str
    met: bool | None
    peers: Mapping[str, float] = field(default_factory=dict)
    limit: float | None = None
    also: Mapping[str, float] = field(default_factory=dict)

    def encode(self) -> dict[str, object]:
        """The row as it stands in the file."""
        return asdict(self)


def at_most(ours: float, unit: str, most: float, **more: Mapping[str, float]) -> Row:
    """A row whose figure should be small."""
    return Row(ours, unit, f"at most {most:g}", ours <= most, limit=most, **more)


def interleave(contestants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median of the seconds that each contestant takes for one call."""
    times = {name: _times(work) for name, work in contestants.items()}
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, work in contestants.items():
            began = time.perf_counter()
            for _ in range(times[name]):
                work()
            seconds[name].append((time.perf_counter() - began) / times[name])
    return {name: statistics.median(measured) for name, measured in seconds.items()}


def rates(contestants: Mapping[str, Callable[[], object]], rounds: int, megabytes: float) -> dict[str, float]:
    """The median rate of each contestant in MB/s, MB being a million bytes."""
    return {name: round(megabytes / s, 1) for name, s in interleave(contestants, rounds).items()}


def milliseconds(contestants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median time of each contestant in milliseconds."""
    return {name: round(1_000 * s, 3) for name, s in interleave(contestants, rounds).items()}


def _times(work: Callable[[], object]) -> int:
    work()  # what is made on first use is not counted
    began = time.perf_counter()
    work()
    return max(1, int(LEAST_SECONDS / (time.perf_counter() - began)))
