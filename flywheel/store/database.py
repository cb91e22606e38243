"""The database: one engine, one way to begin a unit of work, migrations at start.

SQLite runs in WAL mode with `synchronous=FULL` and `BEGIN IMMEDIATE`, so that an acknowledged row survives a killed
process and writers queue instead of failing (sqlite.org/wal.html, sqlite.org/lang_transaction.html).
"""

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

from flywheel.errors import ConfigurationError
from flywheel.store import (
    curation_tables,
    guest_tables,
    knowledge_tables,
    learning_tables,
    measuring_tables,
    question_tables,
    talk_tables,
    work_tables,
)
from flywheel.store.base import Table

__all__ = ["Database", "Session", "Table"]

_TABLE_MODULES = (
    curation_tables,
    guest_tables,
    knowledge_tables,
    learning_tables,
    measuring_tables,
    question_tables,
    talk_tables,
    work_tables,
)
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
        except (ArgumentError, ImportError, ValueError) as error:
            raise ConfigurationError("DATABASE_URL is no SQLAlchemy URL of SQLite or Postgres") from error
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._reading = self.engine.execution_options(flywheel_read=True)

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
        with self._reading.connect() as connection, Session(connection) as session:
            yield session

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
            raise _unusable(error) from error

    def behind(self) -> str:
        """Return which migration is missing, or an empty string when the schema is current.

        Raises:
            ConfigurationError: the database cannot be reached or opened.
        """
        newest = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
        try:
            with self.engine.connect() as connection:
                present = MigrationContext.configure(connection).get_current_revision()
        except OperationalError as error:
            raise _unusable(error) from error
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
        self.engine.dispose()


def _unusable(error: OperationalError) -> ConfigurationError:
    reason = str(error.orig).strip().splitlines()[0]
    return ConfigurationError(f"DATABASE_URL: the database cannot be used: {reason}")


def _engine(url: str) -> Engine:
    """Return an engine whose errors do not quote what was to be stored: errors are logged."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True)
    connect = {"timeout": _BUSY_MS / 1000, "check_same_thread": False}
    engine = create_engine(url, connect_args=connect, hide_parameters=True)
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
