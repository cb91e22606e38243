"""A SQLite store for tests that turn the wheel over hundreds of questions; the others run on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flywheel.store.database import Database
from tests.parts import migrated_sqlite


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """Return a fresh migrated SQLite database."""
    opened = migrated_sqlite(tmp_path)
    yield opened
    opened.close()
