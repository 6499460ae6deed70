"""How far inputs reach: which lines of ours a target runs through, and which it leaves out.

Counted are the functions that a target enters at all. No part of a test asserts on it; `make fuzz`
prints it.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

from tests.fuzz.target import Target

Step = tuple[CodeType, int, int]
"""From one line of a function to the next; 0 stands for its start."""

PACKAGES: Final = ("crypto", "transfer", "cases", "journalist_app/viewing")
_ROOT: Final = Path(__file__).parents[2]
_OURS: Final = tuple(f"{_ROOT / package}/" for package in PACKAGES)


class _Tracer:
    def __init__(self) -> None:
        self.steps: set[Step] = set()
        self._at: dict[FrameType, int] = {}

    def call(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self.line if frame.f_code.co_filename.startswith(_OURS) else None

    def line(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            self.steps.add((frame.f_code, self._at.get(frame, 0), frame.f_lineno))
            self._at[frame] = frame.f_lineno
        elif event == "return":
            self._at.pop(frame, None)
        return self.line


def steps(target: Target, data: bytes) -> set[Step]:
    """Every step that the target takes with `data`."""
    tracer = _Tracer()
    before = sys.gettrace()
    sys.settrace(tracer.call)
    try:
        target.run(data)
    finally:
        sys.settrace(before)
    return tracer.steps


def report(inputs: Iterable[tuple[Target, bytes]]) -> Iterator[str]:
    """A line for each module of ours: how much of the functions that were entered at all was run."""
    taken: set[Step] = set()
    for target, data in inputs:
        taken |= steps(target, data)
    reached = {(code, line) for code, _, line in taken}
    possible = {(code, line) for code in {code for code, _ in reached} for line in _lines(code)}
    for path in sorted({code.co_filename for code, _ in possible}):
        mine = {line for code, line in possible if code.co_filename == path}
        missed = sorted(mine - {line for code, line in reached if code.co_filename == path})
        share = 100 * (len(mine) - len(missed)) / len(mine)
        tail = f"; not lines {', '.join(map(str, missed))}" if missed else ""
        yield f"{Path(path).relative_to(_ROOT)}: {share:.0f} % of {len(mine)} lines{tail}"


def _lines(code: CodeType) -> set[int]:
    return {line for _, _, line in code.co_lines() if line is not None and line > code.co_firstlineno}
