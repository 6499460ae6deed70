"""pages_100k: every page and a sending, with 100,000 stored envelopes and with ten.

One round opens the first page, Report, Return and the messages, and sends a text. Peer: the same server
before the rows were put into its log. No file lies behind such a row: no page looks at one.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from tests.bench.rounds import Row, milliseconds
from tests.bench.visiting import Visitor, serving
from tests.support.source_process import Server

FEW: Final = 10
MANY: Final = 100_000
TOLERANCE: Final = 1.1
"""Two looks at the same server differ by as much."""
_PAGES: Final = ("/", "/report", "/return", "/inbox")


def measure(rounds: int) -> dict[str, Row]:
    """The row."""
    with serving() as server:
        visitor = Visitor(server)
        for _ in range(FEW - 1):
            Visitor(server).report()
        visitor.open_session()
        took: dict[str, float] = {}
        for name, rows in (("ten", 0), ("ours", MANY)):
            _store(server, rows)
            took |= milliseconds({name: lambda: _round(visitor)}, rounds)
    most = round(took["ten"] * TOLERANCE, 1)
    ours = round(took["ours"], 1)
    return {"pages_100k": Row(ours, "ms", f"at most {most:g}", ours <= most, {"with ten": took["ten"]}, most)}


def _round(visitor: Visitor) -> None:
    for page in _PAGES:
        visitor.ask("GET", page)
    visitor.write_again()


def _store(server: Server, count: int) -> None:
    with closing(sqlite3.connect(server.folder / "data" / "source.sqlite3")) as database, database:
        columns = "log_index, object_id, size_bytes, window, received_on, head, receipt, deleted"
        database.executemany(
            f"INSERT INTO objects ({columns}) SELECT ?, ?, size_bytes, window, received_on, head, ?, 0 "  # noqa: S608
            "FROM objects WHERE log_index = 1",
            _rows(count),
        )


def _rows(count: int) -> Iterator[tuple[int, bytes, bytes]]:
    for number in range(count):
        name = number.to_bytes(32, "big")
        yield 1_000_000 + number, name, name
