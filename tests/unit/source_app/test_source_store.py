"""The store: what a crash leaves is swept, secrets are made once, the schema is the history's."""

import os
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crypto.envelope import ObjectId
from source_app.errors import StorageError
from source_app.store import log
from source_app.store.database import Database
from source_app.store.secret_files import load_or_make
from source_app.wiring import alone, open_services
from tests.support.source_site import Site, Visitor


def test_what_a_crash_left_is_swept_and_the_rest_stays(site: Site) -> None:
    Visitor(site).report()
    kept = site.envelopes()
    (kept[0].parent / ("00" * 32)).write_bytes(b"no row names it")
    (site.settings.data_dir / "incoming" / "150-half").write_bytes(b"half")
    site.services.retention.sweep()
    assert site.envelopes() == kept
    assert site.incoming() == []


def test_what_a_dead_worker_left_is_swept_and_what_arrives_now_stays(site: Site) -> None:
    arriving = site.services.envelopes.begin(150)
    arriving.write(b"half")
    (site.settings.data_dir / "incoming" / "150-of-a-dead-one").write_bytes(b"half")
    site.services.retention.sweep_broken()
    assert len(site.incoming()) == 1
    object_id = ObjectId(bytes(32))
    arriving.keep(object_id)
    assert [path.name for path in site.envelopes()] == [object_id.hex()]
    site.services.envelopes.begin(150).discard()
    site.services.retention.sweep_broken()
    assert site.incoming() == []


@pytest.mark.parametrize("name", ["reading", "writing"])
def test_an_error_of_the_database_is_ours_and_tells_no_value(site: Site, name: str) -> None:
    with (
        pytest.raises(StorageError) as refused,
        getattr(site.services.database, name)() as connection,
    ):
        connection.execute(sa.text("INSERT INTO bundles VALUES (:seq, :sha, 0, 0, 'x')"), {"seq": "SECRET"})
    assert "SECRET" not in f"{refused.value} {refused.value.__cause__}"


def test_a_deletion_that_broke_off_is_finished_by_the_sweep(site: Site) -> None:
    Visitor(site).report()
    with site.services.database.writing() as connection:
        connection.exec_driver_sql("UPDATE objects SET deleted = 1")
    site.services.retention.sweep()
    assert site.envelopes() == []


def test_what_another_database_entered_is_never_swept(site: Site) -> None:
    Visitor(site).report()
    kept = site.envelopes()
    half = site.settings.data_dir / "incoming" / "150-half"
    half.write_bytes(b"half")
    with site.services.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM objects")
    with pytest.raises(StorageError, match=r"1 sealed reports .* Nothing was removed"):
        site.services.retention.sweep()
    assert site.envelopes() == kept
    assert half.exists()


def test_a_report_that_was_receipted_is_read_only_and_one_of_before_becomes_so(site: Site) -> None:
    Visitor(site).report()
    (envelope,) = site.envelopes()
    assert stat.S_IMODE(envelope.stat().st_mode) == 0o400
    envelope.chmod(0o600)
    site.services.retention.sweep()
    assert stat.S_IMODE(envelope.stat().st_mode) == 0o400


@pytest.mark.parametrize("empty", [False, True])
def test_no_database_is_made_beside_sealed_reports(site: Site, empty: bool) -> None:
    Visitor(site).report()
    kept = site.envelopes()
    site.services.database.close()
    file = site.settings.data_dir / "source.sqlite3"
    for path in site.settings.data_dir.glob("source.sqlite3*"):
        path.unlink()
    if empty:
        file.touch()
    with pytest.raises(StorageError, match="Bring back the database"):
        open_services(site.settings, site.clock)
    assert site.envelopes() == kept
    assert file.exists() is empty


def test_no_key_is_made_beside_a_database(site: Site) -> None:
    key = site.settings.data_dir / "server.key"
    key.unlink()
    with pytest.raises(StorageError, match=r"server\.key is missing"):
        open_services(site.settings, site.clock)
    assert not key.exists()


def test_a_database_of_a_later_version_is_left_alone(site: Site) -> None:
    with site.services.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError, match="a later version"):
        open_services(site.settings, site.clock)


def test_files_and_folders_are_for_their_owner_alone(site: Site) -> None:
    Visitor(site).report()
    key = site.settings.data_dir / "server.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    for folder in ("envelopes", "incoming"):
        assert stat.S_IMODE((site.settings.data_dir / folder).stat().st_mode) == 0o700


def test_a_secret_is_made_once_whoever_comes_first(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(load_or_make, [tmp_path / "key"] * 32, [32] * 32))
    assert len(made) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_secret_of_another_length_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(StorageError, match="backup"):
        load_or_make(tmp_path / "key", 32)


def test_the_database_syncs_and_overwrites(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite3")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    with database.reading() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    database.close()
    assert found == wanted


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite3").write_bytes(os.urandom(8_192))
    with pytest.raises(StorageError, match="is damaged"):
        Database(tmp_path / "x.sqlite3")


def test_an_error_undoes_a_whole_transaction(site: Site) -> None:
    with pytest.raises(RuntimeError):
        _delete_and_fail(site)
    with site.services.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM documents").scalar() == 3


def _delete_and_fail(site: Site) -> None:
    with site.services.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM documents")
        raise RuntimeError


def test_a_writer_holds_the_lock_from_its_beginning(site: Site) -> None:
    other = sqlite3.connect(site.settings.data_dir / "source.sqlite3", timeout=0)
    with site.services.database.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    with site.services.database.reading():
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_only_one_process_does_a_piece_of_work(tmp_path: Path) -> None:
    with alone(tmp_path, "stick"):
        with alone(tmp_path, "serve"):
            pass
        with pytest.raises(StorageError, match="Another process"), alone(tmp_path, "stick"):
            pass
    with alone(tmp_path, "stick"):
        pass


def test_a_seized_database_tells_days_and_buckets_alone(site: Site) -> None:
    """Every column of the log is known here, so that nobody adds one without a thought."""
    site.services.database.close()
    with sqlite3.connect(site.settings.data_dir / "source.sqlite3") as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(objects)")]
    connection.close()
    told = "log_index object_id size_bytes window received_on head receipt delete_after deleted"
    assert columns == told.split()


def test_nothing_that_a_visitor_asks_reads_the_whole_log(tmp_path: Path) -> None:
    """However many envelopes were stored: every question goes by an index."""
    database = Database(tmp_path / "x.sqlite3")
    with database.writing() as connection:
        asked: list[tuple[str, Any]] = []
        sa.event.listen(
            connection, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])), named=False
        )
        log.position(connection)
        connection.exec_driver_sql(log.HIGHEST_WINDOW)
        log.has_any_receipt(connection, [b"1", b"2"])
        log.has_object(connection, ObjectId(bytes(32)))
        log.forget_receipts(connection, "2026-11-24")
        log.entries_after(connection, 7, 1)
        log.mark_deleted(connection, "2026-11-24")
        plans = [
            row[3]
            for statement, parameters in tuple(asked)
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    database.close()
    whole = [plan for plan in plans if plan.startswith("SCAN objects")]
    assert len(plans) >= 7
    assert whole == ["SCAN objects"], "the newest row, found from the end"
