"""Forward secrecy across the gap: what somebody opens who takes the whole station, keys and all.

The taker has every file of the vault and of the key stick, and the vault key. They read with their
own few lines: every file that opens as a key file gives seeds, every row of every table gives bytes
that are tried as seeds and as file keys. An envelope lies on the server that never was imported.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlcipher3

from crypto import hybrid, sizes
from crypto.envelope import FileKey, open_payload, parse_intake_header, unwrap_file_key
from crypto.errors import CryptoError
from crypto.parcel import scan_parcel
from crypto.vault import VaultKey, open_state
from crypto.windows import IntakeState
from tests.support.sealing import identities
from tests.support.simulator import BothSides

WEEK = 150
SECRET = "Only the source and the sealed envelope know this."


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[BothSides]:
    made = BothSides(tmp_path)
    yield made
    made.close()


def test_a_taken_station_opens_nothing_of_a_week_whose_key_was_destroyed(
    sides: BothSides, tmp_path: Path
) -> None:
    sides.visitor().report("This one is imported.")
    sides.carry_in()
    sides.visitor().report(SECRET)
    (imported, withheld) = _envelopes_by_age(sides)
    older_stick = tmp_path / "a-copy-made-by-hand"
    shutil.copytree(sides.station.settings.key_stick_dir, older_stick)

    before = _Taker(sides)
    assert before.text(withheld) == SECRET
    assert before.text(imported) == "This one is imported."

    sides.clock.turn(weeks=8)
    sides.sign_in_again()
    other = sides.station.born.officers[1]
    second = {"officer": other.name, "passphrase": other.passphrase, "code": sides.station.code(other)}
    lost = sides.station.desk().destroying().line(WEEK).lost
    done = sides.officer.post("/keys/destroy", page="/keys", through=str(WEEK), lost=str(lost), **second)
    assert done.status_code == 303

    after = _Taker(sides)
    assert after.text(withheld) is None
    assert after.text(imported) == "This one is imported.", "what came here stays readable"
    after.take(older_stick)
    assert after.text(withheld) == SECRET, "an older copy still opens it: that is why copies are counted"
    assert "It came too late" in sides.carry_in()


class _Taker:
    """Somebody who has everything that the station has at this moment."""

    def __init__(self, sides: BothSides) -> None:
        settings = sides.station.settings
        self._key: VaultKey = sides.station.born.unlocked.key
        self._vault_id = sides.station.station.folders.vault_id()
        self._found: set[bytes] = set()
        self._seeds: set[hybrid.Seed] = set()
        self.take(settings.vault_dir)
        self.take(settings.key_stick_dir)
        self._read_database(settings.vault_dir / "vault.sqlite3")

    def take(self, folder: Path) -> None:
        """Every file of a folder."""
        for path in folder.rglob("*"):
            if path.is_file():
                self._try_as_key_file(path.read_bytes())

    def text(self, envelope: Path) -> str | None:
        """The text in an envelope, or None when nothing that was taken opens it."""
        data = envelope.read_bytes()
        header = parse_intake_header(data[: sizes.ENVELOPE_HEADER])
        for key in self._file_keys(data[: sizes.ENVELOPE_HEADER]):
            try:
                return scan_parcel(open_payload(key, _ReadAt(data), len(data))).text
            except CryptoError:
                continue
        assert header.stanzas
        return None

    def _file_keys(self, header: bytes) -> Iterator[FileKey]:
        yield from (FileKey(found) for found in self._found if len(found) == sizes.FILE_KEY)
        parsed = parse_intake_header(header)
        tried = self._seeds | {hybrid.Seed(found) for found in self._found if len(found) == sizes.SEED}
        for seed in tried:
            try:
                yield unwrap_file_key(parsed, identities(seed))
            except CryptoError:
                continue

    def _try_as_key_file(self, data: bytes) -> None:
        for start in range(0, max(1, len(data) - sizes.STATE_FILE + 1), sizes.STATE_FILE):
            try:
                file = open_state(self._key, self._vault_id, data[start : start + sizes.STATE_FILE])
            except CryptoError:
                continue
            self._seeds |= {seed for state in file.states for _, seed in state.seeds()}

    def _read_database(self, path: Path) -> None:
        connection = sqlcipher3.connect(str(path))
        connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - its own names
                self._found |= {value for value in row if isinstance(value, bytes)}
        connection.close()
        for found in list(self._found):
            if len(found) == sizes.SEED:  # as the state of a batch that began in any week near
                state = IntakeState(1, WEEK, 20, found)
                self._seeds |= {seed for _, seed in state.seeds()}


class _ReadAt:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def __call__(self, offset: int, length: int) -> bytes:
        return self._data[offset : offset + length]


def _envelopes_by_age(sides: BothSides) -> tuple[Path, Path]:
    with sides.site.services.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT object_id FROM objects ORDER BY log_index").scalars()
        names = [row.hex() for row in rows]
    first, second = (sides.site.settings.data_dir / "envelopes" / name for name in names)
    return first, second
