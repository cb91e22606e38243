"""Marks of what was under way with a message are forgotten a month later; those that still tell of something stay."""

from datetime import timedelta
from pathlib import Path

import pytest

from flywheel.store import marks
from tests.parts import MOMENT, migrated_sqlite

OLD = f"{(MOMENT - timedelta(days=40)).timestamp():.6f}"
NEW = f"{(MOMENT - timedelta(days=2)).timestamp():.6f}"


@pytest.mark.parametrize(
    ("name", "value", "count"),
    [
        (f"opened:q:T1:C1:{OLD}", '{"channel": "C1"}', 1),
        (f"opened:q:T1:C1:{NEW}", '{"channel": "C1"}', 0),
        (f"opened:C1:{OLD}", NEW, 0),
        (f"opened:C1:{OLD}", f"key {(MOMENT - timedelta(days=2)).isoformat()}", 0),
        (f"opened:C1:{OLD}", f"key {(MOMENT - timedelta(days=40)).isoformat()}", 1),
        ("opened:q:4f2a", "no moment in its name", 0),
        (f"muted:C1:{OLD}", "U1", 0),
    ],
)
def test_what_tells_of_nothing_newer_is_forgotten(tmp_path: Path, name: str, value: str, count: int) -> None:
    database = migrated_sqlite(tmp_path)
    with database.begin() as db:
        marks.put(db, name, value)

    with database.begin() as db:
        assert marks.prune(db, ["opened:"], MOMENT - timedelta(days=30)) == count
