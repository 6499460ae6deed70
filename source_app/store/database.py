"""The SQLite database: how it is opened, how a transaction begins, how its schema is brought up.

Every connection has WAL, full synchronisation and foreign keys; `secure_delete` overwrites what
is removed, and `fold` empties the write-ahead file that still has it. `writing` takes the write lock
at once, so that a number is read and used under one lock; `reading` never waits for writers.
"""

import fcntl
import os
import secrets
import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from sqlite3 import Error as SQLiteError
from threading import Lock
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.exc import SQLAlchemyError

import migrations.source
from crypto import sizes
from source_app.errors import StorageError
from source_app.store.tables import INSTALLATION

BUSY_SECONDS: Final = 30
CONNECTIONS: Final = 16
"""Of each process; its threads share them for moments."""
_PRAGMAS: Final = (
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)
_LOOKING_PRAGMAS: Final = (_PRAGMAS[0], "PRAGMA query_only=ON", "PRAGMA temp_store=MEMORY")


class Database:
    """One database file, with its schema brought up to date."""

    def __init__(self, path: Path) -> None:
        """Raises `StorageError` when the file cannot be opened or brought up to date."""
        self._open(f"sqlite:///{path}", _PRAGMAS)
        self._writer = Lock()
        try:
            self._writers = os.open(path.with_name("write.lock"), os.O_RDWR | os.O_CREAT, 0o600)
            self._close_writers = weakref.finalize(self, os.close, self._writers)
            with self.writing() as connection:
                command.upgrade(history(connection), "head")
                _found(connection)
        except CommandError as error:
            raise StorageError(
                f"{path} is of a later version of this program. Use that one. Nothing was changed."
            ) from error
        except (StorageError, OSError) as error:
            raise StorageError(f"{path} {_spell_trouble(error)}") from error

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state and changes nothing. Raises `StorageError`."""
        with _our_error(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that holds the write lock from its beginning; an error undoes all of it.

        Raises `StorageError`: the disk is full or read-only, or somebody held the lock for too long.
        """
        writer = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        with self._turn(), _our_error(), writer.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One writer at a time, in all processes. SQLite alone would let them sleep and look again, each
        with a connection in its hands that a page is waiting for."""
        if not self._writer.acquire(timeout=BUSY_SECONDS):
            raise StorageError
        try:
            fcntl.flock(self._writers, fcntl.LOCK_EX)
            yield
        finally:
            fcntl.flock(self._writers, fcntl.LOCK_UN)
            self._writer.release()

    def number(self, question: str) -> int:
        """The one number that `question` gives. Raises `StorageError`.

        For what every request asks several times: by the driver alone, at a tenth of a transaction's cost.
        """
        with _our_error():
            connection = self._engine.raw_connection()
            try:
                return int(connection.cursor().execute(question).fetchone()[0])
            finally:
                connection.close()

    def fold(self) -> None:
        """Empty the write-ahead file, so that what was removed stands in neither. Waits for those who read.

        Raises `StorageError`.
        """
        self.number("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
        self._close_writers()

    def _open(self, url: str, pragmas: Sequence[str]) -> None:
        self._engine = sa.create_engine(url, hide_parameters=True, pool_size=CONNECTIONS, max_overflow=0)
        sa.event.listen(self._engine, "connect", partial(_prepare, pragmas))
        sa.event.listen(self._engine, "begin", _begin)


class FoundDatabase(Database):
    """The same to look at alone: nothing is made, brought up to date, or changed.

    What is wrong with it shows where it is used: `StorageError`.
    """

    def __init__(self, path: Path) -> None:  # without the parent's, which brings it up to date
        self._open(f"sqlite:///file:{quote(str(path))}?mode=ro&uri=true", _LOOKING_PRAGMAS)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def damage(self) -> list[str]:
        """What SQLite finds wrong with the file."""
        with self.reading() as connection:
            said = list(connection.exec_driver_sql("PRAGMA quick_check").scalars())
        return [] if said == ["ok"] else said

    def version(self) -> str:
        """The revision that the file has."""
        with self.reading() as connection:
            return str(MigrationContext.configure(connection).get_current_revision())


def versions() -> list[str]:
    """Every revision that this code knows, newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def history(connection: sa.Connection) -> Config:
    """Alembic's view of the source server's history, on a connection."""
    config = _config()
    config.attributes["connection"] = connection
    return config


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.source.__file__).parent))
    return config


@contextmanager
def _our_error() -> Iterator[None]:
    """The text of a database's error may hold what it was given, so it goes no further."""
    try:
        yield
    except (SQLAlchemyError, SQLiteError) as error:
        raise StorageError from error


def _spell_trouble(error: Exception) -> str:
    cause = error.__cause__
    driver = getattr(cause, "orig", cause)
    if type(driver) is sqlite3.DatabaseError:  # no subclass: no file of SQLite's, or a malformed one
        return (
            "is damaged. Nothing was changed. Keep the folder as it is: the sealed reports in it are files "
            "of their own. Bring back a copy of the whole folder, or ask for help before anything else."
        )
    return "cannot be opened. Check that the disk has room and that this user owns the folder."


def _prepare(pragmas: Sequence[str], connection: SQLiteConnection, _: Any) -> None:
    connection.isolation_level = None  # transactions begin by our own word, in `_begin`
    for pragma in pragmas:
        connection.execute(pragma)


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _found(connection: sa.Connection) -> None:
    """The one row of an installation, made once: a log starts with an epoch of its own."""
    if connection.execute(sa.select(INSTALLATION.c.id)).first() is None:
        epoch = secrets.token_bytes(sizes.EPOCH)
        connection.execute(sa.insert(INSTALLATION).values(id=1, epoch=epoch, generation=0, acked_index=0))
