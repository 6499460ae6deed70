"""`make bench`: measures, with peers in the same run, and writes build/bench.json.

Each row: {"ours": n, "unit": "...", "peers": {name: n}, "limit": n}. All figures of a row are
medians of five rounds in which every contestant runs once, in turn, so that a machine whose
speed drifts is unfair to nobody. `ROWS=a,b` measures only some. Rows of earlier runs stay.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.bench import sealing, uploading

ROUNDS: Final = 5
RESULTS: Final = Path("build/bench.json")

Row = dict[str, object]
ROWS: Final[dict[str, Callable[[int], dict[str, Row]]]] = {
    "seal_200mb": sealing.measure,
    "upload_200mb": uploading.measure,
    "upload_peak_rss": uploading.measure,
}


def main() -> int:
    """Exit status 0 when all asked rows were measured."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rows", default=os.environ.get("ROWS") or ",".join(ROWS))
    wanted = parser.parse_args().rows.split(",")
    if unknown := set(wanted) - set(ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    results: dict[str, Row] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for measure in dict.fromkeys(ROWS[row] for row in wanted):
        results.update(measure(ROUNDS))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n")
    for name in wanted:
        print(f"{name}: {json.dumps(results[name])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
