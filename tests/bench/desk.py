"""The officers' pages with 100,000 cases, and importing: list_100k, search_100k, case_page, import_texts.

The cases are rows, copied from one that was imported; their texts are words drawn from the list of the
codenames, so that most words stand in one case of a hundred, and two Korean ones in half of them.
`list_100k` is the slowest of eight lists and orders, and `search_100k` of five questions, Korean among
them; both are whole answers of the app. `import_texts` imports a bundle of reports from a stick, checks,
keeps, indexes and opens a case for each.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from crypto.source_keys import Master, SourceKeys, derive_keys
from crypto.words import WORDS
from journalist_app.store.search_index import ITEMS_PER_CASE, terms
from tests.bench.rounds import Row, at_most, milliseconds
from tests.support.case_office import CaseOffice
from tests.support.server_side import SampleSource
from tests.support.station import OfficerBrowser

CASES: Final = 100_000
WORDS_EACH: Final = 60
TEXTS: Final = 2_000
LEAST_RATE: Final = 400
LISTS: Final = (
    "",
    "?show=all&sort=newest",
    "?show=all&sort=due",
    "?show=waiting&sort=oldest",
    "?show=nobodys",
    "?show=late",
    "?show=mine&sort=due",
    "?show=all&page=1999",
)
SEARCHES: Final = ("bridge", "abacus zoom", "다리", "공사비가", "nobodyeverwrotethis")


def measure(rounds: int) -> dict[str, Row]:
    """The rows of reading."""
    with tempfile.TemporaryDirectory() as folder:
        office = CaseOffice(Path(folder))
        office.report()
        office.assigned()
        _fill(office)
        browser = OfficerBrowser(office.live.app())
        browser.sign_in(office.live, next(o for o in office.live.born.officers if o.name == "Hanna"))
        lists = milliseconds({path or "open": _page(browser, f"/cases{path}") for path in LISTS}, rounds)
        found = milliseconds(
            {words: _page(browser, f"/cases?show=all&words={words}") for words in SEARCHES}, rounds
        )
        page = milliseconds({"ours": _page(browser, "/cases/1")}, rounds)
    return {
        "list_100k": at_most(max(lists.values()), "ms", 100, also=lists),
        "search_100k": at_most(max(found.values()), "ms", 200, also=found),
        "case_page": at_most(page["ours"], "ms", 60),
    }


def measure_import(_: int) -> dict[str, Row]:
    """The row of importing; once, because it takes long."""
    with tempfile.TemporaryDirectory() as folder:
        office = CaseOffice(Path(folder))
        for number in range(TEXTS):
            office.server.receive(_Source(number), "They paid twice for the bridge. " * 10)
        office.server.export(office.live.stick)
        desk = office.desk("Admin")
        began = time.perf_counter()
        done = desk.receiving().import_stick(office.live.stick, accepted_key=office.server.key.hex())
        took = time.perf_counter() - began
        desk.unlocked.close()
    rate = round(done.reports / took, 1)
    return {
        "import_texts": Row(rate, "a second", f"at least {LEAST_RATE}", rate >= LEAST_RATE, limit=LEAST_RATE)
    }


class _Source(SampleSource):
    """One of more people than a byte can tell apart."""

    @property
    def keys(self) -> SourceKeys:
        """What their codename stands for."""
        return derive_keys(Master(self.number.to_bytes(32, "big")))


def _page(browser: OfficerBrowser, path: str) -> Callable[[], object]:
    if browser.get(path).status_code != HTTPStatus.OK:
        raise RuntimeError(f"no page at {path}")
    return partial(browser.get, path)


def _fill(office: CaseOffice) -> None:
    desk = office.desk("Inge")
    with desk.unlocked.vault.write() as session:
        _copy(session.connection())
    desk.unlocked.close()


def _copy(connection: Connection) -> None:
    drawn = random.Random(1)
    rows = [_row(number, drawn) for number in range(2, CASES + 1)]
    for statement in _COPIES:
        connection.execute(text(statement), rows)
    connection.execute(
        text(f"INSERT INTO search (rowid, words) VALUES ({ITEMS_PER_CASE} * :id + 1, :words)"),  # noqa: S608
        list(_texts(drawn)),
    )


def _row(number: int, drawn: random.Random) -> dict[str, object]:
    return {
        "id": number,
        "name": f"case {number}",
        "bytes": number.to_bytes(32, "big"),
        "on": f"2026-{drawn.randint(1, 12):02}-{drawn.randint(1, 28):02}",
        "due": f"2027-{drawn.randint(1, 12):02}-{drawn.randint(1, 28):02}",
        "waits": drawn.random() < 0.1,
        "danger": drawn.random() < 0.01,
        "state": drawn.choice(("received", "assigned", "closed")),
    }


def _texts(drawn: random.Random) -> Iterator[dict[str, object]]:
    korean = ("다리", "공사비가", "지급되었습니다", "결산서", "예산", "계약서")
    for number in range(2, CASES + 1):
        words = drawn.choices(WORDS, k=WORDS_EACH) + drawn.choices(korean, k=3)
        if number % 100 == 0:
            words.append("bridge")
        yield {"words": terms(" ".join(words)), "id": number}


_COPIES: Final = (
    """INSERT INTO sources (id, source_id, author, reply_key, reply_address, answerable, server_sealed)
    SELECT :id, :bytes, author, reply_key, reply_address, answerable, server_sealed
    FROM sources WHERE id = 1""",
    """INSERT INTO cases (id, alias, code, source, stage, received_on, due_on, unanswered, danger, state,
    handler, restricted, clock_due_on, junk, muted)
    SELECT :id, :name, :name, :id, stage, :on, NULL, :waits, :danger, :state, handler, 0, :due, 0, 0
    FROM cases WHERE id = 1""",
    """INSERT INTO parcels (id, object_id, "case", kind, origin, language, sealed_on, received_on,
    imported_on, "window", label_window, size_bytes, file_key, text, forms)
    SELECT :id, :bytes, :id, kind, origin, language, sealed_on, received_on, imported_on,
    "window", label_window, size_bytes, file_key, text, forms FROM parcels WHERE id = 1""",
)
