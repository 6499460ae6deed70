"""The officer vault's history: leads to the tables that the store uses, and back to none."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

import migrations.officer
from journalist_app.store.tables import Row


def history(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(next(iter(migrations.officer.__path__)))))
    config.attributes["connection"] = connection
    return config


def test_the_history_leads_to_the_tables_of_the_store() -> None:
    with sa.create_engine("sqlite://").begin() as connection:
        command.upgrade(history(connection), "head")
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []


def test_the_history_leads_back_to_nothing() -> None:
    with sa.create_engine("sqlite://").begin() as connection:
        command.upgrade(history(connection), "head")
        command.downgrade(history(connection), "base")
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
