"""`make bench`: measures, with peers in the same run, and writes build/bench.json.

Each row: {"ours": n, "unit": "...", "peers": {name: n}, "limit": n, "goal": "...", "met": …, "also":
{…}}. What a row counts stands at the head of its module. Figures are medians of five rounds in which
every contestant runs once, in turn, so that a machine whose speed drifts is unfair to nobody.
`ROWS=a,b` measures only some; rows of earlier runs stay. A goal that is missed is told and ends
nothing: figures depend on the machine.
"""

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.bench import (
    desk,
    due,
    hostile,
    keys,
    many,
    replaying,
    sealing,
    stalls,
    station,
    uploading,
    visiting,
)
from tests.bench.rounds import Row

ROUNDS: Final = 5
RESULTS: Final = Path("build/bench.json")

ROWS: Final[dict[str, Callable[[int], dict[str, Row]]]] = {
    "seal_200mb": sealing.measure_seal,
    "envelope_200mb": sealing.measure_seal,
    "open_200mb": sealing.measure_open,
    "seal_4gib_rss": sealing.measure_rss,
    "wrap_hybrid": keys.measure,
    "batch_52": keys.measure,
    "source_keys": keys.measure,
    "selftest": keys.measure,
    "hostile_header": hostile.measure,
    "lock_stall": stalls.measure,
    "upload_200mb": uploading.measure,
    "upload_2gb_rss": uploading.measure,
    "first_page": visiting.measure,
    "first_page_bytes": visiting.measure,
    "return_20_messages": visiting.measure,
    "texts_16_parallel": visiting.measure,
    "new_sources": visiting.measure,
    "upload_100mb_durable": visiting.measure,
    "pages_100k": many.measure,
    "slow_uploads_failed": visiting.measure_slow,
    "slow_first_page_p99": visiting.measure_slow,
    "slow_rss": visiting.measure_slow,
    "list_100k": desk.measure,
    "search_100k": desk.measure,
    "case_page": desk.measure,
    "import_texts": desk.measure_import,
    "start": station.measure_start,
    "import_2gb": station.measure_large,
    "seek_1gb": station.measure_large,
    "due_10k": due.measure,
    "replay_500": replaying.measure,
}


def main() -> int:
    """Exit status 0 when all asked rows were measured."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rows", default=os.environ.get("ROWS") or ",".join(ROWS))
    wanted = parser.parse_args().rows.split(",")
    if unknown := set(wanted) - set(ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    rows: dict[str, Row] = {}
    for measure in dict.fromkeys(ROWS[row] for row in wanted):
        gc.collect()
        gc.freeze()  # what earlier rows left in memory is not searched at the cost of this one
        rows.update(measure(ROUNDS))
    _keep(rows)
    for name, row in rows.items():
        print(_line(name, row))
    asked = {name: row.met for name, row in rows.items() if row.met is not None}
    missed = ", ".join(name for name, met in asked.items() if not met)
    print(f"goals met: {sum(asked.values())} of {len(asked)}" + (f"; missed: {missed}" if missed else ""))
    return 0


def _keep(rows: dict[str, Row]) -> None:
    results: dict[str, object] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results.update({name: row.encode() for name, row in rows.items()})
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n")


def _line(name: str, row: Row) -> str:
    mark = {True: "met", False: "MISSED", None: "-"}[row.met]
    peers = "".join(f", {peer} {figure:g}" for peer, figure in row.peers.items())
    limit = f", limit {row.limit:g}" if row.limit is not None else ""
    return f"{mark:6} {name}: {row.ours:g} {row.unit}{peers}{limit} (goal: {row.goal})"


if __name__ == "__main__":
    sys.exit(main())
