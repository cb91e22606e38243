"""The database: one engine, one way to begin a unit of work, migrations at start.

SQLite runs in WAL mode with `synchronous=FULL` and `BEGIN IMMEDIATE`, so that an acknowledged row survives a killed
process and writers queue instead of failing (sqlite.org/wal.html, sqlite.org/lang_transaction.html).
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import PoolProxiedConnection

from flywheel.errors import ConfigurationError
from flywheel.store import knowledge_tables, learning_tables, question_tables, work_tables
from flywheel.store.base import Table

__all__ = ["Database", "Session", "Table"]

_TABLE_MODULES = (knowledge_tables, learning_tables, question_tables, work_tables)
_BUSY_MS = 30_000
_MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """A door to SQL. `begin` commits at the end of its block and rolls back on an error."""

    def __init__(self, url: str) -> None:
        """Connect lazily; nothing is created until `migrate`.

        Raises:
            ConfigurationError: the URL makes no sense, or names a driver that is not here.
        """
        self.url = url
        try:
            self.engine = _engine(url)
        except (ArgumentError, ImportError) as error:
            raise ConfigurationError("DATABASE_URL is no SQLAlchemy URL of SQLite or Postgres") from error
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._watching = threading.Lock()
        self._watch: PoolProxiedConnection | None = None

    @property
    def is_sqlite(self) -> bool:
        """Tell which of the two dialects this is."""
        return self.engine.dialect.name == "sqlite"

    def begin(self) -> AbstractContextManager[Session]:
        """Open a unit of work that may write."""
        return self._sessions.begin()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that only reads; on SQLite it takes no write lock."""
        reading = self.engine.execution_options(flywheel_read=True)
        with reading.connect() as connection, Session(connection) as session:
            yield session

    def commits(self) -> int | None:
        """Return a number that changes whenever anybody commits; None on Postgres, which has none so cheap.

        It is SQLite's data_version as one connection that never writes sees it (sqlite.org/pragma.html), and costs a
        fiftieth of a query.
        """
        if not self.is_sqlite:
            return None
        with self._watching:
            self._watch = self._watch or self.engine.raw_connection()
            cursor = self._watch.cursor()
            stamp = int(cursor.execute("PRAGMA data_version").fetchone()[0])
            cursor.close()
            return stamp

    def migrate(self) -> None:
        """Bring the schema to the newest version; harmless when it already is.

        Raises:
            ConfigurationError: the database cannot be reached or opened.
        """
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        try:
            with self.engine.connect() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                connection.commit()
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise ConfigurationError(f"DATABASE_URL: the database cannot be used: {reason}") from error

    def behind(self) -> str:
        """Return which migration is missing, or an empty string when the schema is current."""
        newest = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
        with self.engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
        return "" if present == newest else f"at {present or 'nothing'}, needs {newest}"

    def compact(self) -> None:
        """Overwrite what was deleted, so that no byte of it stays in the file or its log."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql("VACUUM")
                return
        raw = self.engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.cursor().execute("VACUUM")
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()

    def close(self) -> None:
        """Give all connections back."""
        with self._watching:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        self.engine.dispose()


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
    engine = create_engine(url, connect_args={"timeout": _BUSY_MS / 1000, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_MS}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    reading = connection.get_execution_options().get("flywheel_read")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
