"""The history of the source database: it makes the tables that the code means, and can go back."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from source_app.store.database import Database, history
from source_app.store.tables import METADATA


def test_the_history_makes_the_tables_of_the_code(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite3")
    with database.reading() as connection:
        found = compare_metadata(MigrationContext.configure(connection), METADATA)
    database.close()
    assert found == []


def test_opening_again_keeps_the_epoch(tmp_path: Path) -> None:
    epochs = set()
    for _ in range(2):
        database = Database(tmp_path / "x.sqlite3")
        with database.reading() as connection:
            epochs.add(connection.exec_driver_sql("SELECT epoch FROM installation").scalar())
        database.close()
    assert len(epochs) == 1


def test_0002_keeps_what_was_known(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite3")
    question = "SELECT epoch, acked_index FROM installation"
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE installation SET acked_index = 7, acked_seq = 3")
        before = connection.exec_driver_sql(question).one()
        command.downgrade(history(connection), "0001")
        assert connection.exec_driver_sql(question).one() == before
        command.upgrade(history(connection), "head")
        assert connection.exec_driver_sql(question).one() == before
        assert connection.exec_driver_sql("SELECT acked_seq FROM installation").scalar() is None
    database.close()


def test_0003_keeps_the_log(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite3")
    row = (
        "INSERT INTO objects VALUES (1, x'01', 17, 3, '2026-11-22', x'02', x'03', NULL, 0), "
        "(2, x'04', 17, 3, '2026-11-22', x'05', NULL, '2026-11-30', 1)"
    )
    question = "SELECT * FROM objects ORDER BY log_index"
    with database.writing() as connection:
        command.downgrade(history(connection), "0002")
        connection.exec_driver_sql(row)
        before = connection.exec_driver_sql(question).all()
        command.upgrade(history(connection), "head")
        assert connection.exec_driver_sql(question).all() == before
    database.close()


def test_0001_goes_back_and_forward(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite3")
    with database.writing() as connection:
        command.downgrade(history(connection), "base")
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
        command.upgrade(history(connection), "head")
        assert "objects" in sa.inspect(connection).get_table_names()
    database.close()
