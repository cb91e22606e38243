"""A core on either database, with a clock that is moved by hand."""

from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.store.database import Database
from tests.parts import StoppedClock, make_core


@pytest.fixture
def clock() -> StoppedClock:
    """Return a clock."""
    return StoppedClock()


@pytest.fixture
def core(database: Database, tmp_path: Path, clock: StoppedClock) -> Core:
    """Return a core."""
    return make_core(tmp_path, database=database, now=clock, admins=frozenset({"U9"}))
