"""The open vault: an SQLCipher database under SQLAlchemy, and its transactions.

The key is 32 raw bytes and goes to SQLCipher by PRAGMA on each connection, never into a URL,
an environment or a log. `secure_delete` overwrites what is deleted, temporary tables stay in
memory, and the write-ahead log is encrypted like the rest. Services open transactions with
`read` and `write`; a `write` that raises leaves nothing behind. What SQLite calls operational is a
full or failing disk: a vault that is whole is never called damaged for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlcipher3
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

import migrations.officer
from crypto.vault import VaultKey
from journalist_app.errors import ClosedVaultError, DiskError, VaultDamagedError

_PRAGMAS: Final = (
    "PRAGMA cipher_memory_security = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)
_WAIT_SECONDS: Final = 30
_HISTORY: Final = str(Path(next(iter(migrations.officer.__path__))))


class Vault:
    """An open database. `close` forgets the connections, and with them the key."""

    def __init__(self, path: Path, key: VaultKey) -> None:
        """Opens nothing yet; `check` does. `path` may not exist only during a ceremony."""
        self._opener = _Opener(path, key)
        # Not "sqlite+pysqlcipher": that dialect sends the password of its URL as the key, after ours.
        self._engine = create_engine(
            "sqlite://",
            module=sqlcipher3,
            creator=self._opener.open,
            hide_parameters=True,
            poolclass=QueuePool,
            pool_size=4,
        )
        event.listen(self._engine, "begin", _begin)
        self._writer: Engine = self._engine.execution_options(immediate=True)

    def check(self) -> None:
        """Raises `VaultDamagedError` unless it is there and the key opens it, `DiskError`."""
        if not self._opener.path.exists():
            raise VaultDamagedError
        try:
            with _disk_errors(), self._engine.connect() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
        except DatabaseError as error:
            raise VaultDamagedError from error

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that sees one state and changes nothing. Raises `DiskError`, and `ClosedVaultError`
        where the database was replaced meanwhile."""
        with _disk_errors(), Session(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction: committed at the end, undone by any error.

        Raises `DiskError`, and `ClosedVaultError` where the database was replaced meanwhile: what is
        written to the old one would be lost.
        """
        with _disk_errors(), Session(self._writer) as session, session.begin():
            session.connection()  # begins: whoever replaces the database has it meanwhile
            if not self._opener.path.exists():
                raise ClosedVaultError
            yield session

    def migrate(self) -> None:
        """Bring the tables to the newest form."""
        config = Config()
        config.set_main_option("script_location", _HISTORY.replace("%", "%%"))
        with _disk_errors(), self._writer.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def copy_to(self, path: Path) -> None:
        """A copy as of this moment, under the same key, in a new file. Nobody waits for it, and what
        was deleted is not in it. Raises `OSError` when it cannot be written."""
        connection = self._opener.open()
        try:
            connection.execute("VACUUM INTO ?", (str(path),))
        except sqlcipher3.DatabaseError as error:
            raise OSError("the copy of the database was not written") from error
        finally:
            connection.close()

    def copy_under(self, path: Path, key: VaultKey) -> None:
        """A copy as of this moment, under another key, in a new file, and durable. Raises `OSError`."""
        self.copy_to(path)
        connection = _connect(path, self._opener.key)
        try:
            connection.execute(f"PRAGMA rekey = \"x'{key.hex()}'\"")
        except sqlcipher3.DatabaseError as error:
            raise OSError("the copy of the database was not written") from error
        finally:
            connection.close()

    def empty_log(self) -> bool:
        """Write what was committed into the database itself and leave nothing in its log of writes: whether
        nobody was reading an older state meanwhile. Raises `DiskError`."""
        connection = self._opener.open()
        try:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlcipher3.OperationalError as error:
            raise DiskError from error
        finally:
            connection.close()
        return not busy

    def check_whole(self) -> None:
        """Read every page and every index. Raises `VaultDamagedError`."""
        try:
            with self._engine.connect() as connection:
                broken = connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall()
                said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        except (sqlcipher3.DatabaseError, DatabaseError) as error:
            raise VaultDamagedError from error
        if broken or said != "ok":
            raise VaultDamagedError

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


class _Opener:
    """Opens connections with the key; not printable."""

    def __init__(self, path: Path, key: VaultKey) -> None:
        self.path = path
        self.key = key

    def open(self) -> Any:
        """A connection that runs each statement as it comes; transactions are begun by `_begin`.

        Raises `ClosedVaultError` where the database was replaced, `DiskError`, `VaultDamagedError`.
        """
        if not self.path.exists():
            raise ClosedVaultError
        connection = _connect(self.path, self.key)
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
        except sqlcipher3.OperationalError as error:
            connection.close()
            raise DiskError from error
        except sqlcipher3.DatabaseError as error:
            connection.close()
            raise VaultDamagedError from error
        return connection


def _connect(path: Path, key: VaultKey) -> Any:
    there = f"{path.absolute().as_uri()}?mode=rw"  # one that is gone is not made anew
    connection = sqlcipher3.connect(
        there, uri=True, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise DiskError from error


def _begin(connection: Connection) -> None:
    """A writer takes its lock at once, so that two never fail halfway for each other."""
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
