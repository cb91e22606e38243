"""A company on a real SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.understanding.world import World
from tests.parts import make_core


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Return a company in which nobody has asked anything."""
    core = make_core(tmp_path)
    yield World(core)
    core.database.close()
