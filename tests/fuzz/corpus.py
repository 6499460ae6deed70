"""The saved corpus: under tests/fuzz/corpus/, a folder for each target, small files named by their
hash.

`make test` replays all of it. A file is kept when it takes a step between two lines of ours
(`reach`) that no smaller one takes. What has to be large stands in the table as a seed and is made
when it is needed.
"""

import hashlib
from pathlib import Path
from typing import Final

from tests.fuzz.reach import Step, steps
from tests.fuzz.target import Target

SAVED: Final = Path(__file__).with_name("corpus")
FILE_MAX: Final = 16_384


def saved(name: str) -> list[bytes]:
    """The saved inputs of a target, in the order of their names."""
    return [path.read_bytes() for path in sorted((SAVED / name).glob("*"))]


def inputs(name: str, target: Target) -> list[bytes]:
    """What `make test` tries on a target: the saved inputs and its seeds."""
    return [*saved(name), *target.seeds]


def save(name: str, target: Target, found: list[bytes]) -> int:
    """Choose anew from what is saved, the seeds and what was found; gives how many are kept."""
    folder = SAVED / name
    candidates = {data for data in (*inputs(name, target), *found) if len(data) <= FILE_MAX}
    kept = _smallest(target, candidates)
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*"):
        path.unlink()
    for data in kept:
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    return len(kept)


def _smallest(target: Target, candidates: set[bytes]) -> list[bytes]:
    taken: set[Step] = set()
    kept = []
    for data in sorted(candidates, key=lambda one: (len(one), one)):
        new = steps(target, data) - taken
        if new:
            taken |= new
            kept.append(data)
    return kept
